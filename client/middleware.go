package client

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
)

// A Doer sends a request and returns its answer, as [http.Client] does. It is an alias, so that
// middleware of other packages fits, such as the one of client/limit.
type Doer = interface {
	Do(r *http.Request) (*http.Response, error)
}

// A DoerFunc is a function that is a [Doer].
type DoerFunc func(r *http.Request) (*http.Response, error)

// Do calls the function.
func (f DoerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// WithMiddleware puts functions around the sending of every request, for example to log, to measure
// or to limit. Each gets the next [Doer] and returns one that calls it. The first function is the
// outermost: it sees the request first and the answer last. If the option is given several times,
// later functions are further inside. The innermost Doer is the HTTP client ([WithHTTPClient]).
//
// Middleware is inside the retries of [WithRetries] and the time limit of [WithTimeout], so it sees
// each attempt. [CallFrom] gives the operation, the route and the attempt of a request.
//
// The request holds the API key in the header X-DC-DEVKEY, and an order may hold a card: do not log
// headers or bodies. An error that middleware returns without calling the next Doer means that
// nothing was sent, and is not retried. A transport of the HTTP client says the same by an error with
// a method NotSent() bool that returns true. Middleware that sends a request twice breaks the promise
// that an order is never repeated. Middleware that reads the body of an answer puts another one in
// its place.
func WithMiddleware(middleware ...func(next Doer) Doer) Option {
	return func(cfg *config) error {
		for i, m := range middleware {
			if m == nil {
				return fmt.Errorf("middleware[%d] is nil: leave it out", i)
			}
		}
		cfg.middleware = append(cfg.middleware, middleware...)
		return nil
	}
}

// A Call says what a request is sent for: [CallFrom].
type Call struct {
	// OperationID is the operationId in the contract, such as getOrder. It is empty for a request of
	// [Client.Do] that the contract does not have.
	OperationID string
	// Route is the path of the operation in the contract, below the base URL, with names in place of
	// ids: /order/certificate/{order_id}. It fits the label of a metric and the name of a span. It
	// is empty if OperationID is.
	Route string
	// Attempt is the number of the attempt. It is 1 unless the request is a retry.
	Attempt int
}

// LogValue returns the operation, the route and the attempt as a group of log attributes.
func (c Call) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", c.OperationID), slog.String("route", c.Route), slog.Int("attempt", c.Attempt))
}

// CallFrom returns what a request is sent for, from its context. Middleware ([WithMiddleware]) and
// the transport of the HTTP client ([WithHTTPClient]) can use it. It reports false for a request
// that no client of this package sends.
func CallFrom(ctx context.Context) (Call, bool) {
	s, ok := ctx.Value(callKey{}).(sending)
	return s.call, ok
}

// callKey is the key of a sending in the context of a request.
type callKey struct{}

// A sending is one attempt of a call.
type sending struct {
	call     Call
	progress *progress
}

// chain returns middleware around a Doer.
func chain(innermost Doer, middleware []func(next Doer) Doer) (Doer, error) {
	next := innermost
	for i, m := range slices.Backward(middleware) {
		if next = m(next); next == nil {
			return nil, fmt.Errorf("middleware[%d] returned a nil Doer", i)
		}
	}
	return next, nil
}
