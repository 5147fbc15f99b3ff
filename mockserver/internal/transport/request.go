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
	var out api.RequestInfo
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		found, err := domain.FindRequest(r, request.RequestID)
		if err == nil {
			out = requestInfo(r, a.now(ctx), found)
		}
		return err
	})
	return server.GetRequest200JSONResponse(out), err
}

// UpdateRequestStatus approves or rejects a request.
func (a *API) UpdateRequestStatus(ctx context.Context, request server.UpdateRequestStatusRequestObject) (server.UpdateRequestStatusResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (domain.Changes, error) {
		return domain.DecideRequest(r, actor, a.now(ctx), request.RequestID,
			domain.RequestStatus(request.Body.Status), value(request.Body.ProcessorComment))
	})
	return server.UpdateRequestStatus204Response{}, err
}

func requestOut(r domain.Reader, now time.Time, request domain.Request) api.Request {
	order, _ := r.Order(request.OrderID)
	summary := orderSummary(r, now, order)
	return api.Request{
		ID: request.ID, Date: timestamp(request.Created), Type: api.RequestType(request.Type),
		Status: api.RequestStatus(request.Status), Requester: userByID(r, request.RequesterID), Processor: processor(r, request),
		Order: api.RequestOrder{
			ID: order.ID, Certificate: api.RequestOrderCertificate{CommonName: summary.Certificate.CommonName},
			Organization: summary.Organization, Container: summary.Container, Product: summary.Product,
		},
	}
}

func requestInfo(r domain.Reader, now time.Time, request domain.Request) api.RequestInfo {
	order, _ := r.Order(request.OrderID)
	return api.RequestInfo{
		ID: request.ID, Date: timestamp(request.Created), Type: api.RequestType(request.Type),
		Status: api.RequestStatus(request.Status), Requester: userByID(r, request.RequesterID),
		Processor: processor(r, request), Reviewer: processor(r, request), DateProcessed: moment(request.Processed),
		Comments: optional(request.Comments), ProcessorComment: optional(request.ProcessorComment), Order: orderOut(r, now, order),
	}
}

func orderedRequests(requests []domain.Request) []api.OrderedRequest {
	var out []api.OrderedRequest
	for _, request := range requests {
		out = append(out, api.OrderedRequest{
			ID: request.ID, Date: timestamp(request.Created), Type: api.RequestType(request.Type),
			Status: api.RequestStatus(request.Status), Comments: optional(request.Comments),
		})
	}
	return out
}

// moment is a time, left out when there is none.
func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return optional(timestamp(t))
}

// processor is who decided a request: nobody while it is open, nor when the mock was told to move the order on.
func processor(r domain.Reader, request domain.Request) *api.UserRef {
	if request.ProcessorID == 0 {
		return nil
	}
	user := userByID(r, request.ProcessorID)
	return &user
}

func userByID(r domain.Reader, id int64) api.UserRef {
	person, _ := r.Person(id)
	return userRef(person)
}

func userRef(person domain.Person) api.UserRef {
	return api.UserRef{ID: person.ID, FirstName: person.FirstName, LastName: person.LastName, Email: person.Email}
}
