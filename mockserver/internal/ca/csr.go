package ca

import (
	"crypto"
	"crypto/x509"
	"errors"
)

// maxRequest is the largest PKCS#10 request, in octets. A request with the largest accepted key has
// about 2,000 octets.
const maxRequest = 64 << 10

// ParseCertificateRequest reads a PKCS#10 request in DER, PEM or Base64 and returns its public key.
// The other fields of the request are ignored. The request must be signed with its own key (proof
// of possession): RSA of at least 2048 bits, or ECDSA on P-256, P-384 or P-521. The text of an
// error is written for the user that sent the request.
func ParseCertificateRequest(request []byte) (crypto.PublicKey, error) {
	der, err := requestDER(request)
	if err != nil {
		return nil, err
	}
	// crypto/x509 names neither the algorithm nor the curve that it does not know, so this check comes
	// first.
	if err := checkRequestedKey(der); err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, errors.New("not a PKCS#10 request")
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
