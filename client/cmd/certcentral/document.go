package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A document is a YAML file that is read strictly: each member must be known, and stand there once.
// It collects what is wrong, with its place. No text repeats a value.
type document struct {
	file     string
	problems []problem
}

type problem struct {
	line, column int
	text         string
}

// maxDocument is longer than any order.
const maxDocument = 1 << 20

// jsonEscapes replaces the two escapes of JSON that YAML does not have: a slash, and a character in
// two halves. On the same line, columns after such an escape are then a little too small.
func jsonEscapes(content []byte) []byte {
	escapes := regexp.MustCompile(`(?i)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u(d[89a-f][0-9a-f]{2})|\\.`)
	return escapes.ReplaceAllFunc(content, func(escape []byte) []byte {
		switch {
		case string(escape) == `\/`:
			return []byte("/")
		case len(escape) == 2:
			return escape
		}
		var character string
		if json.Unmarshal(slices.Concat([]byte(`"`), escape, []byte(`"`)), &character) != nil {
			return escape
		}
		return []byte(character)
	})
}

// parse returns the top node of a document.
func (d *document) parse(r io.Reader) (*yaml.Node, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	switch {
	case err != nil:
		return nil, usagef("%s: %w", d.file, err)
	case len(content) > maxDocument:
		return nil, usagef("%s: has more than %d MiB", d.file, maxDocument>>20)
	case json.Valid(content):
		content = jsonEscapes(content)
	}
	var top, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	switch err := decoder.Decode(&top); {
	case errors.Is(err, io.EOF):
		return nil, usagef("%s: is empty", d.file)
	case err != nil:
		return nil, usagef("%s: is neither YAML nor JSON: %s", d.file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, usagef("%s: has more than one document", d.file)
	}
	return top.Content[0], nil
}

func (d *document) report(n *yaml.Node, path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	d.problems = append(d.problems, problem{n.Line, n.Column, text})
}

// err is what is wrong with the document, one line each in the order of the file.
func (d *document) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b problem) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	var lines []string
	for _, p := range d.problems {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", d.file, p.line, p.column, p.text))
	}
	return usageError{errors.New(strings.Join(lines, "\n"))}
}

// An object is a mapping of the document. The methods of a nil object, which stands for a member
// that is missing or wrong, return zero values.
type object struct {
	d      *document
	path   string
	node   *yaml.Node
	keys   []*yaml.Node
	values map[string]*yaml.Node
	known  []string
}

func (d *document) object(path string, n *yaml.Node) *object {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		d.report(n, path, "must be an object with members")
		return nil
	}
	o := &object{d: d, path: path, node: n, values: map[string]*yaml.Node{}}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.report(key, path, "has a member whose name is no text")
			continue
		}
		if _, twice := o.values[key.Value]; twice {
			d.report(key, o.at(key.Value), "stands there twice")
			continue
		}
		o.keys = append(o.keys, key)
		o.values[key.Value] = n.Content[i+1]
	}
	return o
}

// resolved follows an alias to what it stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (o *object) at(member string) string {
	if o.path == "" {
		return member
	}
	return o.path + "." + member
}

// take returns the value of a member, which is known from now on.
func (o *object) take(member string) (*yaml.Node, bool) {
	if o == nil {
		return nil, false
	}
	o.known = append(o.known, member)
	n, ok := o.values[member]
	if !ok {
		return nil, false
	}
	n = resolved(n)
	if n.Tag == "!!null" {
		o.d.report(n, o.at(member), "has no value: leave it out")
		return nil, false
	}
	return n, true
}

// has reports whether there is a member.
func (o *object) has(member string) bool {
	if o == nil {
		return false
	}
	_, ok := o.values[member]
	return ok
}

// need reports members that are missing.
func (o *object) need(members ...string) {
	if o == nil {
		return
	}
	for _, member := range members {
		if !o.has(member) {
			o.d.report(o.node, o.at(member), "is missing")
		}
	}
}

// wrong reports what is wrong with the value of a member, if there is one.
func (o *object) wrong(member, text string) {
	if o == nil {
		return
	}
	n, ok := o.values[member]
	if !ok {
		n = o.node
	}
	o.d.report(n, o.at(member), "%s", text)
}

// text returns a text as it is written, so that a postal code of digits keeps its zeros.
func (o *object) text(member string) string {
	n, ok := o.take(member)
	if !ok {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!bool" {
		o.wrong(member, "must be a text")
		return ""
	}
	return n.Value
}

// id returns an id, which the vendor writes as a number or as a text.
func (o *object) id(member string) int64 {
	n, ok := o.take(member)
	if !ok {
		return 0
	}
	id, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || err != nil || id <= 0 {
		o.wrong(member, "must be an id, which is a positive number")
		return 0
	}
	return id
}

// number returns a whole number from 1 on.
func (o *object) number(member string) int {
	n, ok := o.take(member)
	if !ok {
		return 0
	}
	number, err := strconv.ParseInt(n.Value, 10, 32)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || number < 1 {
		o.wrong(member, "must be a whole number from 1 on")
		return 0
	}
	return int(number)
}

// boolean returns a boolean, and whether there is one.
func (o *object) boolean(member string) (value, ok bool) {
	n, ok := o.take(member)
	if !ok {
		return false, false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		o.wrong(member, "must be true or false")
		return false, false
	}
	return strings.EqualFold(n.Value, "true"), true
}

func (o *object) object(member string) *object {
	n, ok := o.take(member)
	if !ok {
		return nil
	}
	return o.d.object(o.at(member), n)
}

// list returns the items of a list. The path of an item is that of the list with [i].
func (o *object) list(member string) []*yaml.Node {
	n, ok := o.take(member)
	if !ok {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		o.wrong(member, "must be a list")
		return nil
	}
	return n.Content
}

func (o *object) objects(member string) []*object {
	var all []*object
	for i, n := range o.list(member) {
		if item := o.d.object(fmt.Sprintf("%s[%d]", o.at(member), i), n); item != nil {
			all = append(all, item)
		}
	}
	return all
}

func (o *object) texts(member string) []string {
	var all []string
	for i, n := range o.list(member) {
		n = resolved(n)
		if n.Kind != yaml.ScalarNode || n.Tag == "!!bool" || n.Tag == "!!null" {
			o.d.report(n, fmt.Sprintf("%s[%d]", o.at(member), i), "must be a text")
			continue
		}
		all = append(all, n.Value)
	}
	return all
}

// end reports the members that nothing has asked for.
func (o *object) end() {
	if o == nil {
		return
	}
	for _, key := range o.keys {
		if !slices.Contains(o.known, key.Value) {
			o.d.report(key, o.at(printable(key.Value)), "is no member here: known are %s", strings.Join(o.known, ", "))
		}
	}
}
