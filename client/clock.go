package client

import (
	"context"
	"errors"
	"time"
)

// A Clock tells the time to the client, and lets it pause. The default is the clock of the machine.
// A test gives another one by [WithClock]: its Sleep may return at once, or move the clock of a mock
// server on, so that days of waiting take no time.
type Clock interface {
	// Now returns the time.
	Now() time.Time
	// Sleep pauses for d. If the context ends before, it returns the error of the context.
	Sleep(ctx context.Context, d time.Duration) error
}

// WithClock sets the clock by which the client pauses: before a retry ([WithRetries]), in
// [OrderService.PlaceOnce] and its like, and in [OrderService.WaitIssued] and [RequestService.Wait].
// Deadlines of contexts stay on the clock of the machine.
func WithClock(clock Clock) Option {
	return func(cfg *config) error {
		if clock == nil {
			return errors.New("the clock is nil")
		}
		cfg.clock = clock
		return nil
	}
}

// systemClock is the clock of the machine.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() } //nolint:forbidigo // the clock that is injected by default

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// pauses are growing pauses: each is twice as long as the one before, up to the longest.
type pauses struct {
	next, longest time.Duration
}

// sleep pauses after a request with the error err, or nil, and makes the next pause longer. The
// pause is at least as long as the service asks for, up to maxWait. If the context ends before, sleep
// returns the error of the context.
func (p *pauses) sleep(ctx context.Context, clock Clock, err error) error {
	pause := p.next
	p.next = min(2*p.next, p.longest)
	if e, ok := errors.AsType[*Error](err); ok {
		pause = max(pause, min(e.RetryAfter, maxWait))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return clock.Sleep(ctx, pause)
}
