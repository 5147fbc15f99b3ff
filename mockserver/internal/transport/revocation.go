package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// RevokeCertificate revokes a certificate.
func (a *API) RevokeCertificate(ctx context.Context, request server.RevokeCertificateRequestObject) (server.RevokeCertificateResponseObject, error) {
	created, err := a.revoke(ctx, domain.RevokeCertificate, request.CertificateID, request.Body)
	if created == nil {
		return server.RevokeCertificate204Response{}, err
	}
	return server.RevokeCertificate201JSONResponse(*created), err
}

// RevokeOrderCertificates revokes an order.
func (a *API) RevokeOrderCertificates(ctx context.Context, request server.RevokeOrderCertificatesRequestObject) (server.RevokeOrderCertificatesResponseObject, error) {
	created, err := a.revoke(ctx, domain.RevokeOrder, request.OrderID, request.Body)
	if created == nil {
		return server.RevokeOrderCertificates204Response{}, err
	}
	return server.RevokeOrderCertificates201JSONResponse(*created), err
}

// A revocation is a use case that revokes a certificate or an order, or makes the request for it.
type revocation func(domain.Reader, domain.Actor, time.Time, string, domain.RevocationRequest) (*domain.Request, domain.Changes, error)

// revoke returns the request for the revocation, or nil when none was needed.
func (a *API) revoke(ctx context.Context, what revocation, name string, body *api.RevocationInput) (created *api.ApprovalRequestCreated, err error) {
	err = a.update(ctx, func(r domain.Reader, actor domain.Actor) (domain.Changes, error) {
		request, changes, err := what(r, actor, a.now(r), name, revocationIn(body))
		created = requestCreated(r, request)
		return changes, err
	})
	return created, err
}

func revocationIn(body *api.RevocationInput) domain.RevocationRequest {
	in := domain.RevocationRequest{
		Reason: domain.Unspecified, SkipApproval: value(body.SkipApproval), Comments: value(body.Comment),
	}
	if body.RevocationReason != nil {
		in.Reason = domain.RevocationReason(*body.RevocationReason)
	}
	if body.Comments != nil { // the name that clients use overrides the documented one (D-71)
		in.Comments = *body.Comments
	}
	return in
}
