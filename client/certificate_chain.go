package client

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ChainCertificate is a certificate of a chain: the one that was asked for, that of its issuing CA, of a CA above that, or
// of the root.
type ChainCertificate struct {
	// CommonName is the common name of its subject.
	CommonName string
	// PEM is the certificate in PEM.
	PEM string
	// Parsed is the certificate as well. It is nil if crypto/x509 cannot read it.
	Parsed *x509.Certificate
}

// An Intermediate is the certificate of a CA that can issue for the account, or that stands above such a CA.
type Intermediate struct {
	ChainCertificate

	// ID is an opaque identifier, as [CACert] has it.
	ID string
	// IssuerCommonName is the common name of its issuer.
	IssuerCommonName string
	// SerialNumber is the serial number, in hexadecimal.
	SerialNumber string
	// Thumbprint is the SHA-1 of the DER encoding, in hexadecimal.
	Thumbprint string
	// ValidFrom is when it becomes valid.
	ValidFrom time.Time
	// ValidTill is when it expires.
	ValidTill time.Time
	// IsPrivate is whether it stands below a private root.
	IsPrivate bool
}

// Chain returns a certificate and the ones above it: the certificate itself first, then the one of the issuing CA, the root
// last. How many there are depends on the CA; of a certificate on a token there may be none. A certificate that is not
// issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. [CertificateService.Get] returns the certificate with its
// chain apart. Operation: getCertificateChain.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/certificate-chain.html
func (s *CertificateService) Chain(ctx context.Context, id int64, opts ...RequestOption) ([]ChainCertificate, error) {
	op := operation{id: "getCertificateChain"}
	if err := checkID("certificate_id", id); err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetCertificateChain(ctx, id, edit)
		},
		func(w listed[api.CertificateChain]) ([]ChainCertificate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.at, func(w api.ChainLink) (ChainCertificate, error) {
				return chainCertificateFrom(w.SubjectCommonName, w.Pem)
			})
		})
}

// Intermediates returns the intermediate certificates that the account can be issued from, each after the one of its
// issuer. Operation: listIntermediates.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/list-intermediates.html
func (s *CertificateService) Intermediates(ctx context.Context, opts ...RequestOption) ([]Intermediate, error) {
	return fetch(ctx, s.client, operation{id: "listIntermediates"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListIntermediates(ctx, edit)
		},
		func(w listed[api.IntermediateList]) ([]Intermediate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.at, intermediateFrom)
		})
}

func chainCertificateFrom(commonName, text string) (ChainCertificate, error) {
	if text == "" {
		return ChainCertificate{}, missing("pem")
	}
	c := ChainCertificate{CommonName: commonName, PEM: text}
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if parsed, err := x509.ParseCertificate(block.Bytes); err == nil {
			c.Parsed = parsed
		}
	}
	return c, nil
}

func intermediateFrom(w api.Intermediate) (Intermediate, error) {
	certificate, err := chainCertificateFrom(w.SubjectCommonName, w.Pem)
	if err != nil {
		return Intermediate{}, err
	}
	validFrom, err := secondFrom("valid_from", w.ValidFrom)
	if err != nil {
		return Intermediate{}, err
	}
	validTill, err := secondFrom("valid_to", w.ValidTo)
	if err != nil {
		return Intermediate{}, err
	}
	return Intermediate{
		ChainCertificate: certificate,
		ID:               w.ID,
		IssuerCommonName: w.IssuerCommonName,
		SerialNumber:     w.SerialNumber,
		Thumbprint:       w.Thumbprint,
		ValidFrom:        validFrom,
		ValidTill:        validTill,
		IsPrivate:        w.IsPrivate != "" && w.IsPrivate != "0",
	}, nil
}
