// Package journal keeps the last calls of each account, as they were asked and answered, for tests
// that want to know what was called. What it is given has no secrets any more.
//
// Accounts share no lock here: each has a book of its own.
package journal

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Server is the account in whose book the calls stand that belong to no account.
const Server domain.AccountID = ""

// Limits are the caps of a journal. What is beyond them is dropped, the oldest call first.
type Limits struct {
	Calls   int   // of an account
	Control int   // of them, calls of the control API
	Account int64 // bytes of an account
	Total   int64 // bytes of all accounts together
}

// The documented caps (D-82).
const (
	mostCalls   = 1000
	mostControl = 100
	mostAccount = 8 << 20
	mostTotal   = 256 << 20
	fewestTotal = 1 << 20
	// share is the part of the room for data that the calls of all accounts may take.
	share = 8
)

// LimitsWithin returns the documented caps where the mock may fill a number of bytes with data.
func LimitsWithin(room int64) Limits {
	total := min(max(room/share, fewestTotal), mostTotal)
	return Limits{Calls: mostCalls, Control: mostControl, Account: min(mostAccount, total), Total: total}
}

// A Journal keeps calls. It is safe for concurrent use.
type Journal struct {
	limits    Limits
	stopping  context.Context //nolint:containedctx // of the server, whose end ends every wait
	books     sync.Map        // *book by domain.AccountID
	bytes     atomic.Int64
	calls     atomic.Uint64 // that were ever recorded, which orders the calls of all accounts
	shrinking sync.Mutex
}

// New returns an empty journal. Waits end when stopping ends, with its cause.
func New(stopping context.Context, limits Limits) *Journal {
	return &Journal{limits: limits, stopping: stopping}
}

// A book has the calls of one account.
type book struct {
	mu      sync.Mutex
	last    int64 // the id of the last call
	vendor  queue
	control queue
	bytes   int64
	waiting []*waiter
	gone    bool // the journal has removed the book
}

// A queue has calls in the order of their ids.
type queue struct {
	calls   []*Call
	dropped int64 // since it was last emptied
}

// pop drops the oldest call.
func (q *queue) pop() *Call {
	first := q.calls[0]
	q.calls[0] = nil
	q.calls = q.calls[1:] // append moves the rest to the front when the array is full
	q.dropped++
	return first
}

// Record gives a call its id and keeps it.
func (j *Journal) Record(account domain.AccountID, call *Call) {
	call.at, call.size = j.calls.Add(1), call.bytes()
	for !j.book(account).record(j, call) { // the account was forgotten in between
	}
	if j.bytes.Load() > j.limits.Total {
		j.shrink()
	}
}

// book returns the book of an account, a new one if there is none.
func (j *Journal) book(account domain.AccountID) *book {
	if b := j.find(account); b != nil {
		return b
	}
	known, _ := j.books.LoadOrStore(account, &book{})
	b, _ := known.(*book) // the map holds nothing else
	return b
}

// find returns the book of an account, or nil.
func (j *Journal) find(account domain.AccountID) *book {
	known, _ := j.books.Load(account)
	b, _ := known.(*book)
	return b
}

// record adds a call, and drops others beyond the caps. It returns false for a book that is gone.
func (b *book) record(j *Journal, call *Call) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return false
	}
	b.last++
	call.ID = b.last
	to := &b.vendor
	if call.Control {
		to = &b.control
	}
	to.calls = append(to.calls, call)
	added := call.size
	for len(b.control.calls) > j.limits.Control {
		added -= b.control.pop().size
	}
	for len(b.vendor.calls)+len(b.control.calls) > j.limits.Calls || b.bytes+added > j.limits.Account {
		added -= b.oldest().pop().size
	}
	b.bytes += added
	j.bytes.Add(added)
	b.tell(call)
	return true
}

// oldest returns the queue with the oldest call. There has to be one.
func (b *book) oldest() *queue {
	if len(b.vendor.calls) == 0 || len(b.control.calls) > 0 && b.control.calls[0].ID < b.vendor.calls[0].ID {
		return &b.control
	}
	return &b.vendor
}

// shrink drops the oldest calls of all accounts, until a sixteenth of the cap is free again, so
// that it is not needed for every call. A goroutine that finds another one at it goes on.
func (j *Journal) shrink() {
	if !j.shrinking.TryLock() {
		return
	}
	defer j.shrinking.Unlock()
	type kept struct {
		at   uint64
		size int64
	}
	var all []kept
	j.eachBook(func(b *book) {
		for _, q := range b.queues() {
			for _, call := range q.calls {
				all = append(all, kept{call.at, call.size})
			}
		}
	})
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(a.at, b.at) })
	goal := j.bytes.Load() - j.limits.Total/16*15
	var until uint64
	for _, one := range all {
		if goal <= 0 {
			break
		}
		goal -= one.size
		until = one.at
	}
	j.eachBook(func(b *book) {
		for _, q := range b.queues() {
			for len(q.calls) > 0 && q.calls[0].at <= until {
				j.free(b, q.pop().size)
			}
		}
	})
}

// eachBook visits every book, under its lock.
func (j *Journal) eachBook(visit func(*book)) {
	j.books.Range(func(_, known any) bool {
		b, _ := known.(*book)
		b.mu.Lock()
		defer b.mu.Unlock()
		visit(b)
		return true
	})
}

func (b *book) queues() []*queue { return []*queue{&b.vendor, &b.control} }

// free takes bytes off a book. Its lock must be held.
func (j *Journal) free(b *book, bytes int64) {
	b.bytes -= bytes
	j.bytes.Add(-bytes)
}

// Clear empties the journal of an account. The ids of its calls go on, so that an id never stands
// for two calls.
func (j *Journal) Clear(account domain.AccountID) {
	if b := j.find(account); b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		j.empty(b)
	}
}

// Forget removes the journal of an account that is gone. Requests that wait for calls of it wait on,
// for those of the account that comes in its place.
func (j *Journal) Forget(account domain.AccountID) {
	if b := j.find(account); b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		j.empty(b)
		b.last = 0
		j.remove(account, b)
	}
}

// empty drops all calls of a book. Its lock must be held.
func (j *Journal) empty(b *book) {
	j.free(b, b.bytes)
	b.vendor, b.control = queue{}, queue{}
	for _, w := range b.waiting {
		w.seen = 0
	}
}
