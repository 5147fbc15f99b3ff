package main

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const codesTable = `
## D-28 Another table

| 400 | ` + "`not_here`" + ` | ours | Never | Nothing |

## D-29 Error codes

  | status | code | weight | when | what to do |
  | --- | --- | --- | --- | --- |
  | 400 | ` + "`missing_field\\|PATH`" + ` | ours | A required member is missing (D-29), and so on | Send it |
  | 400 | ` + "`token_locked`" + ` | ours | Locked; in the control API only (D-74) | Stop |
  | 403 | ` + "`access_denied\\|access_denied_invalid_key`" + ` | recorded | The key is wrong | Send another |
  | 404 | ` + "`not_found\\|order`, `not_found\\|route`" + ` | documented | Nothing has this name | Correct it |
  | 404 | ` + "`not_found\\|call`" + ` | ours | Nothing has this name | Correct it |
  | 503 | ` + "`mock_capacity`" + ` | ours | The mock is full | Wait |

## D-30 Keys
`

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	contract := func(rules string) *yaml.Node {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte("paths: {/a: {summary: x, get: {x-domain-rules: ["+rules+"]}}}"), &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Content[0]
	}
	got, err := errorCodes(contract("missing_field"), codesTable, "a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, constants, _ := strings.Cut(string(got), "const (\n")
	const want = `	// CodeAccessDenied is a code of status 403. It has a detail after a bar.
	CodeAccessDenied = "access_denied"
	// CodeAccessDeniedInvalidKey is a code of status 403. The key is wrong.
	CodeAccessDeniedInvalidKey = "access_denied|access_denied_invalid_key"
	// CodeMissingField is a code of status 400. A required member is missing, and so on.
	CodeMissingField = "missing_field"
	// CodeNotFound is a code of status 404. It has a detail after a bar.
	CodeNotFound = "not_found"
	// CodeNotFoundOrder is a code of status 404. Nothing has this name.
	CodeNotFoundOrder = "not_found|order"
	// CodeNotFoundRoute is a code of status 404. Nothing has this name.
	CodeNotFoundRoute = "not_found|route"
)
`
	if constants != want {
		t.Errorf("got\n%s\nwant\n%s", constants, want)
	}
	if _, err := errorCodes(contract("token_locked"), codesTable, "a.yaml"); err == nil || !strings.HasPrefix(err.Error(), "token_locked of x-domain-rules") {
		t.Errorf("a code of the control API: %v", err)
	}
}
