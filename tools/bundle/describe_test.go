package main

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	someDecisions = `# Decisions

## D-01 When a_card is needed

* **Weight:** documented; the refusal is ours.

## D-02 Notes

* **Weight:** ours.

## D-29 Error codes

  | status | code | weight | when | what to do |
  | --- | --- | --- | --- | --- |
  | 400 | ` + "`bad_request_format`" + ` | documented | It is not JSON | Send JSON |
  | 400 | ` + "`invalid_field\\|PATH`" + ` | ours | A value is wrong | Correct it |
  | 400 | ` + "`missing_field\\|PATH`" + ` | ours | A member is missing (D-01) | Send it |
  | 400 | ` + "`too_many_errors`" + ` | ours | There are too many | Correct some |
  | 400 | ` + "`out_of_money`" + ` | ours | There is no money | Take less than ` + "`a\\|b`" + `, see ` + "`getThing`" + ` |
  | 404 | ` + "`not_found\\|thing`" + ` | ours | It is not there | Look again |

* **Weight:** ours.

## D-56 Roles

* **Weight:** documented.

## A summary

Not an entry.
`
	someSources = "| operation | vendor page | read | how well it is known |\n" +
		"| --- | --- | --- | --- |\n" +
		"| `buyThing` | [Buy](https://example.com/buy) | 2026-11-23 | documented (D-01) |\n" +
		"| `getThing` | [Get](https://example.com/get) | 2026-11-23 | recorded |\n"

	someContract = `
info: {title: Things, description: Read D-02.}
servers:
  - {url: /, description: here, x-mock: true, x-decision: D-02}
paths:
  /thing:
    post:
      operationId: buyThing
      description: Buys a thing.
      x-decision: D-01
      x-key-roles: [0, 100, 101]
      x-access-roles: [Administrator, Manager]
      x-domain-rules: [missing_field, out_of_money]
      x-refused-when:
        missing_field: a thing, on Mondays
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Purchase'}
      responses:
        "400": {description: It is refused.}
    get:
      operationId: getThing
      description: Gets a thing.
      x-mock: true
      x-decision: D-02
      x-key-roles: [0, 100, 101, 102, 103]
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              examples:
                one: {value: {description: D-01 stays as it is}}
components:
  schemas:
    Purchase:
      type: object
      description: A purchase.
      x-missing:
        - when: {properties: {pay: {enum: [card, gift]}}, required: [pay]}
          members: [card]
          x-decision: D-01
      properties:
        pay: {type: string, description: How.}
        card: {$ref: '#/components/schemas/Card'}
        buyer: {$ref: '#/components/schemas/Person'}
        payer: {$ref: '#/components/schemas/Person'}
        gifts: {type: array, items: {$ref: '#/components/schemas/Person'}}
    Card: {type: object, description: A card., x-decision: [D-01, D-02]}
    Person:
      type: object
      description: A person.
      x-missing:
        - {when: {not: {required: [id]}}, members: [name, mail]}
        - {when: {not: {properties: {robot: {enum: [true]}}, required: [robot]}}, members: [age]}
      properties:
        id: {type: string, description: The id.}
        name: {type: string, description: The name.}
        mail: {type: string, description: The mail.}
        age: {type: string, description: The age.}
        robot: {type: boolean, description: Whether.}
        friends: {type: array, items: {$ref: '#/components/schemas/Person'}}
`
)

func describedContract(t *testing.T, contract string) (*yaml.Node, error) {
	t.Helper()
	b, err := parseBook(someDecisions, someSources)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(contract), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0], describe(doc.Content[0], b, "BASE")
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	doc, err := describedContract(t, someContract)
	if err != nil {
		t.Fatal(err)
	}
	const one, two = "[D-01](BASE#d-01-when-a_card-is-needed)", "[D-02](BASE#d-02-notes)"
	for path, want := range map[string]string{
		"info":                      "Read " + two + ".",
		"paths//thing/get":          "The mock only: Gets a thing.\n\n**Permissions**\n\nEvery API key may call it ([D-56](BASE#d-56-roles)). Others get 403 `access_denied|missing_permission`.\n\n**Where this comes from**\n\n* [Get](https://example.com/get): recorded.\n* " + two + " Notes: ours.",
		"components/schemas/Card":   "A card.\n\nRequired with `pay: card` or `pay: gift`.\n\nSee " + one + " (documented, partly ours) and " + two + " (ours).",
		"components/schemas/Person": "A person.",
		"components/schemas/Person/properties/name": "The name.\n\nRequired without `id`.",
		"components/schemas/Person/properties/age":  "The age.\n\nRequired unless `robot: true`.",
		"paths//thing/post": "Buys a thing.\n\n**Required on a condition**\n\n" +
			"* Required with `pay: card` or `pay: gift`: `card` (" + one + ").\n" +
			"* In `buyer`, `payer` and `gifts[]`, required without `id`: `name` and `mail`.\n" +
			"* In `buyer`, `payer` and `gifts[]`, required unless `robot: true`: `age`.\n\n" +
			"**Permissions**\n\nAPI keys without a limit may call it, and those with the role *Orders* (100) or *Orders, Domains, Organizations* (101), " +
			"if their user has the role *Administrator* or *Manager* ([D-56](BASE#d-56-roles)). Others get 403 `access_denied|missing_permission`.\n\n" +
			"**Codes of 400**\n\nA code about a member ends with `|` and the path of the member, as in `invalid_field|name`. " +
			"Codes without a note are ours ([D-29](BASE#d-29-error-codes)).\n\n" +
			"| code | when | what to do |\n| --- | --- | --- |\n" +
			"| `bad_request_format` (documented) | It is not JSON | Send JSON |\n" +
			"| `invalid_field` | A value is wrong | Correct it |\n" +
			"| `missing_field` | A member is missing (" + one + "). Here also: a thing, on Mondays | Send it |\n" +
			"| `too_many_errors` | There are too many | Correct some |\n" +
			"| `out_of_money` | There is no money | Take less than `a\\|b`, see [`getThing`](https://example.com/get) |\n\n" +
			"**Where this comes from**\n\n* [Buy](https://example.com/buy): documented (" + one + ").\n* " + one + " When a_card is needed: documented; the refusal is ours.",
	} {
		node := doc
		for step := range strings.SplitSeq(strings.ReplaceAll(path, "paths//thing", "paths/~thing"), "/") {
			node = member(node, strings.ReplaceAll(step, "~", "/"))
		}
		if got := description(node); got == nil || got.Value != want {
			t.Errorf("%s:\n%s\nwant\n%s", path, got.Value, want)
		}
	}
	post := resolve(doc, "#/paths").Content[1]
	if member(member(post, "post"), refusedKey) != nil {
		t.Errorf("%s is still there; it says what the description says", refusedKey)
	}
	if got := member(member(doc, "servers").Content[0], "description").Value; got != "The mock only: here" {
		t.Errorf("the label of the server is %q", got)
	}
	examples, err := compactJSON(member(member(post, "get"), "responses"))
	if err != nil || !strings.Contains(string(examples), `"D-01 stays as it is"`) {
		t.Errorf("an example has changed: %s, %v", examples, err)
	}
}

func TestDescribeRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ old, new, want string }{
		"a decision that does not exist": {"Read D-02", "Read D-" + "99", "is not in DECISIONS.md"},
		"a condition without words":      {"required: [id]", "minProperties: 1", "teach trigger its words"},
		"a condition without values":     {"enum: [card, gift]", "minLength: 1", "pay has no enum"},
		"a shared description":           {"        gifts: {", "        other: {$ref: '#/components/schemas/Card'}\n        gifts: {", "card shares its description"},
		"an unknown code":                {"out_of_money]", "out_of_time]", "out_of_time is not in the table of D-29"},
		"a word on another code":         {"missing_field: a thing", "too_many_errors: a thing", "too_many_errors, which is not among x-domain-rules"},
		"a role that does not exist":     {"[0, 100, 101]", "[0, 104]", "104, which is no role"},
		"a mark without a description":   {"description: A card., ", "", "need a description"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(someContract, tc.old, tc.new, 1)
			if changed == someContract {
				t.Fatal("nothing has changed")
			}
			if _, err := describedContract(t, changed); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestBook(t *testing.T) {
	t.Parallel()
	b, err := parseBook(someDecisions, someSources)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.decisions) != 4 || len(b.codes) != 5 || len(b.sources) != 2 {
		t.Errorf("%d decisions, %d codes of 400, %d sources", len(b.decisions), len(b.codes), len(b.sources))
	}
	for weight, want := range map[string]string{
		"ours.":       "ours",
		"documented.": "documented",
		"recorded for names (second hand); ours.":   "recorded, partly second hand, partly ours",
		"inferred; the header is ours.":             "inferred, partly ours",
		"second hand. Ours: names. Inferred: more.": "second hand, partly ours, partly inferred",
	} {
		if got := (decision{weight: weight}).mark(); got != want {
			t.Errorf("%q is marked %q, want %q", weight, got, want)
		}
	}
	if _, err := parseBook("## D-29 Codes\n| 400 | `x` | ours |\n", ""); err == nil {
		t.Error("a row with missing cells is accepted")
	}
}

func TestDecisionsPage(t *testing.T) {
	t.Parallel()
	page, err := decisionsPage([]byte("## D-03 ship_info is here, & there\n\nSee [life](LIFE.md), [D](#d-03) and <script>.\n\n| a |\n| --- |\n| `x\\|y` |\n"),
		"https://example.com/openapi/DECISIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<h2 id="d-03-ship_info-is-here--there">`, `<a href="https://example.com/openapi/LIFE.md">life</a>`, `<a href="#d-03">D</a>`, "<code>x|y</code>",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("%s is not in %s", want, page)
		}
	}
	if strings.Contains(string(page), "<script") {
		t.Errorf("a script came through: %s", page)
	}
}
