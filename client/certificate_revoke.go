package client

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A RevocationReason is why a certificate is revoked, by the names of RFC 5280, section 5.3.1. Values that the service
// adds pass through.
type RevocationReason string

// The reasons for a revocation.
const (
	// ReasonUnspecified says nothing.
	ReasonUnspecified RevocationReason = "unspecified"
	// ReasonKeyCompromise is a private key that somebody else may have: a token that was lost or stolen, most often.
	ReasonKeyCompromise RevocationReason = "keyCompromise"
	// ReasonAffiliationChanged is a person who has left the organization, or whose name has changed.
	ReasonAffiliationChanged RevocationReason = "affiliationChanged"
	// ReasonSuperseded is a certificate that another one has replaced.
	ReasonSuperseded RevocationReason = "superseded"
	// ReasonCessationOfOperation is a certificate that is needed no longer.
	ReasonCessationOfOperation RevocationReason = "cessationOfOperation"
)

// RevokeOptions say how something is revoked. The zero value gives no reason, and asks for an approval.
type RevokeOptions struct {
	// Reason is why. Left empty, it is [ReasonUnspecified].
	Reason RevocationReason
	// Comments is a remark for whoever approves the revocation.
	Comments string
	// SkipApproval revokes at once, without an approval. Only an administrator may say so.
	SkipApproval bool
}

// A Revocation is what has come of revoking: either it is revoked, or there is a request that somebody of the account
// has to approve.
type Revocation struct {
	// Revoked is whether it is revoked by now.
	Revoked bool
	// Request is the request to approve the revocation. It is zero if none was needed.
	Request CreatedRequest
}

// NeedsApproval reports whether the revocation waits for somebody of the account, who approves its request by
// [RequestService.Approve]. Until then the certificate can be used.
func (r Revocation) NeedsApproval() bool { return r.Request.Status.waits() }

// A CreatedRequest is a request that has just been made.
type CreatedRequest struct {
	// ID is the id of the request, as [RequestService.Approve] takes it.
	ID int64
	// Date is when the request was made.
	Date time.Time
	// Type is what the request asks for.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Requester made the request.
	Requester UserRef
	// Comments is the remark of whoever made it. It may be empty.
	Comments string
}

// Revoke revokes a certificate for good, or asks for its revocation: [Revocation.NeedsApproval]. With
// [RevokeOptions.SkipApproval] it is revoked at once. Its order stays as it is and can be reissued;
// [OrderService.Revoke] ends both. A certificate that is revoked, or whose order is being reissued, is refused with the
// code order_status_conflict. Operation: revokeCertificate.
//
// It is never repeated. [ErrOutcomeUnknown] means that the certificate may be revoked, which [Certificate.Status] tells,
// or that there may be a request for it, which [RequestService.List] finds by [RequestRevoke] and the order. The worst
// that a second call can do is to make a second request.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/certificates/revoke-certificate.html
func (s *CertificateService) Revoke(
	ctx context.Context, id int64, o RevokeOptions, opts ...RequestOption,
) (Revocation, error) {
	if err := checkID("certificate_id", id); err != nil {
		return Revocation{}, inOperation(operation{id: "revokeCertificate"}, err)
	}
	return s.revoke(ctx, strconv.FormatInt(id, 10), o, opts)
}

// RevokeBySerialNumber does the same as [CertificateService.Revoke] for the certificate with a serial number:
// hexadecimal digits, which may be separated by colons or blanks. Operation: revokeCertificate.
//
// A serial number without a letter, and as short as an id, might revoke the certificate with that id. It is an
// [*ArgumentError]. Those of real certificates are longer.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/certificates/revoke-certificate.html
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

// Revoke revokes all certificates of an order for good, those that a reissue has replaced included, or asks for it:
// [Revocation.NeedsApproval]. With [RevokeOptions.SkipApproval] they are revoked at once. The order ends with them;
// [CertificateService.Revoke] leaves it. An order that is revoked, or is being reissued, is refused with the code
// order_status_conflict. Operation: revokeOrderCertificates.
//
// It is never repeated. [ErrOutcomeUnknown] means that the order may be revoked, which [OrderService.Get] tells, or that
// there may be a request for it, which [RequestService.List] finds by [RequestRevoke] and the order. The worst that a
// second call can do is to make a second request.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/revoke-order-certificates.html
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

// revoke carries out a revocation. Whether it needs an approval is for the service to say, whatever was asked for: by
// 204 that it does not, or else by a request.
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

func (o RevokeOptions) wire() api.RevocationInput {
	return api.RevocationInput{
		RevocationReason: optional(api.RevocationReason(o.Reason)),
		Comments:         optional(o.Comments),
		SkipApproval:     optional(o.SkipApproval),
	}
}

func revocationFrom(w api.ApprovalRequestCreated) (Revocation, error) {
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
