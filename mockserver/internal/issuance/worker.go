package issuance

import (
	"errors"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// take finds a pending certificate of an account that is not being made, and marks it as being
// made, from the moment on that the clock of the account shows. Where there is another one, the
// account goes back into the queue.
func (i *Issuance) take(account domain.AccountID) (found work, there bool) {
	another := false
	limit := i.busyCount() + 2 // the first ones may all be busy
	err := i.store.View(i.ctx, account, func(r domain.Reader) error {
		for _, job := range domain.IssuanceJobs(r, limit) {
			switch {
			case there:
				another = true
			case i.begin(task{account, job.CertificateID}):
				found, there = work{job, i.clock.In(r)}, true
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
func (i *Issuance) serve(account domain.AccountID, permit *ca.Permit, job work) bool {
	defer i.finish(task{account, job.CertificateID})
	made, key, err := i.make(i.ctx, permit, job.IssuanceJob, job.begins)
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

// A work is an issuance job that a worker has taken, and the moment at which its certificate begins.
type work struct {
	domain.IssuanceJob
	begins time.Time
}

// keep puts a certificate, or the refusal of one, into the account. It tells whether the account is
// as it should be.
func (i *Issuance) keep(account domain.AccountID, job work, made domain.IssuedMaterial, key []byte, refusal error) bool {
	kept, again := true, false
	err := i.Update(i.ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
		now := i.clock.In(r)
		switch again = now.Before(job.begins); {
		case again: // the clock was set back, so that the certificate would begin in the future
		case refusal != nil:
			changes, kept = domain.RefuseIssuance(r, now, job.IssuanceJob, pki.Reason(refusal))
		default:
			changes, kept = domain.CompleteIssuance(r, now, job.IssuanceJob, made, key)
		}
		return changes, nil
	})
	kept = kept && !errors.Is(err, store.ErrNotOpen)
	switch {
	case err != nil && kept:
		i.logger.Error("certificate not kept", "account", account.Short(), "order", job.OrderID, "error", err)
	case again:
		i.logger.Info("certificate made again, since the clock was set back", "account", account.Short(), "order", job.OrderID)
	case !kept:
		i.logger.Info("certificate dropped, since it is no longer asked for", "account", account.Short(), "order", job.OrderID)
	}
	return err == nil
}
