package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// An example is an example of a request or a response, with its schema.
type example struct {
	name   string
	value  any
	schema *openapi3.Schema
	option openapi3.SchemaValidationOption
}

// examples returns the examples of bodies, of named schemas and the schemas inside them, and of
// parameters.
func (c contract) examples() []example {
	var all []example
	add := func(name string, content openapi3.Content, option openapi3.SchemaValidationOption) {
		for _, media := range content {
			for key, ref := range media.Examples {
				all = append(all, example{name + "." + key, ref.Value.Value, media.Schema.Value, option})
			}
		}
	}
	for _, item := range c.doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil {
				add(op.OperationID+".request", op.RequestBody.Value.Content, openapi3.VisitAsRequest())
			}
			for status, response := range op.Responses.Map() {
				add(op.OperationID+"."+status, response.Value.Content, openapi3.VisitAsResponse())
			}
		}
	}
	for name, ref := range c.doc.Components.Parameters {
		all = append(all, example{"parameter." + name, ref.Value.Example, ref.Value.Schema.Value, openapi3.VisitAsRequest()})
	}
	seen := map[*openapi3.Schema]bool{}
	var below func(name string, schema *openapi3.Schema)
	below = func(name string, schema *openapi3.Schema) {
		if seen[schema] {
			return
		}
		seen[schema] = true
		if schema.Example != nil {
			all = append(all, example{name, schema.Example, schema, openapi3.VisitAsResponse()})
		}
		for member, ref := range schema.Properties {
			below(name+"."+member, ref.Value)
		}
	}
	for name, ref := range c.doc.Components.Schemas {
		below("schema."+name, ref.Value)
	}
	return all
}

func TestExamples(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		for _, one := range c.examples() {
			t.Run(one.name, func(t *testing.T) {
				t.Parallel()
				if err := one.schema.VisitJSON(one.value, one.option, openapi3.MultiErrors(), openapi3.EnableFormatValidation(), openapi3.DisableSchemaErrorDetails()); err != nil {
					t.Errorf("the example does not fit its schema; correct it, or record it again from the mock: %v", err)
				}
			})
		}
	})
}

func TestExampleFiles(t *testing.T) {
	t.Parallel()
	operations := map[string]bool{"error": true}
	bundled := map[string]bool{}
	for _, name := range roots() {
		for _, item := range members(readYAML(t, name), "paths") {
			for _, op := range readYAML(t, text(item, "$ref")) {
				if op, ok := op.(object); ok {
					operations[text(op, "operationId")] = true
				}
			}
		}
		walk(readYAML(t, "../gen/"+name), func(node object) {
			if _, there := node["value"]; there {
				bundled[marshal(t, node["value"])] = true
			}
		})
	}
	codes := knownCodes(t)
	for _, name := range files(t, "examples") {
		t.Run(path.Base(name), func(t *testing.T) {
			t.Parallel()
			parts := strings.Split(path.Base(name), ".")
			if len(parts) != 4 || !operations[parts[0]] || parts[2] != "request" && parts[2] != "response" || parts[3] != "json" ||
				!regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`).MatchString(parts[1]) {
				t.Errorf("name it <operationId>.<case>.<request|response>.json or error.<case>.response.json")
			}
			var value any
			if err := json.Unmarshal(read(t, name), &value); err != nil {
				t.Fatal(err)
			}
			if !bundled[marshal(t, value)] {
				t.Errorf("the bundle does not have it as it is here; run go generate tools.go")
			}
			walk(value, func(node object) {
				if strings.Contains(text(node, "message"), "to be recorded") {
					t.Errorf("it is a placeholder; record it from the mock")
				}
				if code, _, _ := strings.Cut(text(node, "code"), "|"); parts[0] == "error" && code != "" && !codes[code] {
					t.Errorf("code %q is not in DECISIONS.md; use one of those, or add it there", code)
				}
			})
		})
	}
}

// knownCodes returns the first words of error codes, from the decision about them.
func knownCodes(t *testing.T) map[string]bool {
	t.Helper()
	_, section, _ := strings.Cut(string(read(t, "DECISIONS.md")), "\n## D-29 ")
	section, _, _ = strings.Cut(section, "\n## ")
	codes := map[string]bool{}
	for _, match := range regexp.MustCompile("`([a-z_]+)[\\\\|`]").FindAllStringSubmatch(section, -1) {
		codes[match[1]] = true
	}
	if len(codes) < 10 {
		t.Fatalf("DECISIONS.md: found only %d error codes in the decision about them", len(codes))
	}
	return codes
}

func marshal(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// compact returns JSON without white space between its tokens.
func compact(t *testing.T, data []byte) string {
	t.Helper()
	var buffer bytes.Buffer
	if err := json.Compact(&buffer, data); err != nil {
		t.Fatal(fmt.Errorf("%w in %s", err, data))
	}
	return buffer.String()
}
