package main

import (
	"regexp"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPatterns: the pattern of a text says what x-text says, of the first 256 characters.
func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		schema     string
		takes, not []string
	}{
		{"{type: string, x-text: line, minLength: 1}", []string{"Jan", " Jan ", "Çelik", "Jan\u00a0Jansen"}, []string{"", " ", "\u00a0", "a\x00", "a\n", "a\u0085", "\u00ada"}},
		{"{type: string, x-text: line}", []string{"", " ", "Jan"}, []string{"\t", "a\x1f", "a\x7f"}},
		{"{type: string, x-text: lines, minLength: 1}", []string{"a\r\n\tb", "a\u00ad"}, []string{"", " \n", "a\x00", "a\u009f"}},
		{"{type: string, x-text: word, pattern: ^a$}", []string{"a"}, []string{"b"}},
	} {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(tc.schema), &doc); err != nil {
			t.Fatal(err)
		}
		if err := writePatterns(&doc); err != nil {
			t.Fatal(err)
		}
		pattern := regexp.MustCompile(member(doc.Content[0], "pattern").Value)
		for _, value := range tc.takes {
			if !pattern.MatchString(value) {
				t.Errorf("%s: %s refuses %q", tc.schema, pattern, value)
			}
		}
		for _, value := range tc.not {
			if pattern.MatchString(value) {
				t.Errorf("%s: %s takes %q", tc.schema, pattern, value)
			}
		}
	}
	var odd yaml.Node
	if err := yaml.Unmarshal([]byte("{type: string, x-text: poem}"), &odd); err != nil || writePatterns(&odd) == nil {
		t.Error("an unknown rule is taken")
	}
}
