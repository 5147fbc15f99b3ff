package domain

import (
	"fmt"
	"slices"
	"time"
)

// RevocationReason is the reason of a revocation, with the names of RFC 5280, 5.3.1.
type RevocationReason string

// The reasons that the vendor accepts (D-71).
const (
	Unspecified          RevocationReason = "unspecified"
	KeyCompromise        RevocationReason = "keyCompromise"
	AffiliationChanged   RevocationReason = "affiliationChanged"
	Superseded           RevocationReason = "superseded"
	CessationOfOperation RevocationReason = "cessationOfOperation"
)

// A Revocation is a message to the certificate authority. It is permanent, also after a reset of the
// account.
type Revocation struct {
	SerialNumber string
	Reason       RevocationReason
}

// RevocationRequest is a request to revoke.
type RevocationRequest struct {
	Reason       RevocationReason
	SkipApproval bool
	Comments     string // for the user that approves
}

// RevokeCertificate revokes the certificate that a path names, or makes the request for it. The
// returned request is nil when none was needed. The order stays as it is (D-71).
func RevokeCertificate(r Reader, actor Actor, now time.Time, name string, in RevocationRequest) (*Request, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return nil, Changes{}, MissingPermission()
	}
	certificate, err := FindCertificateByReference(r, name)
	if err != nil {
		return nil, Changes{}, err
	}
	order, err := FindOrder(r, certificate.OrderID)
	if err != nil {
		return nil, Changes{}, err
	}
	return revokeOrRequest(r, actor, now, order, certificate.ID, in)
}

// RevokeOrder revokes an order with all its certificates, or makes the request for it (D-71).
func RevokeOrder(r Reader, actor Actor, now time.Time, name string, in RevocationRequest) (*Request, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return nil, Changes{}, MissingPermission()
	}
	order, err := FindOrderByReference(r, name)
	if err != nil {
		return nil, Changes{}, err
	}
	return revokeOrRequest(r, actor, now, order, 0, in)
}

// revokeOrRequest revokes one certificate of an order, or the order when the id is zero, or makes the
// request for it.
func revokeOrRequest(r Reader, actor Actor, now time.Time, order Order, certificate int64, in RevocationRequest) (*Request, Changes, error) {
	if err := revocable(r, order, certificate); err != nil {
		return nil, Changes{}, err
	}
	if err := checkNoOpenRequest(r, order.ID, certificate); err != nil && !in.SkipApproval {
		return nil, Changes{}, err
	}
	plan := newPlan(r)
	request, err := plan.newRequest(actor, now, Revoke, order.ID, in.SkipApproval, in.Comments)
	if err != nil {
		return nil, Changes{}, err
	}
	if request == nil || request.Status == RequestApproved {
		plan.revokeCertificates(&order, certificate, in.Reason, now)
		plan.approveRevocations(now, order, certificate, actor.UserID)
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	if request != nil {
		request.CertificateID, request.Reason = certificate, in.Reason
		plan.changes.Requests = append(plan.changes.Requests, *request)
	}
	return request, plan.finish(), nil
}

// revocable refuses a revocation that the state of the order does not allow. A pending reissue has to
// end first.
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

// checkNoOpenRequest refuses a second request to revoke the same certificate while the first is open.
func checkNoOpenRequest(r Reader, order, certificate int64) error {
	requests := r.RequestsOfOrder(order)
	for i := range requests {
		if one := &requests[i]; one.Type == Revoke && one.Status.open() && one.CertificateID == certificate {
			return &Error{
				Code:    CodeOrderStatusConflict,
				Message: fmt.Sprintf("the certificate cannot be revoked: request %d asks for that already", one.ID),
				Hint:    HintDecideRequest,
			}
		}
	}
	return nil
}

// revokeCertificates revokes one certificate of an order, or all of them and the order when the id is
// zero.
func (p *plan) revokeCertificates(order *Order, certificate int64, reason RevocationReason, now time.Time) {
	for _, c := range p.r.CertificatesOfOrder(order.ID) {
		if (certificate == 0 || certificate == c.ID) && !c.Issued.IsZero() && c.Revoked.IsZero() {
			p.revoke(&c, reason, now)
			p.putCertificate(c)
		}
	}
	if certificate == 0 {
		order.moveTo(StatusRevoked, now)
	}
}

// approveRevocations approves the other open requests for a revocation that is done now, so that no
// request to revoke a revoked certificate stays open. The caller decides the excepted requests.
func (p *plan) approveRevocations(now time.Time, order Order, certificate, processor int64, except ...int64) {
	for _, request := range p.r.RequestsOfOrder(order.ID) {
		covered := certificate == 0 || request.CertificateID == certificate
		if request.Type == Revoke && request.Status.open() && covered && !slices.Contains(except, request.ID) {
			request.decide(RequestApproved, processor, now, "")
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}

func (p *plan) revoke(c *Certificate, reason RevocationReason, now time.Time) {
	c.Revoked, c.Reason = now.UTC(), reason
	p.changes.Revocations = append(p.changes.Revocations, Revocation{SerialNumber: c.Material.SerialNumber, Reason: reason})
}
