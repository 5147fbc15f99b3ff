package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetCertificateChain returns a certificate and the ones above it (D-70).
func (a *API) GetCertificateChain(ctx context.Context, request server.GetCertificateChainRequestObject) (server.GetCertificateChainResponseObject, error) {
	var certificate domain.Certificate
	var settings domain.Settings
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) (err error) {
		certificate, err = domain.FindIssued(r, request.CertificateID)
		settings = r.Settings()
		return err
	})
	if err != nil {
		return nil, err
	}
	out := api.CertificateChain{Intermediates: []api.ChainLink{}}
	if settings.TokenChain == domain.EmptyChain {
		return server.GetCertificateChain200JSONResponse(out), nil
	}
	chain, err := a.pki.Chain(ctx, certificate.Material.Issuer)
	if err != nil {
		return nil, err
	}
	out.Intermediates = append(out.Intermediates, chainLink(certificate.Material.CommonName, certificate.Material.DER))
	for _, authority := range chain {
		out.Intermediates = append(out.Intermediates, chainLink(authority.CommonName, authority.DER))
	}
	return server.GetCertificateChain200JSONResponse(out), nil
}

func chainLink(commonName string, der []byte) api.ChainLink {
	return api.ChainLink{SubjectCommonName: commonName, Pem: string(bundle.PEM(der))}
}

// ListIntermediates returns the intermediate certificates of the server.
func (a *API) ListIntermediates(ctx context.Context, _ server.ListIntermediatesRequestObject) (server.ListIntermediatesResponseObject, error) {
	authorities, err := a.pki.Authorities(ctx)
	if err != nil {
		return nil, err
	}
	out := api.IntermediateList{Intermediates: []api.Intermediate{}}
	for _, authority := range authorities {
		if authority.Issuer == "" {
			continue
		}
		out.Intermediates = append(out.Intermediates, api.Intermediate{
			ID: authority.ID, SubjectCommonName: authority.CommonName, IssuerCommonName: authority.IssuerCommon,
			SerialNumber: authority.SerialNumber, Thumbprint: authority.Thumbprint,
			ValidFrom: authority.NotBefore.UTC().Format(time.DateTime), ValidTo: authority.NotAfter.UTC().Format(time.DateTime),
			IsPrivate: "0", Pem: string(bundle.PEM(authority.DER)),
		})
	}
	return server.ListIntermediates200JSONResponse(out), nil
}

// issued returns an issued certificate.
func (a *API) issued(ctx context.Context, id int64) (certificate domain.Certificate, err error) {
	err = a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		certificate, err = domain.FindIssued(r, id)
		return err
	})
	return certificate, err
}

// issuedOf returns the active certificate of an order.
func (a *API) issuedOf(ctx context.Context, order string) (certificate domain.Certificate, err error) {
	err = a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		found, err := domain.FindOrderByReference(r, order)
		if err != nil {
			return err
		}
		certificate, err = domain.FindIssuedOf(r, found)
		return err
	})
	return certificate, err
}

// issuedMaterial returns the issued material of a certificate, or nil before the certificate is
// issued, when the account may not see it (D-46).
func issuedMaterial(certificate domain.Certificate) *domain.IssuedMaterial {
	if certificate.Issued.IsZero() {
		return nil
	}
	return certificate.Material
}

func certificateOut(r domain.Reader, now time.Time, order domain.Order, individual domain.Individual) api.Certificate {
	out := api.Certificate{
		ID: optional(order.CertificateID), CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
		ProfileOption: api.ProfileOption(order.ProfileOption), IsRsassaPss: order.RSASSAPSS,
		Individual: individualOut(individual), CertValidity: validityOut(order.Validity),
		Organization: api.OrganizationRef{ID: order.OrganizationID}, DNSNames: []string{}, DateCreated: timestamp(order.Created),
	}
	certificate, _ := r.Certificate(order.CertificateID)
	material := issuedMaterial(certificate)
	if material == nil {
		return out
	}
	out.CommonName = material.CommonName
	if certificate.Reissue || !certificate.Revoked.IsZero() {
		out.Status = new(api.CertificateStatus(certificate.Status()))
	}
	out.Thumbprint, out.SerialNumber = &material.Thumbprint, &material.SerialNumber
	out.DateIssued, out.ValidFrom, out.ValidTill = moment(certificate.Issued), day(material.NotBefore), day(material.NotAfter)
	out.DaysRemaining, out.KeySize = daysRemaining(material, now), keySize(material)
	out.CaCert = &api.CACert{ID: material.IssuerID, Name: material.IssuerCommon}
	return out
}

func certificateSummary(r domain.Reader, now time.Time, order domain.Order, individual domain.Individual) api.CertificateSummary {
	out := api.CertificateSummary{
		ID: optional(order.CertificateID), CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
		CertValidity: validityOut(order.Validity), DNSNames: []string{}, DateCreated: timestamp(order.Created),
	}
	certificate, _ := r.Certificate(order.CertificateID)
	if material := issuedMaterial(certificate); material != nil {
		out.CommonName, out.SerialNumber = material.CommonName, &material.SerialNumber
		out.ValidFrom, out.ValidTill, out.DaysRemaining = day(material.NotBefore), day(material.NotAfter), daysRemaining(material, now)
	}
	return out
}

func daysRemaining(material *domain.IssuedMaterial, now time.Time) *int32 {
	return new(int32(material.DaysRemaining(now))) //nolint:gosec // some years
}

func keySize(material *domain.IssuedMaterial) *int32 { return new(int32(material.KeySize)) } //nolint:gosec // at most 8192

// day returns the day of a time in UTC, or nil for the zero time.
func day(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.DateOnly))
}
