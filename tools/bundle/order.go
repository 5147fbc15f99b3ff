package main

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// numberMembers numbers the members of every object in the order of the contract (x-order). The
// generator sorts them by name otherwise, and answers would come in that order: id far down, a list
// behind everything about its page.
func numberMembers(node *yaml.Node, names bool) {
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			numberMembers(child, false)
		}
		return
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		numberMembers(value, !names && key == "properties")
		if names {
			set(value, "x-order", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(i/2 + 1)})
		}
	}
}
