package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetRequest returns a request.
func (a *API) GetRequest(ctx context.Context, request server.GetRequestRequestObject) (server.GetRequestResponseObject, error) {
	var out api.ApprovalRequestInfo
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		found, err := domain.FindRequest(r, request.RequestID)
		if err == nil {
			out = requestInfo(r, a.now(r), found)
		}
		return err
	})
	return server.GetRequest200JSONResponse(out), err
}

// UpdateRequestStatus approves or rejects a request.
func (a *API) UpdateRequestStatus(ctx context.Context, request server.UpdateRequestStatusRequestObject) (server.UpdateRequestStatusResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (domain.Changes, error) {
		return domain.DecideRequest(r, actor, a.now(r), request.RequestID,
			domain.RequestStatus(request.Body.Status), value(request.Body.ProcessorComment))
	})
	return server.UpdateRequestStatus204Response{}, err
}

func requestOut(r domain.Reader, now time.Time, request domain.Request) api.ApprovalRequest {
	order, _ := r.Order(request.OrderID)
	summary := orderSummary(r, now, order)
	return api.ApprovalRequest{
		ID: request.ID, Date: timestamp(request.Created), Type: api.ApprovalRequestType(request.Type),
		Status: api.ApprovalRequestStatus(request.Status), Requester: userByID(r, request.RequesterID), Processor: processor(r, request),
		Order: api.ApprovalRequestOrder{
			ID: order.ID, Certificate: api.ApprovalRequestCertificate{CommonName: summary.Certificate.CommonName},
			Organization: summary.Organization, Container: summary.Container, Product: summary.Product,
		},
	}
}

func requestInfo(r domain.Reader, now time.Time, request domain.Request) api.ApprovalRequestInfo {
	order, _ := r.Order(request.OrderID)
	return api.ApprovalRequestInfo{
		ID: request.ID, Date: timestamp(request.Created), Type: api.ApprovalRequestType(request.Type),
		Status: api.ApprovalRequestStatus(request.Status), Requester: userByID(r, request.RequesterID),
		Processor: processor(r, request), Reviewer: processor(r, request), DateProcessed: moment(request.Processed),
		Comments: optional(request.Comments), ProcessorComment: optional(request.ProcessorComment), Order: orderOut(r, now, order),
	}
}

func orderedRequests(requests []domain.Request) []api.OrderApprovalRequest {
	var out []api.OrderApprovalRequest
	for _, request := range requests {
		out = append(out, api.OrderApprovalRequest{
			ID: request.ID, Date: timestamp(request.Created), Type: api.ApprovalRequestType(request.Type),
			Status: api.ApprovalRequestStatus(request.Status), Comments: optional(request.Comments),
		})
	}
	return out
}

// moment returns a time, or nil for the zero time.
func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return optional(timestamp(t))
}

// processor returns the user that decided a request: nil for an open request, and for one that the
// control API decided by moving the order.
func processor(r domain.Reader, request domain.Request) *api.UserRef {
	if request.ProcessorID == 0 {
		return nil
	}
	user := userByID(r, request.ProcessorID)
	return &user
}

// ListRequests returns a page of requests.
func (a *API) ListRequests(ctx context.Context, request server.ListRequestsRequestObject) (server.ListRequestsResponseObject, error) {
	params := request.Params
	filters, err := requestFilters(params)
	if err != nil {
		return nil, err
	}
	query := domain.RequestQuery{Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: filters}
	var now time.Time
	requests, page, err := list(ctx, a, query.Page,
		func(r domain.Reader) ([]domain.Request, int) {
			now = a.now(r)
			return r.Requests(query)
		},
		func(r domain.Reader, request domain.Request) api.ApprovalRequest { return requestOut(r, now, request) })
	if wantsCSV(ctx) && err == nil {
		return server.ListRequests200TextCsvResponse(writeCSV(requests)), nil
	}
	return server.ListRequests200JSONResponse{Requests: requests, Page: page}, err
}

func requestFilters(params api.ListRequestsParams) ([]domain.Filter, error) {
	var f filters
	if params.Status != nil {
		words(&f, domain.FieldStatus, []api.ApprovalStateFilter{*params.Status})
	}
	words(&f, domain.FieldStatus, params.FiltersStatus)
	words(&f, domain.FieldType, params.FiltersType)
	f.numbers(domain.FieldOrderID, params.FiltersOrderID)
	return f.done()
}

func requestCreated(r domain.Reader, request *domain.Request) *api.ApprovalRequestCreated {
	if request == nil {
		return nil
	}
	return &api.ApprovalRequestCreated{
		ID: request.ID, Date: timestamp(request.Created), Type: api.ApprovalRequestType(request.Type),
		Status: api.ApprovalRequestStatus(request.Status), Requester: userByID(r, request.RequesterID), Comments: optional(request.Comments),
	}
}
