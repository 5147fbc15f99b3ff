// Package control implements the mock's own control API, below [Prefix].
package control

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// Accounts are the accounts of the server.
type Accounts interface {
	View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error
	Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error
	// Reset puts an account back to its seed.
	Reset(ctx context.Context, account domain.AccountID) error
	// Keep keeps an account from being evicted before it is reset.
	Keep(ctx context.Context, account domain.AccountID) error
	// Create makes an account with what seed returns, to which a reset goes back, with its keys.
	Create(ctx context.Context, account domain.AccountID, at time.Time, seed func() domain.Changes) error
	// Remove removes an account with its keys, and tells whether there was one.
	Remove(ctx context.Context, account domain.AccountID) bool
	// Accounts returns a page of the accounts, and how many there are in all.
	Accounts(ctx context.Context, page domain.Page) ([]store.Account, int)
	// Named returns an account whose id begins with a name, and how many there are.
	Named(ctx context.Context, name string) (domain.AccountID, int)
	// Wait asks a question about an account again after each certificate that was made, until the
	// answer is yes or ctx ends. The error is that of ctx, or says that the server is being stopped
	// or that no certificate can be made.
	Wait(ctx context.Context, account domain.AccountID, done func(domain.Reader) (bool, error)) error
	// Making returns the accounts with certificates that are being made.
	Making() []domain.AccountID
}

// A Config is what the control API works with.
type Config struct {
	Version  string // of the mock
	Accounts Accounts
	Seed     func(domain.AccountID) domain.Changes // the contents of a new account
	PKI      PKI
	Clock    *clock.Clock
	Faults   *fault.Rules
	Journal  *journal.Journal // nil when the server keeps none
	// Operations tells whether there is an operation of this id, and whether it is one of the mock's
	// own.
	Operations func(id string) (known, own bool)
	// Anchor returns the name of the heading of a decision in a link.
	Anchor func(decision string) string
	// Full returns what the server cannot take one more of, or nothing.
	Full func(context.Context) store.Resource
	// NewKey makes an API key, and its hash.
	NewKey func() (string, domain.KeyHash)
}

// API serves the control operations.
type API struct {
	Config
	made atomic.Uint64 // accounts
}

var _ control.StrictServerInterface = (*API)(nil)

// New returns the control operations.
func New(c Config) *API { return &API{Config: c} }

// accountOf is the account of a request.
func accountOf(ctx context.Context) domain.AccountID { return domain.ActorFrom(ctx).Account }

func (a *API) view(ctx context.Context, read func(domain.Reader) error) error {
	return a.Accounts.View(ctx, accountOf(ctx), read)
}

func (a *API) update(ctx context.Context, decide func(domain.Reader) (domain.Changes, error)) error {
	return a.Accounts.Update(ctx, accountOf(ctx), decide)
}

// now is the time in the account of a transaction.
func (a *API) now(r domain.Reader) time.Time { return a.Clock.In(r) }
