// Package issuance makes the keys and certificates that orders wait for, in the background. It also
// holds the transactions on accounts, since a transaction may ask for certificates, or give up some
// that were asked for.
package issuance

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// A Config is what an Issuance works with.
type Config struct {
	Store  store.Store
	PKI    *pki.PKI
	Seed   func(domain.AccountID) domain.Changes // the contents of a new account
	Clock  *clock.Clock
	Logger *slog.Logger
	// SlowStart has the making of certificates begin a moment after the first order, unless a key
	// is there already. A test that is over by then, because it needs no certificate, pays for
	// none.
	SlowStart bool
}

// An Issuance makes certificates. What is to be made is part of the accounts, so that a reset of an
// account ends it too. Only a queue is kept here: of accounts with pending certificates, each once,
// which take turns. There is no goroutine while there is nothing to make.
type Issuance struct {
	store  store.Store
	pki    *pki.PKI
	seed   func(domain.AccountID) domain.Changes
	clock  *clock.Clock
	logger *slog.Logger
	delay  time.Duration // before the first certificate is begun
	make   func(context.Context, *ca.Permit, domain.IssuanceJob, time.Time) (domain.IssuedMaterial, []byte, error)
	ctx    context.Context //nolint:containedctx // of the goroutines, which end with it

	mu          sync.Mutex
	queue       []domain.AccountID
	queued      map[domain.AccountID]struct{}
	turn        domain.AccountID // that left the queue last, whose certificate may not be in busy yet
	busy        map[task]struct{}
	dispatching bool
	stopped     bool
	failure     error         // why nothing can be made for now; nil when all is well
	pause       time.Duration // after the last failure
	goroutines  sync.WaitGroup
	progress    chan struct{} // closed and replaced when a certificate was made, refused or given up
}

// A task is one certificate of one account.
type task struct {
	account     domain.AccountID
	certificate int64
}

const slowStart = 50 * time.Millisecond

// New returns an Issuance that works until ctx ends. The cause of that end is the error of waiting.
func New(ctx context.Context, c Config) *Issuance {
	i := &Issuance{
		store: c.Store, pki: c.PKI, seed: c.Seed, clock: c.Clock, logger: c.Logger, make: c.PKI.Make,
		ctx:    ctx,
		queued: map[domain.AccountID]struct{}{}, busy: map[task]struct{}{}, progress: make(chan struct{}),
	}
	if c.SlowStart {
		i.delay = slowStart
	}
	return i
}

// Warm makes keys in the background before they are needed, until the context of the Issuance ends.
func (i *Issuance) Warm() {
	i.goroutines.Go(func() {
		if err := i.pki.Warm(i.ctx); err != nil {
			i.logger.Error("the CAs cannot be had; an order tries again", "error", err)
		}
	})
}

// Stop waits for the goroutines, once the context has ended. That takes no time: a key that is
// being made cannot be stopped, but nothing waits for it. Certificates that were being made stay
// pending.
func (i *Issuance) Stop() {
	i.mu.Lock()
	i.stopped = true
	i.mu.Unlock()
	i.goroutines.Wait()
}
