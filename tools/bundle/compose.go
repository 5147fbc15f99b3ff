package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pb33f/libopenapi/bundler"
	"github.com/pb33f/libopenapi/datamodel"
	"go.yaml.in/yaml/v3"
)

// attempts is the number of tries. Under load, libopenapi v0.42.3 sometimes leaves a reference to a
// file unresolved, and resolves it at the next try.
const attempts = 5

// compose returns one document with the contract and the files that it refers to.
func compose(source []byte, base, root string) (*yaml.Node, error) {
	var left string
	for range attempts {
		composed, err := bundler.BundleBytesComposed(source, &datamodel.DocumentConfiguration{
			BasePath:            base,
			SpecFilePath:        filepath.Join(base, filepath.Base(root)),
			AllowFileReferences: true,
		}, nil)
		if err != nil {
			return nil, err
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(composed, &doc); err != nil {
			return nil, err
		}
		if left = fileReference(&doc); left == "" {
			return &doc, nil
		}
	}
	return nil, fmt.Errorf("the reference to %s has not become part of the document", left)
}

// fileReference returns a reference to another file, or an empty string.
func fileReference(node *yaml.Node) string {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "$ref" &&
			child.Kind == yaml.ScalarNode && !strings.HasPrefix(child.Value, "#/") {
			return child.Value
		}
		if found := fileReference(child); found != "" {
			return found
		}
	}
	return ""
}
