package openapi_test

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestReadingOrder holds that a reader comes to what matters most first: renderers keep the order
// of the published document.
func TestReadingOrder(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		var doc struct {
			Tags   []struct{ Name string }
			Groups []struct {
				Name string
				Tags []string
			} `yaml:"x-tagGroups"`
			Paths yaml.Node
		}
		if err := yaml.Unmarshal([]byte(c.text), &doc); err != nil {
			t.Fatal(err)
		}
		var tags, grouped []string
		for _, tag := range doc.Tags {
			tags = append(tags, tag.Name)
		}
		for _, group := range doc.Groups {
			grouped = append(grouped, group.Tags...)
		}
		if !slices.Equal(tags, grouped) || len(tags) == 0 || tags[0] != "Orders" {
			t.Errorf("tags are %v, and in groups %v; list them alike, orders first: a renderer leaves out a tag without a group", tags, grouped)
		}
		last, first := 0, ""
		eachPublished(t, &doc.Paths, func(id, tag string, _ *yaml.Node) {
			if first == "" {
				first = id
			}
			at := slices.Index(tags, tag)
			if at < last {
				t.Errorf("%s is about %s and comes after %s; put paths in the order of their tags", id, tag, tags[last])
			}
			last = max(last, at)
		})
		if c.vendor && first != "orderPkioOrganisationPerson" {
			t.Errorf("%s comes first, and the order should", first)
		}
	})
}

// TestExampleOrder holds that the first example of a body is one to learn from. The vendor's have a
// country called "c" and a state called Switzerland.
func TestExampleOrder(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		var doc struct{ Paths yaml.Node }
		if err := yaml.Unmarshal([]byte(c.text), &doc); err != nil {
			t.Fatal(err)
		}
		vendors := 0
		eachPublished(t, &doc.Paths, func(id, _ string, operation *yaml.Node) {
			var body struct {
				RequestBody struct {
					Content map[string]struct{ Examples yaml.Node }
				} `yaml:"requestBody"`
			}
			if err := operation.Decode(&body); err != nil {
				t.Fatal(err)
			}
			for _, media := range body.RequestBody.Content {
				before := false
				for i := 0; i+1 < len(media.Examples.Content); i += 2 {
					var example struct {
						Summary string
						Value   any
					}
					name := media.Examples.Content[i].Value
					if err := media.Examples.Content[i+1].Decode(&example); err != nil {
						t.Fatal(err)
					}
					isVendors := strings.HasPrefix(name, "vendor")
					if isVendors {
						vendors++
					}
					if isVendors != strings.HasPrefix(example.Summary, "The vendor's") {
						t.Errorf("%s: the summary of the example %s is %q; say which are the vendor's", id, name, example.Summary)
					}
					if before && !isVendors || isVendors && i == 0 {
						t.Errorf("%s: put the example %s where the vendor's come last", id, name)
					}
					before = isVendors
					if odd := oddCountry(example.Value); odd != "" && (!isVendors || !strings.Contains(example.Summary, `"`+odd+`"`)) {
						t.Errorf("%s: the example %s has the country %q; correct it, or say so if it is the vendor's", id, name, odd)
					}
				}
			}
		})
		if c.vendor && vendors == 0 {
			t.Error("none of the vendor's examples is there, so this test shows little")
		}
	})
}

// oddCountry returns a country below a value that is not of two letters, or an empty text.
func oddCountry(value any) string {
	odd := ""
	walk(value, func(node object) {
		if country := text(node, "country"); country != "" && len(country) != 2 {
			odd = country
		}
	})
	return odd
}

// TestParameterExamples holds that an example means the same whether a program encodes it or sends
// it as it is: some importers do the one, some the other.
func TestParameterExamples(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		check := func(where string, node object) {
			for _, value := range append(list(node, "example"), node["example"]) {
				if value, ok := value.(string); ok && strings.ContainsAny(value, "%+&#") {
					t.Errorf("%s: the example is %q; a percent sign and a plus mean something else in a URL, so leave them to the text", where, value)
				}
			}
		}
		for name, parameter := range members(child(c.published, "components"), "parameters") {
			check(name, parameter)
			schema := c.resolve(child(parameter, "schema"))
			check(name, schema)
			check(name, c.resolve(child(schema, "items")))
		}
		for _, item := range members(c.published, "paths") {
			walk(item, func(node object) {
				if node["in"] == "path" || node["in"] == "query" {
					t.Errorf("%v: write parameters as components, where this test looks", node["name"])
				}
			})
		}
	})
}

// eachPublished visits the operations in the order of the document.
func eachPublished(t *testing.T, paths *yaml.Node, visit func(id, tag string, operation *yaml.Node)) {
	t.Helper()
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			var operation struct {
				OperationID string `yaml:"operationId"`
				Tags        []string
			}
			if item.Content[j].Kind != yaml.MappingNode {
				continue
			}
			if err := item.Content[j].Decode(&operation); err != nil {
				t.Fatal(err)
			}
			if operation.OperationID != "" && len(operation.Tags) > 0 {
				visit(operation.OperationID, operation.Tags[0], item.Content[j])
			}
		}
	}
}
