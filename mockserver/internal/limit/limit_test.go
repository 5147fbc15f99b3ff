package limit

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A fakeClock only moves when the test advances it.
type fakeClock struct{ at time.Time }

func newClock() *fakeClock { return &fakeClock{time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)} }

func (c *fakeClock) now() time.Time          { return c.at }
func (c *fakeClock) advance(d time.Duration) { c.at = c.at.Add(d) }

// A limiter is a Limiter with the clock and the rules of one account.
type limiter struct {
	*Limiter
	now   func() time.Time
	rules []domain.RateRule
}

func newLimiter(now func() time.Time, rules ...domain.RateRule) *limiter {
	return &limiter{New(), now, rules}
}

func (l *limiter) Allow(key string) bool {
	return l.Limiter.Allow("account", domain.KeyHash(key), l.now(), l.rules)
}

// vendors returns the documented limits of the vendor.
func vendors() []domain.RateRule {
	return []domain.RateRule{{Requests: 100, Window: 5 * time.Second}, {Requests: 1000, Window: 3 * time.Minute}}
}

func allowed(l *limiter, key string, n int) int {
	count := 0
	for range n {
		if l.Allow(key) {
			count++
		}
	}
	return count
}

func TestShortWindowRolls(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, vendors()...)
	if got := allowed(l, "a", 60); got != 60 {
		t.Fatalf("the first 60: %d were allowed", got)
	}
	clock.advance(3 * time.Second)
	if got := allowed(l, "a", 60); got != 40 {
		t.Fatalf("60 more after 3 s: %d were allowed, want the 40 that are left of 100", got)
	}
	clock.advance(2*time.Second - time.Nanosecond)
	if l.Allow("a") {
		t.Fatal("allowed within 5 s of the first request")
	}
	clock.advance(time.Nanosecond)
	if got := allowed(l, "a", 100); got != 60 {
		t.Fatalf("5 s after the first 60: %d were allowed, want as many as left the window", got)
	}
}

func TestLongWindow(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, vendors()...)
	for i := range 10 {
		if got := allowed(l, "a", 100); got != 100 {
			t.Fatalf("hundred %d: %d were allowed", i+1, got)
		}
		clock.advance(5 * time.Second)
	}
	if l.Allow("a") {
		t.Fatal("request 1001 was allowed within 3 minutes")
	}
	clock.advance(3*time.Minute - 50*time.Second)
	if got := allowed(l, "a", 200); got != 100 {
		t.Fatalf("3 minutes after the first hundred: %d were allowed, want 100", got)
	}
}

// TestRefusedDoNotCount: refused requests do not extend the time in which requests are refused.
func TestRefusedDoNotCount(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, domain.RateRule{Requests: 1, Window: 5 * time.Second})
	l.Allow("a")
	for range 4 {
		clock.advance(time.Second)
		if l.Allow("a") {
			t.Fatal("allowed within the window")
		}
	}
	clock.advance(time.Second)
	if !l.Allow("a") {
		t.Fatal("refused after the window")
	}
}

func TestKeysApart(t *testing.T) {
	t.Parallel()
	l := newLimiter(newClock().now, domain.RateRule{Requests: 1, Window: time.Second})
	if !l.Allow("a") || !l.Allow("b") || l.Allow("a") || l.Allow("b") {
		t.Fatal("each key has a budget of its own")
	}
}

// TestMemory: the memory does not grow without limit with one busy key, nor with the times of many.
func TestMemory(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, vendors()...)
	for range 100_000 {
		l.Allow("busy")
		clock.advance(10 * time.Millisecond)
	}
	if kept := l.sent["busy"].sent; len(kept) > 1000 || cap(kept) > 2048 {
		t.Errorf("%d moments are kept for a key, in room for %d", len(kept), cap(kept))
	}
	l = newLimiter(clock.now, domain.RateRule{Requests: mostTimes / 8, Window: time.Hour})
	for i := range 12 {
		allowed(l, strconv.Itoa(i), mostTimes/8)
	}
	if l.times > mostTimes {
		t.Errorf("%d times are kept", l.times)
	}
	if l.Allow("11") {
		t.Error("the latest key is forgotten")
	}
}

// TestSetBack: what was sent at a time that the clock has not reached again counts for nothing.
func TestSetBack(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, domain.RateRule{Requests: 2, Window: time.Hour})
	l.Allow("a")
	clock.advance(time.Minute)
	l.Allow("a")
	clock.advance(-30 * time.Second)
	if !l.Allow("a") || l.Allow("a") {
		t.Error("want one more request: the first one counts, the later one does not")
	}
	l.Limiter.Allow("another", "b", clock.at, l.rules)
	l.Forget("account")
	if l.times != 1 || len(l.of) != 1 {
		t.Errorf("%d times of %v are kept", l.times, l.of)
	}
	if got := allowed(l, "a", 3); got != 2 {
		t.Errorf("%d of 3 were allowed after everything was forgotten", got)
	}
}

// TestChangedRules: a rule holds from the next request on, for the requests before it too.
func TestChangedRules(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, domain.RateRule{Requests: 5, Window: time.Hour})
	allowed(l, "a", 3)
	l.rules = []domain.RateRule{{Requests: 2, Window: time.Minute}}
	if l.Allow("a") {
		t.Error("allowed beyond the new rule")
	}
	clock.advance(time.Minute)
	if got := allowed(l, "a", 3); got != 2 {
		t.Errorf("%d of 3 were allowed", got)
	}
}

// TestManyKeys sends from more keys than are kept, none of them idle. The latest keys are kept, and
// each of them is still limited.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(clock.now, domain.RateRule{Requests: 1, Window: 24 * time.Hour})
	const keys = 3 * mostKeys
	for i := range keys {
		if !l.Allow(strconv.Itoa(i)) {
			t.Fatalf("key %d may not send its first request", i)
		}
		clock.advance(time.Nanosecond)
		if n := len(l.sent); n > mostKeys {
			t.Fatalf("%d keys are kept", n)
		}
	}
	for i := keys - mostKeys/2; i < keys; i++ {
		if l.Allow(strconv.Itoa(i)) {
			t.Fatalf("key %d of %d is forgotten", i, keys)
		}
	}
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	l := newLimiter(newClock().now, vendors()...)
	var group sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 8 {
		group.Go(func() {
			n := allowed(l, "a", 50)
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	group.Wait()
	if total != 100 {
		t.Errorf("%d of 400 requests were allowed at one moment, want 100", total)
	}
}

// TestModel compares Allow with the definition: a request is allowed if no window that contains it
// has more requests than its rule allows.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) domain.RateRule {
			return domain.RateRule{
				Requests: rapid.IntRange(1, 5).Draw(t, "requests"),
				Window:   time.Duration(rapid.IntRange(1, 20).Draw(t, "window")),
			}
		}), 1, 3).Draw(t, "rules")
		clock := newClock()
		l := newLimiter(clock.now, rules...)
		var passed []time.Time
		for i, step := range rapid.SliceOf(rapid.IntRange(0, 8)).Draw(t, "steps") {
			clock.advance(time.Duration(step))
			want := true
			for _, rule := range rules {
				within := 0
				for _, at := range passed {
					if clock.at.Sub(at) < rule.Window {
						within++
					}
				}
				want = want && within < rule.Requests
			}
			if got := l.Allow("a"); got != want {
				t.Fatalf("request %d: allowed is %v, want %v", i+1, got, want)
			}
			if want {
				passed = append(passed, clock.at)
			}
		}
	})
}

func BenchmarkAllow(b *testing.B) {
	l := newLimiter(time.Now, vendors()...)
	b.ReportAllocs()
	for b.Loop() {
		l.Allow("a")
	}
}
