// Package store keeps accounts. A database with transactions can implement its interface; [Memory]
// is the only implementation.
package store

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Store keeps accounts apart from each other. It is safe for concurrent use.
//
// A store that has as many accounts as its limit allows evicts one to open a new one: of the
// accounts that have not been changed since they were opened or reset, the least recently used one.
// To open, reset, read or update an account is to use it. A transaction that has begun sees the
// account until it ends. A later transaction is refused with [ErrNotOpen], and its caller opens the
// account again.
type Store interface {
	// Open makes an account with what seed returns, unless there is one. A full store, in which
	// every account has been changed, refuses with mock_capacity. seed must not use the store.
	Open(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error
	// Reset puts an account back to what seed returns; one that was not opened is opened.
	Reset(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error
	// Keep marks an account as changed, so that it is not evicted before it is reset.
	Keep(ctx context.Context, account domain.AccountID) error
	// Owner returns the account and the user of an API key that an account handed out.
	Owner(ctx context.Context, key domain.KeyHash) (KeyOwner, bool)
	// Create makes an account with what seed returns, to which a reset goes back, with its keys. It
	// is not evicted. at is the time that a list shows.
	Create(ctx context.Context, account domain.AccountID, at time.Time, seed func() domain.Changes) error
	// Remove removes an account with its keys, and tells whether there was one.
	Remove(ctx context.Context, account domain.AccountID) bool
	// Accounts returns a page of the accounts, those that were opened first at its beginning, and how
	// many there are in all.
	Accounts(ctx context.Context, page domain.Page) ([]Account, int)
	// Named returns an account whose id begins with a name, and how many there are.
	Named(ctx context.Context, name string) (domain.AccountID, int)
	// Enter notes a call of an account at a time, and returns its settings. It waits for no
	// transaction. An account that is not open has none.
	Enter(ctx context.Context, account domain.AccountID, at time.Time) (domain.Settings, bool)
	// Settings returns the settings of an account, without waiting for a transaction. An account
	// that is not open has none.
	Settings(ctx context.Context, account domain.AccountID) (domain.Settings, bool)
	// View runs read in a transaction that sees one state of the account.
	View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error
	// Update runs decide in a transaction and applies the changes that it returns, whole or, when
	// it returns an error, not at all. A full store refuses with mock_capacity. A store whose
	// transactions can collide may call decide again, and only its last answer counts.
	Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error
	// Full returns a resource that has no room for one more account or one more order, or the empty
	// one.
	Full(ctx context.Context) Resource
}

// A KeyOwner is the account that a key belongs to, and the key.
type KeyOwner struct {
	Account domain.AccountID
	domain.Key
}
