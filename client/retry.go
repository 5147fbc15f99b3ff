package client

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

const (
	// maxRetries is how many retries can be asked for.
	maxRetries = 10
	// maxWait is the longest wait for a retry: the longer window of the vendor's rate limits.
	maxWait = 3 * time.Minute
	// maxBackoff is the longest wait that the service has not asked for.
	maxBackoff = time.Minute
)

// WithRetries lets the client wait and ask again, up to n times (10 at most) and for up to three minutes each time, when
// it is asking too much or the service is unavailable: on status 429 and 503. The default is 0.
//
// Only requests that change nothing (GET) are repeated, an order or any other change never is. Nor is a request that
// was not answered, or not in time.
//
// The wait is what the service asks for in Retry-After. Where it does not, or asks for none, it is 5 seconds after the
// first 429 and 1 second after the first 503, and twice as long each further time, up to a minute. When it is longer than
// three minutes or than the context lasts, the answer at hand is returned, as [ErrRateLimited] or [ErrUnavailable],
// without waiting. The timeout of the HTTP client (see [WithHTTPClient]) holds for each request alone.
//
// The vendor's page on its limits: https://dev.digicert.com/certcentral-apis/services-api/rate-limits.html
func WithRetries(n int) Option {
	return func(cfg *config) error {
		if n < 0 || n > maxRetries {
			return errors.New("the number of retries must be from 0 to " + strconv.Itoa(maxRetries))
		}
		cfg.retries = n
		return nil
	}
}

// A retrier repeats requests that change nothing.
type retrier struct {
	doer    api.HttpRequestDoer
	retries int
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
}

// Do sends a request, and sends it again as long as that is allowed and called for.
func (d retrier) Do(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	for attempt := 0; ; attempt++ {
		resp, err := d.doer.Do(r)
		wait, again := retryWait(r.Method, resp, err, attempt)
		if !again || attempt >= d.retries || d.endsWithin(ctx, wait) {
			return resp, err
		}
		// What is left of the body is read, so that the connection can be used again.
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
		_ = resp.Body.Close()
		if err := d.sleep(ctx, wait); err != nil {
			return nil, err
		}
		r = r.Clone(ctx)
	}
}

// retryWait decides whether a request may be sent again, and after what time. The first attempt is number 0.
func retryWait(method string, resp *http.Response, err error, attempt int) (wait time.Duration, again bool) {
	if method != http.MethodGet || err != nil {
		return 0, false
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		wait = 5 * time.Second
	case http.StatusServiceUnavailable:
		wait = time.Second
	default:
		return 0, false
	}
	wait = min(wait<<min(attempt, maxRetries), maxBackoff)
	if asked, ok := retryAfter(resp.Header); ok {
		wait = asked
	}
	return wait, wait <= maxWait
}

// retryAfter reads the header Retry-After: seconds, or a date, which is compared with the date of the answer (RFC 9110,
// section 10.2.3). No time at all, or one that has gone by, is no answer to how long to wait: what asked too much would
// ask again at once.
func retryAfter(h http.Header) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if text != "" && strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			seconds = math.MaxInt32 // more than fits in
		}
		return time.Duration(seconds) * time.Second, seconds > 0
	}
	then, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
	}
	return then.Sub(now), then.After(now)
}

// endsWithin reports whether a context will have ended after some time.
func (d retrier) endsWithin(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && deadline.Sub(d.now()) <= wait
}

// sleep waits, or returns the error of the context when that ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
