package contract

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Body is a validated request body. The generated server binds its value and does not decode the
// body again. It recognizes a Body by the method ValidatedValue.
type Body struct {
	value any
}

// ValidatedValue returns the validated tree.
func (b *Body) ValidatedValue() any { return b.value }

// Read returns io.EOF.
func (*Body) Read([]byte) (int, error) { return 0, io.EOF }

// Close does nothing.
func (*Body) Close() error { return nil }

// CheckRequest validates the parameters and the body of a request. The path parameters come from
// the router. The result is a request for the generated code: its body is the validated [Body] if
// the operation has one, and its query has the form of the contract. The original request is not
// changed. A tolerant check also accepts the forms in x-tolerates. The remarks are also set if
// there are violations.
func (op *Operation) CheckRequest(r *http.Request, body []byte, tolerant bool) (*http.Request, Remarks, *Violations) {
	c := checking{op: op, sent: SecretsOf(r.Header), tolerant: tolerant}
	q := c.checkQuery(r)
	if op.body == nil {
		c.checkNoBody(body)
		if len(c.list) > 0 {
			return nil, c.remarks, refuseAll(c.list, 0)
		}
		return q.rewrite(r), c.remarks, nil
	}
	checked, refused := c.checkBody(r.Header, body)
	if refused != nil {
		return nil, c.remarks, refused
	}
	bound := *q.rewrite(r)
	bound.Body = checked
	return &bound, c.remarks, nil
}

// A checking is the validation of one request.
type checking struct {
	op       *Operation
	sent     Secrets // the API key, which no name may reveal
	tolerant bool
	remarks  Remarks
	list     []Violation // so far
}

// checkQuery parses the query and validates the query and path parameters.
func (c *checking) checkQuery(r *http.Request) (q query) {
	op := c.op
	if r.URL.RawQuery != "" {
		var err error
		if q, err = parseQuery(r.URL.RawQuery); err != nil {
			if op.hasQuery || op.contract.closed {
				c.list = append(c.list, invalid("query", "is malformed: use percent-encoding, and & between parameters"))
			} else {
				c.remarks.Ignored.add("query")
			}
		}
		if c.tolerant {
			for _, name := range op.contract.tolerance.rewriteQuery(op.parameters, q.values) {
				c.remarks.Tolerated.add(name)
				q.changed = true
			}
		}
		q.changed = q.changed && op.hasQuery // an operation without query parameters ignores the query
	}
	c.list = append(c.list, op.checkParameters(r, q)...)
	c.list = append(c.list, op.unknownParameters(q.values, c.sent, &c.remarks.Ignored)...)
	return q
}

// checkBody validates the body of a request after its parameters.
func (c *checking) checkBody(header http.Header, body []byte) (*Body, *Violations) {
	op, list := c.op, c.list
	if refused := checkMediaType(header, len(body) > 0); refused != nil {
		return nil, refused
	}
	read, refused := decode(body, op.shape, c.sent)
	if refused != nil {
		return nil, refused
	}
	c.remarks.Ignored.join(read.ignored)
	if c.tolerant {
		for _, name := range op.form().rewrite(read.tree) {
			c.remarks.Tolerated.add(name)
		}
	}
	if op.body.VisitJSON(read.tree, openapi3.FailFast()) != nil {
		list = append(list, op.contract.collector().body(op, read.tree)...)
	} else if read.odd {
		list = append(list, op.contract.collector().odd(op, read.tree)...)
	}
	if list = append(list, read.unknown...); len(list) > 0 {
		return nil, refuseAll(list, read.more)
	}
	for _, path := range op.ids {
		idsToStrings(read.tree, path)
	}
	return &Body{value: read.tree}, nil
}

// checkNoBody checks the body of a request for an operation without a body. An empty body and an
// empty object are valid. A closed contract refuses any other body, an open one ignores it.
func (c *checking) checkNoBody(body []byte) {
	if isBlank(body) {
		return
	}
	read, malformed := decode(body, c.op.shape, c.sent)
	_, isObject := read.tree.(map[string]any)
	switch {
	case isObject:
		c.remarks.Ignored.join(read.ignored)
		c.list = append(c.list, read.unknown...)
	case malformed == nil && read.tree == nil: // null
	case c.op.contract.closed:
		c.list = append(c.list, Violation{Code: "invalid_field|body", Message: "body is not taken by " + c.op.ID + "; leave it out"})
	default:
		c.remarks.Ignored.add("body")
	}
}

// maxViolations is the maximum number of violations in a response, so that a response cannot be
// many times as large as its request.
const maxViolations = 100

// refuseAll returns the error with the first hundred violations, and the number of further ones.
// more counts violations that are not in the list.
func refuseAll(list []Violation, more int) *Violations {
	if len(list) > maxViolations {
		more += len(list) - maxViolations
		list = list[:maxViolations]
	}
	if more > 0 {
		list = append(list, Violation{Code: "too_many_errors", Message: strconv.Itoa(more) + " more errors are left out"})
	}
	return &Violations{Status: http.StatusBadRequest, List: list}
}

// checkMediaType accepts JSON only, without compression (D-48). Without a body there is no error
// here; the missing body is found later.
func checkMediaType(header http.Header, hasBody bool) *Violations {
	if !hasBody {
		return nil
	}
	for _, codings := range header.Values("Content-Encoding") {
		if coding := strings.TrimSpace(codings); coding != "" && !strings.EqualFold(coding, "identity") {
			return refuse(http.StatusUnsupportedMediaType, "unsupported_media_type",
				"the request body has to be sent without Content-Encoding: it is read as it is, and not decompressed")
		}
	}
	kind := header.Get("Content-Type")
	if kind == mediaType {
		return nil
	}
	if parsed, _, err := mime.ParseMediaType(kind); err == nil && parsed == mediaType {
		return nil
	}
	return refuse(http.StatusUnsupportedMediaType, "unsupported_media_type",
		"the request body has to be sent with Content-Type: application/json")
}

// parameterValue converts the text of a parameter to the type of its schema. Text that cannot be
// converted stays a string, which the schema then refuses.
func parameterValue(schema *openapi3.Schema, text string) any {
	if schema.Type.Is(openapi3.TypeInteger) {
		digits := strings.TrimPrefix(text, "-")
		if digits != "" && len(digits) <= 18 && strings.Trim(digits, "0123456789") == "" {
			return json.Number(text)
		}
	}
	if schema.Type.Is(openapi3.TypeBoolean) && (text == "true" || text == "false") {
		return text == "true"
	}
	return text
}
