// Package limit counts the requests of each API key in windows that roll with the clock.
//
// A token bucket, the usual limiter, lets a burst through at the end of one window and another at the start of the
// next. The vendor's windows do not, so the moments of the requests themselves are kept.
package limit

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Rule allows so many requests in any stretch of time as long as the window.
type Rule struct {
	Requests int
	Window   time.Duration
}

// A Limiter holds keys to its rules. It is safe for concurrent use.
//
// It keeps at most one moment for each request that the longest window allows, per key, and forgets keys that have
// been idle for that long. Of more than 20,000 keys it forgets those that were idle for longest, which then may send as
// if they were new (D-44). One lock is enough: it is held for some tens of nanoseconds, and only when a server limits
// at all.
type Limiter struct {
	now     func() time.Time
	rules   []Rule
	longest time.Duration

	mu      sync.Mutex
	sent    map[string][]int64 // by key: when it sent what was allowed, in nanoseconds since 1970, the oldest first
	sweepAt int                // how many keys there may be before idle ones are looked for
}

const (
	fewKeys  = 64     // not worth a sweep
	mostKeys = 20_000 // that are kept
)

// New returns a limiter. Time comes from now.
func New(now func() time.Time, rules ...Rule) *Limiter {
	l := &Limiter{now: now, rules: rules, sent: map[string][]int64{}, sweepAt: fewKeys}
	for _, rule := range rules {
		l.longest = max(l.longest, rule.Window)
	}
	return l
}

// Allow tells whether a key may send one more request, and counts it if so. A refused request counts for nothing: it
// does not put off the moment from which requests are allowed again.
func (l *Limiter) Allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().UnixNano()
	sent, known := l.sent[key]
	if !known {
		l.sweep(now)
	}
	sent = l.live(sent, now)
	for _, rule := range l.rules {
		// With n requests allowed, one more fits in unless the n-th last still lies within the window.
		if n := len(sent) - rule.Requests; n >= 0 && now-sent[n] < int64(rule.Window) {
			l.sent[key] = sent
			return false
		}
	}
	l.sent[key] = append(sent, now)
	return true
}

// live leaves out what no window reaches any more.
func (l *Limiter) live(sent []int64, now int64) []int64 {
	for len(sent) > 0 && now-sent[0] >= int64(l.longest) {
		sent = sent[1:]
	}
	return sent
}

// sweep forgets idle keys, once there are twice as many as the last sweep left.
func (l *Limiter) sweep(now int64) {
	if len(l.sent) < l.sweepAt {
		return
	}
	for key, sent := range l.sent {
		if len(l.live(sent, now)) == 0 {
			delete(l.sent, key)
		}
	}
	if len(l.sent) >= mostKeys {
		l.forget(mostKeys / 4)
	}
	l.sweepAt = min(max(fewKeys, 2*len(l.sent)), mostKeys)
}

// forget forgets so many keys, those that were idle for longest. It forgets many at once, since it looks at all of them.
func (l *Limiter) forget(n int) {
	keys := slices.Collect(maps.Keys(l.sent))
	last := func(key string) int64 { return l.sent[key][len(l.sent[key])-1] } // a key is kept with a moment at least
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(last(a), last(b)) })
	for _, key := range keys[:n] {
		delete(l.sent, key)
	}
}
