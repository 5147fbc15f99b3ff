package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A RequestStatus is the state of a request. Values that the service adds pass through.
type RequestStatus string

// The states of a request.
const (
	// RequestPending waits for somebody of the account.
	RequestPending RequestStatus = "pending"
	// RequestSubmitted waits for somebody of the account as well.
	RequestSubmitted RequestStatus = "submitted"
	RequestApproved  RequestStatus = "approved"
	RequestRejected  RequestStatus = "rejected"
)

// waits reports whether the request waits for somebody of the account.
func (s RequestStatus) waits() bool { return s == RequestPending || s == RequestSubmitted }

// A RequestType is what a request asks for. Values that the service adds pass through.
type RequestType string

// The types of a request.
const (
	// RequestNew asks for a new order.
	RequestNew RequestType = "new_request"
	// RequestRevoke asks for a certificate to be revoked.
	RequestRevoke RequestType = "revoke"
	// RequestDuplicate asks for a duplicate of a certificate.
	RequestDuplicate RequestType = "duplicate"
	// RequestReissue asks for a certificate to be made anew.
	RequestReissue RequestType = "reissue"
)

// A RequestRef is a request, by its id and state.
type RequestRef struct {
	// ID is the id of the request, as [RequestService.Approve] takes it.
	ID int64
	// Status is the state of the request.
	Status RequestStatus
}

func requestRefsFrom(ws []api.ApprovalRequestRef) []RequestRef {
	refs := make([]RequestRef, 0, len(ws))
	for _, w := range ws {
		refs = append(refs, RequestRef{ID: w.ID, Status: RequestStatus(w.Status)})
	}
	return refs
}

// A RequestSummary is a request as it stands in a list.
type RequestSummary struct {
	// ID is the id of the request, as [RequestService.Get] takes it.
	ID int64
	// Date is when the request was made.
	Date time.Time
	// Type is what the request asks for.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Requester made the request.
	Requester UserRef
	// Processor approved or rejected it. It is zero until then.
	Processor UserRef
	// Order is the order that the request is about.
	Order RequestedOrder
}

// A RequestedOrder is the order that a request is about, as it stands in a list.
type RequestedOrder struct {
	// ID is the id of the order, as [OrderService.Get] takes it.
	ID int64
	// CommonName is the name of the person, as it will stand in the certificate.
	CommonName string
	// Organization is whom the certificate is for.
	Organization OrganizationRef
	// Container is the division of the account that the order belongs to.
	Container Container
	// Product is what was ordered.
	Product ProductRef
}

// A Request asks somebody of the account to approve something, such as a new order.
type Request struct {
	// ID is the id of the request.
	ID int64
	// Date is when the request was made.
	Date time.Time
	// Type is what the request asks for.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Comments is the remark of whoever made it. It may be empty.
	Comments string
	// Requester made the request.
	Requester UserRef
	// Reviewer looked at it. It may be zero.
	Reviewer UserRef
	// Processor approved or rejected it. It is zero until then, like what follows.
	Processor UserRef
	// ProcessorComment is the remark of whoever approved or rejected it.
	ProcessorComment string
	// DateProcessed is when it was approved or rejected.
	DateProcessed time.Time
	// Order is the order that the request is about.
	Order Order
}

// RequestListOptions say which requests are listed. The zero value lists all of them by their id. Several filters have
// to hold together.
type RequestListOptions struct {
	// Limit is how many requests a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many requests are skipped.
	Offset int64
	// Sort holds the keys to sort by, separated by commas: id, date, type, status; downwards with a minus sign before
	// it.
	Sort string

	// Status lists only requests in these states.
	Status EnumFilter[RequestStatus]
	// Type lists only requests of these types.
	Type EnumFilter[RequestType]
	// OrderID lists only requests about these orders.
	OrderID IDFilter
}

// RequestService approves and rejects what waits for somebody of the account: [Client.Requests].
type RequestService struct{ client *Client }

// List returns one page of requests. Operation: listRequests.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/requests/list-requests.html
func (s *RequestService) List(
	ctx context.Context, o RequestListOptions, opts ...RequestOption,
) (Page[RequestSummary], error) {
	op := operation{id: "listRequests"}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[RequestSummary]{}, inOperation(op, err)
	}
	var f filters
	params := &api.ListRequestsParams{
		Limit:          limit,
		Offset:         offset,
		Sort:           optional(o.Sort),
		FiltersStatus:  words[api.ApprovalStateFilter](f.terms("status", o.Status.terms)),
		FiltersType:    words[api.ApprovalTypeFilter](f.terms("type", o.Type.terms)),
		FiltersOrderID: f.terms("order_id", o.OrderID.terms),
	}
	if f.err != nil {
		return Page[RequestSummary]{}, inOperation(op, f.err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListRequests(ctx, params, edit)
		},
		func(w listed[api.ApprovalRequestList]) (Page[RequestSummary], error) {
			return newPage("requests", w.list.Requests, w.at, o.Offset, requestSummaryFrom)
		})
}

// All iterates over requests, from the offset in the options on, and asks for the pages as it goes. It ends with the
// last request or after the first error.
//
// Requests that are made while the list is read may be missed, or come twice; and when the loop approves or rejects what it
// lists by its state, the rest moves up and is missed, or the iteration ends with an error. So read them all before, or
// stay with [RequestService.List] at offset 0. Operation: listRequests.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/requests/list-requests.html
func (s *RequestService) All(
	ctx context.Context, o RequestListOptions, opts ...RequestOption,
) iter.Seq2[RequestSummary, error] {
	return all(ctx, operation{id: "listRequests"}, o.Offset, func(offset int64) (Page[RequestSummary], error) {
		o := o
		o.Offset = offset
		return s.List(ctx, o, opts...)
	})
}

// Get returns a request with its order. An unknown id is [ErrNotFound]. Operation: getRequest.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/requests/request-info.html
func (s *RequestService) Get(ctx context.Context, id int64, opts ...RequestOption) (Request, error) {
	op := operation{id: "getRequest"}
	if err := checkID("request_id", id); err != nil {
		return Request{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetRequest(ctx, id, edit)
		},
		requestFrom)
}

// Approve lets what a request asks for happen: a new order goes to the certificate authority, a certificate is revoked,
// a reissue begins. The comment may be empty. A request that has been decided is refused. Only an administrator or a
// manager may do this. [ErrOutcomeUnknown] means that it may be decided, which [RequestService.Get] tells. Operation:
// updateRequestStatus.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/requests/update-request-status.html
func (s *RequestService) Approve(ctx context.Context, id int64, comment string, opts ...RequestOption) error {
	return s.decide(ctx, id, api.ApprovalStateInputApproved, comment, opts)
}

// Reject refuses what a request asks for: a new order ends, and what the balance paid goes back to it; a certificate
// stays as it is. The comment may be empty. A request that has been decided is refused. Only an administrator or a
// manager may do this. [ErrOutcomeUnknown] means that it may be decided, which [RequestService.Get] tells. Operation:
// updateRequestStatus.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/requests/update-request-status.html
func (s *RequestService) Reject(ctx context.Context, id int64, comment string, opts ...RequestOption) error {
	return s.decide(ctx, id, api.ApprovalStateInputRejected, comment, opts)
}

func (s *RequestService) decide(
	ctx context.Context, id int64, status api.ApprovalStateInput, comment string, opts []RequestOption,
) error {
	op := operation{id: "updateRequestStatus"}
	if err := checkID("request_id", id); err != nil {
		return inOperation(op, err)
	}
	body := api.ApprovalRequestStatusInput{Status: status, ProcessorComment: optional(comment)}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.UpdateRequestStatus(ctx, id, body, edit)
	}, nil)
}

func requestSummaryFrom(w api.ApprovalRequest) (RequestSummary, error) {
	if w.ID <= 0 {
		return RequestSummary{}, missing("id")
	}
	date, err := timeFrom("date", w.Date)
	if err != nil {
		return RequestSummary{}, err
	}
	return RequestSummary{
		ID:        w.ID,
		Date:      date,
		Type:      RequestType(w.Type),
		Status:    RequestStatus(w.Status),
		Requester: userRefFrom(w.Requester),
		Processor: userRefFrom(value(w.Processor)),
		Order: RequestedOrder{
			ID:           w.Order.ID,
			CommonName:   w.Order.Certificate.CommonName,
			Organization: OrganizationRef{ID: w.Order.Organization.ID, Name: w.Order.Organization.Name},
			Container:    containerFrom(w.Order.Container),
			Product:      productFrom(w.Order.Product, ""),
		},
	}, nil
}

func requestFrom(w api.ApprovalRequestInfo) (Request, error) {
	if w.ID <= 0 {
		return Request{}, missing("id")
	}
	date, err := timeFrom("date", w.Date)
	if err != nil {
		return Request{}, err
	}
	processed, err := timeFrom("date_processed", value(w.DateProcessed))
	if err != nil {
		return Request{}, err
	}
	order, err := orderFrom(w.Order)
	if err != nil {
		return Request{}, within("order", err)
	}
	return Request{
		ID:               w.ID,
		Date:             date,
		Type:             RequestType(w.Type),
		Status:           RequestStatus(w.Status),
		Comments:         value(w.Comments),
		Requester:        userRefFrom(w.Requester),
		Reviewer:         userRefFrom(value(w.Reviewer)),
		Processor:        userRefFrom(value(w.Processor)),
		ProcessorComment: value(w.ProcessorComment),
		DateProcessed:    processed,
		Order:            order,
	}, nil
}
