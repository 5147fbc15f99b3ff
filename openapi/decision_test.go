package openapi_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// omitted is the title of a section of DECISIONS.md without a number, a summary.
const omitted = "What the page says and this does not do"

// A decision is an entry of DECISIONS.md.
type decision struct {
	id     string
	title  string
	fields []string
	weight string
	text   string
}

func decisions(t *testing.T) []decision {
	t.Helper()
	var all []decision
	summary := false
	field := regexp.MustCompile(`^\* \*\*([^*]+):\*\* \S`)
	for line := range strings.Lines(string(read(t, "DECISIONS.md"))) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "## ") {
			summary = line == "## "+omitted
		}
		if summary {
			continue // it repeats entries, and has no number
		}
		if heading, there := strings.CutPrefix(line, "## "); there {
			id, title, _ := strings.Cut(heading, " ")
			all = append(all, decision{id: id, title: title})
		} else if len(all) > 0 {
			last := &all[len(all)-1]
			last.text += line + "\n"
			if weight, there := strings.CutPrefix(line, "* **Weight:** "); there {
				last.weight = weight
			}
		}
		if match := field.FindStringSubmatch(line); match != nil && len(all) > 0 {
			last := &all[len(all)-1]
			last.fields = append(last.fields, match[1])
		}
	}
	return all
}

// citations returns where each decision is cited: in the contract, Go code, vectors and documents.
func citations(t *testing.T) map[string][]string {
	t.Helper()
	cited := map[string][]string{}
	id := regexp.MustCompile(`\bD-[0-9]+\b`)
	err := filepath.WalkDir("..", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "..":
			if skip := entry.Name(); skip[0] == '.' || skip == "node_modules" || skip == "gen" || skip == "dist" {
				return filepath.SkipDir
			}
			return nil
		case entry.Name() == "DECISIONS.md" || !slices.Contains([]string{".go", ".txtar", ".yaml", ".md"}, filepath.Ext(name)):
			return nil
		case filepath.ToSlash(filepath.Dir(name)) == "." || strings.HasPrefix(filepath.ToSlash(name), "../openapi/") && filepath.Ext(name) == ".go":
			return nil // these tests
		}
		for _, match := range id.FindAllString(string(read(t, name)), -1) {
			cited[match] = append(cited[match], filepath.ToSlash(strings.TrimPrefix(name, "..")))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return cited
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	all, cited := decisions(t), citations(t)
	known := map[string]bool{}
	for _, one := range all {
		known[one.id] = true
	}
	t.Run("are numbered in order", func(t *testing.T) {
		t.Parallel()
		for i, one := range all {
			if want := fmt.Sprintf("D-%02d", i+1); one.id != want {
				t.Errorf("%s stands where %s belongs; keep the entries sorted and without gaps", one.id, want)
			}
		}
	})
	t.Run("are whole", func(t *testing.T) {
		t.Parallel()
		for _, one := range all {
			fields := slices.DeleteFunc(slices.Clone(one.fields), func(name string) bool { return name == "Sample shows" })
			if one.title == "" || !slices.Equal(fields, []string{"Page says", "Chosen", "Why", "Weight"}) {
				t.Errorf("%s: has a title %q and %v; write Page says, Sample shows (where there is one), Chosen, Why and Weight", one.id, one.title, one.fields)
			}
		}
	})
	t.Run("are cited", func(t *testing.T) {
		t.Parallel()
		for _, one := range all {
			if len(cited[one.id]) == 0 {
				t.Errorf("%s: cite it from the schema (x-decision), from the rule or from a vector", one.id)
			}
		}
	})
	t.Run("exist where they are cited", func(t *testing.T) {
		t.Parallel()
		for id, where := range cited {
			if !known[id] {
				t.Errorf("%s: %v cites it, and DECISIONS.md does not have it; write the entry", id, where)
			}
		}
	})
	t.Run("are cited in order and once", func(t *testing.T) {
		t.Parallel()
		for _, root := range roots() {
			for name := range reach(t, root) {
				if filepath.Ext(name) != ".yaml" {
					continue
				}
				walk(readYAML(t, name), func(node object) {
					if ids := words(node, "x-decision"); !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
						t.Errorf("%s: x-decision %v; sort it, and name each once", name, ids)
					}
				})
			}
		}
	})
}

// TestSources compares SOURCES.md with the operations of the vendor's contract.
func TestSources(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` \\| \\[[^\\]]+\\]\\((https://[^)]+)\\)[^|]* \\| 20[0-9]{2}-[01][0-9]-[0-3][0-9] \\| \\S")
	pages := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(string(read(t, "SOURCES.md")), -1) {
		pages[match[1]] = match[2]
	}
	onContracts(t, func(t *testing.T, c contract) {
		if !c.vendor {
			return
		}
		for _, op := range c.operations() {
			if url := text(child(op.node, "externalDocs"), "url"); pages[op.id] != url {
				t.Errorf("SOURCES.md: the row of %s names %q and its externalDocs %q; make them the same, and give the date", op.id, pages[op.id], url)
			}
		}
		for id := range pages {
			if !slices.ContainsFunc(c.operations(), func(op operation) bool { return op.id == id }) {
				t.Errorf("SOURCES.md: %s is no operation; remove its row", id)
			}
		}
	})
}
