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

// Body is a request body that has been checked. The generated server binds its value instead of decoding the bytes
// again; it recognizes the body by the method ValidatedValue.
type Body struct {
	value any
}

// ValidatedValue is the tree that was checked.
func (b *Body) ValidatedValue() any { return b.value }

// Read has nothing left to read.
func (*Body) Read([]byte) (int, error) { return 0, io.EOF }

// Close does nothing.
func (*Body) Close() error { return nil }

// CheckRequest checks the parameters and the body of a request. The path values come from the router. It returns the
// request that the generated code is to see: with the checked body of an operation that has one, and with a query in the
// form of the contract. The request that was sent stays as it is. What is ignored of it is told also when it is refused.
func (op *Operation) CheckRequest(r *http.Request, body []byte) (*http.Request, Ignored, *Violations) {
	key := r.Header.Get(op.contract.keyHeader)
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

// checkQuery reads the query and checks the parameters, those of the path too.
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
		q.indexed = q.indexed && op.hasQuery // nothing reads it otherwise
	}
	list = append(list, op.checkParameters(r, q)...)
	list = append(list, op.unknownParameters(q.values, key, &ignored)...)
	return q, ignored, list
}

// checkBody checks the body of a request whose parameters break the contract as the list says.
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
		spellIDs(read.tree, path)
	}
	return &Body{value: read.tree}, nil
}

// checkNoBody looks at what was sent as the body of an operation that takes none. Nothing and an empty object are no
// body. A closed contract refuses any other, an open one ignores it.
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

// maxViolations is how many violations are told of one request, so that an answer cannot be many times as large as its
// request.
const maxViolations = 100

// refuseAll refuses a request for all of its violations, or for the first hundred, and says how many more there are.
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

// checkMediaType takes JSON only (D-48). A request without a body is judged as an empty body.
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

// parameterValue reads the text of a parameter as the type that its schema wants; text that is not of that type stays
// a string, which the schema then refuses.
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
