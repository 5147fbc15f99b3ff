package mocktest

import (
	"net/http"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
)

// A Clock is the clock of an account, by which everything in the account goes.
type Clock struct {
	tb testing.TB
	s  *Server
}

// Clock returns the clock of the account.
func (s *Server) Clock(tb testing.TB) Clock {
	tb.Helper()
	return Clock{tb: tb, s: s}
}

// Advance lets a period pass, such as "P400D" or "36h". What falls due in between has happened
// then, each at its time.
func (c Clock) Advance(period string) {
	c.tb.Helper()
	c.s.call(c.tb, "advance the clock", http.MethodPost, "/clock/advance", control.ClockAdvanceInput{By: period}, nil)
}

// Set sets the clock, which runs on from there.
func (c Clock) Set(at time.Time) {
	c.tb.Helper()
	c.put(at, false)
}

// Freeze sets the clock, which then stands still.
func (c Clock) Freeze(at time.Time) {
	c.tb.Helper()
	c.put(at, true)
}

// Follow makes the clock follow that of the server again.
func (c Clock) Follow() {
	c.tb.Helper()
	c.s.call(c.tb, "unset the clock", http.MethodDelete, "/clock", nil, nil)
}

// Now returns what the clock shows.
func (c Clock) Now() time.Time {
	c.tb.Helper()
	var state control.ClockState
	c.s.call(c.tb, "read the clock", http.MethodGet, "/clock", nil, &state)
	at, err := time.Parse(time.RFC3339, state.At)
	if err != nil {
		c.tb.Fatalf("mocktest: read the clock: %v", err)
	}
	return at
}

func (c Clock) put(at time.Time, frozen bool) {
	c.tb.Helper()
	in := control.ClockInput{At: new(at.UTC().Format(time.RFC3339)), Frozen: &frozen}
	c.s.call(c.tb, "set the clock", http.MethodPut, "/clock", in, nil)
}
