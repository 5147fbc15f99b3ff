package openapi_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/pkio-tools/certcentral/gen/served"
)

// links are where the descriptions of published documents find the decisions: in the repository,
// and at a mock.
const (
	repositoryLinks = "https://github.com/pkio-tools/certcentral/blob/main/openapi/DECISIONS.md"
	mockLinks       = "/docs/decisions"
)

// TestDescriptions holds that a reader of a page that was made from the contract learns what its
// extensions say.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		for name, check := range map[string]func(*testing.T, contract){
			"begin with what is written":           written,
			"say the conditions of an order":       conditionsInText,
			"say the conditions of a member":       conditionsOfMembers,
			"say what only the mock does":          mocksInText,
			"say how well a decision is known":     weightsInText,
			"say which keys may call an operation": rolesInText,
			"list the codes of 400":                codesInText,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				check(t, c)
			})
		}
	})
}

// describedPairs calls visit with each object that has a description in the enforced document, and
// with its like in the published one.
func describedPairs(enforced, published any, at string, visit func(at string, enforced, published object)) {
	switch enforced := enforced.(type) {
	case object:
		published, ok := published.(object)
		if !ok {
			return
		}
		if text(enforced, "description") != "" && text(published, "description") != "" {
			visit(at, enforced, published)
		}
		for key, value := range enforced {
			if key != "example" && key != "examples" && key != "x-missing" {
				describedPairs(value, published[key], at+"/"+key, visit)
			}
		}
	case []any:
		published, _ := published.([]any)
		for i := range min(len(enforced), len(published)) {
			describedPairs(enforced[i], published[i], fmt.Sprintf("%s/%d", at, i), visit)
		}
	}
}

var markdownLink = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)

// withoutLinks is a description without the addresses of its links.
func withoutLinks(description string) string { return markdownLink.ReplaceAllString(description, "$1") }

func written(t *testing.T, c contract) {
	t.Helper()
	n := 0
	describedPairs(c.raw, c.published, "", func(at string, enforced, published object) {
		n++
		before, after := strings.TrimSpace(withoutLinks(text(enforced, "description"))), withoutLinks(text(published, "description"))
		if !strings.HasPrefix(strings.TrimPrefix(after, "The mock only: "), before) {
			t.Errorf("%s: %q does not begin with %q", at, after, before)
		}
	})
	if n < 100 {
		t.Fatalf("found only %d descriptions", n)
	}
}

// conditionsInText is the two-minute test: the text of an operation has each member that is
// required on a condition, and what the condition is.
func conditionsInText(t *testing.T, c contract) {
	t.Helper()
	published := contract{raw: c.published}
	for _, op := range published.operations() {
		said := withoutLinks(text(op.node, "description"))
		content := child(child(op.node, "requestBody"), "content")
		for _, schema := range published.within(content, map[string]bool{}) {
			for _, entry := range list(schema, "x-missing") {
				entry, _ := entry.(object)
				trigger := inWords(t, child(entry, "when"))
				line := lineWith(said, append(coded(words(entry, "members")), trigger)...)
				if line == "" {
					t.Errorf("%s: no line of its description says that %v are required %s", op.id, words(entry, "members"), trigger)
				}
			}
		}
	}
}

// within returns the schemas that a part of a document is made of.
func (c contract) within(node any, seen map[string]bool) []object {
	var all []object
	walk(node, func(part object) {
		all = append(all, part)
		if ref := text(part, "$ref"); ref != "" && !seen[ref] {
			seen[ref] = true
			all = append(all, c.within(c.resolve(part), seen)...)
		}
	})
	return all
}

// inWords says a condition as a reader finds it: what triggers it.
func inWords(t *testing.T, when object) string {
	t.Helper()
	having, how := when, "with"
	if not := child(when, "not"); not != nil {
		having, how = not, "unless"
	}
	properties := child(having, "properties")
	if len(properties) == 0 {
		return "without `" + words(having, "required")[0] + "`"
	}
	name := slices.Collect(maps.Keys(properties))[0]
	return fmt.Sprintf("%s `%s: %v`", how, name, list(child(properties, name), "enum")[0])
}

func coded(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = "`" + name + "`"
	}
	return all
}

// lineWith returns the line of a text with all these parts, or nothing.
func lineWith(text string, parts ...string) string {
	for line := range strings.Lines(text) {
		if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) }) {
			return line
		}
	}
	return ""
}

func conditionsOfMembers(t *testing.T, c contract) {
	t.Helper()
	published := contract{raw: c.published}
	for pointer, schema := range published.schemas() {
		for _, entry := range list(schema, "x-missing") {
			entry, _ := entry.(object)
			want := "Required " + inWords(t, child(entry, "when"))
			for _, name := range words(entry, "members") {
				property := published.resolve(child(child(schema, "properties"), name))
				if !strings.Contains(text(property, "description"), want) {
					t.Errorf("%s: the description of %s lacks %q", pointer, name, want)
				}
			}
		}
	}
}

func mocksInText(t *testing.T, c contract) {
	t.Helper()
	whole := c.published["x-mock"] == true
	if whole == c.vendor {
		t.Errorf("x-mock at the root is %t, which says that all of the contract is ours", whole)
	}
	walk(c.published, func(node object) {
		if said := strings.HasPrefix(text(node, "description"), "The mock only: "); said != (node["x-mock"] == true && !whole) {
			t.Errorf("%q: x-mock is %v", text(node, "description"), node["x-mock"])
		}
	})
}

// weightsInText checks that a description links each decision that stands beside it, and says
// whether it is ours.
func weightsInText(t *testing.T, c contract) {
	t.Helper()
	weights := map[string]string{}
	for _, one := range decisions(t) {
		weights[one.id] = one.weight
	}
	walk(c.published, func(node object) {
		if node["url"] != nil {
			return // a server, whose description is a label
		}
		for _, id := range words(node, "x-decision") {
			said := text(node, "description")
			if said == "" {
				continue // an entry of x-missing, which an operation tells
			}
			if !strings.Contains(said, "["+id+"]("+repositoryLinks+"#") {
				t.Errorf("%q does not link %s", said, id)
			}
			line := lineWith(withoutLinks(said), id+" ")
			if ours := strings.Contains(strings.ToLower(weights[id]), "ours"); ours && !strings.Contains(strings.ToLower(line), "ours") {
				t.Errorf("%q does not say that %s is ours, at least in part", said, id)
			}
		}
	})
}

func rolesInText(t *testing.T, c contract) {
	t.Helper()
	names := map[string]string{"100": "Orders", "101": "Orders, Domains, Organizations", "102": "View Only", "103": "User Management"}
	for _, op := range (contract{raw: c.published}).operations() {
		said := withoutLinks(text(op.node, "description"))
		roles := list(op.node, "x-key-roles")
		everyone := strings.Contains(said, "Every API key may call it")
		if everyone != (len(roles) == 1+len(names)) {
			t.Errorf("%s: x-key-roles is %v, and the description says: %s", op.id, roles, said)
		}
		for _, role := range roles {
			id := fmt.Sprint(role)
			if names[id] != "" && !everyone && !strings.Contains(said, "*"+names[id]+"* ("+id+")") {
				t.Errorf("%s: the description does not name the role %s of keys", op.id, id)
			}
		}
		for id, name := range names {
			if !slices.ContainsFunc(roles, func(role any) bool { return fmt.Sprint(role) == id }) && strings.Contains(said, "*"+name+"* ("+id+")") {
				t.Errorf("%s: the description names the role %s of keys, which may not call it", op.id, id)
			}
		}
		for _, role := range words(op.node, "x-access-roles") {
			if !strings.Contains(said, "*"+role+"*") {
				t.Errorf("%s: the description does not name the role %s of users", op.id, role)
			}
		}
	}
}

func codesInText(t *testing.T, c contract) {
	t.Helper()
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)`[^|]* \\| [A-Z`][^|]+ \\| [A-Z][^|]+ \\|$")
	for _, op := range (contract{raw: c.published}).operations() {
		var listed []string
		for _, match := range row.FindAllStringSubmatch(withoutLinks(text(op.node, "description")), -1) {
			listed = append(listed, match[1])
		}
		if refuses := child(op.node, "responses")["400"] != nil; refuses != (listed != nil) {
			t.Errorf("%s: declares 400: %v, and its description lists %v", op.id, refuses, listed)
		}
		want := words(op.node, "x-domain-rules")
		if op.node["requestBody"] != nil {
			want = append(want, "bad_request_format", "invalid_field", "missing_field", "too_many_errors")
		}
		for _, code := range want {
			if !slices.Contains(listed, code) {
				t.Errorf("%s: its description lists %v without %s", op.id, listed, code)
			}
		}
	}
}

// TestDecisionLinks follows the links to decisions: in what is published to a heading of
// DECISIONS.md, in what a mock serves to an anchor of its page.
func TestDecisionLinks(t *testing.T) {
	t.Parallel()
	inRepository, onPage := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(read(t, "DECISIONS.md"))) {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			inRepository[gitHubAnchor(heading)] = true
		}
	}
	for _, match := range regexp.MustCompile(`<h2 id="([^"]+)">`).FindAllStringSubmatch(served.DecisionsHTML, -1) {
		onPage[match[1]] = true
	}
	documents := contracts(t)
	for _, tc := range []struct {
		name, text, base string
		anchors          map[string]bool
	}{
		{"certcentral.yaml", documents[0].text, repositoryLinks, inRepository},
		{"control.yaml", documents[1].text, repositoryLinks, inRepository},
		{"served certcentral.yaml", served.CertCentralYAML, mockLinks, onPage},
		{"served control.yaml", served.ControlYAML, mockLinks, onPage},
	} {
		n := 0
		walk(parseYAML(t, tc.name, []byte(tc.text)), func(node object) {
			for _, match := range markdownLink.FindAllStringSubmatch(text(node, "description"), -1) {
				if !strings.HasPrefix(match[1], "D-") {
					if !strings.HasPrefix(match[2], "https://dev.digicert.com/") {
						t.Errorf("%s: %s leads neither to a decision nor to the vendor", tc.name, match[0])
					}
					continue
				}
				n++
				base, fragment, _ := strings.Cut(match[2], "#")
				if base != tc.base || !tc.anchors[fragment] || !strings.HasPrefix(fragment, strings.ToLower(match[1])+"-") {
					t.Errorf("%s: %s leads nowhere", tc.name, match[0])
				}
			}
		})
		if n < 20 {
			t.Errorf("%s: has only %d links to decisions", tc.name, n)
		}
	}
}

// gitHubAnchor is the fragment that GitHub gives to a heading.
func gitHubAnchor(heading string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(heading)) {
		if r == ' ' {
			r = '-'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			out.WriteRune(r)
		}
	}
	return out.String()
}
