package main

import (
	"strings"
	"testing"
)

// contractWith is a contract whose one body is a schema.
func contractWith(schema string) string {
	return `{"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
"x-tagGroups": [{"name": "g", "tags": ["A"]}], "tags": [{"name": "A"}],
"paths": {"/a": {"post": {"operationId": "sendA", "tags": ["A"],
  "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/AInput"}}}},
  "responses": {"204": {"description": "d"}}}}},
"components": {"schemas": {"AInput": ` + schema + `}}}`
}

// TestUpgrade compares schemas before and after.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ schema, want string }{
		"null": {
			`{"type": "string", "nullable": true, "example": "x"}`,
			`{"type":["string","null"],"examples":["x"]}`,
		},
		"a file": {
			`{"type": "string", "format": "binary"}`,
			`{"type":"string","format":"binary","contentMediaType":"application/octet-stream"}`,
		},
		"one condition": {
			`{"type": "object", "x-missing": [{"when": {"required": ["a"]}, "members": ["b"], "because": "why"}]}`,
			`{"type":"object","x-missing":[{"when":{"required":["a"]},"members":["b"],"because":"why"}],` +
				`"if":{"required":["a"]},"then":{"required":["b"],"$comment":"why"}}`,
		},
		"several conditions": {
			`{"type": "object", "x-missing": [{"when": {"required": ["a"]}, "members": ["b"]}, {"when": {"required": ["c"]}, "members": ["d"]}]}`,
			`{"type":"object","x-missing":[{"when":{"required":["a"]},"members":["b"]},{"when":{"required":["c"]},"members":["d"]}],` +
				`"allOf":[{"if":{"required":["a"]},"then":{"required":["b"]}},{"if":{"required":["c"]},"then":{"required":["d"]}}]}`,
		},
		"a refused boolean": {
			`{"type": "boolean", "x-enforced": {"not": {"enum": [false]}}}`,
			`{"type":"boolean","const":true}`,
		},
		"another keyword": {
			`{"type": "integer", "x-enforced": {"minimum": 1}}`,
			`{"type":"integer","minimum":1}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := upgrade(parsed(t, contractWith(tc.schema)))
			if err != nil {
				t.Fatal(err)
			}
			if err := publishConditions(doc); err != nil {
				t.Fatal(err)
			}
			if err := forGenerators(doc); err != nil {
				t.Fatal(err)
			}
			got, err := compactJSON(resolve(doc, "#/components/schemas/AInput"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(string(got)) != tc.want {
				t.Errorf("got\n%swant\n%s", got, tc.want)
			}
			if version := member(doc, "openapi").Value; version != upgradedVersion {
				t.Errorf("the version is %s", version)
			}
			if member(doc, tagGroupsKey) == nil || len(member(doc, "tags").Content) != 1 {
				t.Error("the groups of tags have become something else")
			}
		})
	}
}

// TestConditionsWithoutForm holds that a condition is never left out in silence.
func TestConditionsWithoutForm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ schema, want string }{
		"null in a condition": {
			`{"type": "object", "x-missing": [{"when": {"properties": {"a": {"nullable": true}}}, "members": ["b"]}]}`, "nullable in a condition",
		},
		"a not about a text": {
			`{"type": "string", "x-enforced": {"not": {"enum": ["a"]}}}`, "has no form for OpenAPI 3.1",
		},
		"a condition beside an allOf": {
			`{"allOf": [{"type": "object"}], "x-missing": [{"when": {"required": ["a"]}, "members": ["b"]}]}`, "beside neither allOf nor if",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := upgrade(parsed(t, contractWith(tc.schema)))
			if err != nil {
				t.Fatal(err)
			}
			if err := publishConditions(doc); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
