// Package store keeps accounts. The interface is fit for a database with transactions; [Memory] is the one there is.
package store

import (
	"context"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Store keeps accounts apart from each other. It is safe for concurrent use.
//
// A store that has as many accounts as it may evicts one for a new one: of the accounts that hold what they were seeded
// with, because nothing has changed them since they were opened or reset, the one that was used least recently. Opening,
// resetting, reading and updating an account is using it. A transaction that is under way sees the account to its end. A
// transaction that comes later is refused with [ErrNotOpen], and its caller opens the account again.
type Store interface {
	// Open makes an account with what seed returns, unless there is one. A full store, in which every account has been
	// changed, refuses with mock_capacity.
	Open(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error
	// Reset puts an account back to what seed returns; one that was not opened is opened.
	Reset(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error
	// Owner returns whose key it is that an account handed out.
	Owner(ctx context.Context, key domain.KeyHash) (KeyOwner, bool)
	// View runs read in a transaction that sees one state of the account.
	View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error
	// Update runs decide in a transaction and applies the changes that it returns, whole or, when it returns an
	// error, not at all. A full store refuses with mock_capacity. A store whose transactions can collide may call
	// decide again, and only its last answer counts.
	Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error
	// Full returns what the store cannot take one more of, or nothing: accounts, orders, or bytes for an order.
	Full(ctx context.Context) Resource
}

// A KeyOwner is the account that a key belongs to, and the key.
type KeyOwner struct {
	Account domain.AccountID
	domain.Key
}
