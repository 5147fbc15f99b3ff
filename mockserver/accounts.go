package mockserver

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// accounts are the accounts in the store as requests see them, with what has to happen around a transaction: orders
// whose time is over have expired before anything is read, the CA hears of a revocation in the transaction that makes
// it, and whoever makes certificates hears that there are some to be made.
type accounts struct {
	store  store.Store
	now    func() time.Time
	revoke func(context.Context, []domain.Revocation) error
	wake   func(domain.AccountID)
	tell   func()                // that fewer certificates may be awaited
	seed   func() domain.Changes // of an account that a request opens again
}

// expiryBatch is how many orders expire in one transaction.
const expiryBatch = 1000

var errExpired = errors.New("orders of the account have to expire first")

// View runs read in a transaction that sees one state of the account.
func (a accounts) View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error {
	for {
		err := a.store.View(ctx, account, func(r domain.Reader) error {
			if a.due(r) {
				return errExpired
			}
			return read(r)
		})
		switch {
		case errors.Is(err, store.ErrNotOpen):
			err = a.reopen(ctx, account, err)
		case errors.Is(err, errExpired):
			err = a.expire(ctx, account)
		default:
			return err
		}
		if err != nil {
			return err
		}
	}
}

// reopen opens an account that was evicted under a request: the request has been admitted to it, and finds it as it was,
// since nothing had changed it. For others than requests the account is gone.
func (a accounts) reopen(ctx context.Context, account domain.AccountID, gone error) error {
	if domain.ActorFrom(ctx).Account != account {
		return gone
	}
	return a.store.Open(ctx, account, a.seed)
}

// Update runs decide in a transaction, and applies its changes whole or not at all.
func (a accounts) Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error {
	var certificates []domain.Certificate
	for {
		err := a.store.Update(ctx, account, func(r domain.Reader) (domain.Changes, error) {
			if a.due(r) {
				return domain.Changes{}, errExpired
			}
			changes, err := decide(r)
			if err == nil && len(changes.Revocations) > 0 {
				// Revoking twice is revoking once, and no cap of the store refuses changes that revoke. So the CA and
				// the account say the same, even where decide is asked again.
				err = a.revoke(ctx, changes.Revocations)
			}
			if err != nil {
				return domain.Changes{}, err
			}
			certificates = changes.Certificates
			return changes, nil
		})
		switch {
		case errors.Is(err, store.ErrNotOpen):
			if err := a.reopen(ctx, account, err); err != nil {
				return err
			}
		case errors.Is(err, errExpired):
			if err := a.expire(ctx, account); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			a.follow(account, certificates)
			return nil
		}
	}
}

// follow says what has become of certificates to whoever makes them, and to whoever waits.
func (a accounts) follow(account domain.AccountID, certificates []domain.Certificate) {
	awaited := func(c domain.Certificate) bool { return c.Awaited }
	switch {
	case slices.ContainsFunc(certificates, awaited):
		a.wake(account)
	case len(certificates) > 0:
		a.tell()
	}
}

// due tells whether orders have to expire first.
func (a accounts) due(r domain.Reader) bool { return len(r.Expiring(a.now(), 1)) > 0 }

// expire ends the orders whose time is over.
func (a accounts) expire(ctx context.Context, account domain.AccountID) error {
	for more := true; more; {
		err := a.store.Update(ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
			changes, more = domain.ExpireOrders(r, a.now(), expiryBatch)
			return changes, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
