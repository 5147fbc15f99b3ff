package contract

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
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
// form of the contract. The request that was sent stays as it is.
func (op *Operation) CheckRequest(r *http.Request, body []byte) (*http.Request, *Violations) {
	var q query
	var list []Violation
	if op.hasQuery { // elsewhere a query is ignored, like an unknown member
		var err error
		if q, err = parseQuery(r.URL.RawQuery); err != nil {
			list = append(list, invalid("query", "is malformed: use percent-encoding, and & between parameters"))
		}
	}
	list = append(list, op.checkParameters(r, q)...)
	if op.body == nil {
		if len(list) > 0 {
			return nil, &Violations{Status: http.StatusBadRequest, List: list}
		}
		return q.rewrite(r), nil
	}
	checked, refused := op.checkBody(r.Header.Get("Content-Type"), body, list)
	if refused != nil {
		return nil, refused
	}
	bound := *q.rewrite(r)
	bound.Body = checked
	return &bound, nil
}

// checkBody checks the body of a request whose parameters break the contract as the list says.
func (op *Operation) checkBody(contentType string, body []byte, list []Violation) (*Body, *Violations) {
	if refused := checkMediaType(contentType, len(body) > 0); refused != nil {
		return nil, refused
	}
	tree, inexact, refused := op.contract.decode(body)
	if refused != nil {
		return nil, refused
	}
	if op.body.VisitJSON(tree, openapi3.FailFast()) != nil {
		list = append(list, op.contract.collector().body(op, tree)...)
	} else if inexact {
		list = append(list, op.contract.collector().inexact(op, tree)...)
	}
	if len(list) > 0 {
		return nil, &Violations{Status: http.StatusBadRequest, List: list}
	}
	for _, path := range op.ids {
		spellIDs(tree, path)
	}
	return &Body{value: tree}, nil
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
