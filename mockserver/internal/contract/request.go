package contract

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
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
// checked body of an operation that has one.
func (op *Operation) CheckRequest(r *http.Request, body []byte) (*Body, *Violations) {
	list := op.checkParameters(r)
	if op.body == nil {
		if len(list) > 0 {
			return nil, &Violations{Status: http.StatusBadRequest, List: list}
		}
		return nil, nil
	}
	if refused := checkMediaType(r.Header.Get("Content-Type"), len(body) > 0); refused != nil {
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
	if header == mediaType || header == "" && !hasBody {
		return nil
	}
	if parsed, _, err := mime.ParseMediaType(header); err == nil && parsed == mediaType {
		return nil
	}
	return refuse(http.StatusUnsupportedMediaType, "unsupported_media_type",
		"the request body has to be sent with Content-Type: application/json")
}

func (op *Operation) checkParameters(r *http.Request) []Violation {
	var list []Violation
	var query url.Values
	if op.hasQuery { // elsewhere a query is ignored, like an unknown member
		var err error
		if query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			list = append(list, invalid("query", "is malformed: use percent-encoding, and & between parameters"))
		}
	}
	for _, parameter := range op.parameters {
		var values []string
		if parameter.In == openapi3.ParameterInPath {
			values = []string{r.PathValue(parameter.Name)}
		} else {
			values = query[parameter.Name]
		}
		if violation := checkParameter(parameter, values); violation != nil {
			list = append(list, *violation)
		}
	}
	return append(list, op.unknownFilters(query)...)
}

func checkParameter(parameter *openapi3.Parameter, values []string) *Violation {
	var violation Violation
	switch {
	case len(values) == 0 && !parameter.Required:
		return nil
	case len(values) == 0:
		violation = missing(parameter.Name, "")
	case len(values) > 1:
		violation = invalid(parameter.Name, "is given more than once")
	default:
		schema := parameter.Schema.Value
		if schema.VisitJSON(parameterValue(schema, values[0]), openapi3.FailFast()) == nil {
			return nil
		}
		violation = invalid(parameter.Name, expectation(schema))
	}
	return &violation
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
	return text
}

// unknownFilters refuses filters that the operation does not have (D-39), in the order of their names.
func (op *Operation) unknownFilters(query url.Values) []Violation {
	var list []Violation
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if strings.HasPrefix(name, "filters") && !op.hasParameter(name) {
			list = append(list, invalid(printable(name), "is not a filter of "+op.ID+"; known: "+op.knownFilters()))
		}
	}
	return list
}

// printable is the name of a parameter, or the mere word for one that is no sane name.
func printable(name string) string {
	if len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "filters"
	}
	return name
}

func (op *Operation) knownFilters() string {
	var known []string
	for _, parameter := range op.parameters {
		if strings.HasPrefix(parameter.Name, "filters[") {
			known = append(known, parameter.Name)
		}
	}
	if len(known) == 0 {
		return "none"
	}
	return strings.Join(known, ", ")
}

func (op *Operation) hasParameter(name string) bool {
	for _, parameter := range op.parameters {
		if parameter.Name == name {
			return true
		}
	}
	return false
}
