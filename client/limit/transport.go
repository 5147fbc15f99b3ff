package limit

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Doer sends a request, as [http.Client] does. It is an alias, so that [Limiter.Middleware] fits
// wherever an interface with this one method is wanted.
type Doer = interface {
	Do(*http.Request) (*http.Response, error)
}

// Transport returns a transport that sends requests by next as the limiter allows. If next is nil,
// it is [http.DefaultTransport]. A request counts until its window has passed after its answer, or
// after its failure. The answer has arrived when its headers have; its body may be read for as long
// as it takes.
func (l *Limiter) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport //nolint:forbidigo // the documented default, as in http.Client
	}
	return transport{l, next}
}

// Middleware returns a Doer that sends requests by next as the limiter allows. It counts them as
// [Limiter.Transport] does. If requests are repeated, it belongs between the sender and what
// repeats them, so that each repetition counts.
func (l *Limiter) Middleware(next Doer) Doer { return doer{l, next} }

type transport struct {
	limiter *Limiter
	next    http.RoundTripper
}

// RoundTrip sends one request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.limiter.send(r, t.next.RoundTrip)
}

// CloseIdleConnections closes the idle connections of the transport that sends the requests. It
// makes [http.Client.CloseIdleConnections] work.
func (t transport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

type doer struct {
	limiter *Limiter
	next    Doer
}

// Do sends one request.
func (d doer) Do(r *http.Request) (*http.Response, error) { return d.limiter.send(r, d.next.Do) }

func (l *Limiter) send(
	r *http.Request, next func(*http.Request) (*http.Response, error),
) (*http.Response, error) {
	if err := l.acquire(r.Context()); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // which is a duty of a RoundTripper, also if it sends nothing
		}
		return nil, err
	}
	defer l.release() // also if next panics
	resp, err := next(r)
	if err == nil && resp != nil && resp.StatusCode == http.StatusTooManyRequests {
		wait, ok := retryAfter(resp.Header)
		if !ok {
			wait = l.shortest
		}
		l.pause(wait)
	}
	return resp, err
}

// retryAfter reads the header Retry-After: a number of seconds, or a date, which is compared with
// the date of the answer (RFC 9110, section 10.2.3). What is not in the future does not count.
func retryAfter(h http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text != "" && strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			seconds = math.MaxInt32 // the number does not fit, and pause makes it shorter anyway
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
