package domain

import "time"

// A Request asks somebody of the account for an approval (D-54).
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
}

// RequestType is what a request asks for.
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

// The states of a request. A user who may approve makes a pending one, another user a submitted one.
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
		return Request{}, notFound(CodeRequestNotFound, "request not found: no request of this account has this id; GET /request lists them")
	}
	return request, nil
}

// request makes the request that a new order needs, according to the account and to who orders. It returns nil when
// none is needed.
func (p *plan) request(actor Actor, now time.Time, order *Order, skip bool, comments string) *Request {
	settings := p.r.Settings()
	if settings.Approval == ApprovalOff || skip {
		p.submit(order, now)
		return nil
	}
	request := Request{
		ID: next(&p.seq.Request), Type: NewRequest, Created: now.UTC(), RequesterID: actor.UserID, Comments: comments,
	}
	switch {
	case settings.Approval == ApprovalAutomatic:
		request.decide(RequestApproved, actor.UserID, now, "")
		p.submit(order, now)
	case actor.Role.approves():
		request.Status = RequestPending
		order.moveTo(StatusNeedsApproval, now)
	default:
		request.Status = RequestSubmitted
		order.moveTo(StatusNeedsApproval, now)
	}
	return &request
}

func (r *Request) decide(status RequestStatus, processor int64, now time.Time, comment string) {
	r.Status, r.ProcessorID, r.Processed, r.ProcessorComment = status, processor, now.UTC(), comment
}

// DecideRequest approves or rejects a request (D-54). Approving a new order sends it to the certificate authority;
// rejecting it rejects the order and gives the money back. A request can be put from submitted to pending and back.
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
		request.decide(to, actor.UserID, now, comment)
		plan.submit(&order, now)
		plan.changes.Orders = append(plan.changes.Orders, order)
	case RequestRejected:
		request.decide(to, actor.UserID, now, comment)
		order.moveTo(StatusRejected, now)
		plan.refund(now, order)
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	plan.changes.Requests = append(plan.changes.Requests, request)
	return plan.finish(), nil
}

// approveRequests approves what is open about an order, in nobody's name.
func (p *plan) approveRequests(now time.Time, order int64) {
	for _, request := range p.r.RequestsAbout(order) {
		if request.Status.open() {
			request.decide(RequestApproved, 0, now, "")
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}

// rejectRequests rejects what is open about an order of one kind, in nobody's name.
func (p *plan) rejectRequests(now time.Time, order int64, kind RequestType, comment string) {
	for _, request := range p.r.RequestsAbout(order) {
		if request.Status.open() && request.Type == kind {
			request.decide(RequestRejected, 0, now, comment)
			p.changes.Requests = append(p.changes.Requests, request)
		}
	}
}
