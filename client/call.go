package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
)

const (
	apiKeyHeader    = "X-Dc-Devkey" // as http.Header spells it
	requestIDHeader = "X-Request-Id"
	mediaTypeJSON   = "application/json"

	// maxBody is the largest body of an answer that is read. A page of 1000 orders has about 1 MiB.
	maxBody = 8 << 20
)

// A sendFunc sends the request of an operation by the generated client, which calls edit just
// before it sends. It is called once for each attempt.
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
	k, err := c.newCall(op, opts)
	if err != nil {
		return err
	}
	op = op.described()
	for n := 1; ; n++ {
		e := c.attempt(ctx, op, k, n, send, decode)
		if e == nil {
			return nil
		}
		if refused, ok := errors.AsType[bodyError](e.cause); ok {
			return inOperation(op, refused.ArgumentError)
		}
		wait, again := c.retries.next(ctx, op, e, n)
		if !again {
			return e
		}
		if err := c.retries.sleep(ctx, wait); err != nil {
			e.cause = errors.Join(e.cause, err)
			return e
		}
	}
}

// attempt sends the request of a call for the n-th time and reads the answer. Its error has no
// secrets.
func (c *Client) attempt(
	ctx context.Context, op operation, k call, n int, send sendFunc, decode func(answer) error,
) *Error {
	e := &Error{Operation: op.name(), RequestID: k.requestID, Attempts: n}
	if k.into != nil {
		*k.into = nil
	}
	if err := ctx.Err(); err != nil {
		e.Attempts, e.cause = n-1, err
		return e
	}
	ctx, cancel := k.within(ctx)
	defer cancel()
	key, err := c.key.get(ctx)
	r := newRedactor(slices.Concat([]Secret{key}, op.secrets, k.secrets)...)
	if err != nil {
		e.Attempts, e.cause = n-1, err
		return r.clean(e)
	}
	if c.exchange(ctx, op, k, e, key, r, send, decode) {
		return nil
	}
	return r.clean(e)
}

// exchange does the work of attempt after the API key is known. If it fails it fills e, whose texts
// may still hold secrets, which attempt removes. Only a text that is cut short here passes through r
// first: the beginning of a secret would not be found later.
func (c *Client) exchange(
	ctx context.Context, op operation, k call, e *Error, key Secret, r redactor, send sendFunc,
	decode func(answer) error,
) (ok bool) {
	resp, err := c.open(ctx, op, k, e, key, send)
	if err != nil {
		return false
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
	a := answer{resp: resp, body: body, err: err, showTitle: !op.changes(), redactor: r}
	refused := resp.StatusCode < 200 || resp.StatusCode > 299
	brokeOff := errors.Is(err, errBrokeOff)
	if !refused {
		if err = op.checkSuccess(a); err == nil && decode != nil {
			err = decode(a)
		}
		if err == nil {
			return true
		}
	}
	e.StatusCode = resp.StatusCode
	if id := resp.Header.Get(requestIDHeader); id != "" {
		e.RequestID = r.redactLine(id, 128)
	}
	e.transient = transientStatus(resp.StatusCode) || brokeOff
	e.RetryAfter = retryAfter(resp.Header, c.retries.now)
	e.OutcomeUnknown = op.outcomeUnknown(resp.StatusCode)
	if refused {
		e.readRefusal(a)
	} else {
		e.Errors = readEnvelope(body)
		e.Note, e.cause = describe(err), err
	}
	return false
}

// open sends one request and returns the answer, whose body is not read yet. If no answer arrives,
// it fills e and returns its cause.
func (c *Client) open(
	ctx context.Context, op operation, k call, e *Error, key Secret, send sendFunc,
) (*http.Response, error) {
	var p progress
	ctx = context.WithValue(ctx, callKey{}, sending{call: op.call(e.Attempts), progress: &p})
	accept, generated := cmp.Or(op.accept, mediaTypeJSON), op.method == ""
	resp, err := send(ctx, func(_ context.Context, r *http.Request) error {
		values := []string{key.Reveal(), accept, c.userAgent} // one slice for all
		r.Header[apiKeyHeader], r.Header["Accept"], r.Header["User-Agent"] = values[0:1:1], values[1:2:2], values[2:3:3]
		if k.requestID != "" {
			r.Header.Set(requestIDHeader, k.requestID)
		}
		for name, values := range k.header {
			r.Header[name] = slices.Clone(values)
		}
		if generated { // Client.Do has checked its body
			if err := checkBody(r); err != nil {
				return err
			}
		}
		return k.moveTo(r, c.baseURL)
	})
	if err == nil && resp == nil {
		err = errNoResponse
	}
	if err != nil {
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close() // middleware has returned an error together with an answer
		}
		e.cause = withoutQuery(err)
		tried, sent := p.state()
		if !tried && c.sender.blind.Load() {
			tried, sent = true, true
		}
		e.OutcomeUnknown = op.changes() && sent && !notSent(err)
		e.transient = tried && !permanent(err) && !notSent(err)
		return nil, err
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	return resp, nil
}

// notSent reports whether an error says that nothing was sent, as the one of a limiter does.
func notSent(err error) bool {
	var e interface{ NotSent() bool }
	return errors.As(err, &e) && e.NotSent()
}

var errNoResponse = errors.New("a middleware returned neither a response nor an error")

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

var (
	errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	errNotJSON      = errors.New("the answer is not JSON")
	errBrokeOff     = errors.New("the answer broke off")
)

// readBody reads the body of an answer, up to maxBody. It does not read the body of an answer with
// status 101: that body is the connection itself, which may never end.
func readBody(resp *http.Response) ([]byte, error) {
	if resp.StatusCode < 200 {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return body, fmt.Errorf("%w: %w", errBrokeOff, err)
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
