package ca

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"software.sslmate.com/src/go-pkcs12"
)

// PEM writes certificates one after the other.
func PEM(certificates ...[]byte) []byte {
	var b bytes.Buffer
	for _, der := range certificates {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return b.Bytes()
}

// P7B writes certificates as PKCS#7 in DER: signed data that nobody signed, the usual bag for chains (RFC 5652, 5.1).
func P7B(certificates ...[]byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData())
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(cryptobyteasn1.SET, func(*cryptobyte.Builder) {}) // digest algorithms
				b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData()) })
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { // IMPLICIT SET OF Certificate
					for _, der := range certificates {
						b.AddBytes(der)
					}
				})
				b.AddASN1(cryptobyteasn1.SET, func(*cryptobyte.Builder) {}) // signers
			})
		})
	})
	return b.Bytes()
}

// P7BInPEM writes certificates as PKCS#7 in PEM, with the header PKCS7.
func P7BInPEM(certificates ...[]byte) ([]byte, error) {
	der, err := P7B(certificates...)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}), nil
}

// PKCS12 writes a key with its certificate and chain, encrypted under the password with AES-256 and PBKDF2.
func PKCS12(key crypto.PrivateKey, certificate []byte, chain [][]byte, password string) ([]byte, error) {
	leaf, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, fmt.Errorf("ca: PKCS#12: %w", err)
	}
	above := make([]*x509.Certificate, len(chain))
	for i, der := range chain {
		if above[i], err = x509.ParseCertificate(der); err != nil {
			return nil, fmt.Errorf("ca: PKCS#12: chain: %w", err)
		}
	}
	return pkcs12.Modern2023.Encode(key, leaf, above, password)
}
