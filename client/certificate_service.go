package client

import (
	"context"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// CertificateService downloads and revokes certificates by their ids: [Client.Certificates]. [OrderService] does the same
// by the ids of their orders.
type CertificateService struct{ client *Client }

// Get downloads a certificate with its chain, parsed. One that is not issued yet is [ErrNotIssued], an unknown id
// [ErrNotFound]. Operation: downloadCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-format.html
func (s *CertificateService) Get(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return certificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
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
