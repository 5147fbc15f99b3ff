package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// writeServed writes the documents that a mock serves to a folder: the published one as YAML and as
// JSON, and the enforced one as JSON.
func writeServed(published, enforced *yaml.Node, dir, source, server string) error {
	name := filepath.Join(dir, strings.TrimSuffix(filepath.Base(source), ".yaml"))
	published, enforced = clone(published), clone(enforced)
	if err := errors.Join(serve(published, server), serve(enforced, server)); err != nil {
		return err
	}
	asYAML, err := generatedYAML(published, source)
	if err != nil {
		return err
	}
	asJSON, err := compactJSON(published)
	if err != nil {
		return err
	}
	checked, err := compactJSON(enforced)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(name+".yaml", asYAML, 0o644),
		os.WriteFile(name+".json", asJSON, 0o644),
		os.WriteFile(name+".enforced.json", checked, 0o644),
	)
}

// serve changes a contract to the document that a mock serves (D-75): programs send requests to the
// mock only, and pages do not fill in optional parameters.
func serve(doc *yaml.Node, server string) error {
	here := &yaml.Node{Kind: yaml.MappingNode}
	set(here, "url", text(server))
	set(here, "description", text("The mock that serves this document"))
	set(doc, "servers", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{here}})
	if parameters := member(member(doc, "components"), "parameters"); parameters != nil {
		for i := 1; i < len(parameters.Content); i += 2 {
			if err := describeValues(doc, parameters.Content[i]); err != nil {
				return fmt.Errorf("parameter %s: %w", parameters.Content[i-1].Value, err)
			}
		}
	}
	paths := member(doc, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for _, holder := range append([]*yaml.Node{item}, item.Content...) { // the path item and its operations
			remove(holder, "servers")
			parameters := member(holder, "parameters")
			if parameters == nil {
				continue
			}
			for _, parameter := range parameters.Content {
				if err := describeValues(doc, parameter); err != nil {
					return fmt.Errorf("%s: %w", paths.Content[i-1].Value, err)
				}
			}
		}
	}
	return nil
}

// describeValues moves the example and the default of an optional parameter to its description,
// because programs that show the document would send them.
func describeValues(doc, parameter *yaml.Node) error {
	if ref := member(parameter, "$ref"); ref != nil {
		return nil // serve handles the components
	}
	if required := member(parameter, "required"); required != nil && required.Value == "true" {
		return nil
	}
	if member(parameter, "content") != nil || member(parameter, "examples") != nil {
		return errors.New("an optional parameter with content or examples is not expected here")
	}
	schema := member(parameter, "schema")
	for ref := member(schema, "$ref"); ref != nil; ref = member(schema, "$ref") {
		target := resolve(doc, ref.Value)
		if target == nil {
			return fmt.Errorf("%s leads nowhere", ref.Value)
		}
		schema = clone(target)
	}
	var notes []string
	example := remove(parameter, "example")
	if inSchema := remove(schema, "example"); example == nil {
		example = inSchema
	}
	if example != nil {
		notes = append(notes, "Example: "+values(example)+".")
	}
	if byDefault := remove(schema, "default"); byDefault != nil {
		notes = append(notes, "Default: "+values(byDefault)+".")
	}
	if notes == nil {
		return nil
	}
	set(parameter, "schema", schema)
	description := ""
	if said := member(parameter, "description"); said != nil {
		description = strings.TrimSpace(said.Value) + "\n\n"
	}
	set(parameter, "description", text(description+strings.Join(notes, " ")))
	return nil
}

// values returns a value, or the values of a list, as Markdown code.
func values(node *yaml.Node) string {
	if node.Kind != yaml.SequenceNode {
		return "`" + node.Value + "`"
	}
	list := make([]string, len(node.Content))
	for i, item := range node.Content {
		list[i] = values(item)
	}
	return strings.Join(list, ", ")
}

// resolve returns the node of a reference inside the document, or nil.
func resolve(doc *yaml.Node, ref string) *yaml.Node {
	node := doc
	for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		if node = member(node, step); node == nil {
			return nil
		}
	}
	return node
}

func clone(node *yaml.Node) *yaml.Node {
	if node == nil {
		return nil
	}
	copied := *node
	copied.Content = make([]*yaml.Node, len(node.Content))
	for i, child := range node.Content {
		copied.Content[i] = clone(child)
	}
	return &copied
}

// set sets the value of a key. A new key is added at the end.
func set(node *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			node.Content[i+1] = value
			return
		}
	}
	node.Content = append(node.Content, text(key), value)
}

// remove removes a key and returns its value, or nil.
func remove(node *yaml.Node, key string) *yaml.Node {
	if node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			value := node.Content[i+1]
			node.Content = append(node.Content[:i], node.Content[i+2:]...)
			return value
		}
	}
	return nil
}

func text(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// generatedYAML returns the document as YAML, with a first line that names its source.
func generatedYAML(doc *yaml.Node, source string) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Code generated by tools/bundle from %s. DO NOT EDIT.\n", filepath.ToSlash(source))
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
