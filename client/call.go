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
	"net/url"
	"strings"
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

// do carries out an operation. A successful answer goes to decode, or needs nothing more where decode is nil. Any error is
// an *ArgumentError, with nothing sent, or an *Error without a secret in it.
func (c *Client) do(
	ctx context.Context, op operation, opts []RequestOption, send sendFunc, decode func(answer) error,
) error {
	var k call
	for _, opt := range opts {
		if err := opt(&k); err != nil {
			return inOperation(op, err)
		}
	}
	r := newRedactor(append([]Secret{c.key}, op.secrets...)...)
	if e := c.carryOut(ctx, op, k, r, send, decode); e != nil {
		return r.clean(e)
	}
	return nil
}

// carryOut is do for options that have been read. What an answer says may hold secrets until the error is cleaned; where
// a text is cut short, r has to see it before.
func (c *Client) carryOut(
	ctx context.Context, op operation, k call, r redactor, send sendFunc, decode func(answer) error,
) *Error {
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
		e.cause = withoutQuery(err)
		e.OutcomeUnknown = op.changes() && progress.maySent()
		return e
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := readBody(resp)
	if k.into != nil {
		*k.into = detach(resp, body) //nolint:bodyclose // nothing is left to close
	}
	e.StatusCode = resp.StatusCode
	if id := resp.Header.Get(requestIDHeader); id != "" {
		e.RequestID = r.text(id, 128)
	}
	a := answer{resp: resp, body: body, err: err, titled: !op.changes(), redact: r}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		e.readRefusal(a)
		e.OutcomeUnknown = op.outcomeUnknown(resp.StatusCode)
		return e
	}
	err = op.checkSuccess(a)
	if err == nil && decode != nil {
		err = decode(a)
	}
	if err != nil {
		e.Errors = readEnvelope(body)
		e.Note, e.cause = describe(err), err
		e.OutcomeUnknown = op.outcomeUnknown(resp.StatusCode)
		return e
	}
	return nil
}

// withoutQuery returns the error of an HTTP client without what was looked for: the filters of a list may name a person.
func withoutQuery(err error) error {
	failed, ok := err.(*url.Error) //nolint:errorlint // as net/http returns it; one inside another error is not ours to change
	if !ok {
		return err
	}
	address, _, _ := strings.Cut(failed.URL, "?")
	return &url.Error{Op: failed.Op, URL: address, Err: failed.Err}
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

// readBody reads what an answer says, up to a limit. A change of protocols (101) says nothing: its body is the connection,
// whose end may never come.
func readBody(resp *http.Response) ([]byte, error) {
	if resp.StatusCode < 200 {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return body, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(body) > maxBody {
		return body[:maxBody], errBodyTooLarge
	}
	return body, nil
}

// detach returns a copy of a response that outlives the call, without the request and the key in it.
func detach(resp *http.Response, body []byte) *http.Response {
	r := *resp
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Request = nil
	return &r
}
