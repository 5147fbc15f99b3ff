package mocktest

import (
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Clock is the clock of an account, by which everything in the account goes, or that of the
// server, which dates CRLs and OCSP, and which accounts follow until their own is set.
type Clock struct {
	tb      testing.TB
	control *control.ClientWithResponses
	whole   bool // the clock of the server
}

// Clock returns the clock of the account.
func (s *Server) Clock(tb testing.TB) Clock {
	tb.Helper()
	return Clock{tb: tb, control: s.control}
}

// Advance lets a period pass, such as "P400D" or "36h". What falls due in between has happened
// then, each at its time.
func (c Clock) Advance(period string) {
	c.tb.Helper()
	in := control.ClockAdvanceInput{By: period}
	var err error
	if c.whole {
		_, err = c.control.AdvanceServerClockWithResponse(background(), nil, in)
	} else {
		_, err = c.control.AdvanceClockWithResponse(background(), nil, in)
	}
	check(c.tb, "advance the clock", err)
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

// Follow makes the clock follow that of the server again, and the clock of the server the one with
// which the mock was started.
func (c Clock) Follow() {
	c.tb.Helper()
	var err error
	if c.whole {
		_, err = c.control.UnsetServerClockWithResponse(background(), nil)
	} else {
		_, err = c.control.UnsetClockWithResponse(background(), nil)
	}
	check(c.tb, "unset the clock", err)
}

// Now returns what the clock shows.
func (c Clock) Now() time.Time {
	c.tb.Helper()
	at, err := time.Parse(time.RFC3339, c.state().At)
	check(c.tb, "read the clock", err)
	return at
}

// Frozen tells whether the clock stands still.
func (c Clock) Frozen() bool {
	c.tb.Helper()
	return c.state().Frozen
}

func (c Clock) state() control.ClockState {
	c.tb.Helper()
	if c.whole {
		clock, err := c.control.GetServerClockWithResponse(background())
		check(c.tb, "read the clock", err)
		return *clock.JSON200
	}
	clock, err := c.control.GetClockWithResponse(background())
	check(c.tb, "read the clock", err)
	return *clock.JSON200
}

func (c Clock) put(at time.Time, frozen bool) {
	c.tb.Helper()
	in := control.ClockInput{At: new(at.UTC().Format(time.RFC3339)), Frozen: &frozen}
	var err error
	if c.whole {
		_, err = c.control.SetServerClockWithResponse(background(), nil, in)
	} else {
		_, err = c.control.SetClockWithResponse(background(), nil, in)
	}
	check(c.tb, "set the clock", err)
}
