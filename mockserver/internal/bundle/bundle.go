// Package bundle encodes certificates in the formats of downloads: PEM, PKCS#7, ZIP and, with a
// private key, PKCS#12.
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

// PEM returns the certificates as PEM blocks, in the given order.
func PEM(certificates ...[]byte) []byte {
	var b bytes.Buffer
	for _, der := range certificates {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return b.Bytes()
}

// P7B returns the certificates as PKCS#7 in DER: a degenerate SignedData without signers, the
// common format for chains (RFC 5652, 5.1).
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

// P7BInPEM returns the certificates as PKCS#7 in PEM, with the label PKCS7.
func P7BInPEM(certificates ...[]byte) ([]byte, error) {
	der, err := P7B(certificates...)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}), nil
}

// PKCS12 returns a PKCS#12 file with the private key, its certificate and the chain. It is
// encrypted with AES-256 and a key from PBKDF2.
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

// Content types of RFC 5652.
func oidSignedData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2} }

func oidData() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1} }

// Content is the content of a file, with the fields of the generated response types for other media
// types than JSON.
type Content struct {
	Body          io.Reader
	ContentLength int64
}

// NewContent returns the Content of these octets.
func NewContent(octets []byte) Content {
	return Content{Body: bytes.NewReader(octets), ContentLength: int64(len(octets))}
}

// A File is a file in an archive.
type File struct {
	Name    string
	Content []byte
}

// ZIP returns an archive with the files. All of them have the same modification time, so that the
// same files give the same archive.
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
