package contract

import (
	"maps"
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// A shape is what decoding has to know of a schema: which members and items the contract looks at. Whatever else a body
// holds is read past, without being kept.
type shape struct {
	object  bool              // whether the schema wants an object
	members map[string]member // that it may have
	items   *shape            // of an array; nil when the schema wants none
	most    uint64            // items that it may have
	closed  bool              // whether other members are refused (additionalProperties: false)
	text    text              // which characters a string may have
	filled  bool              // whether a string must not be empty
}

// A member is a known one of an object. Its name is kept so that decoding need not allocate it.
type member struct {
	name  string
	shape *shape
}

// unlimited is the number of items of an array without a maximum.
const unlimited = math.MaxUint64

// newShape reads the shape of a schema. Schemas that stand for one value together, as in allOf, have one shape.
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
}

// names lists the known members.
func (s *shape) names() []string { return slices.Sorted(maps.Keys(s.members)) }

// none is the shape of the body of an operation that takes none.
func none(closed bool) *shape { return &shape{object: true, closed: closed} }
