package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// fixed are retries whose random wait is half of its bound.
func fixed(most int) retries {
	return retries{
		most: most, now: time.Now, random: func() float64 { return 0.5 },
		sleep: func(context.Context, time.Duration) error { return nil },
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const day = "Mon, 23 Nov 2026 09:30:00 GMT"
	now := func() time.Time { return time.Date(2026, time.November, 23, 9, 29, 50, 0, time.UTC) }
	for _, tt := range []struct {
		name, header, date string
		want               time.Duration
	}{
		{"none", "", day, 0},
		{"seconds", "17", day, 17 * time.Second},
		{"seconds in blanks", " 17 ", day, 17 * time.Second},
		{"no wait", "0", day, 0},
		{"no wait in many digits", "000", day, 0},
		{"more than fits in", "99999999999", day, math.MaxInt32 * time.Second},
		{"a time", "Mon, 23 Nov 2026 09:30:30 GMT", day, 30 * time.Second},
		{"a time in an old form", "Monday, 23-Nov-26 09:30:30 GMT", day, 30 * time.Second},
		{"a time gone by", "Mon, 23 Nov 2026 09:29:30 GMT", day, 0},
		{"this very time", day, day, 0},
		{"a time, and the answer has no date", day, "", 10 * time.Second},
		{"a time, and the date of the answer is malformed", day, "now", 10 * time.Second},
		{"nonsense", "soon", day, 0},
		{"less than nothing", "-1", day, 0},
		{"a fraction", "1.5", day, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := retryAfter(http.Header{"Retry-After": {tt.header}, "Date": {tt.date}}, now); got != tt.want {
				t.Errorf("wait %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRetryDecision(t *testing.T) {
	t.Parallel()
	read, order := operation{id: "getOrder"}.described(), operation{id: "orderPkioOrganisationPerson"}.described()
	status := func(code int, asked time.Duration) *Error {
		return &Error{StatusCode: code, RetryAfter: asked, transient: transientStatus(code)}
	}
	none := &Error{transient: true}
	for _, tt := range []struct {
		name  string
		op    operation
		e     *Error
		n     int           // attempts so far
		lasts time.Duration // until the deadline of the context; 0 for none
		wait  time.Duration
		again bool
	}{
		{"too many", read, status(429, 0), 1, 0, 2500 * time.Millisecond, true},
		{"too many, again", read, status(429, 0), 2, 0, 5 * time.Second, true},
		{"too many, many times", read, status(429, 0), 9, 0, 30 * time.Second, true},
		{"unavailable", read, status(503, 0), 1, 0, 500 * time.Millisecond, true},
		{"unavailable, again", read, status(503, 0), 4, 0, 4 * time.Second, true},
		{"a failure", read, status(500, 0), 1, 0, 500 * time.Millisecond, true},
		{"a gateway", read, status(502, 0), 1, 0, 500 * time.Millisecond, true},
		{"a gateway's timeout", read, status(504, 0), 1, 0, 500 * time.Millisecond, true},
		{"a timeout of the request", read, status(408, 0), 1, 0, 500 * time.Millisecond, true},
		{"no answer", read, none, 1, 0, 500 * time.Millisecond, true},
		{"asked for seconds", read, status(429, 17*time.Second), 4, 0, 17 * time.Second, true},
		{"asked for the longest wait", read, status(503, 3*time.Minute), 1, 0, 3 * time.Minute, true},
		{"asked for too long", read, status(429, 181*time.Second), 1, 0, 181 * time.Second, false},
		{"beyond the deadline", read, status(429, 17*time.Second), 1, 16 * time.Second, 17 * time.Second, false},
		{"before the deadline", read, status(429, 17*time.Second), 1, 19 * time.Second, 17 * time.Second, true},
		{"no attempt left", read, status(429, 0), 11, 0, 0, false},
		{"refused", read, status(400, 0), 1, 0, 0, false},
		{"not implemented", read, status(501, 0), 1, 0, 0, false},
		{"an answer that cannot be used", read, status(200, 0), 1, 0, 0, false},
		{"nothing that passes", read, &Error{}, 1, 0, 0, false},
		{"an order, too many", order, status(429, 0), 1, 0, 0, false},
		{"an order, not sent", order, none, 1, 0, 0, false},
		{"an unknown operation", operation{id: "x"}.described(), status(503, 0), 1, 0, 0, false},
		{"GET", operation{method: "GET"}, status(503, 0), 1, 0, 500 * time.Millisecond, true},
		{"HEAD", operation{method: "HEAD"}, status(503, 0), 1, 0, 500 * time.Millisecond, true},
		{"DELETE", operation{method: "DELETE"}, status(503, 0), 1, 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			if tt.lasts > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.lasts)
				defer cancel()
			}
			if wait, again := fixed(10).next(ctx, tt.op, tt.e, tt.n); wait != tt.wait || again != tt.again {
				t.Errorf("wait %v, again %t; want %v, %t", wait, again, tt.wait, tt.again)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, again := fixed(10).next(ctx, read, none, 1); again {
		t.Error("a call is repeated although its context has ended")
	}
}

// TestJitter draws many waits: they fill the time from zero to the bound.
func TestJitter(t *testing.T) {
	t.Parallel()
	p := newRetries(3, systemClock{})
	shortest, longest := time.Hour, time.Duration(0)
	for range 1000 {
		wait, _ := p.next(t.Context(), operation{id: "getOrder"}.described(), &Error{StatusCode: 429, transient: true}, 2)
		shortest, longest = min(shortest, wait), max(longest, wait)
	}
	if shortest < 0 || shortest > time.Second || longest > 10*time.Second || longest < 9*time.Second {
		t.Errorf("waits from %v to %v", shortest, longest)
	}
}

func TestPermanent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, true},
		{tls.RecordHeaderError{Msg: "no TLS"}, true},
		{tls.AlertError(40), true},
		{http.ErrSchemeMismatch, true},
		{&net.DNSError{IsNotFound: true}, true},
		{&net.DNSError{IsTimeout: true, IsTemporary: true}, false},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, false},
		{io.ErrUnexpectedEOF, false},
		{context.DeadlineExceeded, false},
		{errors.New("http2: server sent GOAWAY"), false},
	} {
		if got := permanent(fmt.Errorf("wrapped: %w", tt.err)); got != tt.want {
			t.Errorf("%T %v is permanent: %t, want %t", tt.err, tt.err, got, tt.want)
		}
	}
}

// roundTrip is an HTTP transport without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRetries makes a call whose attempts end one after the other with a status, with 0 for no
// answer, or with -1 for an answer that breaks off.
func TestRetries(t *testing.T) {
	t.Parallel()
	const half = 500 * time.Millisecond
	stopped := errors.New("stopped")
	for _, tt := range []struct {
		name     string
		retries  int
		order    bool
		ends     []int
		sleepErr error
		want     int // the status of the error, or 200
		kind     error
		waits    []time.Duration
	}{
		{"off", 0, false, []int{429}, nil, 429, ErrRateLimited, nil},
		{"at once", 3, false, []int{200}, nil, 200, nil, nil},
		{"in the end", 3, false, []int{429, 503, 0, 200}, nil, 200, nil, []time.Duration{5 * half, 2 * half, 4 * half}},
		{"broken off", 3, false, []int{-1, 200}, nil, 200, nil, []time.Duration{half}},
		{"broken off to the end", 1, false, []int{-1, -1}, nil, 200, ErrNotAnswered, []time.Duration{half}},
		{"not in the end", 2, false, []int{429, 429, 429}, nil, 429, ErrRateLimited, []time.Duration{5 * half, 10 * half}},
		{"never an answer", 2, false, []int{0, 0, 0}, nil, 0, ErrNotAnswered, []time.Duration{half, 2 * half}},
		{"another failure", 2, false, []int{503, 400}, nil, 400, ErrInvalidRequest, []time.Duration{half}},
		{"an order", 3, true, []int{429}, nil, 429, ErrRateLimited, nil},
		{"an order without an answer", 3, true, []int{0}, nil, 0, ErrOutcomeUnknown, nil},
		{"the context ends", 3, false, []int{429}, stopped, 429, ErrRateLimited, []time.Duration{5 * half}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent, closed := 0, 0
			transport := roundTrip(func(*http.Request) (*http.Response, error) {
				end := tt.ends[sent]
				sent++
				body := io.Reader(strings.NewReader(`{"balance":"1.00","currency":"USD"}`))
				switch end {
				case 0:
					closed++ // there is none
					return nil, syscall.ECONNRESET
				case -1:
					end, body = 200, io.MultiReader(strings.NewReader(`{"bal`), brokenReader{})
				}
				return &http.Response{
					StatusCode: end, Header: http.Header{"Content-Type": {"application/json"}}, Body: countedBody{body, &closed},
				}, nil
			})
			c, err := New(WithAPIKey("key"), WithHTTPClient(&http.Client{Transport: transport}), WithRetries(tt.retries))
			if err != nil {
				t.Fatal(err)
			}
			var waits []time.Duration
			c.retries.random = func() float64 { return 0.5 }
			c.retries.sleep = func(_ context.Context, wait time.Duration) error {
				waits = append(waits, wait)
				return tt.sleepErr
			}
			if tt.order {
				_, err = c.Organizations.Create(t.Context(), OrganizationCreateRequest{})
			} else {
				_, err = c.Finance.GetBalance(t.Context())
			}
			e, failed := errors.AsType[*Error](err)
			switch {
			case tt.kind == nil && err != nil:
				t.Errorf("got %v", err)
			case tt.kind != nil && (!failed || e.StatusCode != tt.want || !errors.Is(err, tt.kind) || e.Attempts != len(tt.ends)):
				t.Errorf("got %v, want status %d and %v", err, tt.want, tt.kind)
			case tt.sleepErr != nil && !errors.Is(err, tt.sleepErr):
				t.Errorf("%v does not wrap the end of the context", err)
			}
			if sent != len(tt.ends) || closed != sent || !slices.Equal(waits, tt.waits) {
				t.Errorf("sent %d times, closed %d bodies, waited %v; want %d and %v", sent, closed, waits, len(tt.ends), tt.waits)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, syscall.ECONNRESET }

type countedBody struct {
	io.Reader
	closed *int
}

func (b countedBody) Close() error {
	*b.closed++
	return nil
}

// TestAttemptTimeout uses a server that answers only its third request in time.
func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			attempts++
			if at, _ := CallFrom(r.Context()); at.Attempt != attempts || at.OperationID != "getBalance" || at.Route != "/finance/balance" {
				t.Errorf("attempt %d is %+v", attempts, at)
			}
			body := io.NopCloser(strings.NewReader(`{"balance":"1.00","currency":"USD"}`))
			switch attempts {
			case 1: // no headers
				<-r.Context().Done()
				return nil, context.Cause(r.Context())
			case 2: // no body
				body = io.NopCloser(readFunc(func([]byte) (int, error) {
					<-r.Context().Done()
					return 0, r.Context().Err()
				}))
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
		})
		c, err := New(WithAPIKey("key"), WithHTTPClient(&http.Client{Transport: transport}), WithRetries(2), WithTimeout(10*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		c.retries.random = func() float64 { return 0 }
		begin := time.Now()
		if _, err := c.Finance.GetBalance(t.Context()); err != nil || time.Since(begin) != 20*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}

		attempts, begin = 0, time.Now()
		_, err = c.Finance.GetBalance(t.Context(), WithRequestTimeout(time.Minute), func(*call) error { c.retries.most = 0; return nil })
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrNotAnswered) || time.Since(begin) != time.Minute ||
			!strings.HasSuffix(err.Error(), "no answer within 1m0s") {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) { return f(b) }

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if err := (systemClock{}).Sleep(t.Context(), time.Minute); err != nil || time.Since(begin) != time.Minute {
			t.Errorf("slept %v, %v", time.Since(begin), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		if err := (systemClock{}).Sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("slept %v, %v", time.Since(begin), err)
		}
	})
}
