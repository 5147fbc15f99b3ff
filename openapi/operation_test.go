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
			{"says which keys may call it", keyRoles},
			{"names roles of users that there are", accessRoles},
			{"foretells its refusals by known codes", domainRules},
			{"links to operations with what it knows", links},
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
	if !regexp.MustCompile(`^(activate|add|advance|change|count|create|deactivate|delete|download|get|list|move|order|redeem|reissue|reset|revoke|set|settle|submit|unset|update|wait)([A-Z]+[a-z0-9]*)+$`).MatchString(op.id) {
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

// statuses checks the declared statuses. Only statuses that the real service was seen to send, or
// that a decision defines, are allowed. The router's 404 and 405 are not declared, since they
// belong to no operation.
func statuses(t *testing.T, c contract, op operation) {
	t.Helper()
	allowed := []string{"200", "201", "204", "400", "403", "404", "408", "409", "413", "415", "429", "503"}
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
	want := 1
	if strings.HasPrefix(op.id, "revoke") {
		want = 2 // revoked, or revocation requested (D-71)
	}
	if good != want {
		t.Errorf("%s: declares %d good statuses; an operation has exactly one, and a revocation two", op.id, good)
	}
	needed := map[string]bool{
		"403": c.requires(op, "AccountKey", "ApiKey", "MockToken"),
		"503": c.requires(op, "AccountKey", "ApiKey"), // whose account may have to be opened
		"413": op.node["requestBody"] != nil,
		"415": op.node["requestBody"] != nil,
		"400": !c.vendor || op.node["requestBody"] != nil || len(c.parameters(op, "query")) > 0 || slices.ContainsFunc(c.parameters(op, "path"), malformable),
		"404": len(c.parameters(op, "path")) > 0 && op.id != "listAlternateOrders", // it returns an empty list (D-63)
		"429": c.vendor,
	}
	for status, need := range needed {
		if _, there := declared[status]; need && !there {
			t.Errorf("%s: can be answered %s and does not declare it; add it to responses", op.id, status)
		}
	}
}

// malformable reports whether a parameter refuses some texts, independent of the data of the
// account.
func malformable(parameter object) bool {
	schema := child(parameter, "schema")
	return text(schema, "type") != "string" || schema["pattern"] != nil || schema["enum"] != nil || schema["maxLength"] != nil
}

// requires reports whether an operation requires one of some security schemes.
func (c contract) requires(op operation, schemes ...string) bool {
	security := list(c.raw, "security")
	if own, there := op.node["security"]; there {
		security, _ = own.([]any)
	}
	return slices.ContainsFunc(security, func(requirement any) bool {
		names, _ := requirement.(object)
		return slices.ContainsFunc(schemes, func(scheme string) bool { return names[scheme] != nil })
	})
}

// parameters returns the path or query parameters of an operation.
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
			if name == "text/csv" {
				csv(t, op, where, media)
				continue
			}
			if slices.Contains(fileTypes(), name) {
				if text(child(media, "schema"), "$ref") != "#/components/schemas/CertificateFile" {
					t.Errorf("%s: %s holds %s without a $ref to CertificateFile", op.id, where, name)
				}
				continue
			}
			if name != "application/json" || text(child(media, "schema"), "$ref") == "" {
				t.Errorf("%s: %s holds %s with an inline schema or another type; name the schema in components/schemas, or its Go type is anonymous", op.id, where, name)
			}
		}
	}
}

// fileTypes are the media types of certificates and related files (D-69, D-73, D-74).
func fileTypes() []string {
	return []string{
		"application/pkix-cert", "application/pkix-crl", "application/x-pem-file", "application/x-pkcs12",
		"application/x-pkcs7-certificates", "application/zip",
	}
}

// csv checks that lists, and only lists, can be requested as CSV, all in the same way (D-39).
func csv(t *testing.T, op operation, where string, media object) {
	t.Helper()
	if where != "200" || !strings.HasPrefix(op.id, "list") || text(child(media, "schema"), "$ref") != "#/components/schemas/CSV" {
		t.Errorf("%s: %s holds text/csv; only the 200 of a list does, with a $ref to CSV", op.id, where)
	}
}

// keyRoles compares x-key-roles with the meaning of the roles (D-56).
func keyRoles(t *testing.T, c contract, op operation) {
	t.Helper()
	const none, orders, organizations, viewOnly, users = 0, 100, 101, 102, 103
	var roles []int
	for _, role := range list(op.node, "x-key-roles") {
		role, _ := role.(float64)
		roles = append(roles, int(role))
	}
	if !c.vendor {
		if roles != nil {
			t.Errorf("%s: remove x-key-roles; the control API obeys every key", op.id)
		}
		return
	}
	if !slices.Contains(roles, none) {
		t.Errorf("%s: x-key-roles is %v; give it, with 0, which is a key without a limit", op.id, roles)
	}
	for i, role := range roles {
		if !slices.Contains([]int{none, orders, organizations, viewOnly, users}, role) || i > 0 && roles[i-1] >= role {
			t.Errorf("%s: x-key-roles is %v; name roles that there are, in ascending order and once", op.id, roles)
		}
	}
	if reads := strings.HasPrefix(op.at, "GET "); reads != slices.Contains(roles, viewOnly) {
		t.Errorf("%s: x-key-roles is %v; 102 may call every GET and nothing else", op.id, roles)
	}
	if slices.Contains(roles, orders) && !slices.Contains(roles, organizations) {
		t.Errorf("%s: x-key-roles is %v; 101 may do whatever 100 may", op.id, roles)
	}
}

func accessRoles(t *testing.T, c contract, op operation) {
	t.Helper()
	known := []string{"Administrator", "Finance Manager", "Limited User", "Manager", "Standard User"}
	roles := words(op.node, "x-access-roles")
	for i, role := range roles {
		if !slices.Contains(known, role) || i > 0 && roles[i-1] >= role {
			t.Errorf("%s: x-access-roles is %v; name some of %v, sorted and once", op.id, roles, known)
		}
	}
	_, there := op.node["x-access-roles"]
	if there && (!c.vendor || !slices.Contains(roles, "Administrator")) {
		t.Errorf("%s: x-access-roles is %v; administrators may do everything, and the control API asks for no role", op.id, roles)
	}
}

// restrictsText reports whether a node, or what it refers to, has x-text.
func (c contract) restrictsText(node any) bool {
	switch node := node.(type) {
	case []any:
		return slices.ContainsFunc(node, c.restrictsText)
	case object:
		node = c.resolve(node)
		if node["x-text"] != nil {
			return true
		}
		for _, value := range node {
			if c.restrictsText(value) {
				return true
			}
		}
	}
	return false
}

// domainRules checks x-domain-rules, by which a reader or a test program can distinguish a 400 by a
// schema from one that depends on the data of the account.
func domainRules(t *testing.T, c contract, op operation) {
	t.Helper()
	known := knownCodes(t)
	rules := words(op.node, "x-domain-rules")
	if body := child(op.node, "requestBody"); body != nil && c.restrictsText(body) && !slices.Contains(rules, "invalid_field") {
		t.Errorf("%s: a text of its body has x-text, of which a schema says a part only (D-81); add invalid_field to x-domain-rules", op.id)
	}
	for i, code := range rules {
		if !known[code] || i > 0 && rules[i-1] >= code {
			t.Errorf("%s: x-domain-rules is %v; name codes of D-29, without a detail, sorted and once", op.id, rules)
		}
	}
	if len(rules) > 0 && child(op.node, "responses")["400"] == nil {
		t.Errorf("%s: has x-domain-rules and no 400; declare it", op.id)
	}
}

// links checks each link: its operation must exist, and its values must be in the request or in the
// response. An operation that creates a resource must link to the operation that reads it.
func links(t *testing.T, c contract, op operation) {
	t.Helper()
	for status, response := range members(op.node, "responses") {
		if response = c.resolve(response); c.vendor && status == "201" && len(child(response, "links")) == 0 {
			t.Errorf("%s: 201 hands out an id; link it to the operations that take it", op.id)
		}
		for name, link := range members(response, "links") {
			where := op.id + " -> " + name
			at := slices.IndexFunc(c.operations(), func(other operation) bool { return other.id == text(link, "operationId") })
			if at < 0 || name != text(link, "operationId") {
				t.Errorf("%s: name the link after its operationId, which has to exist", where)
				continue
			}
			if !strings.HasSuffix(text(link, "description"), ".") {
				t.Errorf("%s: write a description that ends with a period", where)
			}
			taken := c.parameters(c.operations()[at], "path")
			if given := child(link, "parameters"); len(given) != len(taken) {
				t.Errorf("%s: hands over %d parameters, and the path takes %d", where, len(given), len(taken))
			}
			for _, parameter := range taken {
				expression := text(child(link, "parameters"), text(parameter, "name"))
				if !c.evaluates(expression, op, response) {
					t.Errorf("%s: %s is %q, which neither the request nor the response has", where, text(parameter, "name"), expression)
				}
			}
		}
	}
}

// evaluates reports whether a runtime expression names a value in the request or the response of an
// operation.
func (c contract) evaluates(expression string, op operation, response object) bool {
	if name, inPath := strings.CutPrefix(expression, "$request.path."); inPath {
		return slices.ContainsFunc(c.parameters(op, "path"), func(parameter object) bool { return text(parameter, "name") == name })
	}
	body := response
	pointer, inBody := strings.CutPrefix(expression, "$response.body#/")
	if !inBody {
		body = child(op.node, "requestBody")
		if pointer, inBody = strings.CutPrefix(expression, "$request.body#/"); !inBody {
			return false
		}
	}
	schema := c.resolve(child(child(child(body, "content"), "application/json"), "schema"))
	for part := range strings.SplitSeq(pointer, "/") {
		if _, err := strconv.Atoi(part); err == nil {
			schema = c.resolve(child(schema, "items"))
		} else {
			schema = c.resolve(child(child(schema, "properties"), part))
		}
	}
	return schema != nil
}
