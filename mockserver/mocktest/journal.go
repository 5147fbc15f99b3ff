package mocktest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
)

// A Call is a request to the account and its answer, as the journal keeps it: without secrets.
type Call = control.Call

// A Filter selects calls of the journal. All filters of a call have to fit.
type Filter func(url.Values)

// Operation selects the calls of any of these operations, by their operationIds.
func Operation(ids ...string) Filter {
	return func(query url.Values) {
		for _, id := range ids {
			query.Add("operation", id)
		}
	}
}

// Status selects the calls with this status, such as "503", or class of statuses, such as "5xx".
func Status(status string) Filter { return func(query url.Values) { query.Set("status", status) } }

// Order selects the calls about an order.
func Order(id int64) Filter {
	return func(query url.Values) { query.Set("order", strconv.FormatInt(id, 10)) }
}

// Code selects the calls that were refused with this error code.
func Code(code string) Filter { return func(query url.Values) { query.Set("code", code) } }

// Text selects the calls that hold this text.
func Text(text string) Filter { return func(query url.Values) { query.Set("text", text) } }

// Since selects the calls after the one with this id.
func Since(id int64) Filter {
	return func(query url.Values) { query.Set("since", strconv.FormatInt(id, 10)) }
}

// Journal returns the calls of the account that all filters select. Calls of the control API are not
// among them.
func (s *Server) Journal(tb testing.TB, filters ...Filter) []Call {
	tb.Helper()
	var list control.CallList
	s.call(tb, "read the journal", http.MethodGet, "/journal?"+selected(filters).Encode(), nil, &list)
	return list.Calls
}

// Count returns how many calls of the account all filters select.
func (s *Server) Count(tb testing.TB, filters ...Filter) int {
	tb.Helper()
	var count control.CallCount
	s.call(tb, "count calls", http.MethodGet, "/journal/count?"+selected(filters).Encode(), nil, &count)
	return int(count.Count)
}

// Wait waits until there are n calls that all filters select, and returns them. It fails the test
// when there are fewer after the timeout, a minute at most.
func (s *Server) Wait(tb testing.TB, n int, timeout time.Duration, filters ...Filter) []Call {
	tb.Helper()
	query := selected(filters)
	query.Set("count", strconv.Itoa(n))
	query.Set("timeout", fmt.Sprintf("%dms", timeout.Milliseconds()))
	var list control.CallList
	s.call(tb, "wait for calls", http.MethodGet, "/journal/wait?"+query.Encode(), nil, &list)
	return list.Calls
}

// ClearJournal empties the journal of the account.
func (s *Server) ClearJournal(tb testing.TB) {
	tb.Helper()
	s.call(tb, "empty the journal", http.MethodDelete, "/journal", nil, nil)
}

func selected(filters []Filter) url.Values {
	query := url.Values{}
	for _, filter := range filters {
		filter(query)
	}
	return query
}
