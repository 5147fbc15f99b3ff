package control

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// MoveOrder moves an order to another state.
func (a *API) MoveOrder(ctx context.Context, request control.MoveOrderRequestObject) (control.MoveOrderResponseObject, error) {
	to := domain.Status(request.Body.To)
	if to == domain.StatusWaitingPickup || to == domain.StatusIssued { // which need the certificate
		if err := a.personalized(ctx, request.OrderID); err != nil {
			return nil, err
		}
	}
	var moved domain.Order
	err := a.update(ctx, func(r domain.Reader) (changes domain.Changes, err error) {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		if err != nil {
			return changes, err
		}
		moved, changes, err = domain.MoveOrder(r, a.now(r), order.ID, to)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	out := control.MoveOrder200JSONResponse{ID: moved.ID, Status: control.OrderStatus(moved.Status), Next: []control.OrderStatus{}}
	for _, status := range moved.Status.Next() {
		out.Next = append(out.Next, control.OrderStatus(status))
	}
	return out, nil
}
