package openapi_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		t.Run("is valid", func(t *testing.T) {
			t.Parallel()
			if err := c.doc.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
				t.Errorf("correct the contract: %v", err)
			}
		})
		t.Run("is valid with its examples", func(t *testing.T) {
			t.Parallel()
			if err := c.doc.Validate(t.Context()); err != nil {
				t.Errorf("correct the example, or record it again from the mock: %v", err)
			}
		})
		t.Run("uses every tag", func(t *testing.T) {
			t.Parallel()
			used := map[string]bool{}
			for _, op := range c.operations() {
				for _, tag := range words(op.node, "tags") {
					used[tag] = true
				}
			}
			for _, tag := range c.doc.Tags {
				if !used[tag.Name] {
					t.Errorf("tag %s has no operation; remove it from %s.yaml", tag.Name, c.name)
				}
			}
		})
	})
}

func TestOperation(t *testing.T) {
	t.Parallel()
	onContracts(t, func(t *testing.T, c contract) {
		for _, rule := range []struct {
			name  string
			check func(t *testing.T, c contract, op operation)
		}{
			{"is named by a verb and what it acts on", named},
			{"has a summary and a description", described},
			{"has one known tag", tagged},
			{"cites the vendor's page", cited},
			{"declares the statuses that the mock answers", statuses},
			{"refuses in the error envelope", refusing},
			{"takes and returns named schemas", bodies},
		} {
			t.Run(rule.name, func(t *testing.T) {
				t.Parallel()
				for _, op := range c.operations() {
					rule.check(t, c, op)
				}
			})
		}
	})
}

func named(t *testing.T, _ contract, op operation) {
	t.Helper()
	if !regexp.MustCompile(`^(activate|create|deactivate|get|list|order|reset)([A-Z][a-z0-9]+)+$`).MatchString(op.id) {
		t.Errorf("%s: operationId %q is not a known verb and a noun in camelCase; rename it, or add the verb here", op.at, op.id)
	}
}

func described(t *testing.T, _ contract, op operation) {
	t.Helper()
	summary, description := text(op.node, "summary"), text(op.node, "description")
	if summary == "" || strings.HasSuffix(summary, ".") {
		t.Errorf("%s: summary %q has to be there and to have no period at its end", op.id, summary)
	}
	if !strings.HasSuffix(strings.TrimSpace(description), ".") {
		t.Errorf("%s: the description has to be there and to end with a period", op.id)
	}
}

func tagged(t *testing.T, c contract, op operation) {
	t.Helper()
	tags := words(op.node, "tags")
	if len(tags) != 1 || c.doc.Tags.Get(tags[0]) == nil {
		t.Errorf("%s: tags are %v; give it exactly one of those in %s.yaml", op.id, tags, c.name)
	}
}

func cited(t *testing.T, c contract, op operation) {
	t.Helper()
	page := text(child(op.node, "externalDocs"), "url")
	if c.vendor && !strings.HasPrefix(page, "https://dev.digicert.com/certcentral-apis/") {
		t.Errorf("%s: externalDocs.url is %q; name the vendor's page that the operation was read from", op.id, page)
	}
}

// statuses holds what may be declared: nothing else has been seen from the real service or decided for the mock.
// Refusals of the router (404 and 405 of any path) are not declared, since no operation answers them.
func statuses(t *testing.T, c contract, op operation) {
	t.Helper()
	allowed := []string{"200", "201", "204", "400", "403", "404", "413", "415", "503"}
	declared := child(op.node, "responses")
	good := 0
	for status := range declared {
		if !slices.Contains(allowed, status) {
			t.Errorf("%s: status %s is not one of %v; write a decision before you add it here", op.id, status, allowed)
		}
		if strings.HasPrefix(status, "2") {
			good++
		}
	}
	if good != 1 {
		t.Errorf("%s: declares %d good statuses; an operation has exactly one", op.id, good)
	}
	needed := map[string]bool{
		"403": c.needsKey(op),
		"503": c.needsKey(op),
		"413": op.node["requestBody"] != nil,
		"415": op.node["requestBody"] != nil,
		"400": op.node["requestBody"] != nil || len(c.parameters(op, "query")) > 0,
		"404": len(c.parameters(op, "path")) > 0,
	}
	for status, need := range needed {
		if _, there := declared[status]; need && !there {
			t.Errorf("%s: can be answered %s and does not declare it; add it to responses", op.id, status)
		}
	}
}

func (c contract) needsKey(op operation) bool {
	if own, there := op.node["security"]; there {
		needs, _ := own.([]any)
		return len(needs) > 0
	}
	return len(list(c.raw, "security")) > 0
}

// parameters returns the parameters of an operation that are in the path or in the query.
func (c contract) parameters(op operation, in string) []object {
	var all []object
	for _, node := range slices.Concat(list(op.path, "parameters"), list(op.node, "parameters")) {
		node, _ := node.(object)
		if parameter := c.resolve(node); text(parameter, "in") == in {
			all = append(all, parameter)
		}
	}
	return all
}

func refusing(t *testing.T, c contract, op operation) {
	t.Helper()
	for status, response := range members(op.node, "responses") {
		if code, err := strconv.Atoi(status); err != nil || code < 400 {
			continue
		}
		schema := child(child(child(c.resolve(response), "content"), "application/json"), "schema")
		if text(schema, "$ref") != "#/components/schemas/ErrorEnvelope" {
			t.Errorf("%s: status %s has no $ref to ErrorEnvelope; use one of components/responses", op.id, status)
		}
	}
}

func bodies(t *testing.T, c contract, op operation) {
	t.Helper()
	content := map[string]object{"requestBody": child(child(op.node, "requestBody"), "content")}
	for status, response := range members(op.node, "responses") {
		content[status] = child(c.resolve(response), "content")
	}
	for where, types := range content {
		for name, media := range types {
			media, _ := media.(object)
			if name != "application/json" || text(child(media, "schema"), "$ref") == "" {
				t.Errorf("%s: %s holds %s with an inline schema or another type; name the schema in components/schemas, or its Go type is anonymous", op.id, where, name)
			}
		}
	}
}
