package contract

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestFlattenAllOf: violations inside an allOf have their own paths, and are not one violation of
// the whole value. The contracts only wrap ids so far, which have no members.
func TestFlattenAllOf(t *testing.T) {
	t.Parallel()
	inner := openapi3.NewObjectSchema().
		WithProperty("name", openapi3.NewStringSchema()).
		WithProperty("number", openapi3.NewIntegerSchema()).
		WithRequired([]string{"number"})
	schema := openapi3.NewObjectSchema().WithProperty("member", openapi3.NewAllOfSchema(inner))
	body := map[string]any{"member": map[string]any{"name": true}}
	found := findings{}
	flatten(schema.VisitJSON(body, openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails()), nil, found)
	var codes []string
	for _, violation := range found.sorted(func([]string) []int { return nil }) {
		codes = append(codes, violation.Code)
	}
	if len(codes) != 2 || codes[0] != "invalid_field|member.name" || codes[1] != "missing_field|member.number" {
		t.Errorf("violations %q", codes)
	}
}

// TestRender: members are joined by dots, and items have brackets.
func TestRender(t *testing.T) {
	t.Parallel()
	for want, path := range map[string][]string{
		"body":        nil,
		"a":           {"a"},
		"a.b":         {"a", "b"},
		"a[0].b[12]":  {"a", "0", "b", "12"},
		"[3].a":       {"3", "a"},
		"a1.member_2": {"a1", "member_2"},
	} {
		if got := render(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// TestFindings: a path has one violation, the first one. Violations of equal rank are sorted by
// their paths.
func TestFindings(t *testing.T) {
	t.Parallel()
	found := findings{}
	for _, path := range [][]string{{"b"}, {"c", "d"}, {"c"}, {"a"}} {
		found.add(path, invalid(render(path), "first"))
		found.add(path, missing(render(path), "second"))
	}
	ranks := map[string][]int{"a": {2}, "b": {1}, "c": {1}, "c.d": {0, 7}}
	want := []string{"c.d first", "b first", "c first", "a first"}
	list := found.sorted(func(path []string) []int { return ranks[render(path)] })
	for i, violation := range list {
		if len(list) != len(want) || violation.Message != want[i] {
			t.Fatalf("violations %v, want %v", list, want)
		}
	}
}
