package openapi_test

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// bodySuffix ends the names of what a request carries, approvalName those of requests for an
// approval.
const (
	bodySuffix   = "Input"
	approvalName = "ApprovalRequest"
)

// TestNames holds that generators of every language can name the components as the contract does.
func TestNames(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		for _, rule := range []struct {
			name  string
			check func(t *testing.T, c contract)
		}{
			{"are one each, whatever the kind and the case", distinct},
			{"shadow nothing of a language", unshadowed},
			{"tell bodies and approvals apart", suffixed},
		} {
			t.Run(rule.name, func(t *testing.T) {
				t.Parallel()
				rule.check(t, c)
			})
		}
	})
}

// distinct compares the names without their case and their marks: a generator that makes one type
// of each component refuses a document in which two agree.
func distinct(t *testing.T, c contract) {
	t.Helper()
	mark := regexp.MustCompile(`[^a-z0-9]`)
	seen := map[string]string{}
	components := child(c.raw, "components")
	for _, kind := range slices.Sorted(maps.Keys(components)) {
		for name := range members(components, kind) {
			plain := mark.ReplaceAllString(strings.ToLower(name), "")
			if other := seen[plain]; other != "" {
				t.Errorf("%s/%s has the name of %s; rename one of them", kind, name, other)
			}
			seen[plain] = kind + "/" + name
		}
	}
	for _, op := range c.operations() {
		plain := strings.ToLower(op.id)
		if other := seen[plain]; other != "" {
			t.Errorf("operation %s has the name of %s; rename one of them", op.id, other)
		}
		seen[plain] = "operation " + op.id
	}
}

// taken are names that programs have already without an import, in the languages that clients are
// generated for, or that generators give to code of their own.
func taken() []string {
	return strings.Fields(`
		any array bool boolean byte char class comparable date datetime double dict enum error exception false float function
		id int integer iterable long module none null number object optional order override package process promise record
		request response result set short string struct symbol system thread true tuple type uuid void
		blob comment document element event file formdata headers history image location lock node option range selection
		storage text url worker
		box clone copy debug default drop eq from hash into ord ordering ref self some vec
		api apiclient apierror apiexception apiresponse body client configuration model params server`)
}

func unshadowed(t *testing.T, c contract) {
	t.Helper()
	for kind := range child(c.raw, "components") {
		for name := range members(child(c.raw, "components"), kind) {
			if slices.Contains(taken(), strings.ToLower(name)) {
				t.Errorf("%s/%s is a name that programs have already in some language; say what it is of", kind, name)
			}
		}
	}
}

// suffixed holds that a body of a request is told by its name from what an answer holds, and that
// "request" alone is said of approvals only: generators call what they send a request too.
func suffixed(t *testing.T, c contract) {
	t.Helper()
	sent, answered := map[string]bool{}, map[string]bool{}
	for _, op := range c.operations() {
		if body := child(op.node, "requestBody"); body != nil {
			schema := child(child(child(body, "content"), "application/json"), "schema")
			if name := path.Base(text(schema, "$ref")); !strings.HasSuffix(name, bodySuffix) {
				t.Errorf("%s: the body is %s; end the name of its schema with %s", op.id, name, bodySuffix)
			}
			c.named(body, sent)
		}
		c.named(op.node["responses"], answered)
	}
	for name := range members(child(c.raw, "components"), "schemas") {
		isInput := strings.HasSuffix(name, bodySuffix)
		if isInput && (answered[name] || !sent[name]) {
			t.Errorf("%s is said to be part of a request and is part of an answer, or of nothing; rename it", name)
		}
		if strings.Contains(name, "Request") && !strings.Contains(name, approvalName) {
			t.Errorf("%s: only requests for an approval are called requests, and those %s; end a body with %s", name, approvalName, bodySuffix)
		}
	}
}

// named gathers the names of the schemas that a node leads to.
func (c contract) named(node any, found map[string]bool) {
	walk(node, func(node object) {
		ref := text(node, "$ref")
		name := path.Base(ref)
		if ref == "" || found[ref] {
			return
		}
		found[ref] = true
		if strings.HasPrefix(ref, "#/components/schemas/") {
			found[name] = true
		}
		c.named(c.resolve(node), found)
	})
}

// TestFolders holds that components lie in a folder by resource, and those of the control API in
// one of their own.
func TestFolders(t *testing.T) {
	t.Parallel()
	vendor, control := reach(t, "certcentral.yaml"), reach(t, "control.yaml")
	for name := range vendor {
		if strings.HasPrefix(name, "components/") && len(strings.Split(name, "/")) != 4 {
			t.Errorf("%s: put it in a folder by its resource, such as components/schemas/orders", name)
		}
		if strings.HasPrefix(name, "components/") && path.Base(path.Dir(name)) == "control" {
			t.Errorf("%s: is part of the vendor's contract; move it to the folder of its resource", name)
		}
	}
	for name := range control {
		if own := path.Base(path.Dir(name)) == "control"; strings.HasPrefix(name, "components/") && own == vendor[name] {
			t.Errorf("%s: what only the control API has lies in control, and nothing else does", name)
		}
	}
}
