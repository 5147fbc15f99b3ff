package main

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Two documents are made of one source. The published one says what to send and what to expect, in
// the words that every generator of code understands. The enforced one is the same with what only a
// checker needs: conditions, defaults, and what the mock promises of its own answers. The published
// one is there as OpenAPI 3.1 too (upgrade.go), which can state conditions without a model of them.

// The keys of the source that only the bundler reads, or only the enforced document has.
const (
	enforcedKey     = "x-enforced"      // keywords of the schema that it stands in
	mockRequiredKey = "x-mock-required" // members that the mock always answers
	mockEnumKey     = "x-mock-enum"     // the values that the mock answers
	toleratesKey    = "x-tolerates"     // what a server may take beyond the contract
	textKey         = "x-text"          // the characters that a string may have
	missingKey      = "x-missing"       // conditional requirements
	sampleKey       = "x-sample"        // parameters of a path for the samples, which neither document has
)

// publish turns a composed contract into the published document.
func publish(doc *yaml.Node) error {
	if found := find(doc, "not"); found != nil {
		return fmt.Errorf("line %d: write a condition as %s, and other rules that only a checker needs below %s: "+
			"generators make models of a not", found.Line, missingKey, enforcedKey)
	}
	return forGenerators(doc)
}

// forGenerators removes what generators of code have no use for.
func forGenerators(doc *yaml.Node) error {
	dropKeys(doc, enforcedKey, mockRequiredKey, mockEnumKey, toleratesKey, textKey)
	dropMemberDefaults(doc)
	return dropSecondMediaTypes(doc)
}

// enforce turns a composed contract into the enforced document.
func enforce(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if keywords := member(node, enforcedKey); keywords != nil && keywords.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(keywords.Content); i += 2 {
				set(node, keywords.Content[i].Value, keywords.Content[i+1])
			}
		}
		if more := member(node, mockRequiredKey); more != nil && more.Kind == yaml.SequenceNode {
			requireAlso(node, more)
		}
		if values := member(node, mockEnumKey); values != nil && values.Kind == yaml.SequenceNode {
			set(node, "enum", clone(values))
		}
		if missing := member(node, missingKey); missing != nil && missing.Kind == yaml.SequenceNode {
			if member(node, "not") != nil {
				return fmt.Errorf("line %d: %s and not stand together; only one of them can", missing.Line, missingKey)
			}
			set(node, "not", condition(missing))
		}
	}
	for _, child := range node.Content {
		if err := enforce(child); err != nil {
			return err
		}
	}
	return nil
}

// requireAlso adds members to those that a schema requires.
func requireAlso(schema, more *yaml.Node) {
	required := member(schema, "required")
	if required == nil {
		required = &yaml.Node{Kind: yaml.SequenceNode}
		set(schema, "required", required)
	}
	for _, name := range more.Content {
		if !slices.ContainsFunc(required.Content, func(known *yaml.Node) bool { return known.Value == name.Value }) {
			required.Content = append(required.Content, clone(name))
		}
	}
}

// condition writes x-missing as a `not`: no entry may match while one of its members is missing.
// OpenAPI 3.0 has no if.
func condition(missing *yaml.Node) *yaml.Node {
	var branches []*yaml.Node
	for _, entry := range missing.Content {
		branches = append(branches, mapping("allOf", sequence(
			clone(member(entry, "when")),
			mapping("not", mapping("required", clone(member(entry, "members")))),
		)))
	}
	return mapping("anyOf", sequence(branches...))
}

// dropMemberDefaults removes the defaults of the members of requests. Some generators send a
// default unasked, and others demand a member that has one.
func dropMemberDefaults(doc *yaml.Node) {
	eachSent(doc, func(schema *yaml.Node) { remove(schema, "default") })
}

// eachSent visits the schemas of the bodies of requests, and those inside, once each.
func eachSent(doc *yaml.Node, visit func(schema *yaml.Node)) {
	seen := map[*yaml.Node]bool{}
	var walk func(node *yaml.Node)
	walk = func(node *yaml.Node) {
		if node == nil || seen[node] {
			return
		}
		seen[node] = true
		if ref := member(node, "$ref"); ref != nil {
			walk(resolve(doc, ref.Value))
			return
		}
		visit(node)
		if properties := member(node, "properties"); properties != nil {
			for i := 1; i < len(properties.Content); i += 2 {
				walk(properties.Content[i])
			}
		}
		walk(member(node, "items"))
		for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
			if parts := member(node, keyword); parts != nil {
				for _, part := range parts.Content {
					walk(part)
				}
			}
		}
	}
	eachOperation(doc, func(operation *yaml.Node) {
		content := member(member(operation, "requestBody"), "content")
		if content == nil {
			return
		}
		for i := 1; i < len(content.Content); i += 2 {
			walk(member(content.Content[i], "schema"))
		}
	})
}

// dropSecondMediaTypes leaves JSON as the only form of a response that can be had as CSV too:
// clients with types would get either the list or a text, and would have to ask which. The
// description tells of the other form.
func dropSecondMediaTypes(doc *yaml.Node) error {
	var failed error
	eachOperation(doc, func(operation *yaml.Node) {
		responses := member(operation, "responses")
		for i := 1; i < len(responses.Content); i += 2 {
			content := member(responses.Content[i], "content")
			if content == nil || member(content, csvType) == nil {
				continue
			}
			description := member(responses.Content[i], "description")
			if member(content, "application/json") == nil || description == nil {
				failed = errors.Join(failed, fmt.Errorf("line %d: %s stands beside JSON only, with a description", content.Line, csvType))
				continue
			}
			remove(content, csvType)
			description.Value += " With `Accept: text/csv` it comes as comma-separated values."
		}
	})
	prune(member(member(doc, "components"), "schemas"), "#/components/schemas/", referenced(doc))
	return failed
}

const csvType = "text/csv"

func referenced(doc *yaml.Node) map[string]bool {
	used := map[string]bool{}
	references(doc, used)
	return used
}

// eachOperation visits the operations of a document.
func eachOperation(doc *yaml.Node, visit func(operation *yaml.Node)) {
	paths := member(doc, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			if member(item.Content[j], "operationId") != nil {
				visit(item.Content[j])
			}
		}
	}
}

// dropKeys removes keys from every mapping below a node.
func dropKeys(node *yaml.Node, keys ...string) {
	for _, key := range keys {
		remove(node, key)
	}
	for _, child := range node.Content {
		dropKeys(child, keys...)
	}
}

// find returns the value of the first such keyword of a schema below a node, or nil. What stands
// below x-missing is not a schema of the document, and what stands below x-enforced is one of the
// enforced document only.
func find(node *yaml.Node, keyword string) *yaml.Node {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 || node.Content[i-1].Value == missingKey || node.Content[i-1].Value == enforcedKey {
				continue
			}
			if node.Content[i-1].Value == keyword {
				return child
			}
		}
		if found := find(child, keyword); found != nil {
			return found
		}
	}
	return nil
}

func mapping(key string, value *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text(key), value}}
}

func sequence(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: items}
}
