package journal

import (
	"context"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A waiter is a request that waits for a number of calls. It is asked within [Journal.Record], so
// that it learns of calls that are dropped at once by others, or with their account.
type waiter struct {
	query Query
	text  string // of the query, in lower case
	limit int
	count int
	seen  int       // calls that the query selected, at least those that the book still has
	found chan Page // gets one page, of the moment when there were enough calls
}

// Wait returns what a query selects as soon as these are a number of calls, as Find returns it at
// that moment. The error is that of ctx when it ends first, or the cause with which the server is
// being stopped. The Page then has what there is.
func (j *Journal) Wait(ctx context.Context, account domain.AccountID, q Query, limit, count int) (Page, error) {
	w := &waiter{query: q, text: strings.ToLower(q.Text), limit: limit, count: count, found: make(chan Page, 1)}
	for !j.book(account).add(w) { // the account was forgotten in between
	}
	defer j.giveUp(account, w)
	select {
	case page := <-w.found:
		return page, nil
	case <-ctx.Done():
	case <-j.stopping.Done():
	}
	select {
	case page := <-w.found: // select takes any case that is ready, and calls that have come in time count
		return page, nil
	default:
	}
	page := j.Find(account, q, limit)
	if j.stopping.Err() != nil { // the context of a request ends with that of the server
		return page, j.cause()
	}
	return page, ctx.Err()
}

// cause is why the server is being stopped.
func (j *Journal) cause() error { return context.Cause(j.stopping) }

// add has a waiter answered now, or at a later call. It returns false for a book that is gone.
func (b *book) add(w *waiter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return false
	}
	if !b.satisfies(w) {
		b.waiting = append(b.waiting, w)
	}
	return true
}

// satisfies answers a waiter if there are enough calls. The lock must be held.
func (b *book) satisfies(w *waiter) bool {
	calls, dropped := b.snapshot(w.query)
	page := w.query.page(calls, dropped, w.limit)
	w.seen = page.Matched
	if page.Matched < w.count {
		return false
	}
	w.found <- page
	return true
}

// tell has waiters know of a call that was recorded. The lock must be held.
func (b *book) tell(call *Call) {
	b.waiting = slices.DeleteFunc(b.waiting, func(w *waiter) bool {
		if call.ID <= w.query.Since || call.Control && !w.query.Control || !w.query.selects(call, w.text) {
			return false
		}
		w.seen++
		return w.seen >= w.count && b.satisfies(w)
	})
}

// giveUp ends the waiting of a waiter.
func (j *Journal) giveUp(account domain.AccountID, w *waiter) {
	b := j.find(account)
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = slices.DeleteFunc(b.waiting, func(other *waiter) bool { return other == w })
	j.remove(account, b)
}

// remove removes a book that nothing needs. Its lock must be held.
func (j *Journal) remove(account domain.AccountID, b *book) {
	if b.last == 0 && len(b.waiting) == 0 {
		b.gone = true
		j.books.CompareAndDelete(account, b)
	}
}
