// Package contract validates requests and responses against the contracts in gen/spec, with
// kin-openapi.
//
// A request is validated in at most two passes. The first pass stops at the first error, and is the
// only one for a valid request. The second pass collects all violations of the body, each with its
// path, in the order of the contract, so that the caller sees all of them at once. No message
// repeats a value of the request.
package contract

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// Contract is a parsed contract. It is read-only and safe for concurrent use.
type Contract struct {
	operations map[string]*Operation // by method and path template: "GET /order/certificate/{order_id}"
	tolerance  tolerance             // what is taken beyond it (x-tolerates)
	closed     bool                  // unknown members and parameters are refused (x-unknown-parameters: refused)
	collector  func() *collector
	answers    func() *answers
	register   func() *register
}

// CertCentral returns the contract of the vendor's API. It is parsed once in a process.
//
//nolint:gochecknoglobals // CONTRIBUTING allows the parsed contract as package-level state
var CertCentral = sync.OnceValues(func() (*Contract, error) {
	return load(spec.CertCentralRequestsJSON, spec.CertCentralRulesJSON, spec.CertCentralJournalJSON)
})

// Control returns the contract of the mock's control API. It is parsed once in a process.
//
//nolint:gochecknoglobals // as above
var Control = sync.OnceValues(func() (*Contract, error) {
	return load(spec.ControlRequestsJSON, spec.ControlRulesJSON, spec.ControlJournalJSON)
})

// load parses the part of a contract about requests. The part about responses is parsed when the
// first response is checked, because most servers check none and should start fast; the part for
// the journal when the first request is written down.
func load(requests, rules, journal string) (*Contract, error) {
	doc, err := parse(requests)
	if err != nil {
		return nil, fmt.Errorf("parse contract: %w", err)
	}
	c := &Contract{operations: map[string]*Operation{}, closed: doc.Extensions["x-unknown-parameters"] == "refused"}
	c.tolerance = newTolerance(doc.Extensions["x-tolerates"])
	c.collector = sync.OnceValue(func() *collector { return newCollector(requests) })
	c.answers = sync.OnceValue(func() *answers { return newAnswers(rules) })
	c.register = sync.OnceValue(func() *register { return newRegister(journal) })
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			c.operations[method+" "+path] = newOperation(c, doc, method, path, item, op)
		}
	}
	return c, nil
}

// parse parses a contract. A schema without a type accepts null too (OpenAPI 3.0.3), which
// kin-openapi does not know.
func parse(text string) (*openapi3.T, error) {
	doc, err := spec.Load(text)
	if err != nil {
		return nil, err
	}
	for _, ref := range doc.Components.Schemas {
		if freeForm(ref.Value) {
			ref.Value.Nullable = true
		}
	}
	return doc, nil
}

// Operation returns the operation with this method and path template, or nil.
func (c *Contract) Operation(method, path string) *Operation {
	return c.operations[method+" "+path]
}

// Operations returns all operations, sorted by path and method.
func (c *Contract) Operations() []*Operation {
	all := make([]*Operation, 0, len(c.operations))
	for _, op := range c.operations {
		all = append(all, op)
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].Path != all[j].Path {
			return all[i].Path < all[j].Path
		}
		return all[i].Method < all[j].Method
	})
	return all
}

// An Operation is one method at one path of a contract.
type Operation struct {
	ID       string
	Method   string
	Path     string // the template, without the prefix of the server
	NeedsKey bool   // whether it requires an API key
	// NeedsToken is whether it is an operation on the whole server, which requires the control token
	// where the server has one (D-79).
	NeedsToken bool

	OffersCSV bool // whether it can respond with text/csv (D-39)

	KeyRoles    []int64  // x-key-roles: the roles of limited API keys that may call it; nil: all
	AccessRoles []string // x-access-roles: the roles of users that may call it; nil: all
	DomainRules []string // x-domain-rules: codes of errors that the schemas do not define

	contract   *Contract
	parameters []*openapi3.Parameter // path parameters first, then query, each in the order of the contract
	hasQuery   bool                  // whether one of them is in the query
	body       *openapi3.Schema
	shape      *shape       // of the body; the result of none if the operation takes no body
	form       func() *form // of the body, of an operation that takes one
	ids        [][]string   // the paths of the ids in the body
	statuses   []int        // of the declared responses, in ascending order
}

func newOperation(c *Contract, doc *openapi3.T, method, path string, item *openapi3.PathItem, op *openapi3.Operation) *Operation {
	security := &doc.Security
	if op.Security != nil {
		security = op.Security
	}
	o := &Operation{
		ID: op.OperationID, Method: method, Path: path,
		KeyRoles:    extension(op, "x-key-roles", func(n float64) int64 { return int64(n) }),
		AccessRoles: extension(op, "x-access-roles", func(name string) string { return name }),
		DomainRules: extension(op, "x-domain-rules", func(code string) string { return code }),
		contract:    c, shape: none(c.closed),
	}
	for _, requirement := range *security {
		for scheme := range requirement {
			o.NeedsToken = o.NeedsToken || scheme == tokenScheme
			o.NeedsKey = o.NeedsKey || scheme != tokenScheme
		}
	}
	for _, refs := range []openapi3.Parameters{item.Parameters, op.Parameters} {
		for _, ref := range refs {
			o.parameters = append(o.parameters, ref.Value)
			o.hasQuery = o.hasQuery || ref.Value.In == inQuery
		}
	}
	if op.RequestBody != nil {
		o.body = op.RequestBody.Value.Content.Get(mediaType).Schema.Value
		o.shape = newShape(o.body)
		o.form = sync.OnceValue(func() *form { return c.tolerance.form("", o.body) })
		o.ids = idPaths(o.body, nil)
	}
	for code, ref := range op.Responses.Map() {
		if status, err := strconv.Atoi(code); err == nil {
			o.statuses = append(o.statuses, status)
			o.OffersCSV = o.OffersCSV || ref.Value.Content[csvType] != nil
		}
	}
	sort.Ints(o.statuses)
	return o
}

// tokenScheme is the security scheme of operations on the whole server.
const tokenScheme = "MockToken"

// extension returns the list in an extension of an operation, or nil. Items of another type are
// left out; a test of the contract forbids them.
func extension[In, Out any](op *openapi3.Operation, name string, convert func(In) Out) []Out {
	values, _ := op.Extensions[name].([]any)
	var out []Out
	for _, value := range values {
		if in, ok := value.(In); ok {
			out = append(out, convert(in))
		}
	}
	return out
}

// Declares reports whether the contract has a response with this status.
func (op *Operation) Declares(status int) bool { return slices.Contains(op.statuses, status) }

// Statuses returns the declared response statuses in ascending order.
func (op *Operation) Statuses() []int {
	return slices.Clone(op.statuses)
}

// HasBody reports whether the operation takes a request body.
func (op *Operation) HasBody() bool { return op.body != nil }

const (
	mediaType = "application/json"
	csvType   = "text/csv"

	inQuery = openapi3.ParameterInQuery
)

// A Violation is one error in a request.
type Violation struct {
	Code    string // as in the vendor's envelope, such as "missing_field|organization.contacts"
	Message string // in plain English; never contains a value of the request
}

// Violations is the error of an invalid request: the status of the response and all violations, in
// the order of the contract.
type Violations struct {
	Status int
	List   []Violation
}

// Error lists the codes.
func (v *Violations) Error() string {
	codes := make([]string, len(v.List))
	for i := range v.List {
		codes[i] = v.List[i].Code
	}
	return "request breaks the contract: " + strings.Join(codes, ", ")
}

func refuse(status int, code, message string) *Violations {
	return &Violations{Status: status, List: []Violation{{Code: code, Message: message}}}
}

func missing(path, because string) Violation {
	message := path + " is missing"
	if because != "" {
		message += ": " + because
	}
	return Violation{Code: "missing_field|" + path, Message: message}
}

func invalid(path, reason string) Violation {
	return Violation{Code: "invalid_field|" + path, Message: path + " " + reason}
}

// badFormat returns the violation of a body that is not one JSON value (D-47).
func badFormat(reason string) *Violations {
	return refuse(http.StatusBadRequest, "bad_request_format", "request body is not valid JSON: "+reason)
}
