package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// No program that renders a contract shows its extensions. describe writes what they say into the
// descriptions of a published document: when a member is required, which statement is whose, and
// for an operation, which keys may call it and with which codes it refuses. The enforced document,
// from which our Go code is made, keeps the short texts.
//
// links is the address of DECISIONS.md or of a page with the same anchors.
func describe(doc *yaml.Node, b *book, links string) error {
	w := &writer{doc: doc, book: b, links: links, ours: isMock(doc), operationIDs: map[string]bool{}}
	eachOperation(doc, func(operation *yaml.Node) { w.operationIDs[member(operation, "operationId").Value] = true })
	w.linkMentions(doc)
	w.describeMembers(doc)
	eachOperation(doc, w.describeOperation)
	paths := member(doc, "paths")
	for i := 1; paths != nil && i < len(paths.Content); i += 2 {
		w.mark(paths.Content[i])
	}
	w.mark(member(doc, "components"))
	w.markServers(member(doc, "servers"))
	return errors.Join(w.problems...)
}

// describeBoth describes what is published with links to the repository, and what a mock serves
// with links to its own page of decisions, which it writes to a file.
func describeBoth(dir string, published *yaml.Node, links string, served *yaml.Node, servedLinks, page string) error {
	b, err := readBook(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(describe(published, b, links), describe(served, b, servedLinks)); err != nil || page == "" {
		return err
	}
	html, err := decisionsPage(b.text, links)
	if err != nil {
		return err
	}
	return os.WriteFile(page, html, 0o644)
}

// A writer adds to the descriptions of one document.
type writer struct {
	doc          *yaml.Node
	book         *book
	links        string
	ours         bool // x-mock at the root: no part of the document has to say so again
	operationIDs map[string]bool
	problems     []error
}

func (w *writer) problem(at *yaml.Node, format string, args ...any) {
	w.problems = append(w.problems, fmt.Errorf("line %d: %w", at.Line, fmt.Errorf(format, args...)))
}

// data are the keys below which nothing describes the contract.
func data(key string) bool {
	return slices.Contains([]string{"example", "examples", "default", "enum", missingKey}, key)
}

// visit calls visit for every mapping that can have a description.
func visit(node *yaml.Node, call func(*yaml.Node)) {
	if node == nil {
		return
	}
	if node.Kind == yaml.MappingNode {
		call(node)
	}
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && (i%2 == 0 || data(node.Content[i-1].Value)) {
			continue
		}
		visit(child, call)
	}
}

// description returns the description of a node, or nil. A member can have that name too.
func description(node *yaml.Node) *yaml.Node {
	if found := member(node, "description"); found != nil && found.Kind == yaml.ScalarNode {
		return found
	}
	return nil
}

// add adds a paragraph to a description.
func add(description *yaml.Node, paragraph string) {
	if paragraph == "" {
		return
	}
	description.Value = strings.TrimSpace(description.Value) + "\n\n" + paragraph
	description.Style = yaml.LiteralStyle
}

var mention = regexp.MustCompile("\\bD-[0-9]+\\b|`[a-z][A-Za-z]+`")

// linkMentions links the decisions and the operations that the texts name.
func (w *writer) linkMentions(doc *yaml.Node) {
	visit(doc, func(node *yaml.Node) {
		if text := description(node); text != nil {
			text.Value = w.linked(text.Value)
		}
	})
}

// linked links the decisions that a text names, and its operations to their pages.
func (w *writer) linked(text string) string {
	return mention.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "D-") {
			return w.link(found)
		}
		page, known := w.book.sources[strings.Trim(found, "`")]
		if !known || !w.operationIDs[strings.Trim(found, "`")] {
			return found
		}
		_, address, _ := strings.Cut(page.page, "](")
		address, _, _ = strings.Cut(address, ")")
		return "[" + found + "](" + address + ")"
	})
}

// link returns a link to a decision.
func (w *writer) link(id string) string {
	entry, known := w.book.decisions[id]
	if !known {
		w.problems = append(w.problems, fmt.Errorf("%s is not in DECISIONS.md", id))
		return id
	}
	return "[" + id + "](" + w.links + "#" + entry.anchor + ")"
}

// cited returns the decisions that a node cites.
func cited(node *yaml.Node) []string {
	value := member(node, "x-decision")
	switch {
	case value == nil:
		return nil
	case value.Kind == yaml.ScalarNode:
		return []string{value.Value}
	default:
		return scalars(value)
	}
}

func scalars(list *yaml.Node) []string {
	if list == nil {
		return nil
	}
	all := make([]string, len(list.Content))
	for i, item := range list.Content {
		all[i] = item.Value
	}
	return all
}

// mark tells of each description below a node which decisions stand behind it and how well they are
// known, and what only the mock does.
func (w *writer) mark(node *yaml.Node) {
	visit(node, func(node *yaml.Node) {
		text := description(node)
		ids := cited(node)
		if text == nil {
			if len(ids) > 0 || isMock(node) {
				w.problem(node, "x-decision and x-mock need a description beside them, which tells of them")
			}
			return
		}
		if isMock(node) && !w.ours {
			text.Value = onlyMock + text.Value
		}
		if member(node, "operationId") != nil {
			return // describeOperation has listed them
		}
		for i, id := range ids {
			ids[i] = w.link(id) + " (" + w.book.decisions[id].mark() + ")"
		}
		if len(ids) > 0 {
			add(text, "See "+words(ids, "and")+".")
		}
	})
}

// markServers marks the servers. Their descriptions are labels of a list, in which a link would be
// read as text.
func (w *writer) markServers(servers *yaml.Node) {
	visit(servers, func(server *yaml.Node) {
		if text := description(server); text != nil && isMock(server) && !w.ours {
			text.Value = onlyMock + text.Value
		}
	})
}

const onlyMock = "The mock only: "

func isMock(node *yaml.Node) bool {
	value := member(node, "x-mock")
	return value != nil && value.Value == "true"
}

// describeMembers writes each condition of x-missing to the members that it requires.
func (w *writer) describeMembers(doc *yaml.Node) {
	visit(doc, func(schema *yaml.Node) {
		missing := member(schema, missingKey)
		if missing == nil {
			return
		}
		for _, entry := range missing.Content {
			when, err := trigger(member(entry, "when"))
			if err != nil {
				w.problem(entry, "%w", err)
				continue
			}
			for _, name := range scalars(member(entry, "members")) {
				if text := w.ownDescription(member(member(schema, "properties"), name)); text != nil {
					add(text, "Required "+when+".")
				} else {
					w.problem(entry, "%s shares its description with other members, or has none: write its schema as allOf with "+
						"one $ref, and give it a description", name)
				}
			}
		}
	})
}

// ownDescription returns the description of a member, also if it is that of a component which no
// other place uses.
func (w *writer) ownDescription(property *yaml.Node) *yaml.Node {
	ref := member(property, "$ref")
	if ref == nil {
		return description(property)
	}
	if uses(w.doc, ref.Value) > 1 {
		return nil
	}
	return w.ownDescription(resolve(w.doc, ref.Value))
}

// uses counts the references to a component.
func uses(node *yaml.Node, ref string) int {
	n := 0
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && node.Content[i-1].Value == "$ref" && child.Value == ref {
			n++
		}
		n += uses(child, ref)
	}
	return n
}

// trigger says in words when a condition holds, to be read after "required".
func trigger(when *yaml.Node) (string, error) {
	not := member(when, "not")
	if not == nil {
		values, err := hasValue(when)
		return "with " + values, err
	}
	if absent := scalars(member(not, "required")); len(absent) == 1 && member(not, "properties") == nil {
		return "without `" + absent[0] + "`", nil
	}
	values, err := hasValue(not)
	return "unless " + values, err
}

// hasValue says that a member has one of some values.
func hasValue(schema *yaml.Node) (string, error) {
	properties, required := member(schema, "properties"), scalars(member(schema, "required"))
	if properties == nil || len(properties.Content) != 2 || len(required) != 1 || required[0] != properties.Content[0].Value {
		return "", errors.New("a condition is one required member with an enum, or the absence of one; write it so, or teach trigger its words")
	}
	values := scalars(member(properties.Content[1], "enum"))
	if len(values) == 0 {
		return "", fmt.Errorf("%s has no enum", required[0])
	}
	for i, value := range values {
		values[i] = "`" + required[0] + ": " + value + "`"
	}
	return words(values, "or"), nil
}

// A requirement is one condition of the body of an operation.
type requirement struct {
	within  []string // the paths of the objects that it holds for; the body itself is an empty path
	members []string
	when    string
	ids     []string
}

func (r requirement) same(other requirement) bool {
	return r.when == other.when && slices.Equal(r.members, other.members) && (r.within[0] == "") == (other.within[0] == "")
}

// requirements collects the conditions of a schema and of everything in it.
func (w *writer) requirements(schema *yaml.Node, path string, above []*yaml.Node) []requirement {
	if ref := member(schema, "$ref"); ref != nil {
		schema = resolve(w.doc, ref.Value)
	}
	if schema == nil || slices.Contains(above, schema) {
		return nil
	}
	above = append(slices.Clone(above), schema)
	var all []requirement
	if missing := member(schema, missingKey); missing != nil {
		for _, entry := range missing.Content {
			when, err := trigger(member(entry, "when"))
			if err != nil {
				continue // describeMembers has reported it
			}
			all = append(all, requirement{[]string{path}, scalars(member(entry, "members")), when, firstOf(cited(entry), cited(schema))})
		}
	}
	if properties := member(schema, "properties"); properties != nil {
		for i := 0; i < len(properties.Content); i += 2 {
			name := properties.Content[i].Value
			if path != "" {
				name = path + "." + name
			}
			all = append(all, w.requirements(properties.Content[i+1], name, above)...)
		}
	}
	all = append(all, w.requirements(member(schema, "items"), path+"[]", above)...)
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if parts := member(schema, keyword); parts != nil {
			for _, part := range parts.Content {
				all = append(all, w.requirements(part, path, above)...)
			}
		}
	}
	return all
}

func firstOf(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// conditions lists the conditions of the body of an operation.
func (w *writer) conditions(operation *yaml.Node) string {
	content := member(member(operation, "requestBody"), "content")
	if content == nil {
		return ""
	}
	var all []requirement
	for i := 1; i < len(content.Content); i += 2 {
		for _, one := range w.requirements(member(content.Content[i], "schema"), "", nil) {
			if at := slices.IndexFunc(all, one.same); at >= 0 {
				all[at].within = append(all[at].within, one.within...)
				continue
			}
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return ""
	}
	lines := []string{"**Required on a condition**\n"}
	for _, one := range all {
		line := "Required " + one.when + ": " + code(one.members)
		if one.within[0] != "" {
			line = "In " + code(one.within) + ", required " + one.when + ": " + code(one.members)
		}
		if links := w.list(one.ids); links != "" {
			line += " (" + links + ")"
		}
		lines = append(lines, "* "+line+".")
	}
	return strings.Join(lines, "\n")
}

// code joins names, each as code.
func code(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "`" + name + "`"
	}
	return words(quoted, "and")
}

// list joins links to decisions.
func (w *writer) list(ids []string) string {
	links := make([]string, len(ids))
	for i, id := range ids {
		links[i] = w.link(id)
	}
	return strings.Join(links, ", ")
}
