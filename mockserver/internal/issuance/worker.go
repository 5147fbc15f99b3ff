package issuance

import (
	"errors"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// take finds a pending certificate of an account that is not being made, and marks it as being
// made. Where there is another one, the account goes back into the queue.
func (i *Issuance) take(account domain.AccountID) (found domain.IssuanceJob, there bool) {
	another := false
	limit := i.busyCount() + 2 // the first ones may all be busy
	err := i.store.View(i.ctx, account, func(r domain.Reader) error {
		for _, job := range domain.IssuanceJobs(r, limit) {
			switch {
			case there:
				another = true
			case i.begin(task{account, job.CertificateID}):
				found, there = job, true
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrNotOpen) { // an account that was reset and evicted wants no certificate
		i.logger.Error("nothing made", "account", account.Short(), "error", err)
	}
	if another {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.enqueue(account)
	}
	return found, there
}

// serve makes one certificate of an account, and tells whether the account may have more to make.
func (i *Issuance) serve(account domain.AccountID, permit *ca.Permit, job domain.IssuanceJob) bool {
	defer i.finish(task{account, job.CertificateID})
	made, key, err := i.make(i.ctx, permit, job)
	switch {
	case i.ctx.Err() != nil:
		return false
	case errors.Is(err, pki.ErrUnavailable):
		i.suspend(account, err)
		return false
	case err != nil:
		i.logger.Warn("certificate refused", "account", account.Short(), "order", job.OrderID, "error", err)
	}
	i.resetPause()
	return i.keep(account, job, made, key, err)
}

// keep puts a certificate, or the refusal of one, into the account. It tells whether the account is
// as it should be.
func (i *Issuance) keep(account domain.AccountID, job domain.IssuanceJob, made domain.IssuedMaterial, key []byte, refusal error) bool {
	kept := true
	err := i.Update(i.ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
		if refusal != nil {
			changes, kept = domain.RefuseIssuance(r, i.clock.Now(account), job, pki.Reason(refusal))
		} else {
			changes, kept = domain.CompleteIssuance(r, i.clock.Now(account), job, made, key)
		}
		return changes, nil
	})
	kept = kept && !errors.Is(err, store.ErrNotOpen)
	switch {
	case err != nil && kept:
		i.logger.Error("certificate not kept", "account", account.Short(), "order", job.OrderID, "error", err)
	case !kept:
		i.logger.Info("certificate dropped, since it is no longer asked for", "account", account.Short(), "order", job.OrderID)
	}
	return err == nil
}
