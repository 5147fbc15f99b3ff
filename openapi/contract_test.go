// Package openapi_test checks the rules of this project for the contracts, which no linter and no
// compiler checks. Every rule is a subtest, and its message says what to do.
package openapi_test

import (
	"encoding/json"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/gen/spec"
)

// object is a JSON object as encoding/json decodes it.
type object = map[string]any

// A contract is one of the two. The rules look at its enforced document, which says everything.
type contract struct {
	name      string // of its root file, without extension
	doc       *openapi3.T
	raw       object // the same as plain JSON
	text      string // the published document, as YAML
	published object // and as plain JSON
	types     string // the file that holds its generated types
	// vendor says that the operations are the vendor's, so that a page of the vendor has to be cited.
	vendor bool
}

// contracts returns both contracts.
func contracts(t *testing.T) []contract {
	t.Helper()
	all := []contract{
		{name: "certcentral", text: gen.CertCentralYAML, types: "../gen/api/api.gen.go", vendor: true},
		{name: "control", text: gen.ControlYAML, types: "../gen/control/control.gen.go"},
	}
	for i, text := range []string{spec.CertCentralJSON, spec.ControlJSON} {
		var err error
		if all[i].doc, err = spec.Load(text); err != nil {
			t.Fatalf("the bundle of %s does not load; run go generate tools.go: %v", all[i].name, err)
		}
		if err := json.Unmarshal([]byte(text), &all[i].raw); err != nil {
			t.Fatal(err)
		}
		walk(all[i].raw, func(node object) { delete(node, "x-order") }) // It has a test of its own.
		all[i].published = parseYAML(t, all[i].name, []byte(all[i].text))
	}
	return all
}

// onContracts runs a rule on both contracts.
func onContracts(t *testing.T, rule func(t *testing.T, c contract)) {
	t.Helper()
	for _, c := range contracts(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rule(t, c)
		})
	}
}

// An operation is one method at one path, as plain JSON.
type operation struct {
	id   string
	at   string // such as "GET /user/me"
	node object
	path object // the path item around it
}

func (c contract) operations() []operation {
	var all []operation
	for name, item := range members(c.raw, "paths") {
		for _, method := range []string{"get", "put", "post", "delete"} {
			if node := child(item, method); node != nil {
				all = append(all, operation{id: text(node, "operationId"), at: strings.ToUpper(method) + " " + name, node: node, path: item})
			}
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.at, b.at) })
	return all
}

// resolve returns the node of a $ref, and other nodes unchanged.
func (c contract) resolve(node object) object {
	ref := text(node, "$ref")
	if ref == "" {
		return node
	}
	target := c.raw
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		target = child(target, part)
	}
	return target
}

// schemas returns every schema of the components by its pointer: the named schemas, those of
// parameters, and the schemas inside. The conditions in `not` and `x-missing` are left out, because
// they do not describe values.
func (c contract) schemas() map[string]object {
	all := map[string]object{}
	components := child(c.raw, "components")
	for name, node := range members(components, "schemas") {
		collect(node, "schemas/"+name, all)
	}
	for name, node := range members(components, "parameters") {
		collect(child(node, "schema"), "parameters/"+name+"/schema", all)
	}
	return all
}

func collect(schema object, pointer string, all map[string]object) {
	if schema == nil {
		return
	}
	all[pointer] = schema
	for name, property := range members(schema, "properties") {
		collect(property, pointer+"/properties/"+name, all)
	}
	collect(child(schema, "items"), pointer+"/items", all)
	collect(child(schema, "additionalProperties"), pointer+"/additionalProperties", all)
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for i, part := range list(schema, keyword) {
			part, _ := part.(object)
			collect(part, pointer+"/"+keyword+"/"+string(rune('0'+i)), all)
		}
	}
}

// requested returns the schemas that validate requests, by their pointer.
func (c contract) requested() map[string]object {
	named := map[string]bool{}
	var reach func(node any)
	reach = func(node any) {
		switch node := node.(type) {
		case object:
			if ref := text(node, "$ref"); strings.HasPrefix(ref, "#/components/schemas/") && !named[path.Base(ref)] {
				named[path.Base(ref)] = true
				reach(c.resolve(node))
			}
			for _, value := range node {
				reach(value)
			}
		case []any:
			for _, value := range node {
				reach(value)
			}
		}
	}
	for _, op := range c.operations() {
		reach(child(op.node, "requestBody"))
	}
	for _, parameter := range members(child(c.raw, "components"), "parameters") {
		reach(parameter)
	}
	all := map[string]object{}
	for pointer, schema := range c.schemas() {
		parts := strings.Split(pointer, "/")
		if parts[0] == "parameters" || named[parts[1]] {
			all[pointer] = schema
		}
	}
	return all
}

// walk calls visit for a node and for every object below it.
func walk(node any, visit func(object)) {
	switch node := node.(type) {
	case object:
		visit(node)
		for _, value := range node {
			walk(value, visit)
		}
	case []any:
		for _, value := range node {
			walk(value, visit)
		}
	}
}

func child(node object, name string) object {
	value, _ := node[name].(object)
	return value
}

func list(node object, name string) []any {
	value, _ := node[name].([]any)
	return value
}

func text(node object, name string) string {
	value, _ := node[name].(string)
	return value
}

// members returns the objects among the members of a member.
func members(node object, name string) map[string]object {
	all := map[string]object{}
	for key, value := range child(node, name) {
		if value, ok := value.(object); ok {
			all[key] = value
		}
	}
	return all
}

// words returns the strings of a member that is a string or a list of strings.
func words(node object, name string) []string {
	if one := text(node, name); one != "" {
		return []string{one}
	}
	var all []string
	for _, value := range list(node, name) {
		if value, ok := value.(string); ok {
			all = append(all, value)
		}
	}
	return all
}

// readYAML reads a file of the contract as plain JSON.
func readYAML(t *testing.T, name string) object {
	t.Helper()
	return parseYAML(t, name, read(t, name))
}

// parseYAML reads YAML as plain JSON.
func parseYAML(t *testing.T, name string, data []byte) object {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v; quote a description that holds a colon, or write it with >-", name, err)
	}
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var node object
	if err := json.Unmarshal(data, &node); err != nil {
		t.Fatalf("%s holds no object: %v", name, err)
	}
	return node
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
