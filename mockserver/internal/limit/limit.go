// Package limit limits the requests of each API key in rolling windows.
//
// A token bucket, the usual limiter, allows a burst at the end of one window and another one at the
// start of the next. The vendor's limits do not, so this package keeps the time of each request.
package limit

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Rule allows at most Requests requests in any period of the length Window.
type Rule struct {
	Requests int
	Window   time.Duration
}

// A Limiter applies its rules to each key. It is safe for concurrent use.
//
// For each key it keeps the times of its last requests, at most as many as the longest window
// allows, and removes keys that have been idle for that long. Above 20,000 keys it removes the keys
// that were idle for longest; a removed key is treated as a new one (D-44). One mutex is enough: it
// is held for some tens of nanoseconds, and only if the server limits requests.
type Limiter struct {
	now     func() time.Time
	rules   []Rule
	longest time.Duration

	mu      sync.Mutex
	sent    map[string][]int64 // by key: the times of allowed requests in Unix nanoseconds, oldest first
	sweepAt int                // the number of keys at which the next sweep takes place
}

const (
	fewKeys  = 64     // fewer keys are never swept
	mostKeys = 20_000 // the most keys that are kept
)

// New returns a limiter with these rules. now is its clock.
func New(now func() time.Time, rules ...Rule) *Limiter {
	l := &Limiter{now: now, rules: rules, sent: map[string][]int64{}, sweepAt: fewKeys}
	for _, rule := range rules {
		l.longest = max(l.longest, rule.Window)
	}
	return l
}

// Allow reports whether the key may send one more request, and counts the request if it may. A
// refused request is not counted, so it does not delay the time at which requests are allowed
// again.
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
		// Of the last n requests, with n = rule.Requests, the first one must be outside of the
		// window.
		if n := len(sent) - rule.Requests; n >= 0 && now-sent[n] < int64(rule.Window) {
			l.sent[key] = sent
			return false
		}
	}
	l.sent[key] = append(sent, now)
	return true
}

// live removes the times that are outside of all windows.
func (l *Limiter) live(sent []int64, now int64) []int64 {
	for len(sent) > 0 && now-sent[0] >= int64(l.longest) {
		sent = sent[1:]
	}
	return sent
}

// sweep removes idle keys if there are twice as many keys as after the last sweep.
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
		l.evict(mostKeys / 4)
	}
	l.sweepAt = min(max(fewKeys, 2*len(l.sent)), mostKeys)
}

// evict removes the n keys that were idle for longest. It removes many at once because it must look
// at all keys.
func (l *Limiter) evict(n int) {
	keys := slices.Collect(maps.Keys(l.sent))
	last := func(key string) int64 { return l.sent[key][len(l.sent[key])-1] } // each key has at least one time
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(last(a), last(b)) })
	for _, key := range keys[:n] {
		delete(l.sent, key)
	}
}
