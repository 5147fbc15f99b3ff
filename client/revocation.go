package client

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A RevocationReason is the reason for a revocation, by the names of RFC 5280, section 5.3.1.
// Values that the service adds pass through.
type RevocationReason string

// The reasons for a revocation.
const (
	// ReasonUnspecified gives no reason.
	ReasonUnspecified RevocationReason = "unspecified"
	// ReasonKeyCompromise means that another person may have the private key, for example because
	// the token was lost or stolen.
	ReasonKeyCompromise RevocationReason = "keyCompromise"
	// ReasonAffiliationChanged means that the person has left the organization or has a new name.
	ReasonAffiliationChanged RevocationReason = "affiliationChanged"
	// ReasonSuperseded means that another certificate has replaced this one.
	ReasonSuperseded RevocationReason = "superseded"
	// ReasonCessationOfOperation means that the certificate is no longer needed.
	ReasonCessationOfOperation RevocationReason = "cessationOfOperation"
)

// RevokeOptions are the options of a revocation. The zero value gives no reason and does not skip
// the approval.
type RevokeOptions struct {
	// Reason is the reason for the revocation. The default is [ReasonUnspecified].
	Reason RevocationReason
	// Comments is a remark for the approver.
	Comments string
	// SkipApproval revokes at once, without an approval. Only an administrator has the permission.
	SkipApproval bool
}

// A Revocation is the result of a call to revoke: the revocation is done, or it waits for an
// approval.
type Revocation struct {
	// Revoked is whether the certificate, or the order with all its certificates, is revoked.
	Revoked bool
	// Request is the request to approve the revocation. It is zero if no approval was needed.
	Request CreatedRequest
}

// NeedsApproval reports whether the revocation waits for an approval by [RequestService.Approve].
// Until then the certificate stays valid.
func (r Revocation) NeedsApproval() bool { return r.Request.Status.waits() }

// A CreatedRequest is a request that was just created.
type CreatedRequest struct {
	// ID is the id of the request, for [RequestService.Approve].
	ID int64
	// Date is the time at which the request was created.
	Date time.Time
	// Type is the type of the request.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Requester is the user that created the request.
	Requester UserRef
	// Comments is the remark of the requester. It may be empty.
	Comments string
}

// Revoke revokes a certificate, or creates a request to do so, which must be approved: see
// [Revocation.NeedsApproval]. With [RevokeOptions.SkipApproval] the certificate is revoked at once.
// A revocation cannot be undone. The order stays issued, and a reissue is possible;
// [OrderService.Revoke] also ends the order. The service refuses with the code
// order_status_conflict if the certificate is already revoked or a reissue of its order is pending.
// Operation: revokeCertificate.
//
// The client never repeats this request. After [ErrOutcomeUnknown] the certificate may be revoked:
// [Certificate.Status] shows this. Or a request to revoke it may exist: [RequestService.List] finds
// it with the type [RequestRevoke] and the id of the order. A second call does no harm except that
// it may create a second request.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/revoke-certificate.html
func (s *CertificateService) Revoke(
	ctx context.Context, id int64, o RevokeOptions, opts ...RequestOption,
) (Revocation, error) {
	if err := checkID("certificate_id", id); err != nil {
		return Revocation{}, inOperation(operation{id: "revokeCertificate"}, err)
	}
	return s.revoke(ctx, strconv.FormatInt(id, 10), o, opts)
}

// RevokeBySerialNumber does the same as [CertificateService.Revoke], for the certificate with this
// serial number: hexadecimal digits, which colons or blanks may separate. Operation:
// revokeCertificate.
//
// A serial number that has no letter and is as short as an id is an [*ArgumentError], since the
// service might read it as the id of another certificate. The serial numbers of real certificates
// are longer.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/revoke-certificate.html
func (s *CertificateService) RevokeBySerialNumber(
	ctx context.Context, serialNumber string, o RevokeOptions, opts ...RequestOption,
) (Revocation, error) {
	digits, err := serialDigits("certificate_id", serialNumber)
	if err != nil {
		return Revocation{}, inOperation(operation{id: "revokeCertificate"}, err)
	}
	if _, err := strconv.ParseInt(digits, 10, 64); err == nil {
		err := &ArgumentError{Path: "certificate_id", Reason: "might be the id of another certificate: use Revoke"}
		return Revocation{}, inOperation(operation{id: "revokeCertificate"}, err)
	}
	return s.revoke(ctx, digits, o, opts)
}

func (s *CertificateService) revoke(
	ctx context.Context, name string, o RevokeOptions, opts []RequestOption,
) (Revocation, error) {
	return revoke(ctx, s.client, operation{id: "revokeCertificate"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.RevokeCertificate(ctx, name, o.wire(), edit)
		})
}

// Revoke revokes all certificates of an order, also those that a reissue has replaced, or creates a
// request to do so, which must be approved: see [Revocation.NeedsApproval]. With
// [RevokeOptions.SkipApproval] they are revoked at once. A revocation cannot be undone. The order
// is then revoked too; [CertificateService.Revoke] revokes one certificate and keeps the order. The
// service refuses with the code order_status_conflict if the order is already revoked or a reissue
// is pending. Operation: revokeOrderCertificates.
//
// The client never repeats this request. After [ErrOutcomeUnknown] the order may be revoked:
// [OrderService.Get] shows this. Or a request to revoke it may exist: [RequestService.List] finds
// it with the type [RequestRevoke] and the id of the order. A second call does no harm except that
// it may create a second request.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/revoke-order-certificates.html
func (s *OrderService) Revoke(
	ctx context.Context, id int64, o RevokeOptions, opts ...RequestOption,
) (Revocation, error) {
	op := operation{id: "revokeOrderCertificates"}
	if err := checkID("order_id", id); err != nil {
		return Revocation{}, inOperation(op, err)
	}
	return revoke(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.RevokeOrderCertificates(ctx, strconv.FormatInt(id, 10), o.wire(), edit)
		})
}

// revoke carries out a revocation. The service decides whether an approval is needed, also with
// SkipApproval: it answers with status 204 if the revocation is done, and with a request if it must
// be approved.
func revoke(ctx context.Context, c *Client, op operation, opts []RequestOption, send sendFunc) (Revocation, error) {
	var out Revocation
	err := c.do(ctx, op, opts, send, func(a answer) (err error) {
		if a.resp.StatusCode == http.StatusNoContent {
			out = Revocation{Revoked: true}
			return nil
		}
		out, err = decodeJSON(a, revocationFrom)
		return err
	})
	return out, err
}

func (o RevokeOptions) wire() api.Revocation {
	return api.Revocation{
		RevocationReason: optional(api.RevocationReason(o.Reason)),
		Comments:         optional(o.Comments),
		SkipApproval:     optional(o.SkipApproval),
	}
}

func revocationFrom(w api.RequestCreated) (Revocation, error) {
	if w.ID <= 0 {
		return Revocation{}, missing("id")
	}
	date, err := timeFrom("date", w.Date)
	if err != nil {
		return Revocation{}, err
	}
	r := CreatedRequest{
		ID:        w.ID,
		Date:      date,
		Type:      RequestType(w.Type),
		Status:    RequestStatus(w.Status),
		Requester: userRefFrom(w.Requester),
		Comments:  value(w.Comments),
	}
	return Revocation{Revoked: r.Status == RequestApproved, Request: r}, nil
}
