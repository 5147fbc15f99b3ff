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

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Limiter counts the requests of each key. It is safe for concurrent use.
//
// For each key it keeps the times of its last requests, at most as many as its rules count. Above
// 20,000 keys or 4,000,000 times it removes the keys that were idle for longest; a removed key is
// treated as a new one (D-44). One mutex is enough: it is held for some tens of nanoseconds, and
// only for accounts whose requests are limited.
type Limiter struct {
	mu    sync.Mutex
	sent  map[domain.KeyHash]*key
	of    map[domain.AccountID]map[domain.KeyHash]struct{} // the keys of each account
	times int                                              // of all keys together
	uses  uint64                                           // how often a request was counted, to find the idle keys
}

type key struct {
	account domain.AccountID
	sent    []int64 // the times of allowed requests in Unix nanoseconds, oldest first
	used    uint64  // the value of Limiter.uses at the last request
}

const (
	mostKeys  = 20_000
	mostTimes = 4_000_000
)

// New returns a limiter that has counted no request.
func New() *Limiter {
	return &Limiter{sent: map[domain.KeyHash]*key{}, of: map[domain.AccountID]map[domain.KeyHash]struct{}{}}
}

// Allow reports whether a key of an account may send one more request at a time, and counts the request if it
// may. A refused request is not counted, so it does not delay the time at which requests are
// allowed again. The time is that of the account of the key, whose clock can be set: what was sent
// at later times, before the clock was set back, is forgotten.
func (l *Limiter) Allow(account domain.AccountID, name domain.KeyHash, now time.Time, rules domain.RateLimit) bool {
	at := now.UnixNano()
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.sent[name]
	if k == nil {
		l.makeRoom()
		k = &key{account: account}
		l.sent[name] = k
		if l.of[account] == nil {
			l.of[account] = map[domain.KeyHash]struct{}{}
		}
		l.of[account][name] = struct{}{}
	}
	before := len(k.sent)
	defer func() { l.times += len(k.sent) - before }()
	l.uses++
	k.used = l.uses
	k.keep(at, rules)
	for _, rule := range rules {
		// Of the last n requests, with n = rule.Requests, the first one must be outside of the
		// window.
		if n := len(k.sent) - rule.Requests; n >= 0 && at-k.sent[n] < int64(rule.Window) {
			return false
		}
	}
	k.sent = append(k.sent, at)
	return true
}

// keep removes the times that are outside of all windows, and those after now.
func (k *key) keep(now int64, rules domain.RateLimit) {
	longest := time.Duration(0)
	for _, rule := range rules {
		longest = max(longest, rule.Window)
	}
	for len(k.sent) > 0 && k.sent[len(k.sent)-1] > now {
		k.sent = k.sent[:len(k.sent)-1]
	}
	for len(k.sent) > 0 && now-k.sent[0] >= int64(longest) {
		k.sent = k.sent[1:]
	}
}

// Forget forgets the requests of all keys of an account.
func (l *Limiter) Forget(account domain.AccountID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.of[account] {
		l.remove(name)
	}
}

func (l *Limiter) remove(name domain.KeyHash) {
	k := l.sent[name]
	l.times -= len(k.sent)
	delete(l.sent, name)
	delete(l.of[k.account], name)
	if len(l.of[k.account]) == 0 {
		delete(l.of, k.account)
	}
}

// makeRoom removes a quarter of the keys, those that were idle for longest, where there are too many
// of them or of their times. It removes many at once because it must look at all keys.
func (l *Limiter) makeRoom() {
	if len(l.sent) < mostKeys && l.times < mostTimes {
		return
	}
	names := slices.Collect(maps.Keys(l.sent))
	slices.SortFunc(names, func(a, b domain.KeyHash) int { return cmp.Compare(l.sent[a].used, l.sent[b].used) })
	for _, name := range names[:(len(names)+3)/4] {
		l.remove(name)
	}
}
