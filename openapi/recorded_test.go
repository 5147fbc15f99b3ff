package openapi_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestRecorded holds that the published answers fit what the real service was seen to send: orders
// of other products, states that the contract does not list, and members that are left out. They
// list every member of it, because some clients that are generated refuse one that no schema has.
func TestRecorded(t *testing.T) {
	t.Parallel()
	loader := openapi3.NewLoader()
	for _, c := range contracts(t) {
		if !c.vendor {
			continue
		}
		published, err := loader.LoadFromData([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob("recorded/*.json")
		if err != nil || len(files) == 0 {
			t.Fatalf("no recorded answers: %v", err)
		}
		stricter := 0
		for _, file := range files {
			operation, _, _ := strings.Cut(filepath.Base(file), ".")
			schema := answerOf(published, operation)
			if schema == nil {
				t.Errorf("%s: %s is no operation that answers with JSON", file, operation)
				continue
			}
			var value any
			if err := json.Unmarshal(read(t, file), &value); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if err := schema.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			for _, name := range unlisted(schema, value, "") {
				t.Errorf("%s: no schema lists %s, at which strict readers fail; list it, with x-mock-unsent if the mock never sends it", file, name)
			}
			if answerOf(c.doc, operation).VisitJSON(value, openapi3.VisitAsResponse()) != nil {
				stricter++ // The mock would not send it.
			}
		}
		if stricter == 0 {
			t.Error("the mock may send each of the recorded answers: it promises no more than the published contract")
		}
	}
}

// unlisted returns the members of a value that its schema does not list.
func unlisted(schema *openapi3.Schema, value any, at string) []string {
	if len(schema.AllOf) == 1 {
		schema = schema.AllOf[0].Value
	}
	var all []string
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			switch property := schema.Properties[name]; {
			case property != nil:
				all = append(all, unlisted(property.Value, member, at+"."+name)...)
			case schema.AdditionalProperties.Schema == nil:
				all = append(all, at+"."+name)
			}
		}
	case []any:
		for i, item := range value {
			all = append(all, unlisted(schema.Items.Value, item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	return all
}

// answerOf is the schema of what an operation succeeds with, or nil.
func answerOf(doc *openapi3.T, operation string) *openapi3.Schema {
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID != operation {
				continue
			}
			for _, status := range []int{200, 201} {
				if response := op.Responses.Status(status); response != nil && response.Value.Content["application/json"] != nil {
					return response.Value.Content["application/json"].Schema.Value
				}
			}
		}
	}
	return nil
}
