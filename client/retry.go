package client

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// maxRetries is the largest number of retries.
	maxRetries = 10
	// maxWait is the longest wait before a retry: the longer window of the vendor's rate limits.
	maxWait = 3 * time.Minute
	// maxBackoff is the longest wait without a Retry-After of the service.
	maxBackoff = time.Minute
)

// WithRetries makes the client repeat a request that only reads (GET, or HEAD by [Client.Do]) up to n
// times, 10 at most. The default is 0. A request that changes something, such as an order, is never
// repeated.
//
// A request is repeated after the status 408, 429, 500, 502, 503 or 504, and if no answer or only a
// part of one arrives: the service refuses the connection, the connection breaks, or a time limit
// ends that is shorter than the one of the context ([WithTimeout], or a timeout of the HTTP client).
// It is not repeated after the context has ended, if the certificate of the server is not trusted,
// or if its host name does not exist.
//
// The header Retry-After of the answer gives the length of the wait, in seconds or as a date. Without
// it, or if it gives no time in the future, the wait is a random time from zero to a bound (full
// jitter). The bound is 5 seconds after the first 429, and 1 second after any other first failure.
// It doubles with each further attempt, up to a minute.
//
// If the service asks for a wait of more than three minutes, or if the wait would reach the deadline
// of the context, the call fails at once. [Error.RetryAfter] has the wait that the service asks for.
// The error of a call is the one of its last attempt, and [Error.Attempts] counts the attempts.
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

// retries decides whether and when a request is repeated. Its functions are replaced in tests.
type retries struct {
	most   int
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	random func() float64 // from 0 to 1, without 1
}

func newRetries(most int, clock Clock) retries {
	return retries{
		most:   most,
		now:    time.Now, //nolint:forbidigo // the deadline of a context is on the same clock
		sleep:  clock.Sleep,
		random: rand.Float64,
	}
}

// next decides whether a call is repeated after its n-th attempt has failed, and after which wait.
func (p retries) next(ctx context.Context, op operation, e *Error, n int) (wait time.Duration, again bool) {
	if n > p.most || op.changes() || !e.transient || ctx.Err() != nil {
		return 0, false
	}
	if wait = e.RetryAfter; wait <= 0 {
		wait = time.Duration(p.random() * float64(backoff(e.StatusCode, n)))
	}
	deadline, ok := ctx.Deadline()
	return wait, wait <= maxWait && (!ok || deadline.Sub(p.now()) > wait)
}

// backoff returns the longest wait after the n-th attempt, which had this status, or 0 for no answer.
func backoff(status, n int) time.Duration {
	first := time.Second
	if status == http.StatusTooManyRequests {
		first = 5 * time.Second // the shorter window of the vendor's rate limits
	}
	return min(first<<min(n-1, maxRetries), maxBackoff)
}

// transientStatus reports whether a request that is answered with this status may well succeed a
// little later.
func transientStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// permanent reports whether an error of the HTTP client stays the same if the request is repeated:
// the TLS of the server, or a host name that does not exist.
func permanent(err error) bool {
	var (
		untrusted *tls.CertificateVerificationError
		alert     tls.AlertError
		noTLS     tls.RecordHeaderError
		lookup    *net.DNSError
	)
	switch {
	case errors.As(err, &untrusted), errors.As(err, &alert), errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return true
	case errors.As(err, &lookup):
		return lookup.IsNotFound
	default:
		return false
	}
}

// retryAfter reads the header Retry-After: a number of seconds, or a date, which is compared with
// the date of the answer (RFC 9110, section 10.2.3), or with the clock if the answer has no date.
// It returns 0 without a time in the future: the client would repeat the request at once although
// it has sent too many.
func retryAfter(h http.Header, now func() time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			seconds = math.MaxInt32 // the number does not fit, and is longer than maxWait anyway
		}
		return time.Duration(seconds) * time.Second
	}
	then, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = now()
	}
	return max(then.Sub(date), 0)
}
