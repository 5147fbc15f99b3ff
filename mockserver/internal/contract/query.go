package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A query holds the query parameters in the form of the contract.
type query struct {
	values  url.Values
	changed bool // whether the request has another form
}

// parseQuery parses a query. On the vendor's pages, a filter with several values has an index in
// each name: filters[x][0]=a and filters[x][1]=b. Other programs write filters[x][]=a and
// filters[x][]=b. Both are the same as filters[x]=a and filters[x]=b (D-39).
func parseQuery(raw string) (query, error) {
	values, err := url.ParseQuery(raw)
	q := query{values: values}
	var names []indexedName
	for name := range values {
		if parsed, ok := parseIndexed(name); ok {
			names = append(names, parsed)
		}
	}
	slices.SortFunc(names, func(a, b indexedName) int {
		return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.sent, b.sent))
	})
	for _, name := range names {
		q.values[name.filter] = append(q.values[name.filter], q.values[name.sent]...)
		delete(q.values, name.sent)
		q.changed = true
	}
	return q, err
}

// An indexedName is a parameter name with an index, filters[x][0], or with an empty one,
// filters[x][].
type indexedName struct {
	sent   string // the name in the request
	filter string // filters[x]
	index  int
}

func parseIndexed(name string) (indexedName, bool) {
	at := strings.LastIndex(name, "][")
	if !strings.HasPrefix(name, "filters[") || !strings.HasSuffix(name, "]") || at < len("filters[") {
		return indexedName{}, false
	}
	parsed := indexedName{sent: name, filter: name[:at+1]}
	digits := name[at+2 : len(name)-1]
	if digits == "" {
		return parsed, true
	}
	var err error
	parsed.index, err = strconv.Atoi(digits)
	return parsed, err == nil && isDigits(digits)
}

// rewrite returns a copy of the request with the query in the form of the contract. The original
// request is not changed.
func (q query) rewrite(r *http.Request) *http.Request {
	if !q.changed {
		return r
	}
	rewritten, target := *r, *r.URL
	target.RawQuery = q.values.Encode()
	rewritten.URL = &target
	return &rewritten
}

func (op *Operation) checkParameters(r *http.Request, q query) []Violation {
	var list []Violation
	for _, parameter := range op.parameters {
		var values []string
		if parameter.In == openapi3.ParameterInPath {
			values = []string{r.PathValue(parameter.Name)}
		} else {
			values = q.values[parameter.Name]
		}
		if violation := checkParameter(parameter, values); violation != nil {
			list = append(list, *violation)
		}
	}
	return list
}

func checkParameter(parameter *openapi3.Parameter, values []string) *Violation {
	schema := parameter.Schema.Value
	var violation Violation
	switch {
	case len(values) == 0 && !parameter.Required:
		return nil
	case len(values) == 0:
		violation = missing(parameter.Name, "")
	case schema.Type.Is(openapi3.TypeArray):
		return checkArray(parameter.Name, schema, values)
	case len(values) > 1:
		violation = invalid(parameter.Name, "is given more than once")
	default:
		if schema.VisitJSON(parameterValue(schema, values[0]), openapi3.FailFast()) == nil {
			return nil
		}
		violation = invalid(parameter.Name, expectation(schema))
	}
	return &violation
}

// checkArray validates the values of a parameter that may be repeated. It returns at most one
// violation, because all values have the same name.
func checkArray(name string, schema *openapi3.Schema, values []string) *Violation {
	if schema.MaxItems != nil && uint64(len(values)) > *schema.MaxItems {
		violation := invalid(name, "has more than "+strconv.FormatUint(*schema.MaxItems, 10)+" values")
		return &violation
	}
	items := schema.Items.Value
	for _, value := range values {
		if items.VisitJSON(parameterValue(items, value), openapi3.FailFast()) != nil {
			violation := invalid(name, expectation(items))
			return &violation
		}
	}
	return nil
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
	return slices.ContainsFunc(op.parameters, func(p *openapi3.Parameter) bool { return p.Name == name })
}
