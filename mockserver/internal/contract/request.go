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
// form of the contract. The request that was sent stays as it is. A tolerant check takes the other forms of x-tolerates
// too. The remarks are there also when the request is refused.
func (op *Operation) CheckRequest(r *http.Request, body []byte, tolerant bool) (*http.Request, Remarks, *Violations) {
	c := checking{op: op, key: r.Header.Get(op.contract.keyHeader), tolerant: tolerant}
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

// A checking is the check of one request.
type checking struct {
	op       *Operation
	key      string // the API key, which no name may reveal
	tolerant bool
	remarks  Remarks
	list     []Violation // so far
}

// checkQuery reads the query and checks the parameters, those of the path too.
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
		q.changed = q.changed && op.hasQuery // nothing reads it otherwise
	}
	c.list = append(c.list, op.checkParameters(r, q)...)
	c.list = append(c.list, op.unknownParameters(q.values, c.key, &c.remarks.Ignored)...)
	return q
}

// checkBody checks the body of a request whose parameters have been checked.
func (c *checking) checkBody(header http.Header, body []byte) (*Body, *Violations) {
	op, list := c.op, c.list
	if refused := checkMediaType(header, len(body) > 0); refused != nil {
		return nil, refused
	}
	read, refused := decode(body, op.shape, c.key)
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
		spellIDs(read.tree, path)
	}
	return &Body{value: read.tree}, nil
}

// checkNoBody looks at what was sent as the body of an operation that takes none. Nothing and an empty object are no
// body. A closed contract refuses any other, an open one ignores it.
func (c *checking) checkNoBody(body []byte) {
	if isBlank(body) {
		return
	}
	read, malformed := decode(body, c.op.shape, c.key)
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

// checkMediaType takes JSON only, and not compressed (D-48). A request without a body is judged as an empty body.
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
