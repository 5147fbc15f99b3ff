package contract

import (
	"encoding/json"
	"reflect"
	"testing"
)

// TestIDsToStrings: integer ids become strings at every depth. Other numbers stay as they are.
func TestIDsToStrings(t *testing.T) {
	t.Parallel()
	tree := func(id any) any {
		return map[string]any{
			"id": id, "size": json.Number("1"),
			"organization": map[string]any{"id": id, "size": json.Number("1")},
			"contacts":     []any{map[string]any{"user_id": id}, map[string]any{"name": "a"}, "not an object"},
		}
	}
	got := tree(json.Number("12"))
	for _, path := range [][]string{{"id"}, {"organization", "id"}, {"contacts", anyItem, "user_id"}, {"missing", "id"}} {
		idsToStrings(got, path)
	}
	if want := tree("12"); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
