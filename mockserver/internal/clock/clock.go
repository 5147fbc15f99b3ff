// Package clock is where the mock reads the time. The server has a clock, and an account may have
// one of its own. Each of them is a distance from the base of time, or stands still.
package clock

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Source tells the time.
type Source interface {
	// In is the time in the account of a transaction: it dates what happens to orders, users and
	// certificates.
	In(r domain.Reader) time.Time
	// Now is the time in an account, outside of a transaction.
	Now(account domain.AccountID) time.Time
	// ServerNow is the time of what belongs to no account: the CAs, their CRLs and OCSP, and logs.
	ServerNow() time.Time
	// Base is the base of time, which no operation moves. It measures how long something takes.
	Base() time.Time
}

// A Clock is the clock of a server, and tells the time of its accounts. Reading it takes no lock.
type Clock struct {
	base     func() time.Time
	start    domain.Clock // to which [Clock.Started] goes back
	accounts func(domain.AccountID) domain.Clock
	server   atomic.Pointer[domain.Clock]

	mu    sync.Mutex // for changes
	moved chan struct{}
}

// New returns the clock of a server that shows a time at first; the zero time is that of the base.
// accounts returns the clocks of accounts, which are unset for those that follow the server's.
func New(base func() time.Time, at time.Time, accounts func(domain.AccountID) domain.Clock) *Clock {
	c := &Clock{base: base, accounts: accounts, moved: make(chan struct{})}
	if !at.IsZero() {
		now := base()
		c.start, _ = domain.ClockChange{At: &at}.Apply(domain.Clock{}, domain.Moments{Now: now, Base: now}) // judged by Check
	}
	c.server.Store(&c.start)
	return c
}

// Check returns an error for a time that a clock cannot show.
func Check(at time.Time) error {
	if _, err := (domain.ClockChange{At: &at}).Apply(domain.Clock{}, domain.Moments{}); err != nil {
		return fmt.Errorf("must be in the years from %d to %d", domain.FirstYear, domain.LastYear)
	}
	return nil
}

// Shared returns a Clock that tells every account, and the server, the same time.
func Shared(base func() time.Time) *Clock {
	return New(base, time.Time{}, func(domain.AccountID) domain.Clock { return domain.Clock{} })
}

// In implements [Source].
func (c *Clock) In(r domain.Reader) time.Time { return c.Of(r.Settings().Clock) }

// Now implements [Source].
func (c *Clock) Now(account domain.AccountID) time.Time { return c.Of(c.accounts(account)) }

// Of returns what the clock of an account shows.
func (c *Clock) Of(own domain.Clock) time.Time {
	if own.IsSet() {
		return own.Time(c.base())
	}
	return c.ServerNow()
}

// ServerNow implements [Source].
func (c *Clock) ServerNow() time.Time { return c.moments(c.base()).Now }

// Base implements [Source].
func (c *Clock) Base() time.Time { return c.base() }

// Moments returns this moment in the account of a transaction.
func (c *Clock) Moments(r domain.Reader) domain.Moments {
	base := c.base()
	if own := r.Settings().Clock; own.IsSet() {
		return domain.Moments{Now: own.Time(base), Frozen: own.Frozen, Base: base}
	}
	return c.moments(base)
}

func (c *Clock) moments(base time.Time) domain.Moments {
	m := domain.Moments{Now: base, Base: base}
	if server := c.server.Load(); server.IsSet() { // loaded once, so that what is returned belongs together
		m.Now, m.Frozen = server.Time(base), server.Frozen
	}
	return m
}

// Server returns what the server's clock shows, whether it is frozen, and whether it was set since
// the server was started.
func (c *Clock) Server() (now time.Time, frozen, moved bool) {
	m := c.moments(c.base())
	return m.Now, m.Frozen, *c.server.Load() != c.start
}

// Frozen tells whether the clock of an account stands still, be it its own or the server's.
func (c *Clock) Frozen(own domain.Clock) bool {
	if own.IsSet() {
		return own.Frozen
	}
	return c.server.Load().Frozen
}

// Move moves the server's clock.
func (c *Clock) Move(move domain.ClockMove) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	server, err := move(*c.server.Load(), c.moments(c.base()))
	if err != nil {
		return err
	}
	c.server.Store(&server)
	close(c.moved)
	c.moved = make(chan struct{})
	return nil
}

// Started is the [domain.ClockMove] to how the server's clock would stand if it had never been moved.
func (c *Clock) Started(domain.Clock, domain.Moments) (domain.Clock, error) { return c.start, nil }

// Moved returns a channel that is closed when the server's clock is moved after the call.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}
