package control

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// MoveOrder moves an order to another state. To issued it goes the whole way.
func (a *API) MoveOrder(ctx context.Context, request control.MoveOrderRequestObject) (control.MoveOrderResponseObject, error) {
	limit := waitOf(request.Params.Timeout)
	move := domain.OrderMove{To: domain.Status(request.Body.To), Reason: text(request.Body.Reason)}
	var err error
	if move.ID, err = a.orderID(ctx, request.OrderID); err != nil {
		return nil, err
	}
	var moved domain.Order
	if move.To == domain.StatusIssued {
		moved, err = a.issue(ctx, move, limit)
	} else {
		switch move.To { //nolint:exhaustive // other states need no certificate
		case domain.StatusWaitingPickup:
			err = a.personalized(ctx, request.OrderID, limit)
		case domain.StatusExpired: // which moves the clock
			err = a.settled(ctx, request.Params.Timeout)
		}
		if err != nil {
			return nil, err
		}
		moved, err = a.moveOrder(ctx, func(r domain.Reader) (domain.Order, domain.Changes, error) {
			return domain.MoveOrder(r, a.Clock.Moments(r), move)
		})
	}
	if err != nil {
		return nil, err
	}
	out := control.MoveOrder200JSONResponse{ID: moved.ID, Status: control.OrderStatus(moved.Status), Next: []control.OrderStatus{}}
	for _, status := range moved.Status.Next() {
		out.Next = append(out.Next, control.OrderStatus(status))
	}
	return out, nil
}

// issue takes an order the whole way to issued: it approves, waits for the certificate, and installs
// it.
func (a *API) issue(ctx context.Context, move domain.OrderMove, limit time.Duration) (moved domain.Order, err error) {
	var certificate int64
	err = a.update(ctx, func(r domain.Reader) (changes domain.Changes, err error) {
		certificate, changes, err = domain.StartIssuing(r, a.now(r), move.ID)
		return changes, err
	})
	if err != nil {
		return moved, err
	}
	err = a.wait(ctx, limit, func(r domain.Reader) (bool, error) {
		made, there := r.Certificate(certificate)
		return !there || !made.Pending, nil
	})
	if err != nil {
		return moved, err
	}
	return a.moveOrder(ctx, func(r domain.Reader) (domain.Order, domain.Changes, error) {
		return domain.FinishIssuing(r, a.now(r), move, certificate)
	})
}

func (a *API) moveOrder(ctx context.Context, decide func(domain.Reader) (domain.Order, domain.Changes, error)) (moved domain.Order, err error) {
	err = a.update(ctx, func(r domain.Reader) (changes domain.Changes, err error) {
		moved, changes, err = decide(r)
		return changes, err
	})
	return moved, longer(err)
}

func (a *API) orderID(ctx context.Context, name string) (id int64, err error) {
	err = a.view(ctx, func(r domain.Reader) error {
		order, err := domain.FindOrderByReference(r, name)
		id = order.ID
		return err
	})
	return id, err
}

// MoveValidation moves a validation of an organization to another state.
func (a *API) MoveValidation(ctx context.Context, request control.MoveValidationRequestObject) (control.MoveValidationResponseObject, error) {
	var moved domain.Validation
	var status domain.ValidationStatus
	err := a.update(ctx, func(r domain.Reader) (changes domain.Changes, err error) {
		now := a.now(r)
		moved, changes, err = domain.MoveValidation(r, now, request.OrganizationID,
			domain.ValidationType(request.Type), domain.ValidationStatus(request.Body.To))
		status = moved.Status(now)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	out := control.MoveValidation200JSONResponse{Type: string(moved.Type), Status: control.ValidationStep(status)}
	if !moved.ValidatedUntil.IsZero() {
		out.ValidatedUntil = optional(timestamp(moved.ValidatedUntil))
	}
	return out, nil
}

func text(of *string) string {
	if of == nil {
		return ""
	}
	return *of
}
