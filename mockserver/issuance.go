package mockserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// An issuance makes the keys and certificates that accounts wait for, in the background. What is to be made is written
// down in the accounts themselves, so that nothing can be lost or outlive a reset; here is only a queue of accounts that
// have something to do, each once, which take turns. No goroutine is there while there is nothing to do.
type issuance struct {
	server *Server
	most   int           // workers
	delay  time.Duration // before a worker begins
	make   func(context.Context, domain.Assignment) (domain.Made, []byte, error)
	ctx    context.Context //nolint:containedctx // of the workers, which Close ends
	cancel context.CancelCauseFunc

	mu       sync.Mutex
	queue    []domain.AccountID
	queued   map[domain.AccountID]struct{}
	busy     map[task]struct{}
	running  int
	closed   bool
	failure  error         // that nothing can be made for now; nil when all is well
	pause    time.Duration // after the last failure
	workers  sync.WaitGroup
	progress chan struct{} // closed when something has been finished or given up, and replaced
}

// A task is one certificate of one account.
type task struct {
	account     domain.AccountID
	certificate int64
}

// slowStart is how long a worker waits before it makes a key that takes long, and cannot be stopped: a test that is over
// by then, because it needs no certificate, doesn't pay for one. Nothing waits where the key is there already.
const slowStart = 50 * time.Millisecond

// How long nothing is made after the CAs could not be had: longer each time, up to a minute.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

func newIssuance(s *Server) *issuance {
	i := &issuance{
		server: s, most: ca.KeyWorkers(), make: s.pki.make,
		queued: map[domain.AccountID]struct{}{}, busy: map[task]struct{}{}, progress: make(chan struct{}),
	}
	if !s.tokenKey.Quick() && !s.warm {
		i.delay = slowStart
	}
	i.ctx, i.cancel = context.WithCancelCause(context.Background())
	return i
}

// wake says that an account has something to do.
func (i *issuance) wake(account domain.AccountID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.enqueue(account)
	i.hire()
}

// enqueue puts an account at the end of the queue, unless it is in it. The lock must be held.
func (i *issuance) enqueue(account domain.AccountID) {
	if _, there := i.queued[account]; !there && !i.closed {
		i.queued[account] = struct{}{}
		i.queue = append(i.queue, account)
	}
}

// hire starts a worker, if there may be one more. One that finds nothing to do ends at once. The lock must be held.
func (i *issuance) hire() {
	if i.running < i.most && i.failure == nil && !i.closed {
		i.running++
		i.workers.Add(1)
		go i.work()
	}
}

// fail stops the making for a while: what it needs cannot be had, whatever account asks.
func (i *issuance) fail(account domain.AccountID, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.enqueue(account) // it goes on where it was, and nobody is hired meanwhile
	if i.failure == nil {
		i.pause = min(max(firstPause, 2*i.pause), longPause)
		i.server.logger.Error("no certificates for now", "pause", i.pause, "error", err)
		time.AfterFunc(i.pause, i.resume)
	}
	i.failure = err
	i.announce()
}

func (i *issuance) resume() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failure = nil
	if len(i.queue) > 0 {
		i.hire()
	}
}

// fault is why nothing can be made for now, or nil.
func (i *issuance) fault() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.failure
}

// close ends the workers and the warming of the CAs, and waits for them. That takes no time: a key that is being made
// cannot be stopped, and none of them waits for it once the context has ended. What they were at stays undone.
func (i *issuance) close() {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	i.cancel(envelope.ErrStopping)
	i.workers.Wait()
}

// changed returns a channel that is closed when something has been finished or given up after the call.
func (i *issuance) changed() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.progress
}

// Settle waits until no key and no certificate of the account of an API key is being made any more, or until ctx ends. The
// error then says how many certificates are still being made, of which orders, and why it waits no longer. A key that has
// not been used yet has nothing to wait for.
func (s *Server) Settle(ctx context.Context, apiKey string) error {
	account := domain.AccountID(hashKey(apiKey))
	if owner, handedOut := s.store.Owner(ctx, hashKey(apiKey)); handedOut {
		account = owner.Account
	}
	var open *domain.Error
	err := s.wait(ctx, account, func(r domain.Reader) (bool, error) {
		open = domain.Settled(r)
		return open == nil, nil
	})
	switch {
	case err == nil, errors.Is(err, store.ErrNotOpen):
		return nil
	case open != nil:
		return fmt.Errorf("mockserver: settle: %w: %w", open, err)
	default:
		return fmt.Errorf("mockserver: settle: %w", err)
	}
}

// wait asks a question about an account again after each certificate that was made, until the answer is yes. The error is
// that of ctx when it ends first, envelope.ErrStopping, or says why nothing can be made at all. The question is asked once
// in any case.
func (s *Server) wait(ctx context.Context, account domain.AccountID, done func(domain.Reader) (bool, error)) error {
	for {
		progress := s.issuance.changed() // before the question, so that nothing is missed between the two
		finished := false
		err := s.accounts.View(context.WithoutCancel(ctx), account, func(r domain.Reader) (err error) {
			finished, err = done(r)
			return err
		})
		if err != nil || finished {
			return err
		}
		if err := s.issuance.fault(); err != nil {
			return err
		}
		select {
		case <-progress:
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), envelope.ErrStopping) {
				return envelope.ErrStopping
			}
			return ctx.Err()
		case <-s.issuance.ctx.Done():
			return envelope.ErrStopping
		}
	}
}

func (i *issuance) work() {
	defer i.workers.Done()
	authority := i.server.ca.hierarchy
	defer authority.Hold()()
	if i.delay > 0 && !authority.Stocked(i.server.tokenKey) {
		select {
		case <-time.After(i.delay):
		case <-i.ctx.Done():
		}
	}
	for {
		account, more := i.next()
		if !more {
			return
		}
		if i.serve(account) {
			i.wake(account)
		}
	}
}

// next returns the account whose turn it is, or ends the worker.
func (i *issuance) next() (domain.AccountID, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.queue) == 0 || i.closed || i.failure != nil {
		i.running--
		return "", false
	}
	account := i.queue[0]
	i.queue = i.queue[1:]
	delete(i.queued, account)
	return account, true
}

// serve makes one certificate of an account, and tells whether to come back to it.
func (i *issuance) serve(account domain.AccountID) bool {
	assignment, found, more := i.take(account)
	if !found {
		return false
	}
	defer i.finish(task{account, assignment.CertificateID})
	if more {
		i.wake(account) // for another worker
	}
	made, key, err := i.make(i.ctx, assignment)
	switch {
	case i.ctx.Err() != nil:
		return false
	case errors.Is(err, errNoCA):
		i.fail(account, err)
		return false
	case err != nil:
		i.server.logger.Warn("certificate refused", "account", account.Short(), "order", assignment.OrderID, "error", err)
	}
	i.recovered()
	kept := true
	failed := i.server.accounts.Update(i.ctx, account, func(r domain.Reader) (changes domain.Changes, _ error) {
		if err != nil {
			changes, kept = domain.RefuseAssignment(r, i.server.now(), assignment, reason(err))
		} else {
			changes, kept = domain.FulfillAssignment(r, i.server.now(), assignment, made, key)
		}
		return changes, nil
	})
	kept = kept && !errors.Is(failed, store.ErrNotOpen)
	switch {
	case failed != nil && kept:
		i.server.logger.Error("certificate not kept", "account", account.Short(), "order", assignment.OrderID, "error", failed)
	case !kept:
		i.server.logger.Info("certificate dropped, since it is no longer asked for", "account", account.Short(), "order", assignment.OrderID)
	}
	return failed == nil
}

// recovered forgets how long the last pause was.
func (i *issuance) recovered() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pause = 0
}

// reason is what an order is told of a refusal: what the CA says, in one line.
func reason(err error) string {
	text := err.Error()
	if _, said, found := strings.Cut(text, ca.ErrRefused.Error()+": "); found {
		text = strings.TrimPrefix(said, "ca: ")
	}
	return strings.ReplaceAll(text, "\n", "; ")
}

// take finds a certificate of an account that nobody is making yet, and tells whether there is another one.
func (i *issuance) take(account domain.AccountID) (found domain.Assignment, there, more bool) {
	err := i.server.store.View(i.ctx, account, func(r domain.Reader) error {
		for _, assignment := range domain.Assignments(r, i.most+1) { // most of them are being made, at the worst
			switch {
			case there:
				more = true
			case i.begin(task{account, assignment.CertificateID}):
				found, there = assignment, true
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrNotOpen) { // an account that was reset and evicted wants nothing any more
		i.server.logger.Error("nothing made", "account", account.Short(), "error", err)
	}
	return found, there, more
}

func (i *issuance) begin(t task) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, taken := i.busy[t]; taken {
		return false
	}
	i.busy[t] = struct{}{}
	return true
}

func (i *issuance) finish(t task) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.busy, t)
	i.announce()
}

// tell announces that fewer certificates may be awaited than before, for another reason than that one was made.
func (i *issuance) tell() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.announce()
}

func (i *issuance) announce() {
	close(i.progress)
	i.progress = make(chan struct{})
}
