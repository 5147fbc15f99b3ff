package main

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// awkward is a body with what the languages quote in different ways.
const awkward = `{"a b": "it's \"quoted\" <&> \\ é\n$HOME", "on": true, "off": false, "none": null, "empty": [], "n": "1", "list": [1, {"x": {}}]}`

func parsed(t *testing.T, source string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

// TestLiterals holds that a value is written as each language reads it.
func TestLiterals(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dialect dialect
		want    string
	}{
		"JSON": {asJSON(), `{
  "a b": "it's \"quoted\" <&> \\ é\n$HOME",
  "on": true,
  "off": false,
  "none": null,
  "empty": [],
  "n": "1",
  "list": [
    1,
    {
      "x": {}
    }
  ]
}`},
		"Python": {asPython(), `{
    "a b": "it's \"quoted\" <&> \\ é\n$HOME",
    "on": True,
    "off": False,
    "none": None,
    "empty": [],
    "n": "1",
    "list": [
        1,
        {
            "x": {},
        },
    ],
}`},
		"TypeScript": {asScript(), `{
  "a b": "it's \"quoted\" <&> \\ é\n$HOME",
  on: true,
  off: false,
  none: null,
  empty: [],
  n: "1",
  list: [
    1,
    {
      x: {},
    },
  ],
}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := literal(parsed(t, awkward), tc.dialect, ""); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

// TestCurlQuotes holds that the shell reads a query as it is.
func TestCurlQuotes(t *testing.T) {
	t.Parallel()
	got := curl(call{method: "GET", path: "/user", query: [][2]string{{"filters[search]", "O'Brien $HOME"}}})
	if want := `--data-urlencode 'filters[search]=O'\''Brien $HOME'`; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant it to contain\n%s", got, want)
	}
}

// TestSampleCannotBeMade holds that an operation without what a sample sends is refused, and not
// left without one.
func TestSampleCannotBeMade(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\npaths:\n  /a/{id}:\n    get:\n      operationId: getA\n"
	for name, tc := range map[string]struct{ source, want string }{
		"a parameter without an example": {
			"      parameters: [{name: id, in: path, required: true}]\n      responses: {'204': {}}\n", "parameter id has no example",
		},
		"an example that a path would not hold": {
			"      parameters: [{name: id, in: path, required: true, example: a/b}]\n      responses: {'204': {}}\n", `"a/b" cannot stand in a path`,
		},
		"a body without an example": {
			"      requestBody: {content: {application/json: {}}}\n      responses: {'204': {}}\n", "the body has no example",
		},
		"an answer of no known kind": {
			"      responses: {'200': {content: {image/png: {}}}}\n", "what to do with the answer",
		},
		"no code in Go": {
			"      responses: {'204': {}}\n", "getA has no sample in Go",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := samples{dir: "../../openapi/samples"}.add(parsed(t, head+tc.source))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
