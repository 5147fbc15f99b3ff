// Package bundle writes certificates in the forms that people download: PEM, PKCS#7, ZIP and, with a key, PKCS#12.
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"time"

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
	zero := cryptobyteasn1.Tag(0).Constructed().ContextSpecific()
	var b cryptobyte.Builder
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData())
		b.AddASN1(zero, func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(cryptobyteasn1.SET, func(*cryptobyte.Builder) {}) // digest algorithms
				b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData()) })
				b.AddASN1(zero, func(b *cryptobyte.Builder) { // IMPLICIT SET OF Certificate
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
		return nil, fmt.Errorf("bundle: PKCS#12: %w", err)
	}
	above := make([]*x509.Certificate, len(chain))
	for i, der := range chain {
		if above[i], err = x509.ParseCertificate(der); err != nil {
			return nil, fmt.Errorf("bundle: PKCS#12: chain: %w", err)
		}
	}
	return pkcs12.Modern2023.Encode(key, leaf, above, password)
}

// Content types of PKCS#7 (RFC 5652).
func oidSignedData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2} }

func oidData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }

// Content is what is in a file, in the form of the generated answers that are not JSON.
type Content struct {
	Body          io.Reader
	ContentLength int64
}

// NewContent returns octets as content.
func NewContent(octets []byte) Content {
	return Content{Body: bytes.NewReader(octets), ContentLength: int64(len(octets))}
}

// A File is a file of an archive.
type File struct {
	Name    string
	Content []byte
}

// ZIP writes files, all of them dated alike, so that the same files give the same archive.
func ZIP(modified time.Time, files ...File) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range files {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate, Modified: modified})
		if err != nil {
			return nil, fmt.Errorf("bundle: ZIP: %w", err)
		}
		if _, err := entry.Write(file.Content); err != nil {
			return nil, fmt.Errorf("bundle: ZIP: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("bundle: ZIP: %w", err)
	}
	return b.Bytes(), nil
}
