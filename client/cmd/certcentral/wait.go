package main

import (
	"context"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

type waitFlags struct {
	WaitWithin time.Duration `placeholder:"DURATION" help:"Time limit of the wait (default: none). The real service takes days."`
	Poll       time.Duration `default:"1h" placeholder:"DURATION" help:"Longest pause between two looks at the order; the pauses begin with 2s (default: 1h)."`
}

type waitCommand struct {
	ID        orderID `arg:"" help:"Id of the order."`
	waitFlags `embed:""`
}

// A waitOverError means that the time limit of a wait has passed.
type waitOverError struct{ error }

func (e waitOverError) Unwrap() error { return e.error }

// firstPause is the first pause between two looks.
const firstPause = 2 * time.Second

func (c *waitCommand) run(ctx context.Context, s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	return c.wait(ctx, s, cc, int64(c.ID))
}

func (f waitFlags) check() error {
	switch {
	case f.WaitWithin < 0:
		return usagef("--wait-within: must be a positive time, such as 72h")
	case f.Poll <= 0:
		return usagef("--poll: must be a positive time, such as 10m")
	}
	return nil
}

// wait waits until the order is issued, and reports each of its states.
func (f waitFlags) wait(ctx context.Context, s *session, cc *certcentral.Client, id int64) error {
	limited := ctx
	if f.WaitWithin > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, f.WaitWithin)
		defer cancel()
	}
	if isTerminal(s.stderr) {
		s.say("Ctrl-C ends the wait and not the order; %s wait %d goes on with it", name, id)
	}
	_, err := cc.Orders.WaitIssued(limited, id,
		certcentral.WithPauses(min(firstPause, f.Poll), f.Poll),
		certcentral.WithProgress(func(order certcentral.Order) { s.sayState(order) }))
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return waitOverError{fmt.Errorf("the time limit of the wait, %v, has passed: %w", f.WaitWithin, err)}
	}
	return err
}

func (s *session) sayState(order certcentral.Order) {
	s.say("order %d is %s", order.ID, printable(string(order.Status)))
	for _, request := range order.Requests {
		if order.Status == certcentral.OrderNeedsApproval && (request.Status == certcentral.RequestPending || request.Status == certcentral.RequestSubmitted) {
			s.say("  an administrator approves it with request %d", request.ID)
		}
	}
}
