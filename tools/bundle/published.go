package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// orderSchema is the schema whose JSON Schema is published: the body of the order.
const orderSchema = "OrderInput"

// files are where the published forms of a contract go.
type files struct {
	openAPI30, openAPI31 string
	schema               string // may be empty
}

// writePublished writes what is published of a contract. doc is the contract as it was composed;
// published is it in OpenAPI 3.0, without what only a checker needs, and described.
func writePublished(doc, published *yaml.Node, source, links string, code samples, to files) error {
	upgraded, err := upgrade(doc)
	if err != nil {
		return err
	}
	if err := errors.Join(publishConditions(upgraded), forGenerators(upgraded)); err != nil {
		return err
	}
	b, err := readBook(filepath.Dir(source))
	if err != nil {
		return err
	}
	if err := describe(upgraded, b, links); err != nil {
		return err
	}
	if to.schema != "" {
		schema, err := schemaOf(upgraded, orderSchema, source)
		if err != nil {
			return err
		}
		compact, err := compactJSON(schema)
		if err != nil {
			return err
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, compact, "", "  "); err != nil {
			return err
		}
		if err := os.WriteFile(to.schema, indented.Bytes(), 0o644); err != nil {
			return err
		}
	}
	for name, one := range map[string]*yaml.Node{to.openAPI30: published, to.openAPI31: upgraded} {
		if err := code.add(one); err != nil {
			return err
		}
		asYAML, err := generatedYAML(one, source)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, asYAML, 0o644); err != nil {
			return err
		}
	}
	return nil
}
