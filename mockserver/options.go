package mockserver

import (
	"log/slog"
	"time"
)

// An Option changes how [New] builds a server. An option with a wrong value makes New fail.
type Option func(*config) error

type config struct{}

// WithClock sets where the server reads the time from; the default is [time.Now].
func WithClock(now func() time.Time) Option { return nil }

// WithLogger sets where the server logs to; the default discards everything. No key, card number or body is logged.
func WithLogger(logger *slog.Logger) Option { return nil }

// WithAPIKeys closes the list of API keys: every other key is refused. Each key opens an account of its own.
// Without this option an unknown key opens a fresh account, except one that begins with "invalid".
func WithAPIKeys(keys ...string) Option { return nil }

// WithBalance sets the balance of new accounts, a decimal string with at most two decimals such as "1000.00".
// The default is "0.00".
func WithBalance(amount string) Option { return nil }

// WithNegativeBalanceLimit sets how far the balance of new accounts may fall below zero, as a decimal string, or
// "unlimited", which is the default.
func WithNegativeBalanceLimit(amount string) Option { return nil }

// WithResponseCheck checks every response against the contract before it is sent, and calls report for one that does
// not fit. A nil report logs it and answers 500 in its place.
func WithResponseCheck(report func(error)) Option { return nil }

// WithMaxAccounts sets how many accounts the server holds at most; the default is 10,000.
func WithMaxAccounts(n int) Option { return nil }

// WithMaxOrders sets how many orders the server holds at most, in all accounts together; the default is 1,000,000.
func WithMaxOrders(n int) Option { return nil }
