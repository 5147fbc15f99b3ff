package openapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		for _, rule := range []struct {
			name  string
			check func(t *testing.T, c contract)
		}{
			{"is described, with an example", explained},
			{"says how large a number is", formatted},
			{"bounds what comes from outside", bounded},
			{"says whether requests are open", open},
			{"requires only members that it has", required},
			{"states its conditions twice alike", conditions},
			{"has a Go type of its own", generated},
			{"uses patterns that mean the same everywhere", patterns},
		} {
			t.Run(rule.name, func(t *testing.T) {
				t.Parallel()
				rule.check(t, c)
			})
		}
	})
}

// explained checks that named schemas, members and parameters have descriptions and examples. An
// object needs no example, because its members have theirs.
func explained(t *testing.T, c contract) {
	t.Helper()
	check := func(where string, node, example object) {
		if !strings.HasSuffix(strings.TrimSpace(text(node, "description")), ".") {
			t.Errorf("%s: write a description that ends with a period", where)
		}
		if _, there := example["example"]; !there && len(child(example, "properties")) == 0 {
			t.Errorf("%s: give an example", where)
		}
	}
	for pointer, schema := range c.schemas() {
		parts := strings.Split(pointer, "/")
		if parts[0] != "schemas" || len(parts) > 2 && parts[len(parts)-2] != "properties" {
			continue
		}
		check(pointer, c.resolve(schema), c.resolve(schema))
	}
	for name, parameter := range members(child(c.raw, "components"), "parameters") {
		check("parameters/"+name, parameter, parameter)
	}
}

func formatted(t *testing.T, c contract) {
	t.Helper()
	formats := map[string][]string{"integer": {"int32", "int64"}, "number": {"double"}}
	for pointer, schema := range c.schemas() {
		if known := formats[text(schema, "type")]; known != nil && !slices.Contains(known, text(schema, "format")) {
			t.Errorf("%s: format is %q; use one of %v", pointer, text(schema, "format"), known)
		}
	}
}

func bounded(t *testing.T, c contract) {
	t.Helper()
	// A text that is not the name of a certificate, an order or a product is not found, and not
	// malformed (D-38). The size of a request line limits its length.
	names := []string{"parameters/CertificateIDOrSerial/schema", "parameters/OrderID/schema", "parameters/ProductNameID/schema"}
	for pointer, schema := range c.requested() {
		if schema["x-free-form"] == true { // the mock keeps it whole, and the size of a body bounds it
			continue
		}
		if text(schema, "type") == "" && schema["$ref"] == nil && schema["allOf"] == nil && schema["anyOf"] == nil && schema["oneOf"] == nil {
			t.Errorf("%s: say its type; the mock keeps only what a schema looks at", pointer)
		}
		if text(schema, "type") == "array" && schema["maxItems"] == nil {
			t.Errorf("%s: an array from outside needs maxItems", pointer)
		}
		if slices.Contains(names, pointer) || text(schema, "type") != "string" || schema["maxLength"] != nil || schema["enum"] != nil {
			continue
		}
		if pattern := text(schema, "pattern"); !limited(pattern) {
			t.Errorf("%s: a string from outside needs maxLength, an enum, or a pattern from ^ to $ without * and +", pointer)
		}
	}
}

// limited reports whether a pattern limits the length of the text.
func limited(pattern string) bool {
	if !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") {
		return false
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return false
	}
	var finite func(*syntax.Regexp) bool
	finite = func(tree *syntax.Regexp) bool {
		if tree.Op == syntax.OpStar || tree.Op == syntax.OpPlus || tree.Op == syntax.OpRepeat && tree.Max < 0 {
			return false
		}
		return !slices.ContainsFunc(tree.Sub, func(sub *syntax.Regexp) bool { return !finite(sub) })
	}
	return finite(tree)
}

// open checks that the vendor's API ignores unknown members, and that the control API refuses them
// (D-36). Responses of both are open, because they may get more members.
func open(t *testing.T, c contract) {
	t.Helper()
	requested := c.requested()
	for pointer, schema := range c.schemas() {
		others, closed := schema["additionalProperties"]
		if _, named := others.(object); named && !c.vendor && schema["properties"] == nil {
			if requested[pointer] != nil && (schema["maxProperties"] == nil || text(schema, "x-error-message") == "") {
				t.Errorf("%s: a map from outside needs maxProperties, and an x-error-message", pointer)
			}
			continue // a map
		}
		want := !c.vendor && requested[pointer] != nil && text(schema, "type") == "object"
		switch {
		case !want && closed:
			t.Errorf("%s: remove additionalProperties; unknown members are ignored", pointer)
		case want && others != false:
			t.Errorf("%s: add additionalProperties: false; our own API refuses unknown members", pointer)
		}
	}
	if got, want := text(c.raw, "x-unknown-parameters"), map[bool]string{false: "refused"}[c.vendor]; got != want {
		t.Errorf("x-unknown-parameters is %q, want %q: the vendor's API ignores parameters that it does not know, and our own refuses them", got, want)
	}
}

func required(t *testing.T, c contract) {
	t.Helper()
	for pointer, schema := range c.schemas() {
		names := words(schema, "required")
		for i, name := range names {
			if child(schema, "properties")[name] == nil {
				t.Errorf("%s: requires %s, which is not among its properties", pointer, name)
			}
			if slices.Contains(names[:i], name) {
				t.Errorf("%s: requires %s twice", pointer, name)
			}
		}
	}
}

// conditions compares the `not` of a schema with the one that follows from its x-missing.
func conditions(t *testing.T, c contract) {
	t.Helper()
	for pointer, schema := range c.schemas() {
		missing := list(schema, "x-missing")
		if len(missing) == 0 {
			if schema["not"] != nil && text(schema, "x-error-message") == "" {
				t.Errorf("%s: a not without x-missing needs an x-error-message, otherwise the client does not learn what was wrong", pointer)
			}
			continue
		}
		var branches []any
		for i, entry := range missing {
			entry, _ := entry.(object)
			members := words(entry, "members")
			if text(entry, "because") == "" || child(entry, "when") == nil || len(members) == 0 {
				t.Errorf("%s: entry %d of x-missing needs when, members and because", pointer, i)
			}
			for _, name := range members {
				if child(schema, "properties")[name] == nil {
					t.Errorf("%s: x-missing asks for %s, which is not among its properties", pointer, name)
				}
			}
			branches = append(branches, object{"allOf": []any{
				entry["when"],
				object{"not": object{"required": entry["members"]}},
			}})
		}
		if want := (object{"anyOf": branches}); !reflect.DeepEqual(schema["not"], want) {
			t.Errorf("%s: not and x-missing disagree; every entry of x-missing is one branch of not.anyOf: "+
				"allOf of its when and of not: {required: its members}", pointer)
		}
	}
}

// generated checks that no schema lost its name or its content in the generated Go code.
func generated(t *testing.T, c contract) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), c.types, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]ast.Expr{}
	for _, declaration := range file.Decls {
		if declaration, ok := declaration.(*ast.GenDecl); ok {
			for _, one := range declaration.Specs {
				if one, ok := one.(*ast.TypeSpec); ok {
					types[one.Name.Name] = one.Type
				}
			}
		}
	}
	for name := range members(child(c.raw, "components"), "schemas") {
		switch types[name].(type) {
		case nil:
			t.Errorf("schema %s has no type in %s; run go generate tools.go, and name schemas as Go does (ID, not Id)", name, c.types)
		case *ast.InterfaceType:
			t.Errorf("schema %s became an empty interface in %s; is its file empty, or without a type?", name, c.types)
		}
	}
}
