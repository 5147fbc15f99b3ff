package transport

import (
	"context"
	"fmt"
	"slices"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A family is the set of formats with one media type.
type family int

const (
	archive family = iota
	pkcs7
	pem
)

// file returns a certificate and its chain in a format (D-69).
func (a *API) file(ctx context.Context, certificate domain.Certificate, format api.CertificateFormat) (bundle.Content, family, error) {
	chain, err := a.pki.Chain(ctx, certificate.Material.Issuer)
	if err != nil {
		return bundle.Content{}, 0, err
	}
	leaf := certificate.Material.DER
	all := [][]byte{leaf} // the certificate first, the root last
	for _, authority := range chain {
		all = append(all, authority.DER)
	}
	noRoot := all[:len(all)-1]
	var content []byte
	kind := pem
	switch format {
	case api.CertificateFormatPemAll:
		content = bundle.PEM(all...)
	case api.CertificateFormatPemNoroot:
		content = bundle.PEM(noRoot...)
	case api.CertificateFormatPemNointermediate, api.CertificateFormatPem, api.CertificateFormatCrt:
		content = bundle.PEM(leaf)
	case api.CertificateFormatCer, api.CertificateFormatP7B:
		kind = pkcs7
		content, err = bundle.P7BInPEM(all...)
	case api.CertificateFormatDefaultCer:
		kind = archive
		if content, err = bundle.P7BInPEM(all...); err == nil {
			content, err = bundle.ZIP(certificate.Issued, bundle.File{Name: fileName(certificate, "cer"), Content: content})
		}
	case api.CertificateFormatApache:
		kind = archive
		content, err = bundle.ZIP(certificate.Issued, separate(certificate, chain[:len(chain)-1])...)
	case api.CertificateFormatDefault, api.CertificateFormatDefaultPem:
		kind = archive
		content, err = bundle.ZIP(certificate.Issued, separate(certificate, chain)...)
	default: // the contract has no other format
		return bundle.Content{}, 0, fmt.Errorf("transport: format %q is unknown", format)
	}
	return bundle.NewContent(content), kind, err
}

func fileName(certificate domain.Certificate, kind string) string {
	return fmt.Sprintf("%d.%s", certificate.ID, kind)
}

// separate returns a file for each certificate, the top of the chain first.
func separate(certificate domain.Certificate, chain []domain.Authority) []bundle.File {
	files := []bundle.File{{Name: fileName(certificate, "crt"), Content: bundle.PEM(certificate.Material.DER)}}
	for _, authority := range chain {
		files = append(files, bundle.File{Name: authority.Name + ".crt", Content: bundle.PEM(authority.DER)})
	}
	slices.Reverse(files)
	return files
}

// platformPEM is the only server platform that gets PEM (D-69).
const platformPEM = 29

// DownloadCertificate returns a certificate in the format of an order without a server platform.
func (a *API) DownloadCertificate(ctx context.Context, request server.DownloadCertificateRequestObject) (server.DownloadCertificateResponseObject, error) {
	certificate, err := a.issued(ctx, request.CertificateID)
	if err != nil {
		return nil, err
	}
	file, _, err := a.file(ctx, certificate, api.CertificateFormatDefault)
	return server.DownloadCertificate200ApplicationZipResponse(file), err
}

// DownloadCertificateForPlatform returns a certificate in the format of a server platform.
func (a *API) DownloadCertificateForPlatform(ctx context.Context, request server.DownloadCertificateForPlatformRequestObject) (server.DownloadCertificateForPlatformResponseObject, error) {
	certificate, err := a.issued(ctx, request.CertificateID)
	if err != nil {
		return nil, err
	}
	if request.ServerPlatformID == platformPEM {
		file, _, err := a.file(ctx, certificate, api.CertificateFormatPemAll)
		return server.DownloadCertificateForPlatform200ApplicationXPemFileResponse(file), err
	}
	file, _, err := a.file(ctx, certificate, api.CertificateFormatDefault)
	return server.DownloadCertificateForPlatform200ApplicationZipResponse(file), err
}

// DownloadCertificateInFormat returns a certificate in a format.
func (a *API) DownloadCertificateInFormat(ctx context.Context, request server.DownloadCertificateInFormatRequestObject) (server.DownloadCertificateInFormatResponseObject, error) {
	certificate, err := a.issued(ctx, request.CertificateID)
	if err != nil {
		return nil, err
	}
	file, kind, err := a.file(ctx, certificate, request.Format)
	switch kind {
	case pkcs7:
		return server.DownloadCertificateInFormat200ApplicationXPkcs7CertificatesResponse(file), err
	case pem:
		return server.DownloadCertificateInFormat200ApplicationXPemFileResponse(file), err
	default:
		return server.DownloadCertificateInFormat200ApplicationZipResponse(file), err
	}
}

// DownloadOrderCertificate returns the active certificate of an order.
func (a *API) DownloadOrderCertificate(ctx context.Context, request server.DownloadOrderCertificateRequestObject) (server.DownloadOrderCertificateResponseObject, error) {
	certificate, err := a.issuedOf(ctx, request.OrderID)
	if err != nil {
		return nil, err
	}
	file, _, err := a.file(ctx, certificate, api.CertificateFormatDefault)
	return server.DownloadOrderCertificate200ApplicationZipResponse(file), err
}

// DownloadOrderCertificateInFormat returns the active certificate of an order in a format.
func (a *API) DownloadOrderCertificateInFormat(ctx context.Context, request server.DownloadOrderCertificateInFormatRequestObject) (server.DownloadOrderCertificateInFormatResponseObject, error) {
	certificate, err := a.issuedOf(ctx, request.OrderID)
	if err != nil {
		return nil, err
	}
	file, kind, err := a.file(ctx, certificate, request.Format)
	switch kind {
	case pkcs7:
		return server.DownloadOrderCertificateInFormat200ApplicationXPkcs7CertificatesResponse(file), err
	case pem:
		return server.DownloadOrderCertificateInFormat200ApplicationXPemFileResponse(file), err
	default:
		return server.DownloadOrderCertificateInFormat200ApplicationZipResponse(file), err
	}
}
