package openapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// onlyEnforced are the keys that the source has for the enforced document.
func onlyEnforced() []string {
	return []string{"x-enforced", "x-mock-enum", "x-mock-required", "x-refused-when", "x-text", "x-tolerates"}
}

// TestPublished holds that the published document is what generators of code understand, and says
// nothing else than the enforced one.
func TestPublished(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		t.Run("is valid", func(t *testing.T) {
			t.Parallel()
			doc, err := openapi3.NewLoader().LoadFromData([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(t.Context()); err != nil {
				t.Error(err)
			}
		})
		t.Run("has nothing for a checker only", func(t *testing.T) {
			t.Parallel()
			plainKeywords(t, c)
		})
		t.Run("has no default of a member that is sent", func(t *testing.T) {
			t.Parallel()
			published := contract{raw: c.published}
			for pointer, schema := range published.requested() {
				if _, there := schema["default"]; there && !strings.HasPrefix(pointer, "parameters/") {
					t.Errorf("%s: has a default, which some generators send unasked", pointer)
				}
			}
		})
		t.Run("closes what is sent for everyone", func(t *testing.T) {
			t.Parallel()
			for pointer, schema := range c.requested() {
				for _, promise := range []string{"x-mock-enum", "x-mock-required"} {
					if schema[promise] != nil {
						t.Errorf("%s: is sent, and %s is what the mock answers; give requests a schema of their own", pointer, promise)
					}
				}
			}
		})
		t.Run("agrees with the enforced one", func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(shared(c.raw), shared(c.published)); diff != "" {
				t.Errorf("(-enforced +published)\n%.3000s", diff)
			}
		})
	})
}

// plainKeywords looks for what generators make models of, or code that does not compile.
func plainKeywords(t *testing.T, c contract) {
	t.Helper()
	var visit func(node any, at string)
	visit = func(node any, at string) {
		switch node := node.(type) {
		case object:
			for key, value := range node {
				where := at + "/" + key
				switch {
				case key == "x-missing": // no schema of the document
					continue
				case key == "not" && !strings.HasSuffix(at, "/properties"):
					t.Errorf("%s: generators make a model of a not", where)
				case slices.Contains(onlyEnforced(), key):
					t.Errorf("%s: is for the enforced document only", where)
				}
				visit(value, where)
			}
			if text(node, "type") == "boolean" && node["enum"] != nil {
				t.Errorf("%s: an enum of booleans does not compile in every language", at)
			}
			for _, part := range list(node, "anyOf") {
				if part, ok := part.(object); ok && part["type"] != nil && part["type"] != "object" {
					t.Errorf("%s: anyOf of scalars is an empty type in some languages; use oneOf", at)
				}
			}
			if content := child(node, "content"); content["text/csv"] != nil {
				t.Errorf("%s: a list in two forms has no type; leave CSV to the text", at)
			}
		case []any:
			for _, value := range node {
				visit(value, at)
			}
		}
	}
	visit(c.published, "")
}

// shared leaves of a document what both of them have to say alike. The published one has no
// defaults of members, of two media types the first, and samples of code.
func shared(node any) any {
	switch node := node.(type) {
	case object:
		copied := object{}
		for key, value := range node {
			if _, added := child(node, "x-enforced")[key]; added {
				continue
			}
			if slices.Contains([]string{"not", "enum", "required", "default", "CSV", "text/csv", "x-codeSamples"}, key) || slices.Contains(onlyEnforced(), key) {
				continue
			}
			if key == "pattern" && node["x-text"] != nil && strings.Contains(value.(string), `\x`) {
				continue // which the bundler writes from x-text
			}
			if _, ok := value.(string); ok && key == "description" {
				continue // TestDescriptions compares them
			}
			copied[key] = shared(value)
		}
		return copied
	case []any:
		copied := make([]any, len(node))
		for i := range node {
			copied[i] = shared(node[i])
		}
		return copied
	default:
		return node
	}
}
