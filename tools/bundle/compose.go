package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pb33f/libopenapi/bundler"
	"github.com/pb33f/libopenapi/datamodel"
	"go.yaml.in/yaml/v3"
)

// attempts is how often composing is tried. On a machine under load, libopenapi v0.42.3 has left a reference to a file
// as it was, and has done it right the next time.
const attempts = 5

// compose makes one document of a contract and the files that it refers to.
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

// fileReference is a reference that leads out of the document, or nothing.
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
