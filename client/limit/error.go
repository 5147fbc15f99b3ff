package limit

import (
	"fmt"
	"time"
)

// A WaitError means that a request was not sent, since its context has ended or would have ended
// before the rate limit allowed the request. It wraps the error of the context:
// [context.DeadlineExceeded], also if the deadline is still to come, or [context.Canceled].
type WaitError struct {
	// Wait is how long the request has waited. If the deadline is too early for any wait, it is how
	// long the request would have had to wait at least.
	Wait time.Duration

	cause error
	early bool // the deadline is still to come
}

// Error returns the reason and the length of the wait in one line.
func (e *WaitError) Error() string {
	wait := e.Wait.Round(time.Millisecond)
	if e.early {
		return fmt.Sprintf("limit: the deadline is before the end of a wait of %v for the rate limit: %v", wait, e.cause)
	}
	return fmt.Sprintf("limit: the context ended after a wait of %v for the rate limit: %v", wait, e.cause)
}

// Unwrap returns the error of the context.
func (e *WaitError) Unwrap() error { return e.cause }

// Timeout reports whether a deadline ended the wait, as errors of package net do.
func (e *WaitError) Timeout() bool {
	timeout, ok := e.cause.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}

// NotSent reports true: nothing was sent. The client reads this, so that an order that did not get
// its turn is not one with an unknown outcome.
func (e *WaitError) NotSent() bool { return true }
