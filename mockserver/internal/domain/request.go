package domain

import (
	"fmt"
	"time"
)

// A Request is a request for an approval by a user of the account (D-54).
type Request struct {
	ID               int64
	Type             RequestType
	Status           RequestStatus
	Created          time.Time
	OrderID          int64
	RequesterID      int64
	ProcessorID      int64     // zero until it is decided
	Processed        time.Time // zero until it is decided
	Comments         string
	ProcessorComment string
	CertificateID    int64            // the certificate to revoke; zero to revoke all of the order
	Reason           RevocationReason // of a revocation
	PublicKey        string           // of a reissue: see [ReissueRequest]
}

// RequestType is the kind of a request.
type RequestType string

// The kinds of request (certcentral-facts 6).
const (
	NewRequest RequestType = "new_request"
	Revoke     RequestType = "revoke"
	Duplicate  RequestType = "duplicate"
	Reissue    RequestType = "reissue"
)

// RequestStatus is the state of a request.
type RequestStatus string

// The states of a request. It starts as pending when its requester may approve, else as submitted.
const (
	RequestSubmitted RequestStatus = "submitted"
	RequestPending   RequestStatus = "pending"
	RequestApproved  RequestStatus = "approved"
	RequestRejected  RequestStatus = "rejected"
)

func (s RequestStatus) open() bool { return s == RequestSubmitted || s == RequestPending }

// RequestQuery asks for a page of requests.
type RequestQuery struct {
	Page
	Sort    []SortKey
	Filters []Filter
}

// FindRequest returns a request of the account, or not_found|request.
func FindRequest(r Reader, id int64) (Request, error) {
	request, there := r.Request(id)
	if !there {
		return Request{}, notFound(CodeRequestNotFound, "request not found: no request of this account has this id", HintListRequests)
	}
	return request, nil
}

// submitOrRequest submits a new order, or makes the request for its approval, according to the
// settings of the account. It returns nil when no request is needed.
func (p *plan) submitOrRequest(actor Actor, now time.Time, order *Order, skip bool, comments string) *Request {
	// A new order has no requests, so that the limit of requests cannot be reached.
	request, _ := p.newRequest(actor, now, NewRequest, order.ID, skip || p.r.Settings().Approval == ApprovalOff, comments)
	if request == nil || request.Status == RequestApproved {
		p.submit(order, now)
	} else {
		order.moveTo(StatusNeedsApproval, now)
	}
	return request
}

// maxRequests is the largest number of requests of an order (D-44).
const maxRequests = 1000

// newRequest makes a request of one type for an order, or nil when the approval is skipped. With
// automatic approval the request is approved already.
func (p *plan) newRequest(actor Actor, now time.Time, kind RequestType, order int64, skip bool, comments string) (*Request, error) {
	if skip {
		return nil, nil //nolint:nilnil // the caller wants no request
	}
	if len(p.r.RequestsOfOrder(order)) >= maxRequests {
		return nil, &Error{
			Code:    CodeCapacity,
			Message: fmt.Sprintf("the order has as many requests as it may, %d; reset the account, or place another order", maxRequests),
		}
	}
	request := Request{
		ID: next(&p.seq.Request), Type: kind, Created: now.UTC(), OrderID: order, RequesterID: actor.UserID, Comments: comments,
	}
	switch {
	case p.r.Settings().Approval == ApprovalAutomatic:
		request.decide(RequestApproved, actor.UserID, now, "")
	case actor.Role.approves():
		request.Status = RequestPending
	default:
		request.Status = RequestSubmitted
	}
	return &request, nil
}

func (r *Request) decide(status RequestStatus, processor int64, now time.Time, comment string) {
	r.Status, r.ProcessorID, r.Processed, r.ProcessorComment = status, processor, now.UTC(), comment
}

// DecideRequest approves or rejects a request (D-54), with its effects: an approved new order is sent
// to the certificate authority, a rejected one gives its price back. A request can also go from
// submitted to pending and back.
func DecideRequest(r Reader, actor Actor, now time.Time, id int64, to RequestStatus, comment string) (Changes, error) {
	request, err := FindRequest(r, id)
	if err != nil {
		return Changes{}, err
	}
	if !request.Status.open() {
		return Changes{}, &Error{
			Code:    CodeOrderStatusConflict,
			Message: "the request cannot become " + string(to) + ": it is " + string(request.Status) + ", which is final",
		}
	}
	plan := newPlan(r)
	order, _ := r.Order(request.OrderID)
	switch to {
	case RequestSubmitted, RequestPending:
		request.Status, request.ProcessorComment = to, comment
	case RequestApproved:
		if err := plan.approve(&order, actor, request, now); err != nil {
			return Changes{}, err
		}
		request.decide(to, actor.UserID, now, comment)
		plan.changes.Orders = append(plan.changes.Orders, order)
	case RequestRejected:
		plan.reject(&order, request, now)
		request.decide(to, actor.UserID, now, comment)
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	plan.changes.Requests = append(plan.changes.Requests, request)
	return plan.finish(), nil
}

// approve makes the changes that a request asks for.
func (p *plan) approve(order *Order, actor Actor, request Request, now time.Time) error {
	switch request.Type {
	case Revoke:
		if err := revocable(p.r, *order, request.CertificateID); err != nil {
			return err
		}
		p.revokeCertificates(order, request.CertificateID, request.Reason, now)
		p.approveRevocations(now, *order, request.CertificateID, actor.UserID, request.ID)
	case Reissue:
		if err := checkReissueLimit(p.r, order.ID); err != nil {
			return err
		}
		p.startReissue(order, request.RequesterID, now, request.PublicKey, false)
	case NewRequest:
		p.submit(order, now)
	case Duplicate: // no use case makes such a request (D-72)
	}
	return nil
}

// reject makes the changes that follow when a request is rejected.
func (p *plan) reject(order *Order, request Request, now time.Time) {
	switch request.Type {
	case Revoke, Duplicate:
	case Reissue:
		p.endReissue(order, now)
	case NewRequest:
		order.moveTo(StatusRejected, now)
		p.refund(now, *order)
	}
}

// approveRequests approves the open requests of one type of an order, without a processor.
func (p *plan) approveRequests(now time.Time, order int64, kind RequestType) {
	for _, request := range p.r.RequestsOfOrder(order) {
		if request.Status.open() && request.Type == kind {
			request.decide(RequestApproved, 0, now, "")
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}

// rejectRequests rejects the open requests of one type of an order, without a processor.
func (p *plan) rejectRequests(now time.Time, order int64, kind RequestType, comment string) {
	for _, request := range p.r.RequestsOfOrder(order) {
		if request.Status.open() && request.Type == kind {
			request.decide(RequestRejected, 0, now, comment)
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}
