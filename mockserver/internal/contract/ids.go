package contract

import (
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// idType is the Go type that the contract gives to ids, which are integers or strings of digits (D-01).
const idType = "json.Number"

// anyItem stands in a path for every item of an array.
const anyItem = "*"

// idPaths lists where a schema has ids.
func idPaths(schema *openapi3.Schema, path []string) [][]string {
	if schema.Extensions["x-go-type"] == idType {
		return [][]string{path}
	}
	var paths [][]string
	for _, ref := range schema.AllOf {
		paths = append(paths, idPaths(ref.Value, path)...)
	}
	for name, ref := range schema.Properties {
		paths = append(paths, idPaths(ref.Value, join(path, name))...)
	}
	if schema.Items != nil {
		paths = append(paths, idPaths(schema.Items.Value, join(path, anyItem))...)
	}
	return slices.Clip(paths)
}

// spellIDs turns ids that are integers into strings of digits, in a tree that has been checked: the generated code
// binds a json.Number from a string only.
func spellIDs(tree any, path []string) {
	switch value := tree.(type) {
	case []any:
		for i := range value {
			spellIDs(value[i], path[1:])
		}
	case map[string]any:
		if len(path) > 1 {
			if member, there := value[path[0]]; there {
				spellIDs(member, path[1:])
			}
		} else if number, ok := value[path[0]].(json.Number); ok {
			value[path[0]] = string(number)
		}
	}
}
