package issuance

import (
	"fmt"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// How long nothing is made after the CAs could not be had: longer each time, up to a minute.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

// wake puts an account with pending certificates into the queue.
func (i *Issuance) wake(account domain.AccountID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.enqueue(account)
	i.startDispatcher()
}

// enqueue puts an account at the end of the queue, unless it is in it. The lock must be held.
func (i *Issuance) enqueue(account domain.AccountID) {
	if _, there := i.queued[account]; !there && !i.stopped {
		i.queued[account] = struct{}{}
		i.queue = append(i.queue, account)
	}
}

// startDispatcher starts the dispatcher, unless it is there or nothing can be made. The lock must
// be held.
func (i *Issuance) startDispatcher() {
	if len(i.queue) > 0 && !i.dispatching && i.failure == nil && !i.stopped {
		i.dispatching = true
		i.goroutines.Go(i.dispatch)
	}
}

// dispatch gives each permit of the CA to the account whose turn it is, and ends when the queue is
// empty.
func (i *Issuance) dispatch() {
	if i.delay > 0 && !i.pki.Stocked() {
		select {
		case <-time.After(i.delay):
		case <-i.ctx.Done():
		}
	}
	for {
		permit, err := i.pki.Acquire(i.ctx)
		if err != nil { // the context has ended
			i.endDispatcher()
			return
		}
		account, more := i.next()
		if !more {
			permit.Release()
			return
		}
		job, found := i.take(account)
		if !found {
			permit.Release()
			continue
		}
		i.goroutines.Go(func() {
			defer permit.Release()
			if i.serve(account, permit, job) {
				i.wake(account)
			}
		})
	}
}

// next returns the account whose turn it is, or ends the dispatcher.
func (i *Issuance) next() (domain.AccountID, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.queue) == 0 || i.stopped || i.failure != nil {
		i.dispatching = false
		return "", false
	}
	account := i.queue[0]
	i.queue = i.queue[1:]
	delete(i.queued, account)
	i.turn = account
	return account, true
}

// Making returns the accounts with certificates that are being made, or are about to be. There are
// none while nothing can be made.
func (i *Issuance) Making() []domain.AccountID {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.failure != nil {
		return nil
	}
	accounts := slices.Clone(i.queue)
	for t := range i.busy {
		accounts = append(accounts, t.account)
	}
	if i.dispatching && i.turn != "" {
		accounts = append(accounts, i.turn)
	}
	slices.Sort(accounts)
	return slices.Compact(accounts)
}

func (i *Issuance) endDispatcher() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.dispatching = false
}

// begin marks a certificate as being made, unless it is.
func (i *Issuance) begin(t task) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, taken := i.busy[t]; taken {
		return false
	}
	i.busy[t] = struct{}{}
	return true
}

// finish ends what begin began.
func (i *Issuance) finish(t task) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.busy, t)
	i.announce()
}

func (i *Issuance) busyCount() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.busy)
}

// suspend stops the making for a while, since it would fail for every account. The account keeps
// its place in the queue.
func (i *Issuance) suspend(account domain.AccountID, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.enqueue(account)
	if i.failure == nil {
		i.pause = min(max(firstPause, 2*i.pause), longPause)
		i.logger.Error("no certificates for now", "pause", i.pause, "error", err)
		pause := i.pause
		i.goroutines.Go(func() { i.sleep(pause) })
	}
	i.failure = err
	i.announce()
}

// sleep resumes the making once a pause is over, by the clock of the server: to advance that one ends
// the pause, and it does not end while the clock is frozen.
func (i *Issuance) sleep(pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for end := i.clock.ServerNow().Add(pause); ; {
		moved, over := i.clock.Moved(), timer.C
		now, frozen, _ := i.clock.Server()
		if frozen {
			over = nil
		}
		timer.Reset(max(0, end.Sub(now)))
		select {
		case <-over:
			i.resume()
			return
		case <-moved:
		case <-i.ctx.Done():
			return
		}
		if !i.clock.ServerNow().Before(end) {
			i.resume()
			return
		}
	}
}

// resume ends what suspend began.
func (i *Issuance) resume() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failure = nil
	i.startDispatcher()
}

// resetPause makes the pause after the next failure a short one.
func (i *Issuance) resetPause() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pause = 0
}

// unavailable is why nothing can be made for now, or nil.
func (i *Issuance) unavailable() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, frozen, _ := i.clock.Server(); frozen && i.failure != nil {
		return fmt.Errorf("%w; the clock of the server is frozen, so that the next attempt waits until it is moved", i.failure)
	}
	return i.failure
}

// nextProgress returns a channel that is closed when a certificate is made, refused or given up
// after the call.
func (i *Issuance) nextProgress() <-chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.progress
}

// notifyCanceled wakes what waits for an account after pending certificates were given up.
func (i *Issuance) notifyCanceled() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.announce()
}

// announce closes the channel of the progress, and replaces it. The lock must be held.
func (i *Issuance) announce() {
	close(i.progress)
	i.progress = make(chan struct{})
}
