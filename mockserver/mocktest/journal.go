package mocktest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/control"
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

// Limit selects the last n calls of those that the other filters select, for [Server.Journal]. The
// default is all that the journal keeps, which is 1,000.
func Limit(n int) Filter { return func(query url.Values) { query.Set("limit", strconv.Itoa(n)) } }

// ControlCalls selects calls of the control API too.
func ControlCalls() Filter { return func(query url.Values) { query.Set("control", "true") } }

// Journal returns the calls of the account that all filters select, the oldest first. Calls of the
// control API are not among them, unless [ControlCalls] or [Operation] asks for them.
func (s *Server) Journal(tb testing.TB, filters ...Filter) []Call {
	tb.Helper()
	list, err := s.control.ListCallsWithResponse(background(), nil, listed(filters))
	check(tb, "read the journal", err)
	return list.JSON200.Calls
}

// Call returns a call of the account by its id.
func (s *Server) Call(tb testing.TB, id int64) Call {
	tb.Helper()
	call, err := s.control.GetCallWithResponse(background(), id)
	check(tb, "read a call", err)
	return *call.JSON200
}

// Count returns how many calls of the account all filters select.
func (s *Server) Count(tb testing.TB, filters ...Filter) int {
	tb.Helper()
	count, err := s.control.CountCallsWithResponse(background(), nil, selected(filters))
	check(tb, "count calls", err)
	return int(count.JSON200.Count)
}

// Wait waits until there are n calls that all filters select, and returns them. It fails the test
// when there are fewer after the timeout, a minute at most.
func (s *Server) Wait(tb testing.TB, n int, timeout time.Duration, filters ...Filter) []Call {
	tb.Helper()
	until := func(query url.Values) {
		query.Set("count", strconv.Itoa(n))
		query.Set("timeout", fmt.Sprintf("%dms", timeout.Milliseconds()))
	}
	list, err := s.control.WaitForCallsWithResponse(background(), nil, selected(append(slices.Clone(filters), until)))
	check(tb, "wait for calls", err)
	return list.JSON200.Calls
}

// ClearJournal empties the journal of the account.
func (s *Server) ClearJournal(tb testing.TB) {
	tb.Helper()
	_, err := s.control.DeleteCallsWithResponse(background())
	check(tb, "empty the journal", err)
}

// listed puts filters into a request for a list of calls.
func listed(filters []Filter) control.RequestEditorFn {
	return selected(slices.Concat([]Filter{Limit(keptCalls)}, filters))
}

// keptCalls is how many calls a journal keeps, and the highest limit.
const keptCalls = 1000

// selected puts filters into a request. The operations of the journal have parameters of a type
// each, all with the same names.
func selected(filters []Filter) control.RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		query := url.Values{}
		for _, filter := range filters {
			filter(query)
		}
		request.URL.RawQuery = query.Encode()
		return nil
	}
}
