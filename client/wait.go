package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// The pauses of [OrderService.WaitIssued] and [RequestService.Wait]: they begin with seconds, since a
// mock server issues at once, double each time, and end with hours, since a person validates the
// order and a token is shipped.
const (
	firstWait   = 2 * time.Second
	longestWait = time.Hour
)

// Ended reports whether an order can't reach any other state by itself: it is rejected, canceled,
// revoked or expired. An issued order has not ended: it can be reissued, and it expires.
func (s OrderStatus) Ended() bool {
	switch s {
	case OrderRejected, OrderCanceled, OrderRevoked, OrderExpired:
		return true
	default:
		return false
	}
}

// An OrderEndedError means that an order has ended while a program waited for its certificate.
type OrderEndedError struct {
	// OrderID is the id of the order.
	OrderID int64
	// Status is the state of the order, for which [OrderStatus.Ended] is true.
	Status OrderStatus
	// Note is the last note of the order, which may give the reason. It may be empty, and it may
	// hold data of persons: Error leaves it out.
	Note string
}

// Error returns the id and the state in one line.
func (e *OrderEndedError) Error() string {
	return fmt.Sprintf("certcentral: order %d is %s, and its certificate will not be issued", e.OrderID, sanitize(string(e.Status), 40))
}

// LogValue returns the text, the id and the state as a group of log attributes. It leaves the note
// out, as Error does.
func (e *OrderEndedError) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("<nil>")
	}
	return slog.GroupValue(slog.String("error", e.Error()), slog.Int64("order_id", e.OrderID),
		slog.String("status", sanitize(string(e.Status), 40)))
}

// GoString returns the error in Go syntax, for the verb %#v. It leaves the note out, as Error does.
func (e *OrderEndedError) GoString() string {
	if e == nil {
		return "(*client.OrderEndedError)(nil)"
	}
	return fmt.Sprintf("&client.OrderEndedError{OrderID:%d, Status:%q}", e.OrderID, e.Status)
}

// A WaitOption configures [OrderService.WaitIssued] and [RequestService.Wait]. Every [RequestOption]
// is one too, and applies to each of the requests.
type WaitOption interface {
	applyWait(w *waitConfig)
}

type waitConfig struct {
	pauses   pauses
	approval func(context.Context, Order) error
	progress func(Order)
	requests []RequestOption
	err      error // of an option with a wrong value
}

func (o RequestOption) applyWait(w *waitConfig) { w.requests = append(w.requests, o) }

type waitOption func(*waitConfig)

func (o waitOption) applyWait(w *waitConfig) { o(w) }

// WithPauses sets the first and the longest pause between two looks. Each pause is twice as long as
// the one before. The default is from 2 seconds to an hour.
func WithPauses(first, longest time.Duration) WaitOption {
	return waitOption(func(w *waitConfig) {
		if first <= 0 || longest < first {
			w.err = &ArgumentError{Path: "WithPauses", Reason: "needs a positive first pause, and a longest one that is not shorter"}
		}
		w.pauses = pauses{first, longest}
	})
}

// WithApproval makes [OrderService.WaitIssued] call approve when it first finds that the order waits
// for an approval. approve may approve one of [Order.Requests] with the client of an administrator,
// or tell a person. If it returns an error, the wait ends with this error.
func WithApproval(approve func(context.Context, Order) error) WaitOption {
	return waitOption(func(w *waitConfig) {
		if approve == nil {
			w.err = &ArgumentError{Path: "WithApproval", Reason: "was given nil"}
		}
		w.approval = approve
	})
}

// WithProgress makes [OrderService.WaitIssued] call seen with the order as it is first found, and
// each time that its state has changed since the look before.
func WithProgress(seen func(Order)) WaitOption {
	return waitOption(func(w *waitConfig) {
		if seen == nil {
			w.err = &ArgumentError{Path: "WithProgress", Reason: "was given nil"}
		}
		w.progress = seen
	})
}

func newWait(op operation, opts []WaitOption) (waitConfig, error) {
	w := waitConfig{pauses: pauses{firstWait, longestWait}}
	for i, opt := range opts {
		if isNil(opt) {
			return w, &ArgumentError{Operation: op.id, Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
		opt.applyWait(&w)
	}
	return w, inOperation(op, w.err)
}

// WaitIssued waits until an order is issued, and returns it. With the real service this takes days:
// the pauses between two looks begin with seconds and grow to an hour ([WithPauses]). A pause is at
// least as long as Retry-After says, up to three minutes. The wait ends with the context; give it a
// deadline.
//
// If the order is rejected, canceled, revoked or expired, WaitIssued ends with an
// [*OrderEndedError]. If the order waits for an approval, WaitIssued calls the function that
// [WithApproval] gives, and goes on to wait. While a reissue is pending, it waits for the new
// certificate.
//
// A look that fails for a while does not end the wait: no answer, an answer that cannot be read, and
// the statuses 408, 429 and from 500. Any other error does. The error at the end of the context
// wraps the error of the context and the error of the last look, if that failed. Operation: getOrder.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) WaitIssued(ctx context.Context, id int64, opts ...WaitOption) (Order, error) {
	op := operation{id: "getOrder"}
	w, err := newWait(op, opts)
	if err != nil {
		return Order{}, err
	}
	last, asked := OrderStatus("unknown"), false
	for pause := w.pauses; ; {
		order, err := s.Get(ctx, id, w.requests...)
		switch {
		case err != nil && !temporary(err):
			return Order{}, err
		case err != nil: // looks again
		case order.Status == OrderIssued:
			w.changed(last, order)
			return order, nil
		case order.Status.Ended():
			w.changed(last, order)
			return Order{}, &OrderEndedError{OrderID: id, Status: order.Status, Note: lastNote(order)}
		default:
			if w.changed(last, order) {
				pause = w.pauses
			}
			last = order.Status
			if order.Status == OrderNeedsApproval && w.approval != nil && !asked {
				asked = true
				if err := w.approval(ctx, order); err != nil {
					return Order{}, err
				}
				continue
			}
		}
		if ended := pause.sleep(ctx, s.client.clock, err); ended != nil {
			return Order{}, waitEnded(fmt.Sprintf("order %d is %s", id, sanitize(string(last), 40)), ended, err)
		}
	}
}

// changed calls the function of WithProgress if the state is another one than last.
func (w *waitConfig) changed(last OrderStatus, order Order) bool {
	if order.Status == last {
		return false
	}
	if w.progress != nil {
		w.progress(order)
	}
	return true
}

func lastNote(order Order) string {
	if len(order.Notes) == 0 {
		return ""
	}
	return order.Notes[len(order.Notes)-1].Text
}

// Wait waits until a request is approved or rejected, and returns it: [Request.Status] tells which.
// The pauses, the end of the wait and the errors are those of [OrderService.WaitIssued]. The options
// [WithApproval] and [WithProgress] are an [*ArgumentError], since they are about orders. Operation:
// getRequest.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/request-info.html
func (s *RequestService) Wait(ctx context.Context, id int64, opts ...WaitOption) (Request, error) {
	op := operation{id: "getRequest"}
	w, err := newWait(op, opts)
	if err != nil {
		return Request{}, err
	}
	if w.approval != nil || w.progress != nil {
		return Request{}, &ArgumentError{Operation: op.id, Path: "opts", Reason: "has WithApproval or WithProgress, which are about an order"}
	}
	last := RequestStatus("unknown")
	for pause := w.pauses; ; {
		request, err := s.Get(ctx, id, w.requests...)
		switch {
		case err != nil && !temporary(err):
			return Request{}, err
		case err != nil: // looks again
		case !request.Status.waits():
			return request, nil
		default:
			last = request.Status
		}
		if ended := pause.sleep(ctx, s.client.clock, err); ended != nil {
			return Request{}, waitEnded(fmt.Sprintf("request %d is %s", id, sanitize(string(last), 40)), ended, err)
		}
	}
}

// waitEnded is the error of a wait that its context has ended; look is the error of the last look,
// or nil.
func waitEnded(state string, ended, look error) error {
	if look == nil || errors.Is(look, ended) {
		return fmt.Errorf("certcentral: %s, as far as is known: %w", state, ended)
	}
	return fmt.Errorf("certcentral: %s, as far as is known: %w; the last look failed: %w", state, ended, look)
}
