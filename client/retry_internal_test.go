package client

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryWait(t *testing.T) {
	t.Parallel()
	const day = "Mon, 23 Nov 2026 09:30:00 GMT"
	header := func(retryAfter, date string) http.Header {
		return http.Header{"Retry-After": {retryAfter}, "Date": {date}}
	}
	for _, tt := range []struct {
		name    string
		method  string
		status  int
		header  http.Header
		err     error
		attempt int
		wait    time.Duration
		again   bool
	}{
		{"too many", "GET", 429, nil, nil, 0, 5 * time.Second, true},
		{"too many, again", "GET", 429, nil, nil, 1, 10 * time.Second, true},
		{"too many, many times", "GET", 429, nil, nil, 9, time.Minute, true},
		{"too many, no end", "GET", 429, nil, nil, 1 << 40, time.Minute, true},
		{"unavailable", "GET", 503, nil, nil, 0, time.Second, true},
		{"unavailable, again", "GET", 503, nil, nil, 3, 8 * time.Second, true},
		{"asked for seconds", "GET", 429, header("17", day), nil, 4, 17 * time.Second, true},
		{"asked for no wait", "GET", 503, header("0", day), nil, 4, 16 * time.Second, true},
		{"asked for no wait, first", "GET", 429, header("0", day), nil, 0, 5 * time.Second, true},
		{"asked for no wait in many digits", "GET", 429, header("000", day), nil, 0, 5 * time.Second, true},
		{"asked for the longest wait", "GET", 429, header("180", day), nil, 0, 3 * time.Minute, true},
		{"asked for too long", "GET", 429, header("181", day), nil, 0, 181 * time.Second, false},
		{"asked for a time", "GET", 503, header("Mon, 23 Nov 2026 09:30:30 GMT", day), nil, 0, 30 * time.Second, true},
		{"asked for a time gone by", "GET", 503, header("Mon, 23 Nov 2026 09:29:30 GMT", day), nil, 0, time.Second, true},
		{"asked for this very time", "GET", 503, header(day, day), nil, 1, 2 * time.Second, true},
		{"asked for more than fits in", "GET", 429, header("99999999999", day), nil, 0, math.MaxInt32 * time.Second, false},
		{"asked for a time, without a date of the answer", "GET", 503, header(day, "now"), nil, 0, time.Second, true},
		{"asked for nonsense", "GET", 429, header("soon", day), nil, 0, 5 * time.Second, true},
		{"asked for less than nothing", "GET", 429, header("-1", day), nil, 0, 5 * time.Second, true},
		{"fine", "GET", 200, nil, nil, 0, 0, false},
		{"refused", "GET", 400, nil, nil, 0, 0, false},
		{"a failure", "GET", 500, header("1", day), nil, 0, 0, false},
		{"a gateway", "GET", 502, nil, nil, 0, 0, false},
		{"a gateway's timeout", "GET", 504, nil, nil, 0, 0, false},
		{"no answer", "GET", 0, nil, io.ErrUnexpectedEOF, 0, 0, false},
		{"POST", "POST", 429, header("1", day), nil, 0, 0, false},
		{"PUT", "PUT", 503, header("1", day), nil, 0, 0, false},
		{"DELETE", "DELETE", 429, nil, nil, 0, 0, false},
		{"HEAD", "HEAD", 429, nil, nil, 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var resp *http.Response
			if tt.status != 0 {
				resp = &http.Response{StatusCode: tt.status, Header: tt.header}
			}
			wait, again := retryWait(tt.method, resp, tt.err, tt.attempt)
			if wait != tt.wait || again != tt.again {
				t.Errorf("wait %v, again %t; want %v, %t", wait, again, tt.wait, tt.again)
			}
		})
	}
}

// doerFunc is an HTTP client without a network.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// TestRetrier sends one status after the other.
func TestRetrier(t *testing.T) {
	t.Parallel()
	stopped := errors.New("stopped")
	for _, tt := range []struct {
		name     string
		lasts    time.Duration // until the deadline of the context
		method   string
		retries  int
		statuses []int
		sleepErr error
		want     int // the status of the last answer, or 0 for sleepErr
		waits    []time.Duration
	}{
		{"off", time.Hour, "GET", 0, []int{429}, nil, 429, nil},
		{"at once", time.Hour, "GET", 3, []int{200}, nil, 200, nil},
		{"in the end", time.Hour, "GET", 3, []int{429, 503, 200}, nil, 200, []time.Duration{5 * time.Second, 2 * time.Second}},
		{"not in the end", time.Hour, "GET", 2, []int{429, 429, 429}, nil, 429, []time.Duration{5 * time.Second, 10 * time.Second}},
		{"another failure", time.Hour, "GET", 2, []int{503, 500}, nil, 500, []time.Duration{time.Second}},
		{"an order", time.Hour, "POST", 3, []int{429}, nil, 429, nil},
		{"a cancellation", time.Hour, "PUT", 3, []int{503}, nil, 503, nil},
		{"no time left", 8 * time.Second, "GET", 3, []int{429, 429}, nil, 429, []time.Duration{5 * time.Second}},
		{"the context ends", time.Hour, "GET", 3, []int{429}, stopped, 0, []time.Duration{5 * time.Second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent, closed := 0, 0
			var waits []time.Duration
			d := retrier{
				retries: tt.retries,
				now:     time.Now,
				doer: doerFunc(func(*http.Request) (*http.Response, error) {
					sent++
					return &http.Response{
						StatusCode: tt.statuses[sent-1],
						Body:       countedBody{strings.NewReader("{}"), &closed},
					}, nil
				}),
				sleep: func(_ context.Context, wait time.Duration) error {
					waits = append(waits, wait)
					return tt.sleepErr
				},
			}
			ctx, cancel := context.WithTimeout(t.Context(), tt.lasts)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, tt.method, "http://service.example", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := d.Do(r)
			switch {
			case tt.want == 0:
				if !errors.Is(err, tt.sleepErr) || resp != nil {
					t.Errorf("got %v, %v", resp, err)
				}
			case err != nil || resp.StatusCode != tt.want:
				t.Errorf("got %v, %v; want status %d", resp, err, tt.want)
			default:
				_ = resp.Body.Close()
			}
			if sent != len(tt.statuses) || closed != sent {
				t.Errorf("sent %d times, closed %d bodies; want %d", sent, closed, len(tt.statuses))
			}
			if len(waits) != len(tt.waits) {
				t.Fatalf("waited %v, want %v", waits, tt.waits)
			}
			for i := range waits {
				if waits[i] != tt.waits[i] {
					t.Errorf("waited %v, want %v", waits, tt.waits)
				}
			}
		})
	}
}

type countedBody struct {
	io.Reader
	closed *int
}

func (b countedBody) Close() error {
	*b.closed++
	return nil
}

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if err := sleep(t.Context(), time.Minute); err != nil || time.Since(begin) != time.Minute {
			t.Errorf("slept %v, %v", time.Since(begin), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		if err := sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("slept %v, %v", time.Since(begin), err)
		}
	})
}
