package client

import (
	"context"
	"net/http"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// Certificate downloads the certificate of an order with its chain, parsed. After a reissue it is the new one. An order
// whose certificate is not issued yet is [ErrNotIssued]: [OrderService.Get] tells how far it is. An unknown id is
// [ErrNotFound]. Operation: downloadOrderCertificateInFormat.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/download-certificate-by-order.html
func (s *OrderService) Certificate(ctx context.Context, id int64, opts ...RequestOption) (IssuedCertificate, error) {
	return orderCertificateInFormat(ctx, s, id, FormatPEMAll, opts, issuedCertificateFrom)
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
