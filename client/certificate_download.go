package client

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// A CertificateFormat is what a certificate is downloaded in. Values that the service adds pass through.
//
// The vendor's page, with what each of them holds:
// https://dev.digicert.com/certcentral-apis/services-api/glossary.html
type CertificateFormat string

// The formats. Each of them holds certificates in PEM, never a private key: that is on the token.
const (
	// FormatPEMAll is one file with the certificate, the intermediates and the root, in that order.
	FormatPEMAll CertificateFormat = "pem_all"
	// FormatPEMNoRoot is one file with the certificate and the intermediates.
	FormatPEMNoRoot CertificateFormat = "pem_noroot"
	// FormatPEMNoIntermediate is one file with the certificate.
	FormatPEMNoIntermediate CertificateFormat = "pem_nointermediate"
	// FormatPEM is one file with the certificate.
	FormatPEM CertificateFormat = "pem"
	// FormatCRT is one file with the certificate.
	FormatCRT CertificateFormat = "crt"
	// FormatP7B is PKCS #7, in PEM, with all certificates.
	FormatP7B CertificateFormat = "p7b"
	// FormatCER is the same as [FormatP7B].
	FormatCER CertificateFormat = "cer"
	// FormatDefault is a ZIP with a .crt file for each certificate.
	FormatDefault CertificateFormat = "default"
	// FormatDefaultPEM is the same as [FormatDefault].
	FormatDefaultPEM CertificateFormat = "default_pem"
	// FormatDefaultCER is a ZIP with [FormatCER] in it, as a .cer file.
	FormatDefaultCER CertificateFormat = "default_cer"
	// FormatApache is a ZIP with a .crt file for each certificate but the root.
	FormatApache CertificateFormat = "apache"
)

// A CertificateFile is a certificate as it was downloaded, alone or with the ones above it.
type CertificateFile struct {
	// ContentType is what the service says that it is: application/x-pem-file for PEM, application/x-pkcs7-certificates
	// for PKCS #7, application/zip.
	ContentType string
	// Content is the file, unchanged.
	Content []byte
}

// An IssuedCertificate is a certificate together with its chain.
type IssuedCertificate struct {
	// Leaf is the certificate itself.
	Leaf *x509.Certificate
	// Chain are the certificates above it, as the service sends them: the one of the issuing CA first, the root last. How
	// many there are depends on the CA.
	Chain []*x509.Certificate
	// PEM is all of them as they were downloaded, the certificate itself first.
	PEM []byte
}

// certificateFiles is what a download accepts. The vendor does not say whether its service takes a narrower wish.
const certificateFiles = "*/*"

// isCertificateFile reports whether an answer of a media type can be a certificate file: one of the types that the
// contract declares, or a type that says nothing, since the vendor does not tell what type some of the formats have. Such
// an answer is then judged by what it holds (D-77).
func isCertificateFile(mediaType string) bool {
	switch mediaType {
	case "application/x-pem-file", "application/x-pkcs7-certificates", "application/zip":
		return true
	case "", "application/octet-stream", "text/plain":
		return true
	default:
		return false
	}
}

var (
	errNotFile = errors.New("the answer is no certificate file")
	errNoPEM   = errors.New("the answer holds no certificate in PEM")
)

// download carries out an operation that is answered with a certificate file, which convert turns into a T.
func download[T any](
	ctx context.Context, c *Client, op operation, opts []RequestOption, send sendFunc,
	convert func(CertificateFile) (T, error),
) (T, error) {
	var out T
	op.accept = certificateFiles
	err := c.do(ctx, op, opts, send, func(a answer) error {
		file, err := a.certificateFile()
		if err != nil {
			return err
		}
		v, err := convert(file)
		if errors.Is(err, errNoPEM) {
			return fmt.Errorf("%w but %s", err, a.summary())
		}
		if err != nil {
			return err
		}
		out = v
		return nil
	})
	return out, err
}

// certificateFile returns the body if it is what a certificate is downloaded in: ZIP or PEM. The page of a proxy must not
// pass for a certificate.
func (a answer) certificateFile() (CertificateFile, error) {
	if block, _ := pem.Decode(a.body); block == nil && !bytes.HasPrefix(a.body, []byte("PK\x03\x04")) {
		return CertificateFile{}, fmt.Errorf("%w but %s", errNotFile, a.summary())
	}
	return CertificateFile{ContentType: a.resp.Header.Get("Content-Type"), Content: a.body}, nil
}

// asFile hands a file out as it is.
func asFile(f CertificateFile) (CertificateFile, error) { return f, nil }

// issuedCertificateFrom parses a file of [FormatPEMAll].
func issuedCertificateFrom(f CertificateFile) (IssuedCertificate, error) {
	var certificates []*x509.Certificate
	for block, rest := pem.Decode(f.Content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		// What crypto/x509 could not read may stand in its error, and there is a person in a certificate.
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return IssuedCertificate{}, &wireError{
				path: fmt.Sprintf("certificate %d", len(certificates)+1), reason: "is not one that crypto/x509 can read",
			}
		}
		certificates = append(certificates, certificate)
	}
	if len(certificates) == 0 {
		return IssuedCertificate{}, errNoPEM
	}
	if certificates[0].IsCA {
		return IssuedCertificate{}, &wireError{path: "certificate 1", reason: "is the one of a CA"}
	}
	return IssuedCertificate{Leaf: certificates[0], Chain: certificates[1:], PEM: f.Content}, nil
}
