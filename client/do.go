package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pkio-tools/certcentral/gen/api"
)

// Do sends a request for which the client has no method, with the API key, the limits and the errors
// of all other calls. The path begins with a slash and is below the base URL, as in /order/certificate;
// it may have a query. If in is not nil it is sent as JSON; a []byte is sent as it is, and must be JSON.
//
// The answer goes to out. Nil drops it, a *[]byte gets its bytes, an [io.Writer] is written to. Any
// other out is a pointer that the answer, which must be JSON, is decoded into, except for the status
// 204. An answer may have 8 MiB. Every status from 200 to 299 is a success, except for an HTML page
// while out is nil.
//
// Only a GET or HEAD counts as a request that changes nothing, and is repeated by [WithRetries]. All
// other methods may end with [ErrOutcomeUnknown]. If the contract has the operation, errors and
// [CallFrom] name it. A [Secret] in in is an [*ArgumentError]: put the text of [Secret.Reveal] in its
// place. Errors may repeat such a text, since the client does not know what is secret in it.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...RequestOption) error {
	op, address, err := c.target(method, path)
	if err != nil {
		return inOperation(op, err)
	}
	body, err := encodeBody(in)
	if err != nil {
		return inOperation(op, err)
	}
	if err := checkTarget(out); err != nil {
		return inOperation(op, err)
	}
	if _, raw := rawTarget(out); raw {
		op.accept = "*/*"
	}
	var received answer
	err = c.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		if in != nil {
			r.Header.Set("Content-Type", mediaTypeJSON)
		}
		if err := edit(ctx, r); err != nil {
			return nil, err
		}
		return c.doer.Do(r)
	}, func(a answer) error {
		received = a
		return a.into(out, method)
	})
	if err != nil {
		return err
	}
	if w, ok := out.(io.Writer); ok {
		if _, err := w.Write(received.body); err != nil {
			return &Error{
				Operation: op.name(), Attempts: 1, StatusCode: received.resp.StatusCode, Note: "the answer could not be written",
				cause: err,
			}
		}
	}
	return nil
}

// target checks the method and the path of a request and returns its address.
func (c *Client) target(method, path string) (operation, string, error) {
	switch {
	case !isToken(method) || method != strings.ToUpper(method):
		return operation{}, "", &ArgumentError{Path: "method", Reason: "must be an HTTP method in upper case, such as GET"}
	case method == http.MethodConnect || method == http.MethodTrace:
		// CONNECT is for a proxy. The answer to TRACE is the request, with the API key.
		return operation{}, "", &ArgumentError{Path: "method", Reason: "must not be CONNECT or TRACE"}
	}
	refuse := func(reason string) (operation, string, error) {
		return operation{method: method}, "", &ArgumentError{Path: "path", Reason: reason}
	}
	u, err := url.Parse(path)
	switch {
	case err != nil:
		return refuse("is malformed")
	case u.IsAbs() || u.Host != "" || u.User != nil:
		return refuse("must be below the base URL: use WithRequestBaseURL for another one")
	case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
		return refuse("must begin with one slash")
	case strings.ContainsFunc(u.RawQuery, func(r rune) bool { return r <= ' ' || r > '~' }):
		return refuse("must have an encoded query, without blanks: use url.Values")
	case u.Fragment != "":
		return refuse("must not have a fragment")
	case strings.HasPrefix(path, servicesPath+"/") && strings.HasSuffix(c.baseURL, servicesPath):
		return refuse("must not begin with " + servicesPath + ", which is a part of the base URL")
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return refuse("must not have segments of dots alone")
		}
	}
	op := operation{id: operationOf(method, u.Path), method: method, path: u.EscapedPath()}
	return op, c.baseURL + u.RequestURI(), nil
}

// operationOf returns the operation of the contract with this method and path, or an empty text. If
// several fit, it is the one with the most segments that are no parameters.
func operationOf(method, path string) string {
	segments := strings.Split(path, "/")
	found, most := "", -1
	for _, id := range api.OperationIDs() {
		contract, _ := api.OperationByID(id)
		literals := 0
		fits := slices.EqualFunc(strings.Split(contract.Path, "/"), segments, func(template, segment string) bool {
			if strings.HasPrefix(template, "{") {
				return segment != ""
			}
			literals++
			return template == segment
		})
		if fits && contract.Method == method && literals > most {
			found, most = id, literals
		}
	}
	return found
}

// encodeBody returns the body of a request.
func encodeBody(in any) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	body, ok := in.([]byte)
	if ok && (!json.Valid(body) || !utf8.Valid(body)) {
		return nil, &ArgumentError{Path: "in", Reason: "is not JSON in UTF-8"}
	}
	if !ok {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, &ArgumentError{Path: "in", Reason: fmt.Sprintf("of type %T cannot be written as JSON", in)}
		}
		if replaced(body) {
			return nil, &ArgumentError{Path: "in" + replacedIn(body, ""), Reason: "is not UTF-8"}
		}
	}
	if bytes.Contains(body, []byte(`"`+redacted+`"`)) {
		return nil, &ArgumentError{Path: "in", Reason: "holds a Secret, which is not written as JSON: use its Reveal"}
	}
	return body, nil
}

// rawTarget reports whether out takes the bytes of an answer. The slice is nil for an io.Writer.
func rawTarget(out any) (*[]byte, bool) {
	switch to := out.(type) {
	case *[]byte:
		return to, true
	case io.Writer:
		return nil, true
	default:
		return nil, false
	}
}

func checkTarget(out any) error {
	if out == nil {
		return nil
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return &ArgumentError{Path: "out", Reason: "is a nil pointer: use nil to drop the answer"}
	}
	if _, raw := rawTarget(out); !raw && v.Kind() != reflect.Pointer {
		return &ArgumentError{Path: "out", Reason: fmt.Sprintf("of type %T is not a pointer", out)}
	}
	return nil
}

var errPage = errors.New("the answer is an HTML page")

// into puts a successful answer into the target of Client.Do. An io.Writer gets it later.
func (a answer) into(out any, method string) error {
	mediaType, _, _ := mime.ParseMediaType(cmp.Or(a.resp.Header.Get("Content-Type"), "untyped"))
	if to, raw := rawTarget(out); raw {
		if to != nil {
			*to = a.body
		}
		return nil
	}
	switch {
	case out == nil && mediaType == "text/html":
		return fmt.Errorf("%w: %s", errPage, a.summary())
	case out == nil, a.resp.StatusCode == http.StatusNoContent, method == http.MethodHead:
		return nil
	case mediaType != mediaTypeJSON && !strings.HasSuffix(mediaType, "+json"):
		return fmt.Errorf("%w but %s", errNotJSON, a.summary())
	}
	_, err := decodeJSON(a, func(text json.RawMessage) (struct{}, error) {
		err := json.Unmarshal(text, out)
		if mistyped := (*json.UnmarshalTypeError)(nil); err != nil && !errors.As(err, &mistyped) {
			// The error of a type's own method may repeat the body.
			err = &wireError{path: "the whole", reason: fmt.Sprintf("cannot be read as a %T", out)}
		}
		return struct{}{}, err
	})
	return err
}
