package openapi_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestRecorded holds that the published answers fit what the real service was seen to send: orders
// of other products, states that the contract does not list, and members that are left out.
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
			if answerOf(c.doc, operation).VisitJSON(value, openapi3.VisitAsResponse()) != nil {
				stricter++ // The mock would not send it.
			}
		}
		if stricter == 0 {
			t.Error("the mock may send each of the recorded answers: it promises no more than the published contract")
		}
	}
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
