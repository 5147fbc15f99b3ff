package main

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// order numbers the members of every object in the order in which the contract has them. The generator sorts them by name
// otherwise, and answers would come in that order: id far down, a list behind everything about its page.
func order(node *yaml.Node, names bool) {
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			order(child, false)
		}
		return
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		order(value, !names && key == "properties")
		if names {
			set(value, "x-order", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(i/2 + 1)})
		}
	}
}
