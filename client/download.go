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

// A CertificateFormat is the file format of a download. Values that the service adds pass through.
//
// The vendor's page, with the contents of each format:
// https://dev.digicert.com/certcentral-apis/services-api/glossary.html
type CertificateFormat string

// The formats. Their files hold certificates in PEM. None holds a private key, since that is on the
// token.
const (
	// FormatPEMAll is one file with the certificate, the intermediates and the root, in this order.
	FormatPEMAll CertificateFormat = "pem_all"
	// FormatPEMNoRoot is one file with the certificate and the intermediates.
	FormatPEMNoRoot CertificateFormat = "pem_noroot"
	// FormatPEMNoIntermediate is one file with the certificate.
	FormatPEMNoIntermediate CertificateFormat = "pem_nointermediate"
	// FormatPEM is one file with the certificate.
	FormatPEM CertificateFormat = "pem"
	// FormatCRT is one file with the certificate.
	FormatCRT CertificateFormat = "crt"
	// FormatP7B is PKCS #7 in PEM, with all certificates.
	FormatP7B CertificateFormat = "p7b"
	// FormatCER is the same as [FormatP7B].
	FormatCER CertificateFormat = "cer"
	// FormatDefault is a ZIP with a .crt file for each certificate.
	FormatDefault CertificateFormat = "default"
	// FormatDefaultPEM is the same as [FormatDefault].
	FormatDefaultPEM CertificateFormat = "default_pem"
	// FormatDefaultCER is a ZIP with a .cer file in [FormatCER].
	FormatDefaultCER CertificateFormat = "default_cer"
	// FormatApache is a ZIP with a .crt file for each certificate but the root.
	FormatApache CertificateFormat = "apache"
)

// A CertificateFile is a downloaded file with a certificate and, in most formats, its chain.
type CertificateFile struct {
	// ContentType is the media type in the answer: application/x-pem-file for PEM,
	// application/x-pkcs7-certificates for PKCS #7, application/zip for ZIP.
	ContentType string
	// Content is the content of the file, unchanged.
	Content []byte
}

// An IssuedCertificate is a certificate with its chain.
type IssuedCertificate struct {
	// Leaf is the certificate of the person.
	Leaf *x509.Certificate
	// Chain are the certificates of the CAs in the order in which the service sends them: the
	// issuing CA first, the root last. The length of the chain depends on the CA.
	Chain []*x509.Certificate
	// PEM is the downloaded file: Leaf and then Chain in PEM.
	PEM []byte
}

// Download downloads a certificate with its chain and parses them. A certificate that is not issued
// yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation: downloadCertificateInFormat.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-format.html
func (s *CertificateService) Download(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return certificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
}

// DownloadFile downloads a file with a certificate. The file has the format of the server platform
// of the order. An order for a token has no server platform, and the file is a ZIP. A certificate
// that is not issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation:
// downloadCertificate.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-platform.html
func (s *CertificateService) DownloadFile(ctx context.Context, id int64, opts ...RequestOption) (CertificateFile, error) {
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

// DownloadInFormat downloads a file with a certificate in a given format. Use
// [CertificateService.Download] to get the certificate parsed. A certificate that is not issued yet
// is [ErrNotIssued], an unknown id [ErrNotFound]. Operation: downloadCertificateInFormat.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-format.html
func (s *CertificateService) DownloadInFormat(
	ctx context.Context, id int64, format CertificateFormat, opts ...RequestOption,
) (CertificateFile, error) {
	return certificateInFormat(ctx, s, id, format, opts, asFile)
}

// DownloadForPlatform downloads a file with a certificate in the format of a server platform. The
// platform is the ID of a [ServerPlatform], or -1 for any other platform. A certificate that is not
// issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation:
// downloadCertificateForPlatform.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
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

// DownloadCertificate downloads the certificate of an order with its chain and parses them. After a
// reissue it downloads the new certificate. A certificate that is not issued yet is [ErrNotIssued];
// [OrderService.Get] shows the state of the order. An unknown id is [ErrNotFound]. Operation:
// downloadOrderCertificateInFormat.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) DownloadCertificate(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return orderCertificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
}

// DownloadCertificateFile downloads a ZIP with the certificate of an order and its chain, one file
// for each certificate. After a reissue it downloads the new certificate. A certificate that is not
// issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation: downloadOrderCertificate.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) DownloadCertificateFile(
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

// DownloadCertificateInFormat downloads a file with the certificate of an order in a given format.
// Use [OrderService.DownloadCertificate] to get the certificate parsed. A certificate that is not
// issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. Operation:
// downloadOrderCertificateInFormat.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
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

// certificateFiles is the header Accept of a download. The vendor does not say whether the service
// accepts a more specific header.
const certificateFiles = "*/*"

// isCertificateFile reports whether an answer with this media type can be a certificate file. It
// accepts the types that the contract declares. It also accepts unspecific types, since the vendor
// does not document the type of every format. The content of the answer then decides (D-77).
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

// download carries out an operation whose answer is a certificate file, and convert makes a T of
// it.
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

// certificateFile returns the body if it is ZIP or PEM. An HTML page of a proxy must not be
// returned as a certificate.
func (a answer) certificateFile() (CertificateFile, error) {
	if block, _ := pem.Decode(a.body); block == nil && !bytes.HasPrefix(a.body, []byte("PK\x03\x04")) {
		return CertificateFile{}, fmt.Errorf("%w but %s", errNotFile, a.summary())
	}
	return CertificateFile{ContentType: a.resp.Header.Get("Content-Type"), Content: a.body}, nil
}

// asFile returns the file unchanged.
func asFile(f CertificateFile) (CertificateFile, error) { return f, nil }

// issuedCertificateFrom parses a file in [FormatPEMAll].
func issuedCertificateFrom(f CertificateFile) (IssuedCertificate, error) {
	var certificates []*x509.Certificate
	for block, rest := pem.Decode(f.Content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		// The error of crypto/x509 is not used, since it may repeat a part of the certificate,
		// which names a person.
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
