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

	// maxBody is the largest body of an answer that is read. A page of 1000 orders has about 1 MiB.
	maxBody = 8 << 20
)

// A sendFunc sends the request of an operation by the generated client, which calls edit just
// before it sends.
type sendFunc func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error)

// fetch carries out an operation whose answer is JSON. The JSON is read as a W, and convert makes a
// T of it.
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

// do carries out an operation and calls decode with a successful answer, unless decode is nil. The
// error is an *ArgumentError, and then nothing was sent, or an *Error without secrets.
func (c *Client) do(
	ctx context.Context, op operation, opts []RequestOption, send sendFunc, decode func(answer) error,
) error {
	var k call
	for i, opt := range opts {
		if opt == nil {
			return &ArgumentError{Operation: op.id, Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
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

// carryOut does the work of do after the options have been read. The texts of its error may still
// hold secrets, which do removes. Only a text that is cut short here passes through r first: the
// beginning of a secret would not be found later.
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
		e.OutcomeUnknown = op.changes() && progress.mayBeSent() && !notSent(err)
		return e
	}
	defer func() { _ = resp.Body.Close() }()
	read := readBody
	if op.read != nil {
		read = op.read
	}
	body, err := read(resp)
	if k.into != nil {
		*k.into = detach(resp, body) //nolint:bodyclose // the body is in memory and needs no Close
	}
	e.StatusCode = resp.StatusCode
	if id := resp.Header.Get(requestIDHeader); id != "" {
		e.RequestID = r.redactLine(id, 128)
	}
	a := answer{resp: resp, body: body, err: err, showTitle: !op.changes(), redactor: r}
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

// withoutQuery removes the query of the URL from an error of the HTTP client, since the filters of
// a list may name a person.
func withoutQuery(err error) error {
	failed, ok := err.(*url.Error) //nolint:errorlint // the type that net/http returns; a wrapped *url.Error stays unchanged
	if !ok {
		return err
	}
	address, _, _ := strings.Cut(failed.URL, "?")
	return &url.Error{Op: failed.Op, URL: address, Err: failed.Err}
}

// progress records how far a request got. A request that was never sent has no unknown outcome.
type progress struct {
	built     atomic.Bool // the request is complete and goes to the HTTP client
	waited    atomic.Bool // net/http has begun to get a connection
	connected atomic.Bool // net/http has a connection and may write to it
}

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { p.waited.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
	}
}

// mayBeSent reports whether the request may have been sent. A transport that does not report its
// connections may have sent it.
func (p *progress) mayBeSent() bool {
	neverConnected := p.waited.Load() && !p.connected.Load()
	return p.built.Load() && !neverConnected
}

// notSent reports whether an error says that nothing was sent, as the one of client/limit does.
func notSent(err error) bool {
	var e interface{ NotSent() bool }
	return errors.As(err, &e) && e.NotSent()
}

var (
	errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	errNotJSON      = errors.New("the answer is not JSON")
)

// readBody reads the body of an answer, up to maxBody. It does not read the body of an answer with
// status 101: that body is the connection itself, which may never end.
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

// detach returns a copy of a response that the caller may keep. The copy has no request, since that
// holds the API key.
func detach(resp *http.Response, body []byte) *http.Response {
	r := *resp
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Request = nil
	return &r
}
