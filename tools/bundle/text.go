package main

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// writePatterns gives each string that says by x-text which characters it may have a pattern that
// says the same, as far as all languages write it alike: of the first 256 characters of Unicode. A
// pattern of its own stays.
func writePatterns(node *yaml.Node) error {
	if err := writePattern(node); err != nil {
		return err
	}
	for _, child := range node.Content {
		if err := writePatterns(child); err != nil {
			return err
		}
	}
	return nil
}

// writePattern writes the pattern of one schema.
func writePattern(node *yaml.Node) error {
	if rule := member(node, textKey); rule != nil && rule.Kind == yaml.ScalarNode {
		pattern, err := textPattern(rule.Value, mustNotBeEmpty(node))
		if err != nil {
			return err
		}
		if pattern != "" && member(node, "pattern") == nil {
			set(node, "pattern", text(pattern))
		}
	}
	return nil
}

func mustNotBeEmpty(schema *yaml.Node) bool {
	least := member(schema, "minLength")
	return least != nil && least.Value != "0"
}

// textPattern is the pattern for a rule. One that must not be empty needs a character that is no
// blank.
func textPattern(rule string, filled bool) (string, error) {
	var refused string // below the blank
	switch rule {
	case "line":
		refused = `\x00-\x1F`
	case "lines":
		refused = `\x00-\x08\x0B\x0C\x0E-\x1F`
	case "word": // which its own pattern says, since such texts have a form
		return "", nil
	default:
		return "", fmt.Errorf("line, lines and word are known to x-text, not %q", rule)
	}
	const above = `\x7F-\x9F`
	format := `\xAD` // the soft hyphen
	if rule == "lines" {
		format = ""
	}
	taken := "[^" + refused + above + format + "]*"
	if !filled {
		return "^" + taken + "$", nil
	}
	return "^" + taken + `[^\x00-\x20\x7F-\xA0\xAD]` + taken + "$", nil
}
