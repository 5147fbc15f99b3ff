package ca_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestSpellingsOfRequests: a request is read in each of the spellings that senders use, and always
// to the same key.
func TestSpellingsOfRequests(t *testing.T) {
	t.Parallel()
	key := ecKey()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
	digits := base64.StdEncoding.EncodeToString(der)
	const begin, end = "-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----"
	for name, request := range map[string]string{
		"CRLF":                strings.ReplaceAll(inPEM, "\n", "\r\n"),
		"CR":                  strings.ReplaceAll(inPEM, "\n", "\r"),
		"one line":            begin + digits + end,
		"blanks for lines":    strings.ReplaceAll(inPEM, "\n", " "),
		"escaped line breaks": strings.ReplaceAll(inPEM, "\n", `\n`),
		"escaped CRLF":        strings.ReplaceAll(inPEM, "\n", `\r\n`),
		"Microsoft":           strings.ReplaceAll(inPEM, "CERTIFICATE", "NEW CERTIFICATE"),
		"four dashes":         "---- BEGIN NEW CERTIFICATE REQUEST ----\n" + digits + "\n---- END NEW CERTIFICATE REQUEST ----",
		"header":              begin + "\nComment: mine\n\n" + digits + "\n" + end,
		"byte order mark":     "\ufeff" + inPEM,
		"no-break blanks":     "\u00a0" + begin + "\n" + digits + "\u00a0\n" + end + "\u00a0",
		"bare":                digits,
		"bare, in lines":      digits[:64] + "\r\n" + digits[64:] + "\r\n",
		"bare, no padding":    strings.TrimRight(digits, "="),
		"bare, for URLs":      base64.RawURLEncoding.EncodeToString(der),
	} {
		public, err := ca.ParseCertificateRequest([]byte(request))
		if got, ok := public.(*ecdsa.PublicKey); err != nil || !ok || !got.Equal(key.Public()) {
			t.Errorf("%s: key %v, error %v", name, public, err)
		}
	}
	for message, request := range map[string]string{
		"broken PEM: the END line":     begin + digits,
		"broken PEM: what stands":      begin + "!" + digits + end,
		"broken PEM: the BEGIN line":   "-----BEGIN CERTIFICATE REQUEST\n" + digits,
		"a public key alone":           strings.ReplaceAll(inPEM, "CERTIFICATE REQUEST", "PUBLIC KEY"),
		"the PEM holds something else": strings.ReplaceAll(inPEM, "CERTIFICATE REQUEST", "CERTIFICATE"),
		"not a PKCS#10 request":        base64.StdEncoding.EncodeToString([]byte("hello")),
		"something follows":            inPEM + inPEM,
	} {
		if _, err := ca.ParseCertificateRequest([]byte(request)); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want %q", err, message)
		}
	}
}

// TestNamedCurves: a key that is not accepted is named, also where crypto/x509 does not know it.
func TestNamedCurves(t *testing.T) {
	t.Parallel()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, ecKey())
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ofEdwards, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, edwards)
	if err != nil {
		t.Fatal(err)
	}
	curve := func(id ...int) []byte {
		parameters, err := asn1.Marshal(asn1.ObjectIdentifier(id))
		if err != nil {
			t.Fatal(err)
		}
		return withKey(t, der, parameters, nil)
	}
	for message, request := range map[string][]byte{
		"on secp256k1: must be on P-256, P-384":       curve(1, 3, 132, 0, 10),
		"on brainpoolP256r1: must be on":              curve(1, 3, 36, 3, 3, 2, 8, 1, 1, 7),
		"on P-192: must be on":                        curve(1, 2, 840, 10045, 3, 1, 1),
		"on the curve 1.3.132.0.16: must be on P-256": curve(1, 3, 132, 0, 16),
		"explicit parameters: must name its curve":    withKey(t, der, []byte{0x30, 0x03, 0x02, 0x01, 0x01}, nil),
		"compressed point: must have its point unco":  withKey(t, der, nil, append([]byte{0x02}, make([]byte, 32)...)),
		"hybrid point: must have its point uncompres": withKey(t, der, nil, append([]byte{0x07}, make([]byte, 64)...)),
		"Ed25519 key: must be RSA or ECDSA (on P":     ofEdwards,
	} {
		if _, err := ca.ParseCertificateRequest(request); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want %q", err, message)
		}
	}
}

// withKey replaces the parameters or the point of the key in a request.
func withKey(t *testing.T, request, parameters, point []byte) []byte {
	t.Helper()
	var whole struct {
		Info struct {
			Version int
			Subject asn1.RawValue
			Key     struct {
				Algorithm struct {
					ID         asn1.ObjectIdentifier
					Parameters asn1.RawValue
				}
				Bits asn1.BitString
			}
			Attributes asn1.RawValue
		}
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(request, &whole); err != nil {
		t.Fatal(err)
	}
	if parameters != nil {
		whole.Info.Key.Algorithm.Parameters = asn1.RawValue{FullBytes: parameters}
	}
	if point != nil {
		whole.Info.Key.Bits = asn1.BitString{Bytes: point, BitLength: 8 * len(point)}
	}
	changed, err := asn1.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}
