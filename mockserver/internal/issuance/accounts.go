package issuance

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// expiryBatch is how many orders expire in one transaction.
const expiryBatch = 1000

var errExpired = errors.New("orders of the account have to expire first")

// View runs read in a transaction that sees one state of the account. Before it, orders expire
// whose validity has ended.
func (i *Issuance) View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error {
	for {
		err := i.store.View(ctx, account, func(r domain.Reader) error {
			if i.due(r) {
				return errExpired
			}
			return read(r)
		})
		switch {
		case errors.Is(err, store.ErrNotOpen):
			err = i.reopen(ctx, account, err)
		case errors.Is(err, errExpired):
			err = i.expire(ctx, account)
		default:
			return err
		}
		if err != nil {
			return err
		}
	}
}

// reopen opens an account that was evicted while a request of it was on its way. The request finds
// the account as it was, since only unchanged accounts are evicted. For background work the account
// is gone.
func (i *Issuance) reopen(ctx context.Context, account domain.AccountID, gone error) error {
	if domain.ActorFrom(ctx).Account != account {
		return gone
	}
	return i.store.Open(ctx, account, i.seedOf(account))
}

// seedOf returns the contents of a new account, in the form that the store wants.
func (i *Issuance) seedOf(account domain.AccountID) func() domain.Changes {
	return func() domain.Changes { return i.seed(account) }
}

// Reset puts an account back to its seed. The API keys that it handed out are forgotten.
func (i *Issuance) Reset(ctx context.Context, account domain.AccountID) error {
	i.logger.InfoContext(ctx, "account reset", "account", account.Short())
	defer i.notifyCanceled()
	return i.store.Reset(ctx, account, i.seedOf(account))
}

// Keep keeps an account from being evicted before it is reset. What other packages keep about it
// would be lost with it.
func (i *Issuance) Keep(ctx context.Context, account domain.AccountID) error {
	for {
		err := i.store.Keep(ctx, account)
		if !errors.Is(err, store.ErrNotOpen) {
			return err
		}
		if err := i.reopen(ctx, account, err); err != nil {
			return err
		}
	}
}

// Update runs decide in a transaction, and applies its changes whole or not at all. The CA learns
// of revocations within the transaction, and the queue of pending certificates after it.
func (i *Issuance) Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error {
	var certificates []domain.Certificate
	for {
		err := i.store.Update(ctx, account, func(r domain.Reader) (domain.Changes, error) {
			if i.due(r) {
				return domain.Changes{}, errExpired
			}
			changes, err := decide(r)
			if err == nil && len(changes.Revocations) > 0 {
				// Revoking twice is revoking once, and no cap of the store refuses changes that
				// revoke. So the CA and the account say the same, even where decide is asked again.
				err = i.pki.Revoke(ctx, changes.Revocations)
			}
			if err != nil {
				return domain.Changes{}, err
			}
			certificates = changes.Certificates
			return changes, nil
		})
		switch {
		case errors.Is(err, store.ErrNotOpen):
			if err := i.reopen(ctx, account, err); err != nil {
				return err
			}
		case errors.Is(err, errExpired):
			if err := i.expire(ctx, account); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			i.afterCommit(account, certificates)
			return nil
		}
	}
}

// afterCommit wakes the queue after a transaction that asked for certificates, and what waits for
// the account after one that changed others.
func (i *Issuance) afterCommit(account domain.AccountID, certificates []domain.Certificate) {
	pending := func(c domain.Certificate) bool { return c.Pending }
	switch {
	case slices.ContainsFunc(certificates, pending):
		i.wake(account)
	case len(certificates) > 0:
		i.notifyCanceled()
	}
}

// due tells whether orders have to expire first.
func (i *Issuance) due(r domain.Reader) bool {
	return len(r.Expiring(i.clock.In(r), 1)) > 0
}

// expire makes orders expire whose validity has ended.
func (i *Issuance) expire(ctx context.Context, account domain.AccountID) error {
	for more := true; more; {
		err := i.store.Update(ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
			changes, more = domain.ExpireOrders(r, i.clock.In(r), expiryBatch)
			return changes, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Create makes an account with contents of its own, to which a reset goes back.
func (i *Issuance) Create(ctx context.Context, account domain.AccountID, at time.Time, seed func() domain.Changes) error {
	return i.store.Create(ctx, account, at, seed)
}

// Remove removes an account with its keys, and tells whether there was one.
func (i *Issuance) Remove(ctx context.Context, account domain.AccountID) bool {
	defer i.notifyCanceled()
	return i.store.Remove(ctx, account)
}

// Accounts returns a page of the accounts, and how many there are in all.
func (i *Issuance) Accounts(ctx context.Context, page domain.Page) ([]store.Account, int) {
	return i.store.Accounts(ctx, page)
}

// Named returns an account whose id begins with a name, and how many there are.
func (i *Issuance) Named(ctx context.Context, name string) (domain.AccountID, int) {
	return i.store.Named(ctx, name)
}
