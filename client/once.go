package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// DefaultQuietPeriod is the time after which [OrderService.PlaceOnce] and its like take it that a
// request whose answer was lost will not be carried out any more.
const DefaultQuietPeriod = 5 * time.Minute

// NewOrderID returns a new alternative id for an order: 26 letters and digits, which no other call
// returns. Store it before you order.
func NewOrderID() string { return rand.Text() }

// A OnceOption configures [OrderService.PlaceOnce], [OrderService.ReissueOnce] and
// [OrderService.RevokeOnce]. Every [RequestOption] is one too, and applies to each of the requests.
type OnceOption interface {
	applyOnce(o *onceConfig) error
}

type onceConfig struct {
	quiet    time.Duration
	resume   bool
	requests []RequestOption
}

func (o RequestOption) applyOnce(c *onceConfig) error { //nolint:unparam // of the interface
	c.requests = append(c.requests, o)
	return nil
}

type onceOption func(*onceConfig) error

func (o onceOption) applyOnce(c *onceConfig) error { return o(c) }

// WithQuietPeriod sets the quiet period: how long a request whose answer was lost may still be
// carried out. The default is [DefaultQuietPeriod]. A shorter one is for tests.
func WithQuietPeriod(d time.Duration) OnceOption {
	return onceOption(func(c *onceConfig) error {
		if d < 0 {
			return &ArgumentError{Path: "WithQuietPeriod", Reason: "must not be negative"}
		}
		c.quiet = d
		return nil
	})
}

// WithResume says that an earlier call may have sent the same request less than a quiet period ago,
// and that its outcome is not known: the program was killed, or the call ended with
// [ErrOutcomeUnknown]. The call then looks for the outcome for a whole quiet period before it sends
// anything.
func WithResume() OnceOption {
	return onceOption(func(c *onceConfig) error {
		c.resume = true
		return nil
	})
}

// A OnceResult is the result of [OrderService.PlaceOnce], [OrderService.ReissueOnce] or
// [OrderService.RevokeOnce].
type OnceResult struct {
	// OrderID is the id of the order.
	OrderID int64
	// CertificateID is the id of the certificate that was ordered. It is 0 while an approval is
	// waited for, and after a revocation.
	CertificateID int64
	// NeedsApproval is whether an approval is waited for. [Order.Requests] has its request.
	NeedsApproval bool
	// Found is whether the change was found: this call, or an earlier one, had made it, and its
	// answer was lost. It is false if the answer of this call said so.
	Found bool
}

// A OnceError means that the context has ended, or that the service could not be asked any more,
// before [OrderService.PlaceOnce] or its like knew the outcome. [errors.Is] tells by
// [ErrOutcomeUnknown] whether the change may have been made. It wraps the errors of the last
// requests and of the context.
type OnceError struct {
	// Subject is what to look for, such as the alternative id of the order.
	Subject string
	// OutcomeUnknown is whether the change may have been made; see [ErrOutcomeUnknown]. If it is
	// false, this call has changed nothing.
	OutcomeUnknown bool

	causes []error
}

// Error returns the subject and the causes in one line.
func (e *OnceError) Error() string {
	state := "nothing was changed"
	if e.OutcomeUnknown {
		state = ErrOutcomeUnknown.Error()
	}
	return fmt.Sprintf("certcentral: %s: %s: %s", sanitize(e.Subject, 200), state, oneLine(e.causes))
}

// Unwrap returns the errors of the last requests and of the context.
func (e *OnceError) Unwrap() []error { return e.causes }

// Is reports whether the outcome is unknown, for [ErrOutcomeUnknown].
func (e *OnceError) Is(target error) bool { return target == ErrOutcomeUnknown && e.OutcomeUnknown }

func oneLine(causes []error) string {
	texts := make([]string, 0, len(causes))
	for _, cause := range causes {
		texts = append(texts, cause.Error())
	}
	return strings.Join(texts, "; ")
}

// The pauses between two looks.
const (
	firstLook   = time.Second
	longestLook = time.Minute
)

// A once makes a change at most once: it looks for the change before it asks for it.
type once struct {
	subject string
	clock   Clock
	config  onceConfig
	// look finds the change if it was made.
	look func(context.Context) (result OnceResult, found bool, err error)
	// act asks for the change.
	act func(context.Context) (OnceResult, error)
}

func newOnce(c *Client, op operation, subject string, opts []OnceOption) (once, error) {
	o := once{subject: subject, clock: c.clock, config: onceConfig{quiet: DefaultQuietPeriod}}
	for i, opt := range opts {
		if opt == nil {
			return o, &ArgumentError{Operation: op.id, Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
		if err := opt.applyOnce(&o.config); err != nil {
			return o, inOperation(op, err)
		}
	}
	return o, nil
}

// run looks for the change, asks for it, and looks again after an unknown outcome, until it knows.
func (o once) run(ctx context.Context) (OnceResult, error) {
	// Whether a request may have been carried out, the error of that request, and the time from
	// which on it will not be any more.
	unknown, lost, quietUntil := o.config.resume, error(nil), o.clock.Now()
	if unknown {
		quietUntil = quietUntil.Add(o.config.quiet)
	}
	for pause := (pauses{firstLook, longestLook}); ; {
		began := o.clock.Now()
		result, found, err := o.look(ctx)
		switch {
		case found:
			result.Found = true
			return result, nil
		case err == nil && !began.Before(quietUntil):
			unknown, lost = false, nil
			result, err = o.act(ctx)
			switch {
			case err == nil:
				return result, nil
			case errors.Is(err, ErrOutcomeUnknown):
				unknown, lost, quietUntil = true, err, o.clock.Now().Add(o.config.quiet)
				pause = pauses{firstLook, longestLook}
			case !temporary(err):
				return OnceResult{}, err
			}
		case err != nil && !temporary(err):
			if unknown {
				err = o.failed(unknown, lost, err)
			}
			return OnceResult{}, err
		}
		if ended := pause.sleep(ctx, o.clock, err); ended != nil {
			return OnceResult{}, o.failed(unknown, lost, err, ended)
		}
	}
}

// failed is the error of a call that could not find out more.
func (o once) failed(unknown bool, causes ...error) error {
	e := &OnceError{Subject: o.subject, OutcomeUnknown: unknown}
	for _, cause := range causes {
		if cause != nil && !slices.Contains(e.causes, cause) {
			e.causes = append(e.causes, cause)
		}
	}
	return e
}

// temporary reports whether the same request may be answered otherwise later: no answer came, the
// answer could not be used, or its status is 408, 429 or from 500. A server without a certificate
// that the client trusts stays one; a host name that is unknown now may be known later, since the
// machine may have been without a network.
func temporary(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	if e.StatusCode == 0 {
		_, lookup := errors.AsType[*net.DNSError](err)
		return e.transient || lookup
	}
	return e.StatusCode < http.StatusMultipleChoices || e.transient || e.StatusCode >= http.StatusInternalServerError
}
