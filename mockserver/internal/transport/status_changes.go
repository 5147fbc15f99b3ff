package transport

import (
	"context"
	"math"
	"strings"
	"time"
	_ "time/tzdata" // the system may have no database of time zones

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// mountainTime is the zone of the dates of status changes (D-58).
func mountainTime() *time.Location {
	zone, err := time.LoadLocation("America/Denver")
	if err != nil { // not with the imported database
		return time.FixedZone("MST", -7*60*60)
	}
	return zone
}

// The longest window (certcentral-facts 5.4).
const (
	maxWindowDays = 7
	maxWindow     = maxWindowDays * 24 * time.Hour
)

// The names of the parameters.
const (
	minutesParameter = "minutes"
	windowParameter  = "filters[status_last_updated]"
)

// ListStatusChanges returns the orders that have changed within a window (D-58).
func (a *API) ListStatusChanges(ctx context.Context, request server.ListStatusChangesRequestObject) (server.ListStatusChangesResponseObject, error) {
	// The mock stores only the last change of an order, so that a window of dates does not find
	// orders that changed again after it. A window of minutes and seconds ends now, and misses
	// nothing.
	var changed []api.StatusChange
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		window, err := a.window(a.now(r), request.Params)
		if err != nil {
			return err
		}
		orders, _ := r.Orders(domain.OrderQuery{
			Page:    domain.Page{Limit: math.MaxInt},
			Filters: []domain.Filter{{Field: domain.FieldStatusChanged, Ranges: []domain.Range{window}}},
		})
		changed = make([]api.StatusChange, len(orders))
		for i := range orders {
			changed[i] = statusChange(&orders[i])
		}
		return nil
	})
	return server.ListStatusChanges200JSONResponse{Orders: changed}, err
}

// window returns the longest window: the minutes and seconds together, or the dates.
func (a *API) window(now time.Time, params api.ListStatusChangesParams) (domain.Range, error) {
	if params.Minutes == nil && params.Seconds == nil && params.FiltersStatusLastUpdated == nil {
		return domain.Range{}, &domain.Error{
			Code: domain.CodeMissingField, Path: minutesParameter,
			Message: minutesParameter + " is missing: give minutes, seconds or " + windowParameter + "; the longest window counts",
		}
	}
	back := time.Duration(value(params.Minutes))*time.Minute + time.Duration(value(params.Seconds))*time.Second
	if back > maxWindow {
		return domain.Range{}, tooLong("the window of minutes and seconds together")
	}
	longest := span{from: now.Add(-back), to: now.Add(1)}
	if params.FiltersStatusLastUpdated != nil {
		dates, err := parseWindow(*params.FiltersStatusLastUpdated, a.mountain)
		if err != nil {
			return domain.Range{}, err
		}
		if dates.to.Sub(dates.from) > back {
			longest = dates
		}
	}
	return domain.During(longest.from, longest.to), nil
}

func tooLong(window string) error {
	return &domain.Error{Code: domain.CodeTimeFrameTooLong, Message: window + " spans more than 7 days"}
}

// parseWindow reads two dates or times. Seven days are days of the calendar, of which one may have
// 23 or 25 hours.
func parseWindow(text string, zone *time.Location) (span, error) {
	first, second, _ := strings.Cut(text, "...")
	begin, beginOK := parseSpan(first, zone)
	end, endOK := parseSpan(second, zone)
	last := end.from
	if end.day {
		last = end.to
	}
	switch {
	case !beginOK || !endOK:
		return span{}, noSuchDate(windowParameter)
	case end.from.Before(begin.from):
		return span{}, reversed(windowParameter)
	case last.After(begin.from.In(zone).AddDate(0, 0, maxWindowDays)):
		return span{}, tooLong(windowParameter)
	}
	return span{from: begin.from, to: end.to}, nil
}

// statusChange returns an order with its state only.
func statusChange(order *domain.Order) api.StatusChange {
	return api.StatusChange{OrderID: order.ID, CertificateID: optional(order.CertificateID), Status: api.OrderStatus(order.Status)}
}
