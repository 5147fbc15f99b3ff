package contract_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestCheckResponse: a response must have a declared status, its media type, one JSON value and
// declared members only.
func TestCheckResponse(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join("..", "..", "..", "openapi", "examples", "getBalance.limited.response.json"))
	if err != nil {
		t.Fatal(err)
	}
	good := strings.TrimSpace(string(example))
	const refusal = `{"errors":[{"code":"a","message":"b"}]}`
	for name, tc := range map[string]struct {
		method, path string
		status       int
		mediaType    string
		body         string
		want         string // in the error; empty: none
	}{
		"good":               {"GET", "/finance/balance", 200, "application/json", good, ""},
		"white space after":  {"GET", "/finance/balance", 200, "application/json", good + " \n", ""},
		"an error":           {"GET", "/finance/balance", 403, "application/json", refusal, ""},
		"status":             {"GET", "/finance/balance", 201, "application/json", good, "status 201 is not declared"},
		"media type":         {"GET", "/finance/balance", 200, "text/plain", good, "content type"},
		"with a charset":     {"GET", "/finance/balance", 200, "application/json; charset=utf-8", good, "content type"},
		"no JSON":            {"GET", "/finance/balance", 200, "application/json", "balance", "not JSON"},
		"two values":         {"GET", "/finance/balance", 200, "application/json", good + "{}", "after the end"},
		"a missing member":   {"GET", "/finance/balance", 200, "application/json", "{}", "balance"},
		"a new member":       {"GET", "/finance/balance", 200, "application/json", `{"new":1,` + good[1:], "not declared: new"},
		"a new inner member": {"GET", "/finance/balance", 403, "application/json", `{"errors":[{"code":"a","message":"b","new":1}]}`, "not declared: errors[0].new"},
		"no message":         {"GET", "/finance/balance", 403, "application/json", `{"errors":[{"code":"a"}]}`, "message"},
		"no errors":          {"GET", "/finance/balance", 403, "application/json", `{"errors":[]}`, "errors"},
		"no body":            {"PUT", "/order/certificate/{order_id}/status", 204, "", "", ""},
		"an undeclared body": {"PUT", "/order/certificate/{order_id}/status", 204, "application/json", "{}", "a body of the type"},
		"a file":             {"GET", "/certificate/{certificate_id}/download/platform", 200, "application/zip", "PK", ""},
		"an empty file":      {"GET", "/certificate/{certificate_id}/download/platform", 200, "application/zip", "", "empty"},
	} {
		header := http.Header{}
		if tc.mediaType != "" {
			header.Set("Content-Type", tc.mediaType)
		}
		err := operation(t, tc.method, tc.path).CheckResponse(tc.status, header, []byte(tc.body))
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: error %v, want %q", name, err, tc.want)
		}
	}
}

// TestCheckResponseOfVariants: members are looked for in the schema of oneOf that a value belongs to.
func TestCheckResponseOfVariants(t *testing.T) {
	t.Parallel()
	own, err := contract.Control()
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join("..", "..", "..", "openapi", "examples", "getAccountState.fresh.response.json"))
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[string]string{
		`null`: "", `"vendor"`: "", `[{"requests":1,"window":"1s"}]`: "", `[{"requests":1,"window":"1s","burst":1}]`: "rate_limit",
	} {
		body := strings.Replace(string(example), `"rate_limit": null`, `"rate_limit": `+limit, 1)
		err := own.Operation("GET", "/_mock/account").CheckResponse(200, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", limit, err, want)
		}
	}
}
