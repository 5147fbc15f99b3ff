package issuance

import (
	"context"
	"errors"
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// Wait asks a question about an account again after each certificate that was made, until the
// answer is yes. The error is that of ctx when it ends first, the cause with which the context of
// the Issuance ended, or says why nothing can be made at all. The question is asked once in any
// case.
func (i *Issuance) Wait(ctx context.Context, account domain.AccountID, done func(domain.Reader) (bool, error)) error {
	for {
		progress := i.nextProgress() // before the question, so that nothing is missed between the two
		finished := false
		err := i.View(context.WithoutCancel(ctx), account, func(r domain.Reader) (err error) {
			finished, err = done(r)
			return err
		})
		if err != nil || finished {
			return err
		}
		if err := i.unavailable(); err != nil {
			return err
		}
		select {
		case <-progress:
		case <-i.ctx.Done():
			return i.cause()
		case <-ctx.Done():
			if i.ctx.Err() != nil { // the context of a request ends with that of the server
				return i.cause()
			}
			return ctx.Err()
		}
	}
}

// Settle waits until no certificate of the account of an API key is pending, or until ctx ends. The
// error then says how many are, of which orders, and why it waits no longer. An account that is not
// open has no pending certificates.
func (i *Issuance) Settle(ctx context.Context, key domain.KeyHash) error {
	account := domain.AccountID(key)
	if owner, handedOut := i.store.Owner(ctx, key); handedOut {
		account = owner.Account
	}
	var open *domain.Error
	err := i.Wait(ctx, account, func(r domain.Reader) (bool, error) {
		open = domain.Settled(r)
		return open == nil, nil
	})
	switch {
	case err == nil, errors.Is(err, store.ErrNotOpen):
		return nil
	case open != nil:
		return fmt.Errorf("%w: %w", open, err)
	default:
		return err
	}
}
