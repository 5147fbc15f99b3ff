package openapi_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// roots are the root files of the contracts.
func roots() []string { return []string{"certcentral.yaml", "control.yaml"} }

// reach returns the files that a contract refers to, by $ref or as an example, and its root file.
func reach(t *testing.T, root string) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if path.Ext(name) != ".yaml" {
			return
		}
		walk(readYAML(t, name), func(node object) {
			for _, key := range []string{"$ref", "externalValue"} {
				if to := text(node, key); to != "" && !strings.HasPrefix(to, "#") {
					visit(path.Join(path.Dir(name), to))
				}
			}
		})
	}
	visit(root)
	return seen
}

// files returns the files below a folder of the contract.
func files(t *testing.T, folder string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			all = append(all, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFiles(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	for _, root := range roots() {
		for name := range reach(t, root) {
			reached[name] = true
		}
	}
	for _, folder := range []string{"components", "paths", "examples"} {
		t.Run(folder+" are all in use", func(t *testing.T) {
			t.Parallel()
			for _, name := range files(t, folder) {
				if !reached[name] {
					t.Errorf("%s: nothing refers to it; refer to it or remove it", name)
				}
			}
		})
	}
	t.Run("paths are named after their path", func(t *testing.T) {
		t.Parallel()
		for _, root := range roots() {
			for route, item := range members(readYAML(t, root), "paths") {
				want := "paths/" + strings.NewReplacer("/_", "/", "{", "", "}", "").Replace(route)[1:] + ".yaml"
				want = "paths/" + strings.ReplaceAll(strings.TrimPrefix(want, "paths/"), "/", "_")
				if got := text(item, "$ref"); got != want {
					t.Errorf("%s: %s is in %s; name the file %s", root, route, got, want)
				}
			}
		}
	})
	t.Run("no other file", func(t *testing.T) {
		t.Parallel()
		entries, err := os.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		known := append(roots(), "codegen", "components", "examples", "lint", "paths", "recorded", "samples", "testdata", "members.yaml", "DECISIONS.md", "LIFE.md", "README.md", "SOURCES.md")
		for _, entry := range entries {
			if name := entry.Name(); !slices.Contains(known, name) && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: nothing is known by this name here; move it, or add it to this test", name)
			}
		}
	})
}

// TestBundle compares every component in the bundle with its file.
func TestBundle(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		components, sources := child(c.published, "components"), 0
		for name := range reach(t, c.name+".yaml") {
			kind, file, isComponent := strings.Cut(strings.TrimPrefix(name, "components/"), "/")
			if !isComponent || !strings.HasPrefix(name, "components/") {
				continue
			}
			if file == "shared/CSV.yaml" {
				continue // the enforced document has it
			}
			sources++
			got := child(child(components, kind), strings.TrimSuffix(path.Base(file), ".yaml"))
			if want := readYAML(t, name); !reflect.DeepEqual(plain(got), plain(want)) {
				t.Errorf("%s: its component in the bundle differs; name the component after its file, and run go generate tools.go", name)
			}
			enforced := child(child(child(c.raw, "components"), kind), strings.TrimSuffix(path.Base(file), ".yaml"))
			if got, want := text(enforced, "description"), text(readYAML(t, name), "description"); got != want {
				t.Errorf("%s: the enforced document describes it as %q", name, got)
			}
		}
		bundled := 0
		for kind := range components {
			if kind != "securitySchemes" {
				bundled += len(child(components, kind))
			}
		}
		if bundled != sources {
			t.Errorf("the bundle has %d components and openapi has %d files for it; run go generate tools.go", bundled, sources)
		}
	})
}

// plain removes what the bundler changes: the targets of $ref, descriptions, and examples in files.
func plain(node any) any {
	switch node := node.(type) {
	case object:
		copied := object{}
		for key, value := range node {
			switch {
			case key == "default" || slices.Contains(onlyEnforced(), key):
				// defaults of what is sent are in the enforced document only; TestPublished looks at them
			case key == "description" && child(node, key) == nil:
				// the bundler adds to it; TestDescriptions looks at it
			case key == "$ref":
				value, _ := value.(string)
				copied[key] = strings.TrimSuffix(path.Base(value), ".yaml")
			case key == "examples":
				copied[key] = len(child(node, key))
			default:
				copied[key] = plain(value)
			}
		}
		return copied
	case []any:
		copied := make([]any, len(node))
		for i := range node {
			copied[i] = plain(node[i])
		}
		return copied
	default:
		return node
	}
}

// TestVendorExamples: only commas were repaired in the vendor's samples.
func TestVendorExamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"vendor_new_individual", "vendor_existing_individual"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed := read(t, "../mockserver/testdata/vendor/"+name+".verbatim.txt")
			if json.Valid(printed) {
				t.Errorf("%s.verbatim.txt is valid JSON, and the vendor's page is not; print it as the page has it", name)
			}
			repaired := compact(t, regexp.MustCompile(`,(\s*[}\]])`).ReplaceAll(printed, []byte("$1")))
			example := compact(t, read(t, "examples/orderPkioOrganisationPerson."+name+".request.json"))
			if example != repaired {
				t.Errorf("the example differs from the vendor's by more than its commas:\n%s\nwant\n%s", example, repaired)
			}
		})
	}
}
