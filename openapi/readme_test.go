package openapi_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReadme compares the README's tables of operations with the contracts.
func TestReadme(t *testing.T) {
	t.Parallel()
	sections := map[string]string{"certcentral": "## The operations\n", "control": "### Steering it\n"}
	// OCSP is a protocol of its own, which OpenAPI cannot describe.
	undescribed := []string{"/_mock/ocsp"}
	onContracts(t, func(t *testing.T, c contract) {
		listed := operationsInTable(t, sections[c.name])
		var known []string
		for _, op := range c.operations() {
			known = append(known, op.at)
			if n := count(listed, op.at); n != 1 {
				t.Errorf("README.md, %q: %s stands there %d times; name each operation once", strings.TrimSpace(sections[c.name]), op.at, n)
			}
		}
		for _, at := range listed {
			if !slices.Contains(known, at) && !slices.Contains(undescribed, at) {
				t.Errorf("README.md, %q: %s is no operation of the contract; write methods and a whole path", strings.TrimSpace(sections[c.name]), at)
			}
		}
	})
}

// operationsInTable returns the operations in the first column of the table of a section. An
// operation is written as `GET /path`, several methods of a path as `GET`, `PUT /path`.
func operationsInTable(t *testing.T, section string) []string {
	t.Helper()
	_, rest, found := strings.Cut(string(read(t, "../README.md")), "\n"+section)
	if !found {
		t.Fatalf("README.md has no section %q", section)
	}
	rest, _, _ = strings.Cut(rest, "\n#")
	var operations []string
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		var methods []string
		for _, match := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
			method, path, whole := strings.Cut(match[1], " ")
			if !whole && !strings.HasPrefix(method, "/") {
				methods = append(methods, method)
				continue
			}
			if !whole {
				operations = append(operations, method)
				continue
			}
			for _, method := range append(methods, method) {
				operations = append(operations, method+" "+path)
			}
			methods = nil
		}
		operations = append(operations, methods...) // methods without a path, which the test reports
	}
	return operations
}

func count(list []string, what string) int {
	n := 0
	for _, one := range list {
		if one == what {
			n++
		}
	}
	return n
}

// TestChangelog: the changelog names each operation by its operationId.
func TestChangelog(t *testing.T) {
	t.Parallel()
	changelog := string(read(t, "../CHANGELOG.md"))
	onContracts(t, func(t *testing.T, c contract) {
		for _, op := range c.operations() {
			if !strings.Contains(changelog, "`"+op.id+"`") {
				t.Errorf("CHANGELOG.md does not name `%s`, %s; tell of it under Unreleased", op.id, op.at)
			}
		}
	})
}
