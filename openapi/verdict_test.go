package openapi_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// A judge is one of the published or enforced forms of the schema of a body.
type judge struct {
	name    string
	refuses func(body any) error
}

// TestVerdicts holds that all forms of a contract judge bodies of requests alike: the enforced
// document, its copy in OpenAPI 3.1, and the JSON Schema of the order.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		upgraded := readYAML(t, "../gen/"+c.name+".3.1.yaml")
		for name, bodies := range c.bodies(t) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				judges := c.judges(t, name, upgraded)
				taken, refused := compare(t, judges, bodies)
				if taken == 0 || refused == 0 {
					t.Errorf("of all bodies %d were taken and %d refused, so this test shows nothing", taken, refused)
				}
			})
		}
	})
}

// compare lets all judges see each body, each body with one change anywhere, and bodies with
// several.
func compare(t *testing.T, judges []judge, bodies []string) (taken, refused int64) {
	t.Helper()
	var counts [2]atomic.Int64
	ask := func(body any) {
		first := judges[0].refuses(body)
		for _, other := range judges[1:] {
			if got := other.refuses(body); (got == nil) != (first == nil) {
				t.Errorf("%s says %v, and\n%s says %v, of\n%s", judges[0].name, first, other.name, got, marshal(t, body))
			}
		}
		if first == nil {
			counts[0].Add(1)
		} else {
			counts[1].Add(1)
		}
	}
	for _, body := range bodies {
		ask(decoded(t, body))
		for _, changed := range changes(decoded(t, body)) {
			ask(changed)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		body := decoded(t, rapid.SampledFrom(bodies).Draw(rt, "body"))
		for range rapid.IntRange(1, 5).Draw(rt, "changes") {
			all := changes(body)
			if len(all) == 0 {
				break
			}
			body = rapid.SampledFrom(all).Draw(rt, "change")
		}
		ask(body)
		if t.Failed() {
			rt.FailNow()
		}
	})
	return counts[0].Load(), counts[1].Load()
}

// values are what a member is replaced with.
func values() []any {
	return []any{
		nil, true, false, 0, 1, 4, -1, 1.5, 398, 999999999999999, 1e15, "", "1", "x", "nl", "1000000000000000",
		"john.doe@example.com", "+31 70 000 0000", "09 JUN 2031", "4111111111111111", "\u00e9\u2028", "sha256", "token", "card", "STANDARD", "ev",
		strings.Repeat("a", 65), strings.Repeat("é", 255), strings.Repeat("😀", 256), strings.Repeat("a", 5000),
		object{},
		object{"id": 1},
		object{"id": "x"},
		[]any{},
		[]any{object{}},
		slices.Repeat([]any{"a@b"}, 51),
	}
}

// changes returns a value with each of its members left out, and with each replaced.
func changes(value any) []any {
	var all []any
	switch value := value.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			less := maps.Clone(value)
			delete(less, name)
			all = append(all, less)
			for _, other := range append(values(), changes(value[name])...) {
				more := maps.Clone(value)
				more[name] = other
				all = append(all, more)
			}
		}
		more := maps.Clone(value)
		more["no_such_member"] = 1
		all = append(all, more)
	case []any:
		for i := range value {
			all = append(all, slices.Delete(slices.Clone(value), i, i+1))
			for _, other := range append([]any{nil, "", object{}}, changes(value[i])...) {
				more := slices.Clone(value)
				more[i] = other
				all = append(all, more)
			}
		}
		if len(value) > 0 {
			all = append(all, slices.Repeat(value[:1], 20))
		}
	}
	return all
}

// bodies returns the examples of what is sent, by the name of its schema.
func (c contract) bodies(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, op := range c.operations() {
		media := child(child(child(op.node, "requestBody"), "content"), "application/json")
		name := path.Base(text(child(media, "schema"), "$ref"))
		for _, example := range members(media, "examples") {
			all[name] = append(all[name], marshal(t, example["value"]))
		}
	}
	for name := range all {
		slices.Sort(all[name]) // rapid draws the same bodies again
	}
	return all
}

// judges returns all forms of the schema of a body, the enforced one first.
func (c contract) judges(t *testing.T, name string, upgraded object) []judge {
	t.Helper()
	enforced := c.doc.Components.Schemas[name].Value
	all := []judge{{"the enforced document", func(body any) error {
		return enforced.VisitJSON(body, openapi3.VisitAsRequest(), openapi3.DisableSchemaErrorDetails())
	}}}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("contract.json", any(upgraded)); err != nil {
		t.Fatal(err)
	}
	all = append(all, judge{"OpenAPI 3.1", compiled(t, compiler, "contract.json#/components/schemas/"+name)})
	if name == "OrderInput" {
		schema, err := jsonschema.UnmarshalJSON(strings.NewReader(string(read(t, "../gen/order.schema.json"))))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("order.schema.json", schema); err != nil {
			t.Fatal(err)
		}
		all = append(all, judge{"JSON Schema", compiled(t, compiler, "order.schema.json")})
	}
	return all
}

func compiled(t *testing.T, compiler *jsonschema.Compiler, url string) func(body any) error {
	t.Helper()
	schema, err := compiler.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate
}

func decoded(t *testing.T, body string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
