package domain

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A RateRule allows a number of requests of one API key in any period as long as the window (D-55).
type RateRule struct {
	Requests int
	Window   time.Duration
}

// A RateLimit is the rules of an account. Without rules nothing is limited.
type RateLimit []RateRule

// The bounds of a rate limit. The times of as many requests are kept for each API key (D-44).
const (
	MaxRateRules    = 10
	maxRateRequests = 10_000
	maxRateWindow   = 24 * time.Hour
)

// VendorRateLimit is the limit that the vendor documents (D-55).
func VendorRateLimit() RateLimit {
	return RateLimit{{Requests: 100, Window: 5 * time.Second}, {Requests: 1000, Window: 3 * time.Minute}}
}

// Vendor tells whether the limit is that of the vendor.
func (l RateLimit) Vendor() bool { return slices.Equal(l, VendorRateLimit()) }

// Check returns what is wrong with the limit.
func (l RateLimit) Check() error {
	if len(l) > MaxRateRules {
		return fmt.Errorf("must have at most %d rules", MaxRateRules)
	}
	for _, rule := range l {
		if rule.Requests < 1 || rule.Requests > maxRateRequests || rule.Window <= 0 || rule.Window > maxRateWindow {
			return errors.New("must allow at least one request in a window that is longer than zero, and at most 10000 in one of at most 24h")
		}
	}
	return nil
}
