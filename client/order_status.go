package client

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An OrderState is an order with the state that it is in, and nothing more.
type OrderState struct {
	// OrderID is the id of the order, as [OrderService.Get] takes it.
	OrderID int64
	// CertificateID is the id of its certificate. It is 0 while the order waits for an approval, and for an order that
	// was rejected instead.
	CertificateID int64
	// Status is the state of the order.
	Status OrderStatus
}

// Cancel cancels an order that is pending or waits for pickup, or the reissue of a certificate that is under way. The
// note says why; the service demands one and keeps it with the order. What the balance paid goes back to it. An order in
// another state is refused; one that waits for an approval is rejected instead: [RequestService.Reject].
// [ErrOutcomeUnknown] means that it may be canceled, which [OrderService.Get] tells. Operation: updateOrderStatus.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/update-order-status.html
func (s *OrderService) Cancel(ctx context.Context, id int64, note string, opts ...RequestOption) error {
	op := operation{id: "updateOrderStatus"}
	if err := checkID("order_id", id); err != nil {
		return inOperation(op, err)
	}
	body := api.OrderStatusInput{Status: api.StatusUpdateCanceled, Note: optional(note)}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.UpdateOrderStatus(ctx, strconv.FormatInt(id, 10), body, edit)
	}, nil)
}

// StatusChanges returns the orders whose state changed in a window, by their ids, each with the state that it is in now.
// To poll, ask for a window that is somewhat longer than the time between two questions. Operation: listStatusChanges.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/status-change-list.html
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
			return wholeList("orders", w.list.Orders, w.at, orderStateFrom)
		})
}

// statusChanges are orders whose state changed. The vendor's page shows {} where there are none; an object that holds
// something else is not that.
type statusChanges struct {
	listed[api.StatusChanges]

	empty bool
}

// UnmarshalJSON tells {} from an object without orders.
func (s *statusChanges) UnmarshalJSON(b []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	s.empty = len(members) == 0
	return s.listed.UnmarshalJSON(b)
}

func orderStateFrom(w api.StatusChange) (OrderState, error) {
	if w.OrderID <= 0 {
		return OrderState{}, missing("order_id")
	}
	return OrderState{OrderID: w.OrderID, CertificateID: value(w.CertificateID), Status: OrderStatus(w.Status)}, nil
}

// A StatusWindow is a time of at most seven days. [Last] and [During] make one.
type StatusWindow struct {
	choice   choice
	duration time.Duration
	from, to time.Time
}

// Last is the time of this length that ends now, counted in seconds begun.
func Last(d time.Duration) StatusWindow { return StatusWindow{choice: existing, duration: d} }

// During is the time from one moment to another, both included. Orders whose state changed again later are left out.
//
// The service reads such times in US Mountain time, in which an hour of the first Sunday of November comes twice: a
// window that begins or ends in it is ambiguous. [Last] never is.
func During(from, to time.Time) StatusWindow {
	return StatusWindow{choice: described, from: from, to: to}
}

func (w StatusWindow) params() (*api.ListStatusChangesParams, error) {
	switch w.choice {
	case existing:
		// Whole seconds, rounded up.
		seconds := w.duration / time.Second
		if w.duration%time.Second > 0 {
			seconds++
		}
		if seconds < 1 || seconds > math.MaxInt32 {
			return nil, &ArgumentError{Path: "seconds", Reason: "must be positive and not huge"}
		}
		return &api.ListStatusChangesParams{Seconds: new(api.Seconds(seconds))}, nil
	case described:
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

// mountainTime writes a time as the vendor's page asks for it: date+time in US Mountain time, the blank being encoded
// as a plus sign. The rule is written out here, since the database of time zones may be missing where the program runs.
func mountainTime(t time.Time) string {
	const standard, daylight = -7 * time.Hour, -6 * time.Hour
	t = t.UTC()
	// Daylight saving time begins at 2:00 of standard time on the second Sunday of March, and ends at 2:00 of daylight
	// saving time on the first Sunday of November.
	begins := sunday(t.Year(), time.March, 8).Add(2*time.Hour - standard)
	ends := sunday(t.Year(), time.November, 1).Add(2*time.Hour - daylight)
	offset := standard
	if !t.Before(begins) && t.Before(ends) {
		offset = daylight
	}
	return t.Add(offset).Format(time.DateTime)
}

// sunday returns the first Sunday from a day on.
func sunday(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, (7-int(t.Weekday()))%7)
}
