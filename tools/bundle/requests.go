package main

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// onlyRequests removes the bodies of responses. It keeps the statuses, and whether a response can
// be CSV, because a request selects that. Then it removes the components that are no longer used.
func onlyRequests(doc *yaml.Node) {
	paths := member(doc, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			if responses := member(item.Content[j], "responses"); responses != nil {
				for k := 1; k < len(responses.Content); k += 2 {
					bare(responses.Content[k])
				}
			}
		}
	}
	components := member(doc, "components")
	for before := -1; before != size(components); {
		before = size(components)
		used := map[string]bool{}
		references(doc, used)
		for i := 0; i < len(components.Content); i += 2 {
			if kind := components.Content[i].Value; kind != "securitySchemes" {
				prune(components.Content[i+1], "#/components/"+kind+"/", used)
			}
		}
	}
}

// bare removes all of a response except the media type text/csv.
func bare(response *yaml.Node) {
	content := member(response, "content")
	response.Content = nil
	if content == nil {
		return
	}
	for i := 0; i < len(content.Content); i += 2 {
		if content.Content[i].Value == "text/csv" {
			content.Content = []*yaml.Node{content.Content[i], {Kind: yaml.MappingNode}}
			response.Content = []*yaml.Node{{Kind: yaml.ScalarNode, Value: "content"}, content}
			return
		}
	}
}

// prune removes the components without a reference to them.
func prune(components *yaml.Node, prefix string, used map[string]bool) {
	kept := components.Content[:0]
	for i := 0; i < len(components.Content); i += 2 {
		if used[prefix+components.Content[i].Value] {
			kept = append(kept, components.Content[i], components.Content[i+1])
		}
	}
	components.Content = kept
}

// references collects the references in a node.
func references(node *yaml.Node, used map[string]bool) {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "$ref" && strings.HasPrefix(child.Value, "#/") {
			used[child.Value] = true
		}
		references(child, used)
	}
}

func size(node *yaml.Node) int {
	n := 1
	for _, child := range node.Content {
		n += size(child)
	}
	return n
}

// member returns the value of a key, or nil.
func member(node *yaml.Node, key string) *yaml.Node {
	if node.Kind == yaml.MappingNode {
		for i := 0; i < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				return node.Content[i+1]
			}
		}
	}
	return nil
}
