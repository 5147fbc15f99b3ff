package limit_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/client/limit"
)

func newLimiter(t testing.TB, rules ...limit.Rule) *limit.Limiter {
	t.Helper()
	l, err := limit.New(rules...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// roundTripper is an HTTP transport without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (f roundTripper) Do(r *http.Request) (*http.Response, error) { return f(r) }

func newRequest(ctx context.Context, t testing.TB) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://example.com/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// send sends a request and returns the status of the answer.
func send(r *http.Request, by func(*http.Request) (*http.Response, error)) (int, error) {
	resp, err := by(r)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

func answered(status int, header http.Header) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: http.NoBody}
}

// TestVendor sends 1500 requests as fast as the limits of the vendor allow.
func TestVendor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := newLimiter(t, limit.Vendor()...), time.Now()
		for i := range 1500 {
			if err := l.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			// The tenth hundred is sent after 45 seconds, and the window of the first hundred ends
			// after 3 minutes.
			want := time.Duration(i/100) * 5 * time.Second
			if i >= 1000 {
				want = 3*time.Minute + time.Duration((i-1000)/100)*5*time.Second
			}
			if got := time.Since(start); got != want {
				t.Fatalf("request %d was sent after %v, want %v", i+1, got, want)
			}
		}
	})
}

// TestNoBurstAcrossWindows is what a token bucket does not do: after a burst and a pause of half a
// window, nothing comes back yet.
func TestNoBurstAcrossWindows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := newLimiter(t, limit.Rule{Requests: 100, Window: 5 * time.Second}), time.Now()
		for range 100 {
			_ = l.Wait(t.Context())
		}
		time.Sleep(2500 * time.Millisecond)
		if err := l.Wait(t.Context()); err != nil || time.Since(start) != 5*time.Second {
			t.Errorf("request 101 was sent after %v, %v; want 5s", time.Since(start), err)
		}
	})
}

// TestInFlight counts a request until its window has passed after its answer.
func TestInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := newLimiter(t, limit.Rule{Requests: 2, Window: 5 * time.Second}), time.Now()
		var mu sync.Mutex
		var sent []time.Duration
		slow := l.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			sent = append(sent, time.Since(start))
			mu.Unlock()
			time.Sleep(3 * time.Second)
			return answered(http.StatusOK, nil), nil
		}))
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() { _, _ = send(newRequest(t.Context(), t), slow.RoundTrip) })
		}
		group.Wait()
		if want := []time.Duration{0, 0, 8 * time.Second, 8 * time.Second}; !slices.Equal(sent, want) {
			t.Errorf("sent after %v, want %v", sent, want)
		}
	})
}

// TestOrder checks that requests are sent in the order in which they came, also if one of them
// leaves.
func TestOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Rule{Requests: 1, Window: time.Second})
		leaving, leave := context.WithCancel(t.Context())
		var mu sync.Mutex
		var sent []int
		var group sync.WaitGroup
		for i := range 20 {
			ctx := t.Context()
			if i == 1 || i == 7 || i == 19 { // the first one that waits, one in the middle, the last one
				ctx = leaving
			}
			group.Go(func() {
				if err := l.Wait(ctx); err == nil {
					mu.Lock()
					defer mu.Unlock()
					sent = append(sent, i)
				} else if !errors.Is(err, context.Canceled) {
					t.Errorf("request %d: %v", i, err)
				}
			})
			synctest.Wait()
		}
		leave()
		group.Wait()
		if want := []int{0, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}; !slices.Equal(sent, want) {
			t.Errorf("sent %v, want %v", sent, want)
		}
	})
}

// TestNoOvertaking: a request that comes at the very moment at which another one gets its turn does
// not go first.
func TestNoOvertaking(t *testing.T) {
	t.Parallel()
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(t, limit.Rule{Requests: 1, Window: 10 * time.Second})
			start := time.Now()
			_ = l.Wait(t.Context())
			var group sync.WaitGroup
			group.Go(func() {
				time.Sleep(10 * time.Second) // begins before the wait of the other one, so that its timer is the first
				if err := l.Wait(t.Context()); err != nil || time.Since(start) != 20*time.Second {
					t.Errorf("the later request was sent after %v, %v", time.Since(start), err)
				}
			})
			synctest.Wait()
			if err := l.Wait(t.Context()); err != nil || time.Since(start) != 10*time.Second {
				t.Errorf("the earlier request was sent after %v, %v", time.Since(start), err)
			}
			group.Wait()
		})
	}
}

// TestContext ends contexts before and during the wait.
func TestContext(t *testing.T) {
	t.Parallel()
	second := limit.Rule{Requests: 1, Window: time.Minute}
	for name, tt := range map[string]struct {
		context func(context.Context) (context.Context, context.CancelFunc)
		after   time.Duration // when Wait returns
		wait    time.Duration
		is      error
		text    string
	}{
		"ended before": {
			func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				cancel()
				return ctx, cancel
			}, 0, 0, context.Canceled,
			"limit: the context ended after a wait of 0s for the rate limit: context canceled",
		},
		"ended during": {
			func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(10*time.Second, cancel)
				return ctx, cancel
			}, 10 * time.Second, 10 * time.Second, context.Canceled,
			"limit: the context ended after a wait of 10s for the rate limit: context canceled",
		},
		"a deadline too early": {
			func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, 59*time.Second)
			}, 0, time.Minute, context.DeadlineExceeded,
			"limit: the deadline is before the end of a wait of 1m0s for the rate limit: context deadline exceeded",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(t, second)
				_ = l.Wait(t.Context())
				start := time.Now()
				ctx, cancel := tt.context(t.Context())
				defer cancel()
				err := l.Wait(ctx)
				failed, ok := errors.AsType[*limit.WaitError](err)
				if !ok || !errors.Is(err, tt.is) || err.Error() != tt.text {
					t.Fatalf("error %v, want %s", err, tt.text)
				}
				if time.Since(start) != tt.after || failed.Wait != tt.wait || !failed.NotSent() ||
					failed.Timeout() != errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("after %v: %+v", time.Since(start), failed)
				}
				// What failed has not been counted.
				if err := l.Wait(t.Context()); err != nil || time.Since(start) != time.Minute {
					t.Errorf("the next request was sent after %v, %v", time.Since(start), err)
				}
			})
		})
	}
}

// TestDeadlineInQueue: a deadline that is late enough for the first place of the queue, and too
// early for the last one, fails at once.
func TestDeadlineInQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(t, limit.Rule{Requests: 2, Window: 10 * time.Second}, limit.Rule{Requests: 3, Window: 12 * time.Second})
		start := time.Now()
		_ = l.Wait(t.Context())
		time.Sleep(time.Second)
		_ = l.Wait(t.Context())
		// Two requests were sent at 0 and 1 s. The next ones can be sent at 10, 12, 20 and 22 s.
		var group sync.WaitGroup
		for _, want := range []time.Duration{10 * time.Second, 12 * time.Second} {
			group.Go(func() {
				if err := l.Wait(t.Context()); err != nil || time.Since(start) != want {
					t.Errorf("sent after %v, %v; want %v", time.Since(start), err, want)
				}
			})
			synctest.Wait()
		}
		for _, tt := range []struct{ deadline, after time.Duration }{
			{13 * time.Second, time.Second}, {19 * time.Second, time.Second}, {21 * time.Second, 20 * time.Second},
		} {
			ctx, cancel := context.WithDeadline(t.Context(), start.Add(tt.deadline))
			err := l.Wait(ctx)
			cancel()
			if after := time.Since(start); after != tt.after || (err == nil) != (tt.after > time.Second) {
				t.Errorf("with a deadline after %v: %v after %v", tt.deadline, err, after)
			}
		}
		group.Wait()
	})
}

func TestWrongRules(t *testing.T) {
	t.Parallel()
	for text, rules := range map[string][]limit.Rule{
		"limit: no rule: the vendor's are limit.Vendor()":                   nil,
		"limit: rules[0]: the number of requests must be from 1 to 1000000": {{Window: time.Second}},
		"limit: rules[1]: the number of requests must be from 1 to 1000000": {{1, time.Second}, {1e6 + 1, time.Second}},
		"limit: rules[0]: the window must be positive and at most 24h0m0s":  {{Requests: 1}},
		"limit: rules[2]: the window must be positive and at most 24h0m0s":  {{1, time.Second}, {1, time.Hour}, {1, 25 * time.Hour}},
	} {
		if l, err := limit.New(rules...); err == nil || err.Error() != text || l != nil {
			t.Errorf("%v: %v, want %s", rules, err, text)
		}
	}
}

func BenchmarkWait(b *testing.B) {
	l := newLimiter(b, limit.Rule{Requests: 1e6, Window: time.Nanosecond}, limit.Rule{Requests: 1e6, Window: time.Nanosecond})
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
