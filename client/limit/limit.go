// Package limit keeps a program within the rate limits of CertCentral: 100 requests in 5 seconds
// and 1000 in 3 minutes for each API key ([Vendor]). A request that would exceed a limit waits
// until it may be sent, so that the service has no reason to answer with status 429.
//
//	limiter, err := limit.New(limit.Vendor()...)
//	if err != nil {
//		return err
//	}
//	cc, err := certcentral.New(certcentral.WithMiddleware(limiter.Middleware))
//
// One limiter belongs to one API key: give it to all clients that use the key. Several goroutines
// may use it at the same time. Requests are sent in the order in which they came. A limiter has no
// goroutine and no timer of its own, and needs no Close. Its memory does not grow: it holds as many
// times as the largest rule has requests, which is 8 kB for the limits of the vendor.
//
// # Rolling windows
//
// The windows of the service roll: at every moment the requests of the last 5 seconds count. A
// token bucket, such as the one of golang.org/x/time/rate, is another thing. A bucket of 100 tokens
// that is filled in 5 seconds lets almost 200 requests through in 5 seconds: 100 at once, and 100
// more as the tokens come back. So this package counts the requests of each window.
//
// A request counts when it arrives at the service, and the way there takes sometimes more and
// sometimes less time. [Limiter.Transport] and [Limiter.Middleware] therefore count a request from
// when it is sent until its window has passed after the answer. Whatever the network does, the
// service never gets more requests in a window than the rule allows. This also means that no more
// requests are under way at once than the smallest rule allows.
//
// # Other programs with the same key
//
// A limiter knows the requests of its own process only. If the service answers with status 429
// nevertheless, another program uses the key. Then the limiter lets no request through until the
// time in the header Retry-After, or for the length of the shortest window if there is no such
// header. It never pauses for longer than the longest window: by then the service has forgotten
// every request. The answer itself is returned unchanged.
//
// # Contexts
//
// A wait ends when the context of the request ends. If its deadline is not later than the first
// moment at which the request could be sent, after those that already wait, the request fails at
// once. Both give a [*WaitError], and nothing was sent. The timeout of an [http.Client] is a deadline
// too, and includes the wait.
package limit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Rule allows a number of requests in any period as long as the window.
type Rule struct {
	// Requests is the number of requests, from 1 to 1,000,000.
	Requests int
	// Window is the length of the period, at most 24 hours.
	Window time.Duration
}

// String returns the rule in the form "100 in 5s".
func (r Rule) String() string { return fmt.Sprintf("%d in %v", r.Requests, r.Window) }

const (
	mostRequests  = 1_000_000
	longestWindow = 24 * time.Hour
)

// Vendor returns the limits of the service for each API key.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/rate-limits.html
func Vendor() []Rule {
	return []Rule{{Requests: 100, Window: 5 * time.Second}, {Requests: 1000, Window: 3 * time.Minute}}
}

// A Limiter delays requests until all of its rules allow them. [New] makes one.
type Limiter struct {
	rules    []Rule
	shortest time.Duration // the shortest window
	longest  time.Duration // the longest window
	start    time.Time     // all other times are distances from it

	mu       sync.Mutex
	inFlight int           // requests without an answer
	answered ring          // when the last requests were answered
	paused   time.Duration // no request before this time
	queue    []*waiter     // in the order in which they came; only the first one watches the time
}

// A waiter is a request that waits.
type waiter struct {
	// wake gets a value when the waiter has to look again: it has become the first one, or a request
	// was answered.
	wake chan struct{}
}

// New returns a limiter that has counted no request. It fails without a rule and with a wrong one.
func New(rules ...Rule) (*Limiter, error) {
	if len(rules) == 0 {
		return nil, errors.New("limit: no rule: the vendor's are limit.Vendor()")
	}
	l := &Limiter{rules: slices.Clone(rules), start: now(), shortest: rules[0].Window}
	most := 0
	for i, rule := range rules {
		switch {
		case rule.Requests < 1 || rule.Requests > mostRequests:
			return nil, fmt.Errorf("limit: rules[%d]: the number of requests must be from 1 to %d", i, mostRequests)
		case rule.Window <= 0 || rule.Window > longestWindow:
			return nil, fmt.Errorf("limit: rules[%d]: the window must be positive and at most %v", i, longestWindow)
		}
		most = max(most, rule.Requests)
		l.shortest, l.longest = min(l.shortest, rule.Window), max(l.longest, rule.Window)
	}
	l.answered.times = make([]time.Duration, most)
	return l, nil
}

// Wait waits until one more request may be sent, and counts it from then on. The error is a
// [*WaitError]; then the request is not counted.
//
// Wait is for requests that take another way than [Limiter.Transport] or [Limiter.Middleware]. It
// knows nothing of the answer. If the way of this request to the service takes longer than that of
// a later one, the service may count more requests in a window than the limiter did.
func (l *Limiter) Wait(ctx context.Context) error {
	if err := l.acquire(ctx); err != nil {
		return err
	}
	l.release()
	return nil
}

// acquire waits until one more request may be sent. The request then counts as one without an
// answer until release is called.
func (l *Limiter) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &WaitError{cause: err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	began := l.time()
	if len(l.queue) == 0 && l.allows(began) {
		l.inFlight++
		return nil
	}
	// Nothing of the wait may be left behind if the deadline makes it useless.
	if deadline, ok := ctx.Deadline(); ok {
		if first := l.earliest(began, len(l.queue)); deadline.Sub(l.start) <= first {
			return &WaitError{Wait: first - began, cause: context.DeadlineExceeded, early: true}
		}
	}
	w := &waiter{wake: make(chan struct{}, 1)}
	l.queue = append(l.queue, w)
	defer l.leave(w)
	for {
		if err := l.pass(ctx, w); err != nil {
			return &WaitError{Wait: l.time() - began, cause: err}
		}
		if l.queue[0] == w && l.allows(l.time()) {
			l.inFlight++
			return nil
		}
	}
}

// pass lets time pass until w has to look again, or the context ends. It is called with the lock,
// which it gives up in between.
func (l *Limiter) pass(ctx context.Context, w *waiter) error {
	var due <-chan time.Time
	if l.queue[0] == w && !l.full() {
		at := l.time()
		timer := time.NewTimer(l.earliest(at, 0) - at)
		defer timer.Stop()
		due = timer.C
	}
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.wake:
		return nil
	case <-due:
		return nil
	}
}

// leave takes a waiter out of the queue. Its successor may be allowed at the same moment.
func (l *Limiter) leave(w *waiter) {
	i := slices.Index(l.queue, w)
	l.queue = slices.Delete(l.queue, i, i+1)
	if i == 0 {
		l.wakeFirst()
	}
}

// wakeFirst makes the first waiter look again.
func (l *Limiter) wakeFirst() {
	if len(l.queue) == 0 {
		return
	}
	select {
	case l.queue[0].wake <- struct{}{}:
	default: // it has not yet looked since the last time
	}
}

// release says that a request was answered, or that it has failed.
func (l *Limiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	wasFull := l.full()
	l.inFlight--
	l.answered.add(l.time())
	if wasFull {
		l.wakeFirst() // it waits for an answer, and has no timer
	}
}

// pause lets no request through for a time, at most for the longest window.
func (l *Limiter) pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = max(l.paused, l.time()+min(d, l.longest))
}

// full reports whether there are so many requests without an answer that no request is allowed
// until one of them is answered.
func (l *Limiter) full() bool {
	return slices.ContainsFunc(l.rules, func(rule Rule) bool { return l.inFlight >= rule.Requests })
}

// allows reports whether one more request may be sent at a time.
func (l *Limiter) allows(at time.Duration) bool { return !l.full() && l.earliest(at, 0) <= at }

// earliest returns the first time, from now on, at which a request can be sent if ahead others are
// sent before it. It is the exact time for the first one, if the limiter is not full. For the
// others it is a lower bound, since requests without an answer may take any time.
func (l *Limiter) earliest(now time.Duration, ahead int) time.Duration {
	start := max(now, l.paused)
	first := start
	for _, rule := range l.rules {
		// Each request that is sent takes the place of an earlier one. The places become free in
		// this order: those that were never taken, those of answered requests, those of requests
		// without an answer, and then again those of the requests ahead.
		rounds, place := ahead/rule.Requests, ahead%rule.Requests
		free := start
		switch before := rule.Requests - l.inFlight - place; {
		case before <= 0:
			free = max(free, now+rule.Window)
		case before <= l.answered.count:
			free = max(free, l.answered.last(before)+rule.Window)
		}
		first = max(first, free+time.Duration(rounds)*rule.Window)
	}
	return first
}

func (l *Limiter) time() time.Duration { return now().Sub(l.start) }

// now is the real time. Tests run in a bubble of testing/synctest, which has a clock of its own.
func now() time.Time {
	return time.Now() //nolint:forbidigo // timers and the deadlines of contexts are on the same clock
}

// A ring holds the last times that were added, in their order.
type ring struct {
	times []time.Duration
	next  int // where the next time goes
	count int
}

func (r *ring) add(at time.Duration) {
	r.times[r.next] = at
	r.next = (r.next + 1) % len(r.times)
	r.count = min(r.count+1, len(r.times))
}

// last returns the n-th last time, from 1 for the latest to count for the oldest.
func (r *ring) last(n int) time.Duration {
	return r.times[(r.next-n+len(r.times))%len(r.times)]
}
