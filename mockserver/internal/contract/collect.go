package contract

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A collector finds all violations of a body. kin-openapi stops at a failing `not` before it checks
// the properties. So the collector uses a copy of the contract without the conditional
// requirements, and checks these itself, from x-missing.
type collector struct {
	conditions map[*openapi3.Schema][]condition
	bodies     map[string]*openapi3.Schema // by operation id
	order      *order
}

// A condition is one entry of x-missing: a value that matches when must have the members.
type condition struct {
	when    *openapi3.Schema
	Members []string `json:"members"`
	Because string   `json:"because"`
}

func newCollector(rules string) *collector {
	doc, err := parse(rules)
	if err != nil {
		return &collector{order: newOrder("{}")} // load has parsed the same document, so there is no error
	}
	c := &collector{
		conditions: map[*openapi3.Schema][]condition{},
		bodies:     map[string]*openapi3.Schema{},
		order:      newOrder(rules),
	}
	for _, ref := range doc.Components.Schemas {
		schema := ref.Value
		if conditions := readConditions(schema.Extensions["x-missing"]); len(conditions) > 0 {
			c.conditions[schema] = conditions
			schema.Not = nil
		}
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil {
				c.bodies[op.OperationID] = op.RequestBody.Value.Content.Get(mediaType).Schema.Value
			}
		}
	}
	return c
}

func readConditions(extension any) []condition {
	if extension == nil {
		return nil
	}
	var entries []struct {
		condition
		When openapi3.Schema `json:"when"`
	}
	data, err := json.Marshal(extension)
	if err != nil || json.Unmarshal(data, &entries) != nil {
		return nil
	}
	conditions := make([]condition, len(entries))
	for i := range entries {
		conditions[i] = entries[i].condition
		conditions[i].when = &entries[i].When
	}
	return conditions
}

// body returns the violations of a body in the order of the contract. The list is never empty,
// because body is only called after the first pass has refused the body.
func (c *collector) body(op *Operation, tree any) []Violation {
	found := findings{}
	if schema := c.bodies[op.ID]; schema != nil {
		c.walk(schema, tree, nil, found)
		flatten(schema.VisitJSON(tree, openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails()), nil, found)
	}
	if len(found) == 0 {
		return []Violation{{Code: "invalid_field|body", Message: "the body breaks the contract of " + op.ID}}
	}
	return found.sorted(c.order.ranker(op.Method, op.Path))
}

// odd returns the violations of a body that kin-openapi accepts and that has a number with a
// fraction or an exponent, or a string with characters that it must not have. The list is empty if
// only ignored members have such values.
func (c *collector) odd(op *Operation, tree any) []Violation {
	found := findings{}
	if schema := c.bodies[op.ID]; schema != nil {
		c.walk(schema, tree, nil, found)
	}
	return found.sorted(c.order.ranker(op.Method, op.Path))
}

// walk finds violations that kin-openapi does not find: missing members that a condition requires,
// integers with a fraction or an exponent (D-47), and strings with characters that they must not
// have (D-81).
func (c *collector) walk(schema *openapi3.Schema, value any, path []string, found findings) {
	for _, refs := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, ref := range refs {
			c.walk(ref.Value, value, path, found)
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, condition := range c.conditions[schema] {
			if condition.when.VisitJSON(value, openapi3.FailFast()) != nil {
				continue
			}
			for _, member := range condition.Members {
				if _, there := value[member]; !there {
					at := join(path, member)
					found.add(at, missing(render(at), condition.Because))
				}
			}
		}
		for name, member := range value {
			if ref := schema.Properties[name]; ref != nil {
				value[name] = clip(ref.Value, member, join(path, name), found)
				c.walk(ref.Value, value[name], join(path, name), found)
			}
		}
	case []any:
		if schema.Items != nil {
			for i, item := range value {
				c.walk(schema.Items.Value, item, join(path, strconv.Itoa(i)), found)
			}
		}
	case string:
		if !textOf(schema).admits(value, schema.MinLength > 0) {
			found.add(path, invalid(render(path), textExpectation(schema)))
		}
	case json.Number:
		if schema.Type.Is(openapi3.TypeInteger) && strings.ContainsAny(string(value), ".eE") {
			found.add(path, invalid(render(path), "must be an integer, written without fraction or exponent"))
		}
	}
}

// clip cuts an array to the maximum of the contract, so that a response cannot be many times as
// large as its request.
func clip(schema *openapi3.Schema, value any, path []string, found findings) any {
	items, ok := value.([]any)
	if !ok || schema.MaxItems == nil || uint64(len(items)) <= *schema.MaxItems {
		return value
	}
	found.add(path, invalid(render(path), "must hold at most "+strconv.FormatUint(*schema.MaxItems, 10)+" items"))
	return items[:*schema.MaxItems]
}

// flatten adds a finding for each error of kin-openapi.
func flatten(err error, prefix []string, found findings) {
	switch err := err.(type) { //nolint:errorlint // errors.As returns only the first SchemaError of a MultiError
	case openapi3.MultiError:
		for _, err := range err {
			flatten(err, prefix, found)
		}
	case *openapi3.SchemaError:
		path := slices.Concat(prefix, err.JSONPointer())
		var parts openapi3.MultiError
		switch {
		case err.SchemaField == "required":
			found.add(path, missing(render(path), ""))
		case err.SchemaField == "allOf" && errors.As(err.Origin, &parts):
			flatten(parts, prefix, found) // the pointers of the parts include the prefix already
		default:
			reason := wrongType(err.Schema, err.Value)
			if reason == "" {
				reason = expectation(err.Schema)
			}
			found.add(path, invalid(render(path), reason))
		}
	}
}

// findings holds the violations by path.
type findings map[string]finding

type finding struct {
	path []string
	Violation
}

// add adds a violation unless the path has one already.
func (f findings) add(path []string, violation Violation) {
	key := strings.Join(path, "\x00")
	if _, there := f[key]; !there {
		f[key] = finding{path: path, Violation: violation}
	}
}

func (f findings) sorted(rank func([]string) []int) []Violation {
	type ranked struct {
		rank []int
		finding
	}
	all := make([]ranked, 0, len(f))
	for _, finding := range f {
		all = append(all, ranked{rank(finding.path), finding})
	}
	slices.SortFunc(all, func(a, b ranked) int { // paths of equal rank are sorted by name
		return cmp.Or(slices.Compare(a.rank, b.rank), slices.Compare(a.path, b.path))
	})
	list := make([]Violation, len(all))
	for i := range all {
		list[i] = all[i].Violation
	}
	return list
}

func join(path []string, name string) []string {
	return append(slices.Clone(path), name)
}

// render returns a path in the vendor's notation: organization.contacts[0].email.
func render(path []string) string {
	if len(path) == 0 {
		return "body"
	}
	var text strings.Builder
	for _, name := range path {
		switch _, err := strconv.Atoi(name); {
		case err == nil:
			text.WriteString("[" + name + "]")
		case text.Len() > 0:
			text.WriteString("." + name)
		default:
			text.WriteString(name)
		}
	}
	return text.String()
}
