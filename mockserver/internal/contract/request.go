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
// changed. Ignored is also set if there are violations.
func (op *Operation) CheckRequest(r *http.Request, body []byte) (*http.Request, Ignored, *Violations) {
	key := r.Header.Get(op.secretHeader)
	q, ignored, list := op.checkQuery(r, key)
	if op.body == nil {
		list = append(list, op.checkNoBody(body, key, &ignored)...)
		if len(list) > 0 {
			return nil, ignored, refuseAll(list, 0)
		}
		return q.rewrite(r), ignored, nil
	}
	checked, refused := op.checkBody(r.Header.Get("Content-Type"), body, key, list, &ignored)
	if refused != nil {
		return nil, ignored, refused
	}
	bound := *q.rewrite(r)
	bound.Body = checked
	return &bound, ignored, nil
}

// checkQuery parses the query and validates the query and path parameters.
func (op *Operation) checkQuery(r *http.Request, key string) (q query, ignored Ignored, list []Violation) {
	if r.URL.RawQuery != "" {
		var err error
		if q, err = parseQuery(r.URL.RawQuery); err != nil {
			if op.hasQuery || op.contract.closed {
				list = append(list, invalid("query", "is malformed: use percent-encoding, and & between parameters"))
			} else {
				ignored.add("query")
			}
		}
		q.indexed = q.indexed && op.hasQuery // an operation without query parameters ignores the query
	}
	list = append(list, op.checkParameters(r, q)...)
	list = append(list, op.unknownParameters(q.values, key, &ignored)...)
	return q, ignored, list
}

// checkBody validates the body of a request. list has the violations of its parameters.
func (op *Operation) checkBody(contentType string, body []byte, key string, list []Violation, ignored *Ignored) (*Body, *Violations) {
	if refused := checkMediaType(contentType, len(body) > 0); refused != nil {
		return nil, refused
	}
	read, refused := decode(body, op.shape, key)
	if refused != nil {
		return nil, refused
	}
	ignored.join(read.ignored)
	if op.body.VisitJSON(read.tree, openapi3.FailFast()) != nil {
		list = append(list, op.contract.collector().body(op, read.tree)...)
	} else if read.inexact {
		list = append(list, op.contract.collector().inexact(op, read.tree)...)
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
func (op *Operation) checkNoBody(body []byte, key string, ignored *Ignored) []Violation {
	if isBlank(body) {
		return nil
	}
	read, malformed := decode(body, op.shape, key)
	_, isObject := read.tree.(map[string]any)
	switch {
	case isObject:
		ignored.join(read.ignored)
		return read.unknown
	case malformed == nil && read.tree == nil: // null
		return nil
	case op.contract.closed:
		return []Violation{{Code: "invalid_field|body", Message: "body is not taken by " + op.ID + "; leave it out"}}
	default:
		ignored.add("body")
		return nil
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

// checkMediaType accepts JSON only (D-48). Without a body there is no error here; the missing body
// is found later.
func checkMediaType(header string, hasBody bool) *Violations {
	if header == mediaType || !hasBody {
		return nil
	}
	if parsed, _, err := mime.ParseMediaType(header); err == nil && parsed == mediaType {
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
