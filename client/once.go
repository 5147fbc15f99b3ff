package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
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
	applyOnce(c *onceConfig)
}

type onceConfig struct {
	quiet    time.Duration
	resume   bool
	requests []RequestOption
	err      error // of an option with a wrong value
}

func (o RequestOption) applyOnce(c *onceConfig) { c.requests = append(c.requests, o) }

type onceOption func(*onceConfig)

func (o onceOption) applyOnce(c *onceConfig) { o(c) }

// WithQuietPeriod sets the quiet period: how long a request whose answer was lost may still be
// carried out. The default is [DefaultQuietPeriod]. A shorter one is for tests.
func WithQuietPeriod(d time.Duration) OnceOption {
	return onceOption(func(c *onceConfig) {
		if d < 0 {
			c.err = &ArgumentError{Path: "WithQuietPeriod", Reason: "must not be negative"}
		}
		c.quiet = d
	})
}

// WithResume says that an earlier call may have sent the same request less than a quiet period ago,
// and that its outcome is not known: the program was killed, or the call ended with
// [ErrOutcomeUnknown]. The call then looks for the outcome for a whole quiet period before it sends
// anything.
func WithResume() OnceOption {
	return onceOption(func(c *onceConfig) { c.resume = true })
}

// A OnceResult is the result of [OrderService.PlaceOnce], [OrderService.ReissueOnce] or
// [OrderService.RevokeOnce].
type OnceResult struct {
	// OrderID is the id of the order.
	OrderID int64
	// CertificateID is the id of the certificate that was ordered. It is 0 while an approval is
	// waited for, for an order that was rejected before it had a certificate, and after a revocation.
	CertificateID int64
	// NeedsApproval is whether an approval is waited for. [Order.Requests] has its request.
	NeedsApproval bool
	// Found is whether the change was found: an earlier call had made it, or this call had, and its
	// answer was lost. It is false if the service answered this call that the change is made.
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
	causes := make([]string, 0, len(e.causes))
	for _, cause := range e.causes {
		causes = append(causes, cause.Error())
	}
	state := "nothing was changed"
	if e.OutcomeUnknown {
		state = ErrOutcomeUnknown.Error()
	}
	return fmt.Sprintf("certcentral: %s: %s: %s", sanitize(e.Subject, 200), state, strings.Join(causes, "; "))
}

// Unwrap returns the errors of the last requests and of the context.
func (e *OnceError) Unwrap() []error { return e.causes }

// LogValue returns the text, the subject and the outcome as a group of log attributes.
func (e *OnceError) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("<nil>")
	}
	return slog.GroupValue(slog.String("error", e.Error()), slog.String("subject", sanitize(e.Subject, 200)),
		slog.Bool("outcome_unknown", e.OutcomeUnknown))
}

// Is reports whether the outcome is unknown, for [ErrOutcomeUnknown].
func (e *OnceError) Is(target error) bool { return target == ErrOutcomeUnknown && e.OutcomeUnknown }

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
		if isNil(opt) {
			return o, &ArgumentError{Operation: op.id, Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
		opt.applyOnce(&o.config)
	}
	return o, inOperation(op, o.config.err)
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
				return o.refused(ctx, err)
			}
		case err != nil && !temporary(err):
			if _, twice := errors.AsType[*DuplicateOrderError](err); unknown && !twice {
				err = o.failed(unknown, lost, err)
			}
			return OnceResult{}, err
		}
		if ended := pause.sleep(ctx, o.clock, err); ended != nil {
			return OnceResult{}, o.failed(unknown, lost, err, ended)
		}
	}
}

// refused is the end of a call whose change was refused. If the state of the order was the reason,
// the change may have been made after the last look: by a request that was carried out late, or by
// another program.
func (o once) refused(ctx context.Context, err error) (OnceResult, error) {
	if e, ok := errors.AsType[*Error](err); ok && e.Has(CodeOrderStatusConflict) {
		if result, found, _ := o.look(ctx); found {
			result.Found = true
			return result, nil
		}
	}
	return OnceResult{}, err
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
// machine may have been without a network. A limiter that had no turn for the request within the
// time limit of an attempt has one later.
func temporary(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	if e.StatusCode == 0 {
		_, lookup := errors.AsType[*net.DNSError](err)
		return e.transient || lookup || notSent(err) && errors.Is(err, context.DeadlineExceeded)
	}
	return e.StatusCode < http.StatusMultipleChoices || e.transient || e.StatusCode >= http.StatusInternalServerError
}
