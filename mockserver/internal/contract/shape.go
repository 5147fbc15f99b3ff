package contract

import (
	"maps"
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// A shape is the part of a schema that the decoder needs: which members and items the contract has.
// Everything else in a body is skipped.
type shape struct {
	object  bool              // whether the schema accepts an object
	members map[string]member // the declared members, by name
	items   *shape            // of an array; nil if the schema accepts no array
	most    uint64            // maximum number of items
	closed  bool              // unknown members are refused (additionalProperties: false)
	others  *shape            // of the members of an object that may have any names; nil if it has none
	free    bool              // any value is accepted and kept whole (x-free-form)
	text    text              // which characters a string may have
	filled  bool              // whether a string must not be empty
}

// A member is a member that the schema declares. It holds its name so that decoding need not
// allocate it.
type member struct {
	name  string
	shape *shape
}

// unlimited is the maximum number of items of an array without maxItems.
const unlimited = math.MaxUint64

// newShape returns the shape of a schema. Schemas that are combined by allOf, anyOf or oneOf have
// one shape together.
func newShape(schema *openapi3.Schema) *shape {
	s := &shape{members: map[string]member{}, most: unlimited}
	s.add(schema)
	return s
}

func (s *shape) add(schema *openapi3.Schema) {
	for _, refs := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, ref := range refs {
			s.add(ref.Value)
		}
	}
	s.object = s.object || schema.Type.Is(openapi3.TypeObject) || len(schema.Properties) > 0
	for name, ref := range schema.Properties {
		s.members[name] = member{name, newShape(ref.Value)}
	}
	if schema.Items != nil {
		s.items = newShape(schema.Items.Value)
	}
	if rule := textOf(schema); rule != "" {
		s.text, s.filled = rule, schema.MinLength > 0
	}
	if schema.MaxItems != nil {
		s.most = min(s.most, *schema.MaxItems)
	}
	if others := schema.AdditionalProperties.Has; others != nil && !*others {
		s.closed = true
	}
	if others := schema.AdditionalProperties.Schema; others != nil {
		s.others = newShape(others.Value)
	}
	s.free = s.free || freeForm(schema)
}

// freeForm reports whether a schema stands for any value, which the mock keeps whole (x-free-form).
func freeForm(schema *openapi3.Schema) bool { return schema.Extensions["x-free-form"] == true }

// names returns the names of the declared members.
func (s *shape) names() []string { return slices.Sorted(maps.Keys(s.members)) }

// none returns the shape of the body of an operation without a body.
func none(closed bool) *shape { return &shape{object: true, closed: closed} }
