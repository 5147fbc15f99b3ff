package client

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
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

// Get downloads a certificate with its chain, parsed. One that is not issued yet is [ErrNotIssued], an unknown id
// [ErrNotFound]. Operation: downloadCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-format.html
func (s *CertificateService) Get(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return certificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
}

// Download downloads a certificate in the format of the server platform that its order names, as a file. An order for a
// token names none, and the file is a ZIP. A certificate that is not issued yet is [ErrNotIssued], an unknown id
// [ErrNotFound]. Operation: downloadCertificate.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-platform.html
func (s *CertificateService) Download(ctx context.Context, id int64, opts ...RequestOption) (CertificateFile, error) {
	op := operation{id: "downloadCertificate"}
	if err := checkID("certificate_id", id); err != nil {
		return CertificateFile{}, inOperation(op, err)
	}
	return download(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.DownloadCertificate(ctx, id, edit)
		},
		asFile)
}

// DownloadInFormat downloads a certificate in a format, as a file. [CertificateService.Get] is for programs that look
// into it. A certificate that is not issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation:
// downloadCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-format.html
func (s *CertificateService) DownloadInFormat(
	ctx context.Context, id int64, format CertificateFormat, opts ...RequestOption,
) (CertificateFile, error) {
	return certificateInFormat(ctx, s, id, format, opts, asFile)
}

// DownloadForPlatform downloads a certificate in the format of a server platform, as a file. The platform is the ID of a
// [ServerPlatform], or -1 for any other. A certificate that is not issued yet is [ErrNotIssued], an unknown id
// [ErrNotFound]. Operation: downloadCertificateForPlatform.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-platform.html
func (s *CertificateService) DownloadForPlatform(
	ctx context.Context, id, platformID int64, opts ...RequestOption,
) (CertificateFile, error) {
	op := operation{id: "downloadCertificateForPlatform"}
	if err := checkID("certificate_id", id); err != nil {
		return CertificateFile{}, inOperation(op, err)
	}
	if platformID != -1 {
		if err := checkID("server_platform_id", platformID); err != nil {
			return CertificateFile{}, inOperation(op, err)
		}
	}
	return download(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.DownloadCertificateForPlatform(ctx, id, platformID, edit)
		},
		asFile)
}

func certificateInFormat[T any](
	ctx context.Context, s *CertificateService, id int64, format CertificateFormat, opts []RequestOption,
	convert func(CertificateFile) (T, error),
) (T, error) {
	op := operation{id: "downloadCertificateInFormat"}
	var none T
	if err := checkID("certificate_id", id); err != nil {
		return none, inOperation(op, err)
	}
	if err := checkSegment("format", string(format)); err != nil {
		return none, inOperation(op, err)
	}
	return download(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.DownloadCertificateInFormat(ctx, id, api.CertificateFormat(format), edit)
		},
		convert)
}

// Certificate downloads the certificate of an order with its chain, parsed. After a reissue it is the new one. An order
// whose certificate is not issued yet is [ErrNotIssued]: [OrderService.Get] tells how far it is. An unknown id is
// [ErrNotFound]. Operation: downloadOrderCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) Certificate(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return orderCertificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
}

// DownloadCertificate downloads the certificate of an order, as a ZIP with a file for each certificate. After a reissue
// it is the new one. A certificate that is not issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation:
// downloadOrderCertificate.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) DownloadCertificate(
	ctx context.Context, id int64, opts ...RequestOption,
) (CertificateFile, error) {
	op := operation{id: "downloadOrderCertificate"}
	if err := checkID("order_id", id); err != nil {
		return CertificateFile{}, inOperation(op, err)
	}
	return download(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.DownloadOrderCertificate(ctx, strconv.FormatInt(id, 10), edit)
		},
		asFile)
}

// DownloadCertificateInFormat downloads the certificate of an order in a format, as a file. [OrderService.Certificate] is
// for programs that look into it. A certificate that is not issued yet is [ErrNotIssued], an unknown id [ErrNotFound].
// Operation: downloadOrderCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) DownloadCertificateInFormat(
	ctx context.Context, id int64, format CertificateFormat, opts ...RequestOption,
) (CertificateFile, error) {
	return orderCertificateInFormat(ctx, s, id, format, opts, asFile)
}

func orderCertificateInFormat[T any](
	ctx context.Context, s *OrderService, id int64, format CertificateFormat, opts []RequestOption,
	convert func(CertificateFile) (T, error),
) (T, error) {
	op := operation{id: "downloadOrderCertificateInFormat"}
	var none T
	if err := checkID("order_id", id); err != nil {
		return none, inOperation(op, err)
	}
	if err := checkSegment("format", string(format)); err != nil {
		return none, inOperation(op, err)
	}
	return download(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.DownloadOrderCertificateInFormat(
				ctx, strconv.FormatInt(id, 10), api.CertificateFormat(format), edit)
		},
		convert)
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
