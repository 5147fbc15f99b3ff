package limit_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/client/limit"
)

// TestTooManyRequests: an answer with status 429 stops all requests for a while.
func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	const date = "Mon, 23 Nov 2026 09:30:00 GMT"
	for name, tt := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"no header":          {nil, 5 * time.Second},
		"seconds":            {http.Header{"Retry-After": {"30"}}, 30 * time.Second},
		"a date":             {http.Header{"Retry-After": {"Mon, 23 Nov 2026 09:30:40 GMT"}, "Date": {date}}, 40 * time.Second},
		"too long":           {http.Header{"Retry-After": {"86400"}}, 3 * time.Minute},
		"a huge number":      {http.Header{"Retry-After": {"99999999999999999999"}}, 3 * time.Minute},
		"zero":               {http.Header{"Retry-After": {"0"}}, 5 * time.Second},
		"a date in the past": {http.Header{"Retry-After": {"Mon, 23 Nov 2026 09:29:59 GMT"}, "Date": {date}}, 5 * time.Second},
		"no date to compare": {http.Header{"Retry-After": {"Mon, 23 Nov 2026 09:30:40 GMT"}}, 5 * time.Second},
		"nonsense":           {http.Header{"Retry-After": {"soon"}}, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, status := newLimiter(t, limit.Vendor()...), http.StatusTooManyRequests
				limited := l.Middleware(roundTripper(func(*http.Request) (*http.Response, error) {
					return answered(status, tt.header), nil
				}))
				got, err := send(newRequest(t.Context(), t), limited.Do)
				if err != nil || got != http.StatusTooManyRequests {
					t.Fatalf("the status became %d, %v", got, err)
				}
				status = http.StatusOK
				start := time.Now()
				if _, err := send(newRequest(t.Context(), t), limited.Do); err != nil || time.Since(start) != tt.want {
					t.Errorf("the next request was sent after %v, %v; want %v", time.Since(start), err, tt.want)
				}
			})
		})
	}
}

// TestPauseOfWaiting: an answer with status 429 also stops the requests that already wait.
func TestPauseOfWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, start := newLimiter(t, limit.Rule{Requests: 2, Window: 10 * time.Second}), time.Now()
		_ = l.Wait(t.Context())
		refusing := l.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
			time.Sleep(4 * time.Second)
			return answered(http.StatusTooManyRequests, http.Header{"Retry-After": {"9"}}), nil
		}))
		var group sync.WaitGroup
		group.Go(func() { _, _ = send(newRequest(t.Context(), t), refusing.RoundTrip) })
		synctest.Wait()
		if err := l.Wait(t.Context()); err != nil || time.Since(start) != 13*time.Second {
			t.Errorf("sent after %v, %v; want the 4s of the answer and the 9s of its header", time.Since(start), err)
		}
		group.Wait()
	})
}

// closer is a body that records its Close.
type closer struct {
	*strings.Reader

	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}

// TestNothingIsSent: a request that does not get its turn never reaches the transport, and its body
// is closed, as net/http asks of a transport.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	sent := 0
	l := newLimiter(t, limit.Rule{Requests: 1, Window: time.Hour})
	transport := l.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
		sent++
		return nil, errors.New("broken")
	}))
	if _, err := send(newRequest(t.Context(), t), transport.RoundTrip); err == nil || err.Error() != "broken" {
		t.Errorf("the error of the transport became %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	body := &closer{Reader: strings.NewReader("{}")}
	r := newRequest(ctx, t)
	r.Body = body
	if _, err := send(r, transport.RoundTrip); !errors.Is(err, context.DeadlineExceeded) || !body.closed || sent != 1 {
		t.Errorf("%v; the body is closed: %t; %d requests were sent", err, body.closed, sent)
	}
}

// TestNoAnswer: middleware that returns neither an answer nor an error does no harm here; the client
// reports it.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	broken := newLimiter(t, limit.Vendor()...).Transport(roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, nil //nolint:nilnil // what is tested
	}))
	resp, err := broken.RoundTrip(newRequest(t.Context(), t)) //nolint:bodyclose // there is no answer
	if resp != nil || err != nil {
		t.Errorf("got %v, %v", resp, err)
	}
}

// TestIdleConnections: the idle connections of the inner transport can be closed.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	inner := &idle{}
	(&http.Client{Transport: newLimiter(t, limit.Vendor()...).Transport(inner)}).CloseIdleConnections()
	if !inner.closed {
		t.Error("the transport was not asked")
	}
}

type idle struct {
	roundTripper

	closed bool
}

func (i *idle) CloseIdleConnections() { i.closed = true }
