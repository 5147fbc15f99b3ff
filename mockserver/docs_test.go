package mockserver_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestServedContracts holds what a mock serves of a contract to what is published: the only server
// is the mock, nothing that may be left out has a value to be filled in, and the rest is the same.
func TestServedContracts(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for _, tc := range []struct{ path, server, source string }{
		{"/openapi", "/services/v2", gen.CertCentralYAML},
		{"/openapi.enforced", "/services/v2", spec.CertCentralJSON},
		{"/_mock/openapi", "/", gen.ControlYAML},
		{"/_mock/openapi.enforced", "/", spec.ControlJSON},
	} {
		t.Run(tc.path, func(t *testing.T) {
			t.Parallel()
			served := fetchDocument(t, mock, tc.path)
			const repository = "https://github.com/pkio-tools/certcentral/blob/main/openapi/DECISIONS.md"
			// The links of descriptions, not those in examples of answers.
			doc, published := openAPI(t, served), openAPI(t, strings.ReplaceAll(tc.source, "("+repository, "(/docs/decisions"))
			if len(doc.Servers) != 1 || doc.Servers[0].URL != tc.server {
				t.Errorf("servers: %v", doc.Servers)
			}
			filled := 0
			for name, parameter := range doc.Components.Parameters {
				before := published.Components.Parameters[name].Value
				if parameter.Value.Required {
					if diff := cmp.Diff(jsonOf(t, before), jsonOf(t, parameter.Value)); diff != "" {
						t.Errorf("%s is required, and has changed: %s", name, diff)
					}
					continue
				}
				schema, was := parameter.Value.Schema.Value, before.Schema.Value
				if parameter.Value.Example != nil || parameter.Value.Examples != nil || schema.Example != nil || schema.Default != nil {
					t.Errorf("%s may be left out, and has a value to be filled in", name)
				}
				if before.Example != nil && !strings.Contains(parameter.Value.Description, "Example: `") ||
					was.Default != nil && !strings.Contains(parameter.Value.Description, "Default: `") {
					t.Errorf("%s: the description does not say what was left out: %s", name, parameter.Value.Description)
				}
				if before.Example != nil || was.Default != nil {
					filled++
				}
			}
			if tc.server == "/services/v2" && filled == 0 {
				t.Error("no optional parameter has an example, so this test shows nothing")
			}
			for path, item := range doc.Paths.Map() {
				if len(item.Servers) > 0 || len(item.Parameters) > 0 && item.Parameters[0].Ref == "" {
					t.Errorf("%s has servers or parameters of its own", path)
				}
				for method, operation := range item.Operations() {
					// The page has its own requests, and a mock need not carry the samples of the published one.
					delete(published.Paths.Value(path).Operations()[method].Extensions, "x-codeSamples")
					if operation.Extensions["x-codeSamples"] != nil {
						t.Errorf("%s %s has samples of code", method, path)
					}
					if operation.Servers != nil {
						t.Errorf("%s %s has servers of its own", method, path)
					}
				}
			}
			doc.Servers, published.Servers = nil, nil
			doc.Components.Parameters, published.Components.Parameters = nil, nil
			if diff := cmp.Diff(jsonOf(t, published), jsonOf(t, doc)); diff != "" {
				t.Errorf("beside servers and parameters (-published +served):\n%.2000s", diff)
			}
		})
	}
	if !strings.Contains(gen.CertCentralYAML, "url: https://certcentral.digicert.eu/services/v2") {
		t.Error("the published contract has lost the vendor's server")
	}
}

// fetchDocument reads a contract as the mock serves it, as JSON, and holds the YAML to it.
func fetchDocument(t *testing.T, mock http.Handler, path string) string {
	t.Helper()
	asJSON := ask(t, mock, http.MethodGet, path+".json", "", "X-DC-DEVKEY", "")
	if got := asJSON.Header().Get("Content-Type"); asJSON.Code != http.StatusOK || got != "application/json" {
		t.Errorf("JSON: %d, %s", asJSON.Code, got)
	}
	if strings.HasSuffix(path, ".enforced") {
		return asJSON.Body.String() // for programs only, so there is no YAML
	}
	asYAML := ask(t, mock, http.MethodGet, path+".yaml", "", "X-DC-DEVKEY", "")
	if got := asYAML.Header().Get("Content-Type"); asYAML.Code != http.StatusOK || got != "application/yaml" {
		t.Errorf("YAML: %d, %s", asYAML.Code, got)
	}
	if diff := cmp.Diff(jsonOf(t, openAPI(t, asJSON.Body.String())), jsonOf(t, openAPI(t, asYAML.Body.String()))); diff != "" {
		t.Errorf("JSON and YAML differ: %.2000s", diff)
	}
	return asJSON.Body.String()
}

func openAPI(t *testing.T, text string) *openapi3.T {
	t.Helper()
	doc, err := spec.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func jsonOf(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDocs reads the page as a browser without a network would: everything that it loads comes from
// the mock. conformance/browser has a real one.
func TestDocs(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	page := ask(t, mock, http.MethodGet, "/docs", "", "X-DC-DEVKEY", "")
	if page.Code != http.StatusOK || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d, %v", page.Code, page.Header())
	}
	if slash := ask(t, mock, http.MethodGet, "/docs/", ""); slash.Body.String() != page.Body.String() {
		t.Error("/docs/ is another page than /docs")
	}
	for _, want := range []string{"default-src 'none'", "connect-src 'self'", "script-src 'self'", "frame-ancestors 'none'"} {
		if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, want) || strings.Contains(policy, "unsafe") {
			t.Errorf("%q is not in the policy %q", want, policy)
		}
	}
	if !strings.Contains(page.Body.String(), `<meta name="viewport"`) {
		t.Error("the page does not say how it fits a small screen")
	}
	external := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9-]+(\.[a-z0-9-]+)+`)
	for _, found := range external.FindAllString(page.Body.String(), -1) {
		t.Errorf("the page names %s", found)
	}
	scripts := ""
	for _, load := range regexp.MustCompile(`(?:src|href)\s*=\s*["']([^"']+)["']`).FindAllStringSubmatch(page.Body.String(), -1) {
		asset := load[1]
		got := ask(t, mock, http.MethodGet, asset, "", "X-DC-DEVKEY", "")
		if got.Code != http.StatusOK || got.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", asset, got.Code, got.Body.Len())
		}
		checkStamp(t, got.Header())
		contentType := got.Header().Get("Content-Type")
		switch {
		case strings.HasSuffix(asset, ".js"):
			scripts += got.Body.String()
			if !strings.Contains(contentType, "javascript") { // or nosniff keeps it from running
				t.Errorf("%s is %s", asset, contentType)
			}
		case strings.HasSuffix(asset, ".css"):
			if !strings.HasPrefix(contentType, "text/css") {
				t.Errorf("%s is %s", asset, contentType)
			}
			for _, found := range regexp.MustCompile(`(?i)(?:url\(|@import)\s*["']?(?:https?:)?//[^)]*`).FindAllString(got.Body.String(), -1) {
				t.Errorf("%s loads %s", asset, found)
			}
		}
	}
	for _, document := range []string{`"/openapi.json"`, `"/_mock/openapi.json"`} {
		if !strings.Contains(scripts, document) {
			t.Errorf("the page does not show %s", document)
		}
	}
}

// TestDecisionsPage follows the links of the served documents to the decisions, without leaving the
// mock.
func TestDecisionsPage(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	const path = "/docs/decisions"
	page := ask(t, mock, http.MethodGet, path, "", "X-DC-DEVKEY", "")
	if page.Code != http.StatusOK || page.Header().Get("Content-Type") != "text/html; charset=utf-8" || page.Header().Get("Content-Security-Policy") == "" {
		t.Fatalf("%d, %v", page.Code, page.Header())
	}
	if html := page.Body.String(); strings.Contains(html, "<script") || !strings.Contains(html, `href="/docs/page.css"`) {
		t.Error("the page has a script, or no style")
	}
	link := regexp.MustCompile(`\]\((` + path + `)#([^)]+)\)`)
	for _, document := range []string{"/openapi.json", "/_mock/openapi.json"} {
		links := link.FindAllStringSubmatch(ask(t, mock, http.MethodGet, document, "").Body.String(), -1)
		if len(links) < 20 {
			t.Errorf("%s has %d links to decisions", document, len(links))
		}
		for _, found := range links {
			if !strings.Contains(page.Body.String(), `id="`+found[2]+`"`) {
				t.Errorf("%s: %s#%s leads nowhere", document, found[1], found[2])
			}
		}
	}
}
