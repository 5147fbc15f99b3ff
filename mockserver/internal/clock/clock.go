// Package clock is where the mock reads the time.
package clock

import (
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Source tells the time.
type Source interface {
	// Now is the time in an account: it dates what happens to orders, users and certificates.
	Now(account domain.AccountID) time.Time
	// ServerNow is the time of what belongs to no account: the CAs, rate limits and logs.
	ServerNow() time.Time
}

// Shared returns a Source that tells every account, and the server, the same time.
func Shared(now func() time.Time) Source { return shared(now) }

type shared func() time.Time

func (s shared) Now(domain.AccountID) time.Time { return s() }
func (s shared) ServerNow() time.Time           { return s() }
