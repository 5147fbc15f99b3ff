package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/pkio-tools/certcentral/gen/api"
)

const (
	apiKeyHeader    = "X-DC-DEVKEY"
	requestIDHeader = "X-Request-Id"
	mediaTypeJSON   = "application/json"

	// maxBody is how much of an answer is read. A page of 1000 orders has about 1 MiB.
	maxBody = 8 << 20
)

// operation is what a call has to know about the operation that it carries out.
type operation struct {
	// id is its operationId in the contract.
	id string
	// creates is whether carrying it out twice differs from carrying it out once.
	creates bool
	// accept is what its answer may be. Left empty, it is JSON.
	accept string
}

// sendFunc sends the request of an operation by the generated client, which calls edit last of all.
type sendFunc func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error)

// fetch carries out an operation that is answered with JSON: a W on the wire, which convert turns into a T.
func fetch[W, T any](
	ctx context.Context, c *Client, op operation, opts []RequestOption, send sendFunc, convert func(W) (T, error),
) (T, error) {
	var out T
	err := c.do(ctx, op, opts, send, func(a answer) (err error) {
		out, err = decodeJSON(a, convert)
		return err
	})
	return out, err
}

// do carries out an operation. A successful answer goes to decode, or is ignored where decode is nil. Any error is an
// *ArgumentError, with nothing sent, or an *Error.
func (c *Client) do(
	ctx context.Context, op operation, opts []RequestOption, send sendFunc, decode func(answer) error,
) error {
	var k call
	for _, opt := range opts {
		if err := opt(&k); err != nil {
			return inOperation(op, err)
		}
	}
	e := &Error{Operation: op.id, RequestID: k.requestID}
	if err := ctx.Err(); err != nil {
		e.cause = err
		return e
	}
	var progress progress
	resp, err := send(httptrace.WithClientTrace(ctx, progress.trace()), func(_ context.Context, r *http.Request) error {
		r.Header.Set(apiKeyHeader, c.key.Reveal())
		r.Header.Set("Accept", cmp.Or(op.accept, mediaTypeJSON))
		r.Header.Set("User-Agent", c.userAgent)
		if k.requestID != "" {
			r.Header.Set(requestIDHeader, k.requestID)
		}
		progress.built.Store(true)
		return nil
	})
	if err != nil {
		e.cause = err
		e.OutcomeUnknown = op.creates && progress.maySent()
		return e
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := readBody(resp.Body)
	if k.into != nil {
		*k.into = detach(resp, body) //nolint:bodyclose // nothing is left to close
	}
	e.StatusCode = resp.StatusCode
	if id := resp.Header.Get(requestIDHeader); id != "" {
		e.RequestID = sanitize(id, 128)
	}
	a := answer{resp: resp, body: body, err: err, titled: !op.creates, key: c.key}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		e.readRefusal(a)
		// A refusal in the service's own words, or any other 4xx but the timeout of a gateway, means that nothing has
		// come of the request. Everything else may have been said in the place of a service that carried it out.
		known := len(e.Errors) > 0 || resp.StatusCode/100 == 4 && resp.StatusCode != http.StatusRequestTimeout
		e.OutcomeUnknown = op.creates && !known
		return e
	}
	if decode == nil {
		return nil
	}
	if err := decode(a); err != nil {
		e.Note, e.cause = describe(err), err
		e.OutcomeUnknown = op.creates
		return e
	}
	return nil
}

// progress watches how far a request gets, to tell one that never left from one that the service may have seen.
type progress struct {
	built     atomic.Bool // the request was handed to the HTTP client
	waited    atomic.Bool // net/http began to look for a connection
	connected atomic.Bool // and found one, which is when it may begin to write
}

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { p.waited.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
	}
}

// maySent reports whether the request may have been sent. A transport that reports nothing may have sent it.
func (p *progress) maySent() bool {
	neverConnected := p.waited.Load() && !p.connected.Load()
	return p.built.Load() && !neverConnected
}

var (
	errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	errNotJSON      = errors.New("the answer is not JSON")
)

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return body, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(body) > maxBody {
		return body[:maxBody], errBodyTooLarge
	}
	return body, nil
}

// detach returns a copy of a response that outlives the call and holds no secret.
func detach(resp *http.Response, body []byte) *http.Response {
	r := *resp
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Request = nil
	return &r
}
