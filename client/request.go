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
	// RequestPending means that the request waits for an approval.
	RequestPending RequestStatus = "pending"
	// RequestSubmitted also means that the request waits for an approval.
	RequestSubmitted RequestStatus = "submitted"
	RequestApproved  RequestStatus = "approved"
	RequestRejected  RequestStatus = "rejected"
)

// waits reports whether the request waits for an approval.
func (s RequestStatus) waits() bool { return s == RequestPending || s == RequestSubmitted }

// A RequestType is the type of a request. Values that the service adds pass through.
type RequestType string

// The types of a request.
const (
	// RequestNew asks to place a new order.
	RequestNew RequestType = "new_request"
	// RequestRevoke asks to revoke a certificate.
	RequestRevoke RequestType = "revoke"
	// RequestDuplicate asks to issue a duplicate of a certificate.
	RequestDuplicate RequestType = "duplicate"
	// RequestReissue asks to reissue a certificate.
	RequestReissue RequestType = "reissue"
)

// A RequestRef is the id of a request with its state.
type RequestRef struct {
	// ID is the id of the request, for [RequestService.Approve].
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

// A RequestSummary is a request as a list shows it.
type RequestSummary struct {
	// ID is the id of the request, for [RequestService.Get].
	ID int64
	// Date is the time at which the request was created.
	Date time.Time
	// Type is the type of the request.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Requester is the user that created the request.
	Requester UserRef
	// Processor is the user that approved or rejected the request. It is zero until then.
	Processor UserRef
	// Order is the order that the request is about.
	Order RequestedOrder
}

// A RequestedOrder is the order of a request, as a list of requests shows it.
type RequestedOrder struct {
	// ID is the id of the order, for [OrderService.Get].
	ID int64
	// CommonName is the name of the person in the certificate.
	CommonName string
	// Organization is the organization in the certificate.
	Organization OrganizationRef
	// Container is the division of the account that the order belongs to.
	Container Container
	// Product is the product that was ordered.
	Product ProductRef
}

// A Request is a request for an approval within the account, for example of a new order. An
// administrator or a manager approves or rejects it.
type Request struct {
	// ID is the id of the request.
	ID int64
	// Date is the time at which the request was created.
	Date time.Time
	// Type is the type of the request.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Comments is the remark of the requester. It may be empty.
	Comments string
	// Requester is the user that created the request.
	Requester UserRef
	// Reviewer is the user that reviewed the request. It may be zero.
	Reviewer UserRef
	// Processor is the user that approved or rejected the request. This field, ProcessorComment and
	// DateProcessed are zero until then.
	Processor UserRef
	// ProcessorComment is the remark of the processor.
	ProcessorComment string
	// DateProcessed is the time at which the request was approved or rejected.
	DateProcessed time.Time
	// Order is the order that the request is about.
	Order Order
}

// RequestListOptions choose the requests of a list. The zero value lists all requests, sorted by
// id. If several filters are set, a request must match all of them.
type RequestListOptions struct {
	// Limit is the largest number of requests on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of requests to skip.
	Offset int64
	// Sort is a list of sort keys, separated by commas: id, date, type, status. A minus sign before
	// a key reverses its order.
	Sort string

	// Status lists only requests in these states.
	Status EnumFilter[RequestStatus]
	// Type lists only requests of these types.
	Type EnumFilter[RequestType]
	// OrderID lists only requests about these orders.
	OrderID IDFilter
}

func (o RequestListOptions) params() (*api.ListRequestsParams, error) {
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return nil, err
	}
	var f filters
	params := &api.ListRequestsParams{
		Limit:          limit,
		Offset:         offset,
		Sort:           optional(o.Sort),
		FiltersStatus:  enumTerms[api.ApprovalStateFilter](f.terms("status", o.Status.terms)),
		FiltersType:    enumTerms[api.ApprovalTypeFilter](f.terms("type", o.Type.terms)),
		FiltersOrderID: f.terms("order_id", o.OrderID.terms),
	}
	return params, f.err
}

// RequestService reads, approves and rejects requests for approvals: [Client.Requests].
type RequestService struct{ client *Client }

// List returns one page of requests. Operation: listRequests.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/list-requests.html
func (s *RequestService) List(
	ctx context.Context, o RequestListOptions, opts ...RequestOption,
) (Page[RequestSummary], error) {
	op := operation{id: "listRequests"}
	params, err := o.params()
	if err != nil {
		return Page[RequestSummary]{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListRequests(ctx, params, edit)
		},
		func(w listAnswer[api.ApprovalRequestList]) (Page[RequestSummary], error) {
			return newPage("requests", w.list.Requests, w.page, o.Offset, requestSummaryFrom)
		})
}

// All iterates over requests, from the offset in the options on. It requests one page after the
// other, and ends after the last request or the first error.
//
// If requests are created during the iteration, it may miss some or return some twice. Do not
// approve or reject requests inside a loop over a list that is filtered by Status: each decision
// removes a request from the list, the others move up, and the iteration misses some or ends with
// an error. Read all requests first, or call [RequestService.List] with offset 0 again after each
// decision. Operation: listRequests.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/list-requests.html
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
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/request-info.html
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

// Approve approves a request: a new order goes to the certificate authority, a certificate is
// revoked, a reissue begins. The comment may be empty. The service refuses a request that is
// already approved or rejected. Only an administrator or a manager has the permission. After
// [ErrOutcomeUnknown] the request may be approved; [RequestService.Get] shows this. Operation:
// updateRequestStatus.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/update-request-status.html
func (s *RequestService) Approve(ctx context.Context, id int64, comment string, opts ...RequestOption) error {
	return s.decide(ctx, id, api.ApprovalStateInputApproved, comment, opts)
}

// Reject rejects a request: a new order is rejected and the balance gets back what it paid; a
// certificate stays unchanged. The comment may be empty. The service refuses a request that is
// already approved or rejected. Only an administrator or a manager has the permission. After
// [ErrOutcomeUnknown] the request may be rejected; [RequestService.Get] shows this. Operation:
// updateRequestStatus.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/update-request-status.html
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
