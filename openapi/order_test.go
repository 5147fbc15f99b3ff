package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestOrder holds that members keep the order of their files on the way to Go, and so to the
// answers of the mock: the generator would sort them by name.
func TestOrder(t *testing.T) {
	t.Parallel()
	for root, bundle := range map[string]string{"certcentral.yaml": spec.CertCentralJSON, "control.yaml": spec.ControlJSON} {
		var raw object
		if err := json.Unmarshal([]byte(bundle), &raw); err != nil {
			t.Fatal(err)
		}
		for name := range reach(t, root) {
			if !strings.HasPrefix(name, "components/schemas/") {
				continue
			}
			var file yaml.Node
			if err := yaml.Unmarshal(read(t, name), &file); err != nil {
				t.Fatal(err)
			}
			component := strings.TrimSuffix(name[strings.LastIndex(name, "/")+1:], ".yaml")
			properties := child(child(child(child(raw, "components"), "schemas"), component), "properties")
			got := make([]string, 0, len(properties))
			for member := range properties {
				got = append(got, member)
			}
			slices.SortFunc(got, func(a, b string) int {
				return int(place(child(properties, a)) - place(child(properties, b)))
			})
			if want := memberNames(file.Content[0]); !slices.Equal(got, want) {
				t.Errorf("%s: the members are generated as %v, and stand there as %v; run go generate tools.go", name, got, want)
			}
		}
	}
}

func place(member object) float64 {
	place, _ := member["x-order"].(float64)
	return place
}

// memberNames are the names below properties, in their order.
func memberNames(schema *yaml.Node) []string {
	names := []string{}
	for i := 0; i+1 < len(schema.Content); i += 2 {
		if properties := schema.Content[i+1]; schema.Content[i].Value == "properties" {
			for j := 0; j < len(properties.Content); j += 2 {
				names = append(names, properties.Content[j].Value)
			}
		}
	}
	return names
}
