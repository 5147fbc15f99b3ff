package mocktest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
)

// A Fault says which requests go wrong, and how. Its methods return a changed copy, so that one
// fault can be the base of others. A fault without an action is refused.
type Fault struct {
	match  control.FaultMatch
	action control.FaultAction
	times  *control.FaultTimes
	err    error
}

// On begins a fault of these operations, by their operationIds, such as "getOrder". Without
// arguments it is a fault of all operations.
func On(operations ...string) Fault {
	var f Fault
	if len(operations) > 0 {
		f.match.Operation = new(control.FaultOperations)
		f.err = f.match.Operation.FromFaultOperations1(operations)
	}
	return f
}

// Order restricts the fault to requests about an order.
func (f Fault) Order(id int64) Fault {
	f.match.OrderID = new(control.Identifier(strconv.FormatInt(id, 10)))
	return f
}

// Body restricts the fault to requests whose body has this value at a JSON Pointer, such as
// "/certificate/individual/id".
func (f Fault) Body(pointer string, value any) Fault {
	encoded, err := json.Marshal(value)
	f.err = cmp.Or(f.err, err)
	f.match.Body = maps.Clone(f.match.Body)
	if f.match.Body == nil {
		f.match.Body = map[string]control.FaultValue{}
	}
	f.match.Body[pointer] = encoded
	return f
}

// Probability makes a part of the requests go wrong, from 0 to 1. The same seed chooses the same
// ones.
func (f Fault) Probability(p float64, seed int64) Fault {
	f.match.Probability, f.match.Seed = &p, &seed
	return f
}

// After lets the first n requests pass.
func (f Fault) After(n int32) Fault {
	f.match.After = &n
	return f
}

// Times sets how many requests go wrong; then the fault is over. The default is 1, and 0 is without
// an end.
func (f Fault) Times(n int32) Fault {
	f.times = &n
	return f
}

// Respond answers with this status instead of serving the request.
func (f Fault) Respond(status int32) Fault {
	respond := f.respond()
	respond.Status = &status
	f.action.Respond = &respond
	return f
}

// Catalogue answers with an error of the catalogue, such as "insufficient_funds" or "html_502".
func (f Fault) Catalogue(name string) Fault {
	respond := f.respond()
	respond.Catalogue = new(control.FaultCatalogue(name))
	f.action.Respond = &respond
	return f
}

// Header adds a header to the answer of Respond or Catalogue.
func (f Fault) Header(name, value string) Fault {
	respond := f.respond()
	respond.Headers = maps.Clone(respond.Headers)
	if respond.Headers == nil {
		respond.Headers = map[string]string{}
	}
	respond.Headers[name] = value
	f.action.Respond = &respond
	return f
}

func (f Fault) respond() control.FaultRespond {
	if f.action.Respond == nil {
		return control.FaultRespond{}
	}
	return *f.action.Respond
}

// LoseAnswer serves the request and closes the connection without an answer, so that its outcome is
// unknown to the client.
func (f Fault) LoseAnswer() Fault {
	f.action.When = new(control.FaultActionWhenAfter)
	return f.Cut("before_headers")
}

// Cut closes the connection: "before_headers", "in_headers", "in_body" or "reset".
func (f Fault) Cut(where string) Fault {
	f.action.Cut = new(control.FaultActionCut(where))
	return f
}

// Delay answers later, by real time.
func (f Fault) Delay(d time.Duration) Fault {
	f.action.Delay = new(control.FaultDelay)
	f.err = cmp.Or(f.err, f.action.Delay.FromFaultDelay0(d.String()))
	return f
}

// RetryAfter adds the header Retry-After, in seconds.
func (f Fault) RetryAfter(seconds int32) Fault {
	f.action.RetryAfter = new(control.FaultRetryAfter)
	f.err = cmp.Or(f.err, f.action.RetryAfter.FromFaultRetryAfter0(seconds))
	return f
}

// A Rule is a fault that is in force.
type Rule struct {
	s  *Server
	id string
}

// Fail makes requests to the account go wrong, from the next one on.
func (s *Server) Fail(tb testing.TB, fault Fault) Rule {
	tb.Helper()
	if fault.err != nil {
		tb.Fatalf("mocktest: make a fault: %v", fault.err)
	}
	in := control.FaultRuleInput{Match: &fault.match, Action: &fault.action, Times: fault.times}
	var made control.FaultRuleCreated
	s.call(tb, "make a fault", http.MethodPost, "/faults", in, &made)
	return Rule{s: s, id: made.ID}
}

// Hits returns how many requests went wrong by the rule.
func (r Rule) Hits(tb testing.TB) int {
	tb.Helper()
	var rule control.FaultRule
	r.s.call(tb, "read the fault", http.MethodGet, "/faults/"+url.PathEscape(r.id), nil, &rule)
	return int(rule.Hits)
}

// Delete ends the rule.
func (r Rule) Delete(tb testing.TB) {
	tb.Helper()
	r.s.call(tb, "delete the fault", http.MethodDelete, "/faults/"+url.PathEscape(r.id), nil, nil)
}

// ClearFaults ends all faults of the account.
func (s *Server) ClearFaults(tb testing.TB) {
	tb.Helper()
	s.call(tb, "delete the faults", http.MethodDelete, "/faults", nil, nil)
}
