package mockserver

import (
	"context"
	"errors"
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
	tell   func() // that fewer certificates may be awaited
}

// expiryBatch is how many orders expire in one transaction.
const expiryBatch = 1000

var errExpired = errors.New("orders of the account have to expire first")

// View runs read in a transaction that sees one state of the account.
func (a accounts) View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error {
	return a.expiring(ctx, account, func() error {
		return a.store.View(ctx, account, func(r domain.Reader) error {
			if len(r.Expiring(a.now(), 1)) > 0 {
				return errExpired
			}
			return read(r)
		})
	})
}

// Update runs decide in a transaction, and applies its changes whole or not at all.
func (a accounts) Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error {
	awaits, concerned := false, false
	err := a.expiring(ctx, account, func() error {
		return a.store.Update(ctx, account, func(r domain.Reader) (domain.Changes, error) {
			awaits, concerned = false, false
			if len(r.Expiring(a.now(), 1)) > 0 {
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
			for i := range changes.Certificates {
				awaits = awaits || changes.Certificates[i].Awaited
				concerned = true
			}
			return changes, nil
		})
	})
	switch {
	case err == nil && awaits:
		a.wake(account)
	case err == nil && concerned:
		a.tell()
	}
	return err
}

// expiring runs a transaction, and once more where orders had to expire before it.
func (a accounts) expiring(ctx context.Context, account domain.AccountID, transaction func() error) error {
	for {
		err := transaction()
		if !errors.Is(err, errExpired) {
			return err
		}
		for more := true; more; {
			err := a.store.Update(ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
				changes, more = domain.ExpireOrders(r, a.now(), expiryBatch)
				return changes, nil
			})
			if err != nil {
				return err
			}
		}
	}
}
