package contract

import (
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// idType is the Go type of ids in the contract. An id is an integer or a string of digits (D-01).
const idType = "json.Number"

// anyItem is the path element of all items of an array.
const anyItem = "*"

// idPaths returns the paths of the ids in a schema.
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

// idsToStrings replaces integer ids in a validated tree by strings of digits, because the generated
// code binds a json.Number from a string only.
func idsToStrings(tree any, path []string) {
	switch value := tree.(type) {
	case []any:
		for i := range value {
			idsToStrings(value[i], path[1:])
		}
	case map[string]any:
		if len(path) > 1 {
			if member, there := value[path[0]]; there {
				idsToStrings(member, path[1:])
			}
		} else if number, ok := value[path[0]].(json.Number); ok {
			value[path[0]] = string(number)
		}
	}
}
