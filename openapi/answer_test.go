package openapi_test

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAnswers holds what a reader may rely on: an answer of the vendor's API requires and closes
// only what the vendor's pages or recorded answers say.
func TestAnswers(t *testing.T) {
	t.Parallel()
	entries := map[string]decision{}
	var promises decision
	for _, one := range decisions(t) {
		entries[one.id] = one
		if one.title == "What an answer promises" {
			promises = one
		}
	}
	for _, c := range contracts(t) {
		if !c.vendor {
			continue
		}
		published := contract{raw: c.published}
		answered := published.answered()
		t.Run("no schema of a request", func(t *testing.T) {
			t.Parallel()
			for pointer := range published.requested() {
				if name := componentOf(pointer); name != "" && answered[name] != nil {
					t.Errorf("%s: a request and an answer share it; an answer has no bounds, and a request no open sets: give each its own", name)
				}
			}
		})
		t.Run("requires what is known", func(t *testing.T) {
			t.Parallel()
			checkRequired(t, answered, promises)
		})
		t.Run("cites", func(t *testing.T) {
			t.Parallel()
			each(answered, func(pointer string, schema object) {
				if schema["required"] == nil && schema["enum"] == nil {
					return
				}
				if !slices.ContainsFunc(words(schema, "x-decision"), func(id string) bool { return entries[id].known() }) {
					t.Errorf("%s: requires members or closes a set, and cites no entry of DECISIONS.md whose weight is documented or recorded", pointer)
				}
			})
		})
		t.Run("is open", func(t *testing.T) {
			t.Parallel()
			each(answered, func(pointer string, schema object) { checkOpen(t, pointer, schema) })
			for _, pointer := range slices.Sorted(maps.Keys(c.schemas())) {
				schema := c.schemas()[pointer]
				if extensible := list(schema, "x-extensible-enum"); fmt.Sprint(extensible) != fmt.Sprint(list(schema, "enum")) && extensible != nil {
					t.Errorf("%s: the mock answers %v (x-mock-enum), and the contract knows %v", pointer, list(schema, "enum"), extensible)
				}
			}
		})
	}
}

// known tells whether a page or a recording says what the entry says.
func (d decision) known() bool {
	return strings.HasPrefix(d.weight, "documented") || strings.HasPrefix(d.weight, "recorded")
}

// checkRequired compares what answers require with the table of the decision.
func checkRequired(t *testing.T, answered map[string]object, promises decision) {
	t.Helper()
	const most = 8
	row := regexp.MustCompile("(?m)^  \\| `([A-Za-z]+)` \\| ([`a-z_, ]+) \\| (documented|recorded) \\|$")
	promised := map[string][]string{}
	for _, match := range row.FindAllStringSubmatch(promises.text, -1) {
		for name := range strings.SplitSeq(match[2], ", ") {
			promised[match[1]] = append(promised[match[1]], strings.Trim(name, "` "))
		}
	}
	for name, schema := range answered {
		names := words(schema, "required")
		if !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(promised[name]))) {
			t.Errorf("%s requires %v, and %s says %v; require what is known of every answer, and write what the mock adds as x-mock-required",
				name, names, promises.id, promised[name])
		}
		if len(names) > most {
			t.Errorf("%s requires %d members, at most %d are known of every order of every product", name, len(names), most)
		}
		delete(promised, name)
	}
	for name := range promised {
		t.Errorf("%s: %s is no answer; remove its row", promises.id, name)
	}
	each(answered, func(pointer string, schema object) {
		if strings.Contains(pointer, "/") && schema["required"] != nil {
			t.Errorf("%s: give the object a component of its own, so that %s can say what it requires", pointer, promises.id)
		}
	})
}

// checkOpen refuses closed sets and bounds in an answer, and wants known values in the text.
func checkOpen(t *testing.T, pointer string, schema object) {
	t.Helper()
	for _, keyword := range []string{"enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "default"} {
		if schema[keyword] != nil {
			t.Errorf("%s: %s stands in an answer, which may be different tomorrow; write x-extensible-enum, x-mock-enum or x-enforced", pointer, keyword)
		}
	}
	if schema["additionalProperties"] == false {
		t.Errorf("%s: closes an answer, which may get more members", pointer)
	}
	for _, value := range list(schema, "x-extensible-enum") {
		if !strings.Contains(text(schema, "description"), fmt.Sprintf("`%v`", value)) {
			t.Errorf("%s: the description lacks the known value `%v`", pointer, value)
		}
	}
}

// answered returns the components that answers in JSON are made of, by name.
func (c contract) answered() map[string]object {
	all := map[string]object{}
	var follow func(node any)
	follow = func(node any) {
		switch node := node.(type) {
		case object:
			ref := text(node, "$ref")
			if name := path.Base(ref); strings.HasPrefix(ref, "#/components/schemas/") {
				if all[name] == nil {
					all[name] = c.resolve(node)
					follow(all[name])
				}
				return
			}
			if ref != "" {
				follow(c.resolve(node))
				return
			}
			for key, value := range node {
				if key != "examples" && key != "example" && key != "links" {
					follow(value)
				}
			}
		case []any:
			for _, value := range node {
				follow(value)
			}
		}
	}
	for _, op := range c.operations() {
		follow(child(op.node, "responses"))
	}
	return all
}

// each visits components and all schemas in them.
func each(components map[string]object, visit func(pointer string, schema object)) {
	all := map[string]object{}
	for name, schema := range components {
		collect(schema, name, all)
	}
	for _, pointer := range slices.Sorted(maps.Keys(all)) {
		visit(pointer, all[pointer])
	}
}

// componentOf is the name of the component that a pointer leads into, or nothing.
func componentOf(pointer string) string {
	parts := strings.Split(pointer, "/")
	if parts[0] != "schemas" {
		return ""
	}
	return parts[1]
}

// TestMarks compares x-mock, which marks what is ours, with the weight of the entries that are
// cited beside it.
func TestMarks(t *testing.T) {
	t.Parallel()
	entries := map[string]decision{}
	for _, one := range decisions(t) {
		entries[one.id] = one
	}
	for _, c := range contracts(t) {
		if !c.vendor {
			continue
		}
		checkMarks(t, c.published, c.name, nil, entries)
	}
}

// checkMarks visits a part of a document. A part without x-decision comes under the decisions of
// the part around it.
func checkMarks(t *testing.T, node any, at string, around []string, entries map[string]decision) {
	t.Helper()
	switch node := node.(type) {
	case object:
		own := words(node, "x-decision")
		marked := node["x-mock"] == true
		if len(own) > 0 {
			around = own
		}
		if marked && !slices.ContainsFunc(around, func(id string) bool { return entries[id].oursToo() }) {
			t.Errorf("%s: is marked as ours (x-mock), and the weight of %v says that nothing of it is", at, around)
		}
		if !marked && len(own) > 0 && !slices.ContainsFunc(own, func(id string) bool { return entries[id].weight != "ours." }) {
			t.Errorf("%s: %v are ours altogether; mark it with x-mock: true", at, own)
		}
		for key, value := range node {
			checkMarks(t, value, at+"/"+key, around, entries)
		}
	case []any:
		for i, value := range node {
			checkMarks(t, value, fmt.Sprintf("%s/%d", at, i), around, entries)
		}
	}
}

// oursToo tells whether something of the entry was decided here.
func (d decision) oursToo() bool {
	return strings.Contains(strings.ToLower(d.weight), "ours") || strings.Contains(d.weight, "inferred")
}
