package ca

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
)

// maxRequest is the largest PKCS#10 request, in octets. A request with the largest accepted key has
// about 2,000 octets.
const maxRequest = 64 << 10

// ParseCertificateRequest reads a PKCS#10 request in PEM or DER and returns its public key. The
// other fields of the request are ignored. The request must be signed with its own key (proof of
// possession): RSA of at least 2048 bits, or ECDSA on P-256, P-384 or P-521. The text of an error
// is written for the user that sent the request.
func ParseCertificateRequest(request []byte) (crypto.PublicKey, error) {
	der, err := requestDER(request)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, errors.New("not a PKCS#10 request")
	}
	// crypto/x509 returns no public key for id-RSASSA-PSS, so this check comes first.
	if isPSSKey(parsed.RawSubjectPublicKeyInfo) {
		return nil, errors.New("the key is marked id-RSASSA-PSS; send a request with a plain RSA key " +
			"(rsaEncryption), which can make RSASSA-PSS signatures as well")
	}
	if err := checkSubscriberKey(parsed.PublicKey); err != nil {
		return nil, err
	}
	if err := parsed.CheckSignature(); err != nil {
		return nil, errors.New("the signature doesn't prove possession of the key: it is wrong, or " +
			"made with an algorithm that isn't accepted")
	}
	return parsed.PublicKey, nil
}

func requestDER(request []byte) ([]byte, error) {
	if len(request) > maxRequest {
		return nil, fmt.Errorf("longer than %d octets", maxRequest)
	}
	block, rest := pem.Decode(bytes.TrimSpace(request)) // Decode skips text above the block; OpenSSL can write such text.
	switch {
	case block == nil && bytes.Contains(request, []byte("-----BEGIN")):
		return nil, errors.New("broken PEM")
	case block == nil:
		return request, nil
	}
	if block.Type != "CERTIFICATE REQUEST" && block.Type != "NEW CERTIFICATE REQUEST" {
		return nil, errors.New("the PEM holds something else") // The type is not shown: the block can be a private key.
	}
	if len(rest) > 0 {
		return nil, errors.New("something follows the PEM block")
	}
	return block.Bytes, nil
}

func isPSSKey(spki []byte) bool {
	var info struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	_, err := asn1.Unmarshal(spki, &info)
	return err == nil && info.Algorithm.ID.Equal(oidPSSKey())
}
