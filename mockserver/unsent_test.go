package mockserver_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestUnsent compares the answers of all vectors with the members that the contract lists: those
// that the mock never sends are marked (x-mock-unsent), and the others are in one answer at least.
func TestUnsent(t *testing.T) {
	t.Parallel()
	doc, err := spec.Load(spec.CertCentralJSON)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]*openapi3.Schema{} // by operation
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for _, status := range []int{200, 201} {
				if response := op.Responses.Status(status); response != nil && response.Value.Content["application/json"] != nil {
					answers[op.OperationID] = response.Value.Content["application/json"].Schema.Value
				}
			}
		}
	}
	sent := map[*openapi3.Schema]map[string]bool{} // the members of an object that answers had
	eachAnswer(t, func(operation string, status int, response string) {
		header, body, _ := strings.Cut(response, "\n\n")
		if answers[operation] == nil || status >= 300 || !strings.Contains(header, "application/json") {
			return
		}
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Errorf("%s: %v", operation, err)
			return
		}
		note(answers[operation], value, sent)
	})
	for _, schema := range slices.Collect(maps.Keys(sent)) {
		for name, property := range schema.Properties {
			unsent := property.Value.Extensions["x-mock-unsent"] == true
			if had := sent[schema][name]; had == unsent {
				t.Errorf("%s: %s has x-mock-unsent: %t, and answers have it: %t", schema.Description, name, unsent, had)
			}
		}
	}
}

// note notes the members of the objects in a value.
func note(schema *openapi3.Schema, value any, sent map[*openapi3.Schema]map[string]bool) {
	if len(schema.AllOf) == 1 {
		schema = schema.AllOf[0].Value
	}
	switch value := value.(type) {
	case map[string]any:
		if sent[schema] == nil {
			sent[schema] = map[string]bool{}
		}
		for name, member := range value {
			sent[schema][name] = true
			if property := schema.Properties[name]; property != nil {
				note(property.Value, member, sent)
			}
		}
	case []any:
		for _, item := range value {
			note(schema.Items.Value, item, sent)
		}
	}
}
