package client

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An OrderState is the id of an order with its current state.
type OrderState struct {
	// OrderID is the id of the order, for [OrderService.Get].
	OrderID int64
	// CertificateID is the id of the certificate. It is 0 while the order waits for an approval and
	// after the order was rejected.
	CertificateID int64
	// Status is the state of the order.
	Status OrderStatus
}

// OrderAlternativeOptions choose the page of orders with an alternative id. The zero value starts
// with the first order.
type OrderAlternativeOptions struct {
	// Limit is the largest number of orders on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of orders to skip.
	Offset int64
}

// ByAlternativeID returns the orders with an id of your own, which was the AlternativeOrderID of the
// request: the first 1000 of them. If no order has the id, the page is empty. Operation:
// listAlternateOrders.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/get-orders-alternative-order-id.html
func (s *OrderService) ByAlternativeID(
	ctx context.Context, alternativeID string, opts ...RequestOption,
) (Page[OrderState], error) {
	return s.ListByAlternativeID(ctx, alternativeID, OrderAlternativeOptions{}, opts...)
}

// ListByAlternativeID returns one page of the orders with an id of your own. If no order has the id,
// the page is empty. Operation: listAlternateOrders.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/get-orders-alternative-order-id.html
func (s *OrderService) ListByAlternativeID(
	ctx context.Context, alternativeID string, o OrderAlternativeOptions, opts ...RequestOption,
) (Page[OrderState], error) {
	op := operation{id: "listAlternateOrders"}
	if err := checkSegment("alternative_order_id", alternativeID); err != nil {
		return Page[OrderState]{}, inOperation(op, err)
	}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[OrderState]{}, inOperation(op, err)
	}
	params := &api.ListAlternateOrdersParams{Limit: limit, Offset: offset}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListAlternateOrders(ctx, alternativeID, params, edit)
		},
		func(w listAnswer[api.AlternateOrders]) (Page[OrderState], error) {
			return newPage("orders", w.list.Orders, w.page, o.Offset, orderStateFrom)
		})
}

// AllByAlternativeID iterates over the orders with an id of your own, from the offset in the
// options on. It requests one page after the other, and ends after the last order or the first
// error. Operation: listAlternateOrders.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/get-orders-alternative-order-id.html
func (s *OrderService) AllByAlternativeID(
	ctx context.Context, alternativeID string, o OrderAlternativeOptions, opts ...RequestOption,
) iter.Seq2[OrderState, error] {
	return all(ctx, operation{id: "listAlternateOrders"}, o.Offset, func(offset int64) (Page[OrderState], error) {
		o := o
		o.Offset = offset
		return s.ListByAlternativeID(ctx, alternativeID, o, opts...)
	})
}

// A StatusWindow is a period of time, seven days at most. [Last] and [During] make one.
type StatusWindow struct {
	kind     windowKind
	duration time.Duration
	from, to time.Time
}

// A windowKind is the function that made a [StatusWindow], or 0 for the zero value.
type windowKind int

const (
	windowLast windowKind = iota + 1
	windowDuring
)

// Last is the period of length d that ends now. Its length is rounded up to seconds.
func Last(d time.Duration) StatusWindow { return StatusWindow{kind: windowLast, duration: d} }

// During is the period from one time to another, both included. It does not match orders whose
// state changed again later.
//
// The service reads these times as US Mountain time, which repeats one hour on the first Sunday of
// November. A period that begins or ends in this hour is ambiguous. Last has no such problem.
func During(from, to time.Time) StatusWindow {
	return StatusWindow{kind: windowDuring, from: from, to: to}
}

func (w StatusWindow) params() (*api.ListStatusChangesParams, error) {
	switch w.kind {
	case windowLast:
		// The service takes whole seconds; the length is rounded up.
		seconds := w.duration / time.Second
		if w.duration%time.Second > 0 {
			seconds++
		}
		if seconds < 1 || seconds > math.MaxInt32 {
			return nil, &ArgumentError{Path: "seconds", Reason: "must be positive and not huge"}
		}
		return &api.ListStatusChangesParams{Seconds: new(api.Seconds(seconds))}, nil
	case windowDuring:
		const path = "filters[status_last_updated]"
		if fault := faultOfMoment(w.from) + faultOfMoment(w.to); fault != "" {
			return nil, &ArgumentError{Path: path, Reason: "begins or ends at no time of a year from 1 to 9999"}
		}
		if w.to.Before(w.from) {
			return nil, &ArgumentError{Path: path, Reason: "ends before it begins"}
		}
		window := mountainTime(w.from) + "..." + mountainTime(w.to.Add(time.Second-1))
		return &api.ListStatusChangesParams{FiltersStatusLastUpdated: &window}, nil
	default:
		return nil, &ArgumentError{Path: "window", Reason: "is not chosen: use Last or During"}
	}
}

// mountainTime writes a time in US Mountain time, as the vendor's page requires: date+time, where
// the plus sign is the encoded blank. The rule of the time zone is in the code, since the machine
// may have no time zone database.
func mountainTime(t time.Time) string {
	const standard, daylight = -7 * time.Hour, -6 * time.Hour
	t = t.UTC()
	// Daylight saving time begins on the second Sunday of March at 2:00 standard time. It ends on
	// the first Sunday of November at 2:00 daylight saving time.
	begins := sunday(t.Year(), time.March, 8).Add(2*time.Hour - standard)
	ends := sunday(t.Year(), time.November, 1).Add(2*time.Hour - daylight)
	offset := standard
	if !t.Before(begins) && t.Before(ends) {
		offset = daylight
	}
	return t.Add(offset).Format(time.DateTime)
}

// sunday returns the first Sunday on or after a day.
func sunday(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, (7-int(t.Weekday()))%7)
}

// StatusChanges returns the orders whose state changed in a period of time, sorted by id, with
// their current states. To poll, use a period that is somewhat longer than the time between two
// calls. Operation: listStatusChanges.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/status-change-list.html
func (s *OrderService) StatusChanges(ctx context.Context, w StatusWindow, opts ...RequestOption) ([]OrderState, error) {
	op := operation{id: "listStatusChanges"}
	params, err := w.params()
	if err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListStatusChanges(ctx, params, edit)
		},
		func(w statusChanges) ([]OrderState, error) {
			if w.empty {
				return []OrderState{}, nil
			}
			return wholeList("orders", w.list.Orders, w.page, orderStateFrom)
		})
}

// statusChanges are orders whose state changed. If there are none, the answer is {}, as the
// vendor's page shows. An object with other members does not mean that there are none.
type statusChanges struct {
	listAnswer[api.StatusChanges]

	empty bool
}

// UnmarshalJSON distinguishes {} from an object that has members but no orders.
func (s *statusChanges) UnmarshalJSON(b []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	s.empty = len(members) == 0
	return s.listAnswer.UnmarshalJSON(b)
}

func orderStateFrom(w api.StatusChange) (OrderState, error) {
	if w.OrderID <= 0 {
		return OrderState{}, missing("order_id")
	}
	return OrderState{OrderID: w.OrderID, CertificateID: value(w.CertificateID), Status: OrderStatus(w.Status)}, nil
}
