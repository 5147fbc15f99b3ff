package domain

import (
	"fmt"
	"slices"
	"time"
)

// RevocationReason is why a certificate is revoked, by the names of RFC 5280, 5.3.1.
type RevocationReason string

// The reasons that the vendor takes (D-71).
const (
	Unspecified          RevocationReason = "unspecified"
	KeyCompromise        RevocationReason = "keyCompromise"
	AffiliationChanged   RevocationReason = "affiliationChanged"
	Superseded           RevocationReason = "superseded"
	CessationOfOperation RevocationReason = "cessationOfOperation"
)

// A Revocation is what the certificate authority has to be told. It is for good, and survives a reset of the account.
type Revocation struct {
	SerialNumber string
	Reason       RevocationReason
}

// RevocationRequest is a request to revoke.
type RevocationRequest struct {
	Reason       RevocationReason
	SkipApproval bool
	Comments     string // for whoever approves
}

// RevokeCertificate revokes one certificate, which a path names, or asks for its revocation: the request is nil when it
// is done. The order stays as it is (D-71).
func RevokeCertificate(r Reader, actor Actor, now time.Time, name string, in RevocationRequest) (*Request, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return nil, Changes{}, MissingPermission()
	}
	certificate, err := FindCertificateNamed(r, name)
	if err != nil {
		return nil, Changes{}, err
	}
	order, err := FindOrder(r, certificate.OrderID)
	if err != nil {
		return nil, Changes{}, err
	}
	return revocation(r, actor, now, order, certificate.ID, in)
}

// RevokeOrder revokes every certificate of an order, and with them the order, or asks for that (D-71).
func RevokeOrder(r Reader, actor Actor, now time.Time, name string, in RevocationRequest) (*Request, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return nil, Changes{}, MissingPermission()
	}
	order, err := FindOrderNamed(r, name)
	if err != nil {
		return nil, Changes{}, err
	}
	return revocation(r, actor, now, order, 0, in)
}

// revocation revokes one certificate of an order, or all when the id is zero, or makes the request for it.
func revocation(r Reader, actor Actor, now time.Time, order Order, certificate int64, in RevocationRequest) (*Request, Changes, error) {
	if err := revocable(r, order, certificate); err != nil {
		return nil, Changes{}, err
	}
	if err := unasked(r, order.ID, certificate); err != nil && !in.SkipApproval {
		return nil, Changes{}, err
	}
	plan := newPlan(r)
	request, err := plan.ask(actor, now, Revoke, order.ID, in.SkipApproval, in.Comments)
	if err != nil {
		return nil, Changes{}, err
	}
	if request == nil || request.Status == RequestApproved {
		plan.revokeOf(&order, certificate, in.Reason, now)
		plan.revocationsDone(now, order, certificate, actor.UserID)
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	if request != nil {
		request.CertificateID, request.Reason = certificate, in.Reason
		plan.changes.Requests = append(plan.changes.Requests, *request)
	}
	return request, plan.finish(), nil
}

// revocable refuses a revocation that the state of the order does not allow. A reissue has to end first.
func revocable(r Reader, order Order, id int64) error {
	if order.Status == StatusReissuePending {
		return &Error{
			Code:    CodeOrderStatusConflict,
			Message: "the certificate cannot be revoked: a reissue of its order is under way; cancel it, or wait for it",
		}
	}
	if id == 0 {
		if order.Status != StatusIssued {
			return conflict(order, StatusRevoked)
		}
		return nil
	}
	certificate, _ := r.Certificate(id)
	switch {
	case certificate.Issued.IsZero():
		return cannotRevoke("it is not issued yet")
	case !certificate.Revoked.IsZero():
		return cannotRevoke("it has been revoked before, and that is for good")
	case order.Status != StatusIssued:
		return cannotRevoke("its order is " + string(order.Status))
	default:
		return nil
	}
}

func cannotRevoke(why string) error {
	return &Error{Code: CodeOrderStatusConflict, Message: "the certificate cannot be revoked: " + why}
}

// unasked refuses a second request for the same thing while the first one is open.
func unasked(r Reader, order, certificate int64) error {
	requests := r.RequestsAbout(order)
	for i := range requests {
		if one := &requests[i]; one.Type == Revoke && one.Status.open() && one.CertificateID == certificate {
			return cannotRevoke(fmt.Sprintf("request %d asks for that already; PUT /request/{request_id}/status decides it", one.ID))
		}
	}
	return nil
}

// revokeOf revokes one certificate of an order, or all of them and the order.
func (p *plan) revokeOf(order *Order, certificate int64, reason RevocationReason, now time.Time) {
	for _, c := range p.r.CertificatesOf(order.ID) {
		if (certificate == 0 || certificate == c.ID) && !c.Issued.IsZero() && c.Revoked.IsZero() {
			p.revoke(&c, reason, now)
			p.keep(c)
		}
	}
	if certificate == 0 {
		order.moveTo(StatusRevoked, now)
	}
}

// revocationsDone approves, in somebody's name, what else was asked for and is done now: nobody should have to decide
// about a certificate that is revoked. Requests that are decided elsewhere are left alone.
func (p *plan) revocationsDone(now time.Time, order Order, certificate, by int64, elsewhere ...int64) {
	for _, request := range p.r.RequestsAbout(order.ID) {
		covered := certificate == 0 || request.CertificateID == certificate
		if request.Type == Revoke && request.Status.open() && covered && !slices.Contains(elsewhere, request.ID) {
			request.decide(RequestApproved, by, now, "")
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}

func (p *plan) revoke(c *Certificate, reason RevocationReason, now time.Time) {
	c.Revoked, c.Reason = now.UTC(), reason
	p.changes.Revocations = append(p.changes.Revocations, Revocation{SerialNumber: c.Made.SerialNumber, Reason: reason})
}
