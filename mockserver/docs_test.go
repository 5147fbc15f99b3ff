package mockserver_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestContractsAreServed holds that what is served is what is built in.
func TestContractsAreServed(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for target, want := range map[string]struct{ contentType, text string }{
		"/openapi.yaml":       {"application/yaml", gen.CertCentralYAML},
		"/openapi.json":       {"application/json", spec.CertCentralJSON},
		"/_mock/openapi.yaml": {"application/yaml", gen.ControlYAML},
		"/_mock/openapi.json": {"application/json", spec.ControlJSON},
	} {
		got := ask(t, mock, http.MethodGet, target, "", "X-DC-DEVKEY", "")
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != want.contentType || got.Body.String() != want.text {
			t.Errorf("%s: %d, %s, %d bytes, want %d", target, got.Code, got.Header().Get("Content-Type"), got.Body.Len(), len(want.text))
		}
	}
}

// TestDocs reads the page as a browser without a network would: everything that it loads comes from the mock.
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
	external := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9-]+(\.[a-z0-9-]+)+`)
	for _, found := range external.FindAllString(page.Body.String(), -1) {
		t.Errorf("the page names %s", found)
	}
	loads := regexp.MustCompile(`(?:src|href)\s*=\s*["']([^"']+)["']`).FindAllStringSubmatch(page.Body.String(), -1)
	scripts := 0
	for _, load := range loads {
		asset := load[1]
		if !strings.HasPrefix(asset, "/") {
			t.Errorf("%s is found from /docs/ only", asset)
			asset = "/docs/" + asset
		}
		got := ask(t, mock, http.MethodGet, asset, "", "X-DC-DEVKEY", "")
		if got.Code != http.StatusOK || got.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", asset, got.Code, got.Body.Len())
		}
		switch {
		case strings.HasSuffix(asset, ".js"):
			scripts++
		case strings.HasSuffix(asset, ".css"):
			for _, found := range regexp.MustCompile(`(?i)(?:url\(|@import)\s*["']?(?:https?:)?//[^)]*`).FindAllString(got.Body.String(), -1) {
				t.Errorf("%s loads %s", asset, found)
			}
		}
	}
	if scripts == 0 {
		t.Errorf("the page loads no script, so this test reads it wrongly: %.2000s", page.Body)
	}
	if !strings.Contains(page.Body.String(), "/openapi.json") {
		t.Error("the page does not show the contract")
	}
}
