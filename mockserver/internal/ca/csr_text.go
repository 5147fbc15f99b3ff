package ca

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// requestDER returns the DER of a PKCS#10 request, which programs spell in many ways: DER; PEM,
// also with its Base64 in one line with the markers, as the vendor's pages print it, with the
// markers of Microsoft, four dashes, or line breaks that are a backslash and a letter; and Base64
// without markers, of either alphabet and without padding.
func requestDER(request []byte) ([]byte, error) {
	if len(request) > maxRequest {
		return nil, fmt.Errorf("longer than %d octets", maxRequest)
	}
	if isDER(request) {
		return request, nil
	}
	text := strings.NewReplacer(`\r`, "\n", `\n`, "\n", "\ufeff", "").Replace(string(request))
	// What stands above the first marker is skipped: OpenSSL writes the request as text there.
	begin := regexp.MustCompile(`(?i)-{4,}[ \t]*BEGIN ([A-Z0-9 ]*[A-Z0-9])[ \t]*-{4,}`).FindStringSubmatchIndex(text)
	if begin == nil {
		if strings.Contains(text, "-----BEGIN") {
			return nil, errors.New("broken PEM: the BEGIN line is not whole")
		}
		if der, err := decodeBase64(text); err == nil && isDER(der) {
			return der, nil
		}
		return nil, errors.New("not a PKCS#10 request")
	}
	switch kind := strings.ToUpper(text[begin[2]:begin[3]]); kind {
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return nil, errors.New("a public key alone is not taken; send a certificate request, which is signed with the key")
	default:
		return nil, errors.New("the PEM holds something else") // It could be a private key, so it isn't repeated.
	}
	text = text[begin[1]:]
	end := regexp.MustCompile(`(?i)-{4,}[ \t]*END (NEW )?CERTIFICATE REQUEST[ \t]*-{4,}`).FindStringIndex(text)
	if end == nil {
		return nil, errors.New("broken PEM: the END line is missing or not whole")
	}
	if strings.TrimSpace(text[end[1]:]) != "" {
		return nil, errors.New("something follows the PEM block")
	}
	der, err := decodeBase64(withoutHeaders(text[:end[0]]))
	if err != nil {
		return nil, errors.New("broken PEM: what stands between the markers is not Base64")
	}
	return der, nil
}

// isDER reports whether octets begin as a request in DER: with a SEQUENCE. Base64 of one begins
// with M.
func isDER(octets []byte) bool { return bytes.HasPrefix(octets, []byte{0x30}) }

// withoutHeaders leaves out lines such as "Comment: mine", which RFC 1421 allows below the BEGIN
// line.
func withoutHeaders(text string) string {
	var body strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, ": ") {
			body.WriteString(line)
		}
	}
	return body.String()
}

// decodeBase64 reads Base64 of either alphabet (RFC 4648, sections 4 and 5), with or without
// padding, between any blanks.
func decodeBase64(text string) ([]byte, error) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		default:
			return r
		}
	}, text)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(digits, "="))
}
