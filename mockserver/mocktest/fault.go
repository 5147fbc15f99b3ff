package mocktest

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Fault says which requests go wrong, and how. Its methods return a changed copy, so that one
// fault can be the base of others. A fault without an action is refused, and so are actions that
// contradict each other.
type Fault struct {
	match  control.FaultMatch
	action control.FaultAction
	times  *control.FaultTimes
	until  *control.FaultUntil
	preset *control.FaultPreset
	seed   *control.FaultSeed
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

// Method restricts the fault to requests with this method, such as "GET".
func (f Fault) Method(method string) Fault {
	f.match.Method = new(control.FaultMatchMethod(method))
	return f
}

// Path restricts the fault to requests with this whole path, such as "/services/v2/order/**". In it
// * stands for any text without a slash, ** for any text, and ? for one character that is no slash.
func (f Fault) Path(glob string) Fault {
	f.match.Path = &glob
	return f
}

// RequestHeader restricts the fault to requests with this header. In the value * stands for any
// text, and ? for one character.
func (f Fault) RequestHeader(name, value string) Fault {
	f.match.Header = with(f.match.Header, name, value)
	return f
}

// RequestBody restricts the fault to requests whose body has this value at a JSON Pointer, such as
// "/certificate/individual/id".
func (f Fault) RequestBody(pointer string, value any) Fault {
	encoded, err := json.Marshal(value)
	f.err = cmp.Or(f.err, err)
	f.match.Body = with(f.match.Body, pointer, control.FaultValue(encoded))
	return f
}

// with returns a copy of a map with one more entry.
func with[V any](entries map[string]V, key string, value V) map[string]V {
	entries = maps.Clone(entries)
	if entries == nil {
		entries = map[string]V{}
	}
	entries[key] = value
	return entries
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

// Times sets how many requests go wrong; then the fault is over. The default is 1, or no end for a
// Preset, and 0 is without an end.
func (f Fault) Times(n int32) Fault {
	f.times = &n
	return f
}

// Until ends the fault at this time, by the clock of the account, or of the server for a fault of
// the whole server.
func (f Fault) Until(at time.Time) Fault {
	f.until = new(at.UTC().Format(time.RFC3339))
	return f
}

// input returns the rule that the fault is.
func (f Fault) input() (control.FaultRuleInput, error) {
	in := control.FaultRuleInput{
		Match: &f.match, Action: &f.action, Times: f.times, Until: f.until, Preset: f.preset, Seed: f.seed,
	}
	if f.preset != nil && f.action == (control.FaultAction{}) {
		in.Action = nil
	}
	return in, f.err
}
