package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// curl returns a command of the shell.
func curl(one call) string {
	lines := []string{"curl --fail-with-body --silent --show-error"}
	switch {
	case len(one.query) > 0:
		lines[0] += " --get"
	case one.method != "GET":
		lines[0] += " --request " + one.method
	}
	lines[0] += fmt.Sprintf(` "$%s%s"`, baseVariable, one.path)
	lines = append(lines, fmt.Sprintf(`  --header "X-DC-DEVKEY: $%s"`, keyVariable))
	for _, parameter := range one.query {
		lines = append(lines, "  --data-urlencode "+shellQuoted(parameter[0]+"="+parameter[1]))
	}
	if name := one.answer.file(); name != "" {
		lines = append(lines, "  --output "+name)
	}
	if one.body == nil {
		return strings.Join(lines, " \\\n") + "\n"
	}
	lines = append(lines, "  --header 'Content-Type: application/json'", "  --data @- <<'JSON'")
	return strings.Join(lines, " \\\n") + "\n" + literal(one.body, asJSON(), "") + "\nJSON\n"
}

func shellQuoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// python returns a program for the standard library of Python.
func python(one call) string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	if one.body != nil || one.answer == answerJSON {
		say("import json")
	}
	say("import os")
	if len(one.query) > 0 {
		say("import urllib.parse")
	}
	say("import urllib.request\n")
	address := "os.environ[" + quoted(baseVariable) + "] + " + quoted(one.path)
	if len(one.query) > 0 {
		say("query = {")
		for _, parameter := range one.query {
			say("    %s: %s,", quoted(parameter[0]), quoted(parameter[1]))
		}
		say("}")
		address = "os.environ[" + quoted(baseVariable) + "] + " + quoted(one.path+"?") + " + urllib.parse.urlencode(query)"
	}
	if one.body != nil {
		say("body = %s", literal(one.body, asPython(), ""))
	}
	say("request = urllib.request.Request(")
	say("    %s,", address)
	if one.method != "GET" {
		say(`    method="%s",`, one.method)
	}
	headers := `"X-DC-DEVKEY": os.environ[` + quoted(keyVariable) + "]"
	if one.body != nil {
		headers += `, "Content-Type": "application/json"`
		say("    data=json.dumps(body).encode(),")
	}
	say("    headers={%s},\n)", headers)
	say("with urllib.request.urlopen(request) as response:")
	switch name := one.answer.file(); {
	case name != "":
		say("    with open(%q, \"wb\") as file:\n        file.write(response.read())", name)
	case one.answer == answerNone:
		say("    print(response.status, response.read().decode())")
	default:
		say("    print(json.dumps(json.load(response), indent=2))")
	}
	return out.String()
}

// typeScript returns a module that needs no package. It is JavaScript too, so that every Node runs
// it.
func typeScript(one call) string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	name := one.answer.file()
	if name != "" {
		say("import { writeFile } from \"node:fs/promises\";\n")
	}
	say(`const { %s: key = "", %s: base = "" } = process.env;`, keyVariable, baseVariable)
	address := "base + " + quoted(one.path)
	if len(one.query) > 0 {
		say("const query = new URLSearchParams({")
		for _, parameter := range one.query {
			say("  %s: %s,", property(parameter[0]), quoted(parameter[1]))
		}
		say("});")
		address = "base + " + quoted(one.path+"?") + " + query"
	}
	if one.body != nil {
		say("const body = %s;", literal(one.body, asScript(), ""))
	}
	say("const response = await fetch(%s, {", address)
	if one.method != "GET" {
		say(`  method: "%s",`, one.method)
	}
	if one.body == nil {
		say(`  headers: { "X-DC-DEVKEY": key },`)
	} else {
		say(`  headers: { "X-DC-DEVKEY": key, "Content-Type": "application/json" },`)
		say("  body: JSON.stringify(body),")
	}
	say("});")
	say("if (!response.ok) {\n  throw new Error(`${response.status} ${await response.text()}`);\n}")
	switch {
	case name != "":
		say("await writeFile(%q, new Uint8Array(await response.arrayBuffer()));", name)
	case one.answer == answerNone:
		say("console.log(response.status, await response.text());")
	default:
		say("console.log(JSON.stringify(await response.json(), null, 2));")
	}
	return out.String()
}

// A dialect is how a language writes a value: how a name of a member is written, and what stands
// for true, false and null.
type dialect struct {
	indent, comma string // the comma after the last item
	name          func(string) string
	scalars       map[string]string
}

func asJSON() dialect { return dialect{indent: "  ", name: quoted} }

func asScript() dialect { return dialect{indent: "  ", comma: ",", name: property} }

func asPython() dialect {
	return dialect{indent: "    ", comma: ",", name: quoted, scalars: map[string]string{"true": "True", "false": "False", "null": "None"}}
}

// literal returns a value as a language writes it.
func literal(node *yaml.Node, w dialect, indent string) string {
	var items []string
	inner := indent + w.indent
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			items = append(items, inner+w.name(node.Content[i].Value)+": "+literal(node.Content[i+1], w, inner))
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			items = append(items, inner+literal(item, w, inner))
		}
	default:
		if node.Tag == "!!str" {
			return quoted(node.Value)
		}
		if word := w.scalars[node.Value]; word != "" {
			return word
		}
		return node.Value
	}
	open, end := "{", "}"
	if node.Kind == yaml.SequenceNode {
		open, end = "[", "]"
	}
	if len(items) == 0 {
		return open + end
	}
	return open + "\n" + strings.Join(items, ",\n") + w.comma + "\n" + indent + end
}

// quoted returns a text as JSON, which Python and TypeScript read alike.
func quoted(value string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // a string is never refused
		return `""`
	}
	return strings.TrimSpace(out.String())
}

// property returns the name of a member as TypeScript likes it, bare where it can be.
func property(name string) string {
	if regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) {
		return name
	}
	return quoted(name)
}
