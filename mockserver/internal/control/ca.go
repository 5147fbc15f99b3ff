package control

import (
	"context"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// PKI is the certificate authority of the server.
type PKI interface {
	// Preset is the shape of the hierarchy.
	Preset() string
	// Progress is how far the keys of the CAs are: none, making or ready.
	Progress() string
	// Base is the address that certificates name.
	Base() (string, error)
	// Authorities returns every CA, each after its issuer.
	Authorities(ctx context.Context) ([]domain.Authority, error)
	// Chain returns the CA of this name and the ones above it, the root last, or not_found|ca.
	Chain(ctx context.Context, name string) ([]domain.Authority, error)
	// CRL returns the current CRL of the CA of this name in DER, or not_found|ca.
	CRL(ctx context.Context, name string) ([]byte, error)
	// PublicKey reads a PKCS#10 request and returns the SubjectPublicKeyInfo of its key. A refusal
	// names the member of the body that the request stands in.
	PublicKey(member, csr string) ([]byte, error)
}

// Names that stand for several CAs, and kinds of files.
const (
	allRoots         = "roots"
	allIntermediates = "intermediates"

	kindCER = "cer"
	kindPEM = "pem"
	kindP7B = "p7b"
	kindCRL = "crl"
)

// ListCAs lists the CAs of the server.
func (a *API) ListCAs(ctx context.Context, _ control.ListCAsRequestObject) (control.ListCAsResponseObject, error) {
	authorities, err := a.PKI.Authorities(ctx)
	if err != nil {
		return nil, err
	}
	base, err := a.PKI.Base()
	out := control.ListCAs200JSONResponse{Preset: a.PKI.Preset(), BaseURL: base, Cas: make([]control.CA, len(authorities))}
	for i, authority := range authorities {
		out.Cas[i] = control.CA{
			Name: authority.Name, CommonName: authority.CommonName, Issuer: optional(authority.Issuer),
			SerialNumber: authority.SerialNumber, Thumbprint: authority.Thumbprint,
			ValidFrom: timestamp(authority.NotBefore), ValidTill: timestamp(authority.NotAfter), Files: []string{},
		}
		for _, kind := range []string{kindCER, kindPEM, kindP7B, kindCRL} {
			out.Cas[i].Files = append(out.Cas[i].Files, CAFiles+authority.Name+"."+kind)
		}
	}
	return out, err
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// DownloadCAFile returns a certificate of a CA, or its CRL. The contract has checked the form of
// the name.
func (a *API) DownloadCAFile(ctx context.Context, request control.DownloadCAFileRequestObject) (control.DownloadCAFileResponseObject, error) {
	name, kind, _ := strings.Cut(request.File, ".")
	if kind == kindCRL {
		crl, err := a.PKI.CRL(ctx, name)
		return control.DownloadCAFile200ApplicationPkixCrlResponse(bundle.NewContent(crl)), err
	}
	certificates, err := a.certificates(ctx, name)
	if err != nil {
		return nil, err
	}
	several := name == allRoots || name == allIntermediates
	switch {
	case kind == kindP7B:
		content, err := bundle.P7BInPEM(certificates...)
		return control.DownloadCAFile200ApplicationXPkcs7CertificatesResponse(bundle.NewContent(content)), err
	case kind == kindPEM && several:
		return control.DownloadCAFile200ApplicationXPemFileResponse(bundle.NewContent(bundle.PEM(certificates...))), nil
	case kind == kindPEM:
		return control.DownloadCAFile200ApplicationXPemFileResponse(bundle.NewContent(bundle.PEM(certificates[0]))), nil
	case several:
		return nil, &domain.Error{
			Code: domain.CodeCANotFound, Message: "CA not found: roots and intermediates come as .pem and .p7b; DER holds one certificate",
		}
	default:
		return control.DownloadCAFile200ApplicationPkixCertResponse(bundle.NewContent(certificates[0])), nil
	}
}

// certificates returns what a name stands for: one CA and the ones above it, or all of a kind.
func (a *API) certificates(ctx context.Context, name string) ([][]byte, error) {
	var authorities []domain.Authority
	var err error
	if name == allRoots || name == allIntermediates {
		authorities, err = a.PKI.Authorities(ctx)
	} else {
		authorities, err = a.PKI.Chain(ctx, name)
	}
	var certificates [][]byte
	for _, authority := range authorities {
		root := authority.Issuer == ""
		if name == allRoots && !root || name == allIntermediates && root {
			continue
		}
		certificates = append(certificates, authority.DER)
	}
	return certificates, err
}
