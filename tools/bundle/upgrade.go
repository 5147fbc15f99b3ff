package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/speakeasy-api/openapi/openapi"
	"go.yaml.in/yaml/v3"
)

// upgradedVersion is the version of OpenAPI of the second published document.
const upgradedVersion = "3.1.1"

// tagGroupsKey is what renderers make the parts of their menu of.
const tagGroupsKey = "x-tagGroups"

// upgrade returns a composed contract as OpenAPI 3.1, whose schemas are JSON Schema 2020-12. The
// contract itself stays in OpenAPI 3.0, which more programs read.
func upgrade(doc *yaml.Node) (*yaml.Node, error) {
	// Upgrade (v1.24.0) turns groups of tags into what only OpenAPI 3.2 has, whatever the version is.
	doc = clone(doc)
	groups := remove(doc, tagGroupsKey)
	source, err := yaml.Marshal(doc)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	parsed, faults, err := openapi.Unmarshal(ctx, bytes.NewReader(source))
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	if _, err := openapi.Upgrade(ctx, parsed, openapi.WithUpgradeTargetVersion(upgradedVersion)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := openapi.Marshal(ctx, parsed, &out); err != nil {
		return nil, err
	}
	var upgraded yaml.Node
	if err := yaml.Unmarshal(out.Bytes(), &upgraded); err != nil {
		return nil, err
	}
	if len(upgraded.Content) == 0 {
		return nil, errors.New("nothing is left of the document")
	}
	root := upgraded.Content[0]
	if groups != nil {
		set(root, tagGroupsKey, groups)
	}
	markFiles(root)
	return root, nil
}

// markFiles says in the words of JSON Schema that a text is a file. The format of OpenAPI 3.0 stays
// beside it, because generators know a file by it.
func markFiles(node *yaml.Node) {
	if format := member(node, "format"); format != nil && format.Value == "binary" {
		set(node, "contentMediaType", text("application/octet-stream"))
	}
	for _, child := range node.Content {
		markFiles(child)
	}
}

// publishConditions writes the conditions of what is sent, and what texts may hold, into an
// upgraded contract. JSON Schema has `if`, which checkers obey and of which generators make no
// model, so that this document has what only the enforced one of OpenAPI 3.0 can have. What the
// mock promises of its answers stays out of it.
func publishConditions(doc *yaml.Node) error {
	var failed error
	eachSent(doc, func(schema *yaml.Node) {
		if keywords := member(schema, enforcedKey); keywords != nil {
			failed = errors.Join(failed, enforcePlainly(schema, keywords))
		}
		failed = errors.Join(failed, writePattern(schema))
		if missing := member(schema, missingKey); missing != nil {
			failed = errors.Join(failed, addConditions(schema, missing))
		}
	})
	return failed
}

// addConditions writes x-missing as `if` and `then`, several of them as parts of an allOf.
func addConditions(schema, missing *yaml.Node) error {
	if member(schema, "allOf") != nil || member(schema, "if") != nil {
		return fmt.Errorf("line %d: %s stands beside neither allOf nor if", missing.Line, missingKey)
	}
	var conditions []*yaml.Node
	for _, entry := range missing.Content {
		when := member(entry, "when")
		if old := oldKeyword(when); old != "" {
			return fmt.Errorf("line %d: %s in a condition means something else in OpenAPI 3.1", when.Line, old)
		}
		one := mapping("if", clone(when))
		then := mapping("required", clone(member(entry, "members")))
		if because := member(entry, "because"); because != nil {
			set(then, "$comment", text(because.Value))
		}
		set(one, "then", then)
		conditions = append(conditions, one)
	}
	if len(conditions) == 1 {
		schema.Content = append(schema.Content, conditions[0].Content...)
		return nil
	}
	set(schema, "allOf", sequence(conditions...))
	return nil
}

// enforcePlainly sets the keywords that a schema of the enforced document has. A refused value of a
// boolean becomes the other one, since a `not` would be a model.
func enforcePlainly(schema, keywords *yaml.Node) error {
	for i := 0; i+1 < len(keywords.Content); i += 2 {
		key, value := keywords.Content[i], keywords.Content[i+1]
		if old := oldKeyword(keywords); old != "" {
			return fmt.Errorf("line %d: %s means something else in OpenAPI 3.1", key.Line, old)
		}
		if key.Value != "not" {
			set(schema, key.Value, clone(value))
			continue
		}
		kind, refused := member(schema, "type"), member(value, "enum")
		if kind == nil || kind.Value != "boolean" || refused == nil || len(refused.Content) != 1 || len(value.Content) != 2 {
			return fmt.Errorf("line %d: the not below %s has no form for OpenAPI 3.1, which is for one value of a boolean only", key.Line, enforcedKey)
		}
		wanted := clone(refused.Content[0])
		wanted.Value = map[string]string{"true": "false", "false": "true"}[wanted.Value]
		set(schema, "const", wanted)
	}
	return nil
}

// oldKeyword returns a keyword below a node that JSON Schema does not have, or an empty string.
func oldKeyword(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 &&
			slices.Contains([]string{"nullable", "example", "exclusiveMinimum", "exclusiveMaximum"}, child.Value) {
			return child.Value
		}
		if found := oldKeyword(child); found != "" {
			return found
		}
	}
	return ""
}

// schemaOf returns one schema of an upgraded document, with those that it refers to, as a document
// of JSON Schema.
func schemaOf(doc *yaml.Node, name, source string) (*yaml.Node, error) {
	const components, definitions = "#/components/schemas/", "#/$defs/"
	root := resolve(doc, components+name)
	if root == nil {
		return nil, fmt.Errorf("schema %s is not there", name)
	}
	schema := mapping("$schema", text("https://json-schema.org/draft/2020-12/schema"))
	set(schema, "$comment", text("Code generated by tools/bundle from "+source+". DO NOT EDIT."))
	set(schema, "title", text(name))
	schema.Content = append(schema.Content, clone(root).Content...)

	defs := &yaml.Node{Kind: yaml.MappingNode}
	for before := -1; before != len(defs.Content); {
		before = len(defs.Content)
		used := map[string]bool{}
		references(schema, used)
		references(defs, used)
		all := member(member(doc, "components"), "schemas")
		for i := 0; i < len(all.Content); i += 2 {
			key := all.Content[i].Value
			if used[components+key] && member(defs, key) == nil {
				set(defs, key, clone(all.Content[i+1]))
			}
		}
	}
	set(schema, "$defs", defs)
	dropExtensions(schema)
	retarget(schema, components, definitions)
	return schema, nil
}

// dropExtensions removes the extensions of OpenAPI, which strict readers of JSON Schema refuse.
func dropExtensions(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		kept := node.Content[:0]
		for i := 0; i < len(node.Content); i += 2 {
			if !strings.HasPrefix(node.Content[i].Value, "x-") {
				kept = append(kept, node.Content[i], node.Content[i+1])
			}
		}
		node.Content = kept
	}
	for _, child := range node.Content {
		dropExtensions(child)
	}
}

// retarget changes the beginning of each reference.
func retarget(node *yaml.Node, from, to string) {
	if ref := member(node, "$ref"); ref != nil {
		if name, ok := strings.CutPrefix(ref.Value, from); ok {
			ref.Value = to + name
		}
	}
	for _, child := range node.Content {
		retarget(child, from, to)
	}
}
