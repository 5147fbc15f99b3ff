package main

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The entries of DECISIONS.md that the texts about operations come from.
const (
	aboutCodes = "D-29"
	aboutRoles = "D-56"
)

// refusedKey says what a code of x-domain-rules means at one operation.
const refusedKey = "x-refused-when"

// describeOperation adds to the description of an operation what no page shows otherwise.
func (w *writer) describeOperation(operation *yaml.Node) {
	text := description(operation)
	if text == nil {
		w.problem(operation, "%s has no description", member(operation, "operationId").Value)
		return
	}
	for _, paragraph := range []string{w.conditions(operation), w.permissions(operation), w.refusals(operation), w.origins(operation)} {
		add(text, paragraph)
	}
	remove(operation, refusedKey)
}

// permissions says in words which API keys and which users may call an operation.
func (w *writer) permissions(operation *yaml.Node) string {
	keys := scalars(member(operation, "x-key-roles"))
	if len(keys) == 0 {
		return ""
	}
	said := "Every API key may call it"
	if roles := keyRoleNames(); len(keys) <= len(roles) {
		var named []string
		for _, id := range keys {
			number, _ := strconv.Atoi(id)
			if name, limited := roles[number]; limited {
				named = append(named, "*"+name+"* ("+id+")")
			} else if number != 0 {
				w.problem(operation, "x-key-roles has %s, which is no role", id)
			}
		}
		said = "API keys without a limit may call it"
		if len(named) > 0 {
			said += ", and those with the role " + words(named, "or")
		}
	}
	if users := scalars(member(operation, "x-access-roles")); len(users) > 0 {
		said += ", if their user has the role " + words(emphasized(users), "or")
	}
	return "**Permissions**\n\n" + said + " (" + w.link(aboutRoles) + "). Others get 403 `access_denied|missing_permission`."
}

func emphasized(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = "*" + name + "*"
	}
	return all
}

// keyRoleNames returns the roles that a key can be limited to (D-56).
func keyRoleNames() map[int]string {
	return map[int]string{100: "Orders", 101: "Orders, Domains, Organizations", 102: "View Only", 103: "User Management"}
}

// refusals lists the codes of 400 of an operation, when each is answered, and what to do then.
func (w *writer) refusals(operation *yaml.Node) string {
	if member(member(operation, "responses"), "400") == nil {
		return ""
	}
	schemas := []string{"invalid_field"} // what any request gets that does not fit its schemas
	if member(operation, "requestBody") != nil {
		schemas = []string{"bad_request_format", "missing_field", "invalid_field", "too_many_errors"}
	}
	if unknown := member(w.doc, "x-unknown-parameters"); unknown != nil {
		schemas = append(schemas, "unknown_field")
	}
	rules := scalars(member(operation, "x-domain-rules"))
	here := member(operation, refusedKey)
	lines := []string{
		"**Codes of 400**\n",
		"A code about a member ends with `|` and the path of the member, as in `invalid_field|name`. " +
			"Codes without a note are ours (" + w.link(aboutCodes) + ").\n",
		"| code | when | what to do |",
		"| --- | --- | --- |",
	}
	for _, known := range w.book.codes {
		general, special := slices.Contains(schemas, known.code), slices.Contains(rules, known.code)
		if !general && !special {
			continue
		}
		when, said := known.when, member(here, known.code)
		switch {
		case said != nil && general:
			when += ". Here also: " + said.Value
		case said != nil:
			when = said.Value
		}
		name := "`" + known.code + "`"
		if known.weight != "ours" {
			name += " (" + known.weight + ")"
		}
		lines = append(lines, "| "+name+" | "+cell(w.linked(when))+" | "+cell(w.linked(known.todo))+" |")
	}
	for _, code := range rules {
		if _, known := w.book.refusal(code); !known {
			w.problem(operation, "%s is not in the table of %s", code, aboutCodes)
		}
	}
	for i := 0; here != nil && i < len(here.Content); i += 2 {
		if !slices.Contains(rules, here.Content[i].Value) {
			w.problem(here, "%s tells of %s, which is not among x-domain-rules", refusedKey, here.Content[i].Value)
		}
	}
	return strings.Join(lines, "\n")
}

// cell writes a text for a table in Markdown, where a bar ends a cell.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// origins says where an operation was read, how well it is known, and which decisions are about it.
func (w *writer) origins(operation *yaml.Node) string {
	lines := []string{}
	if source, known := w.book.sources[member(operation, "operationId").Value]; known {
		lines = append(lines, "* "+source.page+": "+w.linked(strings.TrimSuffix(source.weight, "."))+".")
	}
	for _, id := range cited(operation) {
		entry := w.book.decisions[id]
		lines = append(lines, "* "+w.link(id)+" "+entry.title+": "+strings.TrimSuffix(entry.weight, ".")+".")
	}
	if len(lines) == 0 {
		return ""
	}
	return "**Where this comes from**\n\n" + strings.Join(lines, "\n")
}
