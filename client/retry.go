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
	// maxRetries is the largest number of retries.
	maxRetries = 10
	// maxWait is the longest wait before a retry: the longer window of the vendor's rate limits.
	maxWait = 3 * time.Minute
	// maxBackoff is the longest wait without a Retry-After of the service.
	maxBackoff = time.Minute
)

// WithRetries makes the client repeat a request up to n times (10 at most) after the status 429
// (too many requests) or 503 (service unavailable). It waits before each retry, three minutes at
// most. The default is 0.
//
// Only requests that change nothing (GET) are repeated. An order or any other change is never
// repeated. A request without an answer is not repeated either.
//
// The header Retry-After of the answer gives the length of the wait. Without this header, or if it
// gives no time in the future, the wait is 5 seconds after the first 429 and 1 second after the
// first 503. It doubles with each further retry, up to a minute. If the wait would be longer than
// three minutes, or would reach the deadline of the context, the call fails at once with
// [ErrRateLimited] or [ErrUnavailable]. The timeout of the HTTP client (see [WithHTTPClient])
// applies to each request, not to all retries together.
//
// The vendor's page on its limits:
// https://dev.digicert.com/certcentral-apis/services-api/rate-limits.html
func WithRetries(n int) Option {
	return func(cfg *config) error {
		if n < 0 || n > maxRetries {
			return errors.New("the number of retries must be from 0 to " + strconv.Itoa(maxRetries))
		}
		cfg.retries = n
		return nil
	}
}

// A retrier sends requests, and repeats those that change nothing.
type retrier struct {
	doer    api.HttpRequestDoer
	retries int
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
}

// Do sends a request and repeats it as described in [WithRetries].
func (d retrier) Do(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	for attempt := 0; ; attempt++ {
		resp, err := d.doer.Do(r)
		wait, again := retryWait(r.Method, resp, err, attempt)
		if !again || attempt >= d.retries || d.endsWithin(ctx, wait) {
			return resp, err
		}
		// net/http reuses the connection only if the whole body has been read.
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
		_ = resp.Body.Close()
		if err := d.sleep(ctx, wait); err != nil {
			return nil, err
		}
		r = r.Clone(ctx)
	}
}

// retryWait decides whether a request is repeated, and after which wait. The first attempt has the
// number 0.
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

// retryAfter reads the header Retry-After: a number of seconds, or a date, which is compared with
// the date of the answer (RFC 9110, section 10.2.3). A wait of zero seconds or a date in the past
// does not count, since the client would repeat the request at once although it has sent too many.
func retryAfter(h http.Header) (time.Duration, bool) {
	text := h.Get("Retry-After")
	if text != "" && strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			seconds = math.MaxInt32 // the number does not fit, and is longer than maxWait anyway
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

// endsWithin reports whether a context has ended or will end before the wait is over.
func (d retrier) endsWithin(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && deadline.Sub(d.now()) <= wait
}

// sleep waits for d. If the context ends before, it returns the error of the context.
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
