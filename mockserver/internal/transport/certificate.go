package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetCertificateChain returns the certificates above a certificate.
func (a *API) GetCertificateChain(ctx context.Context, request server.GetCertificateChainRequestObject) (server.GetCertificateChainResponseObject, error) {
	certificate, err := a.issued(ctx, request.CertificateID)
	if err != nil {
		return nil, err
	}
	chain, err := a.pki.Chain(ctx, certificate.Made.Issuer)
	if err != nil {
		return nil, err
	}
	out := api.CertificateChain{Intermediates: make([]api.ChainLink, len(chain))}
	for i, authority := range chain {
		out.Intermediates[i] = api.ChainLink{SubjectCommonName: authority.CommonName, Pem: string(bundle.PEM(authority.DER))}
	}
	return server.GetCertificateChain200JSONResponse(out), nil
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

// RevokeCertificate revokes a certificate.
func (a *API) RevokeCertificate(ctx context.Context, request server.RevokeCertificateRequestObject) (server.RevokeCertificateResponseObject, error) {
	made, err := a.revoke(ctx, domain.RevokeCertificate, request.CertificateID, request.Body)
	if made == nil {
		return server.RevokeCertificate204Response{}, err
	}
	return server.RevokeCertificate201JSONResponse(*made), err
}

// RevokeOrderCertificates revokes an order.
func (a *API) RevokeOrderCertificates(ctx context.Context, request server.RevokeOrderCertificatesRequestObject) (server.RevokeOrderCertificatesResponseObject, error) {
	made, err := a.revoke(ctx, domain.RevokeOrder, request.OrderID, request.Body)
	if made == nil {
		return server.RevokeOrderCertificates204Response{}, err
	}
	return server.RevokeOrderCertificates201JSONResponse(*made), err
}

// A revocation is a use case that revokes what a path names, or makes the request for it.
type revocation func(domain.Reader, domain.Actor, time.Time, string, domain.RevocationRequest) (*domain.Request, domain.Changes, error)

// revoke returns the request that was made, or nil where none was needed.
func (a *API) revoke(ctx context.Context, what revocation, name string, body *api.Revocation) (made *api.RequestCreated, err error) {
	err = a.update(ctx, func(r domain.Reader, actor domain.Actor) (domain.Changes, error) {
		request, changes, err := what(r, actor, a.now(ctx), name, revocationIn(body))
		made = requestCreated(r, request)
		return changes, err
	})
	return made, err
}

func revocationIn(body *api.Revocation) domain.RevocationRequest {
	in := domain.RevocationRequest{
		Reason: domain.Unspecified, SkipApproval: value(body.SkipApproval), Comments: value(body.Comment),
	}
	if body.RevocationReason != nil {
		in.Reason = domain.RevocationReason(*body.RevocationReason)
	}
	if body.Comments != nil { // the name that clients send counts (D-71)
		in.Comments = *body.Comments
	}
	return in
}

func requestCreated(r domain.Reader, request *domain.Request) *api.RequestCreated {
	if request == nil {
		return nil
	}
	return &api.RequestCreated{
		ID: request.ID, Date: timestamp(request.Created), Type: api.RequestType(request.Type),
		Status: api.RequestStatus(request.Status), Requester: userByID(r, request.RequesterID), Comments: optional(request.Comments),
	}
}

// issued returns a certificate that has been issued.
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
		found, err := domain.FindOrderNamed(r, order)
		if err != nil {
			return err
		}
		certificate, err = domain.FindIssuedOf(r, found)
		return err
	})
	return certificate, err
}

// released is what was made of a certificate, once the account may see it: nil until it is issued (D-46).
func released(certificate domain.Certificate) *domain.Made {
	if certificate.Issued.IsZero() {
		return nil
	}
	return certificate.Made
}

func certificateOut(r domain.Reader, now time.Time, order domain.Order, individual domain.Individual) api.Certificate {
	out := api.Certificate{
		ID: optional(order.CertificateID), CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
		ProfileOption: api.ProfileOption(order.ProfileOption), IsRsassaPss: order.RSASSAPSS,
		Individual: individualOut(individual), CertValidity: validityOut(order.Validity),
		Organization: api.OrganizationID{ID: order.OrganizationID},
	}
	certificate, _ := r.Certificate(order.CertificateID)
	made := released(certificate)
	if made == nil {
		return out
	}
	out.CommonName = made.CommonName
	if certificate.Reissue || !certificate.Revoked.IsZero() {
		out.Status = new(api.CertificateStatus(certificate.Status()))
	}
	out.Thumbprint, out.SerialNumber = &made.Thumbprint, &made.SerialNumber
	out.DateIssued, out.ValidFrom, out.ValidTill = moment(certificate.Issued), day(made.NotBefore), day(made.NotAfter)
	out.DaysRemaining, out.KeySize = daysRemaining(made, now), keySize(made)
	out.CaCert = &api.CACert{ID: made.IssuerID, Name: made.IssuerCommon}
	return out
}

func certificateSummary(r domain.Reader, now time.Time, order domain.Order, individual domain.Individual) api.CertificateSummary {
	out := api.CertificateSummary{
		ID: optional(order.CertificateID), CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
		CertValidity: validityOut(order.Validity),
	}
	certificate, _ := r.Certificate(order.CertificateID)
	if made := released(certificate); made != nil {
		out.CommonName, out.SerialNumber = made.CommonName, &made.SerialNumber
		out.ValidFrom, out.ValidTill, out.DaysRemaining = day(made.NotBefore), day(made.NotAfter), daysRemaining(made, now)
	}
	return out
}

func daysRemaining(made *domain.Made, now time.Time) *int32 {
	return new(int32(made.DaysRemaining(now))) //nolint:gosec // some years
}

func keySize(made *domain.Made) *int32 { return new(int32(made.KeySize)) } //nolint:gosec // at most 8192

// day is the day of a time in UTC, left out when there is none.
func day(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.DateOnly))
}
