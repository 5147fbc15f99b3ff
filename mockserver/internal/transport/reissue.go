package transport

import (
	"context"
	"errors"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ReissueCertificate reissues the certificate of an order.
func (a *API) ReissueCertificate(ctx context.Context, request server.ReissueCertificateRequestObject) (server.ReissueCertificateResponseObject, error) {
	in, err := a.reissueIn(request.Body)
	if err != nil {
		return nil, err
	}
	var reissued domain.Reissued
	err = a.update(ctx, func(r domain.Reader, actor domain.Actor) (changes domain.Changes, err error) {
		reissued, changes, err = domain.ReissueOrder(r, actor, a.now(r), request.OrderID, in)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	out := api.Reissued{ID: reissued.OrderID, CertificateID: optional(reissued.CertificateID)}
	if asked := reissued.Request; asked != nil {
		out.Requests = []api.ApprovalRequestRef{{ID: asked.ID, Status: api.ApprovalRequestStatus(asked.Status)}}
	}
	return server.ReissueCertificate201JSONResponse(out), nil
}

func (a *API) reissueIn(body *api.ReissueInput) (domain.ReissueRequest, error) {
	in := domain.ReissueRequest{
		SkipApproval: value(body.SkipApproval), Comments: value(body.Comments),
		Asked: domain.ReissuedCertificate{OrderValidity: validityIn(body.OrderValidity)},
	}
	if organization := body.Organization; organization != nil {
		in.Asked.OrganizationID = number(organization.ID)
	}
	certificate := body.Certificate
	if certificate == nil {
		return in, nil
	}
	in.Asked.CommonName, in.Asked.ProfileOption = value(certificate.CommonName), string(value(certificate.ProfileOption))
	in.Asked.DNSNames, in.Asked.Units = certificate.DNSNames, certificate.OrganizationUnits
	in.Asked.RSASSAPSS, in.Asked.CertValidity = certificate.IsRsassaPss, validityIn(certificate.CertValidity)
	if individual := certificate.Individual; individual != nil {
		in.Asked.IndividualID = number(individual.ID)
		in.Asked.FirstName, in.Asked.LastName, in.Asked.Email = value(individual.FirstName), value(individual.LastName), value(individual.Email)
	}
	if certificate.Csr == nil {
		return in, nil
	}
	key, err := a.pki.PublicKey("certificate.csr", *certificate.Csr)
	in.PublicKey = string(key)
	if fault, refused := errors.AsType[*domain.Error](err); refused { // part of the refusal with all other errors
		in.Faults, err = domain.Errors{fault}, nil
	}
	return in, err
}

// ListReissues returns the reissues of an order.
func (a *API) ListReissues(ctx context.Context, request server.ListReissuesRequestObject) (server.ListReissuesResponseObject, error) {
	out := api.ReissueList{Certificates: []api.ReissuedCertificate{}}
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		if err != nil {
			return err
		}
		individual, _ := r.Individual(order.IndividualID)
		for _, certificate := range domain.Reissues(r, order.ID) {
			out.Certificates = append(out.Certificates, reissuedCertificate(r, a.now(r), certificate, individual))
		}
		return nil
	})
	return server.ListReissues200JSONResponse(out), err
}

func reissuedCertificate(r domain.Reader, now time.Time, certificate domain.Certificate, individual domain.Individual) api.ReissuedCertificate {
	user, _ := r.Person(certificate.UserID)
	out := api.ReissuedCertificate{
		ID: certificate.ID, CommonName: individual.CommonName(), Status: api.CertificateStatus(certificate.Status()),
		DNSNames: []string{}, DateCreated: timestamp(certificate.Created),
		UserID: user.ID, Email: user.Email, Firstname: user.FirstName, Lastname: user.LastName,
	}
	if material := issuedMaterial(certificate); material != nil {
		out.CommonName = material.CommonName
		out.Thumbprint, out.SerialNumber = &material.Thumbprint, &material.SerialNumber
		out.DateIssued, out.ValidTill = moment(certificate.Issued), day(material.NotAfter)
		out.DaysRemaining, out.KeySize = daysRemaining(material, now), keySize(material)
	}
	return out
}
