package mockserver

import (
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
)

// WithClock sets the base of time: where the server reads the time from, unless its clock or that of
// an account is set. The default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return wrongOption("clock", errNil)
		}
		c.now = now
		return nil
	}
}

// WithStartTime sets what the server's clock shows when [New] returns, in the years from 1970 to
// 2199. It runs from there as fast as the clock of [WithClock]. Accounts follow the server's clock,
// until PUT /_mock/clock sets their own.
func WithStartTime(at time.Time) Option {
	return func(c *config) error {
		if err := clock.Check(at); err != nil {
			return wrongOption("start time", err)
		}
		c.startAt = at
		return nil
	}
}

// WithCRLLifetime sets the time from thisUpdate to nextUpdate of CRLs, by the server's clock; the
// default is 48 hours. With a negative one every CRL is stale already, and shows what a client makes
// of that: nextUpdate is that long ago.
func WithCRLLifetime(d time.Duration) Option {
	return func(c *config) error {
		if err := ca.CheckLifetime(d); err != nil {
			return wrongOption("CRL lifetime", err)
		}
		c.authority = append(c.authority, ca.WithCRLLifetime(d))
		return nil
	}
}

// WithOCSPLifetime sets the time from thisUpdate to nextUpdate of OCSP responses, by the server's
// clock; the default is 24 hours. With a negative one every response is stale already; see
// [WithCRLLifetime].
func WithOCSPLifetime(d time.Duration) Option {
	return func(c *config) error {
		if err := ca.CheckLifetime(d); err != nil {
			return wrongOption("OCSP lifetime", err)
		}
		c.authority = append(c.authority, ca.WithOCSPLifetime(d))
		return nil
	}
}
