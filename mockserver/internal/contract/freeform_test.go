package contract

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFreeForm: values without a type are kept whole, members of any name where the contract has
// them, and no name that can be a secret comes into a path.
func TestFreeForm(t *testing.T) {
	t.Parallel()
	control, err := Control()
	if err != nil {
		t.Fatal(err)
	}
	op := control.Operation(http.MethodPost, "/_mock/faults")
	check := func(body string) (any, []Violation) {
		r := httptest.NewRequest(http.MethodPost, "/_mock/faults", http.NoBody)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-DC-DEVKEY", "Secret-Header-Name")
		checked, _, refused := op.CheckRequest(r, []byte(body), false)
		if refused != nil {
			return nil, refused.List
		}
		return checked.Body.(*Body).ValidatedValue(), nil
	}
	got, refused := check(`{"match": {"header": {"X-Any": "a"}, "body": {"/a": null, "4111111111111111": [1.50, {"x": {}}], "": "t"}},
		"action": {"respond": {"status": 200, "body": [null, {"any": [[]]}]}}}`)
	want := map[string]any{
		"match": map[string]any{
			"header": map[string]any{"X-Any": "a"},
			"body":   map[string]any{"/a": nil, "4111111111111111": []any{json.Number("1.50"), map[string]any{"x": map[string]any{}}}, "": "t"},
		},
		"action": map[string]any{"respond": map[string]any{"status": json.Number("200"), "body": []any{nil, map[string]any{"any": []any{[]any{}}}}}},
	}
	if diff := cmp.Diff(any(want), got); diff != "" || refused != nil {
		t.Errorf("%v (-want +got)\n%s", refused, diff)
	}
	for body, code := range map[string]string{
		`{"match": {"header": {"X-A": 1}}, "action": {"hang": true}}`:                 "invalid_field|match.header.X-A",
		`{"match": {"header": {"4111111111111111": 1}}, "action": {"hang": true}}`:    "invalid_field|match.header.(redacted)",
		`{"match": {"header": {"secret-header-name": "a", "Secret-Header-Name": 2}}}`: "invalid_field|match.header.(redacted)",
		`{"match": {"header": "a"}, "action": {"hang": true}}`:                        "invalid_field|match.header",
		`{"match": {"body": ["a"]}, "action": {"hang": true}}`:                        "invalid_field|match.body",
		`{"match": {"body": {"/a": ` + strings.Repeat("[", 200) + `}}}`:               "bad_request_format",
		`{"match": {"body": {"/a": {"b": 1, "b": 2}}}, "action": {"hang": true}}`:     "bad_request_format",
		`{"match": {"header": {` + many(33) + `}}}`:                                   "invalid_field|match.header",
		`{"action": {"respond": {"status": 200, "headers": {"X-A": {"b": 1}}}}}`:      "invalid_field|action.respond.headers.X-A",
		`{"action": {"delay": {"min": "1s", "max": "2s", "mean": "1s"}}}`:             "unknown_field|action.delay.mean",
	} {
		_, refused := check(body)
		found := false
		for _, one := range refused {
			found = found || one.Code == code
			if strings.Contains(one.Code+one.Message, "4111") || strings.Contains(one.Code+one.Message, "Secret-") {
				t.Errorf("%.80s: repeats a secret: %v", body, one)
			}
		}
		if !found {
			t.Errorf("%.80s: got %v, want %s", body, refused, code)
		}
	}
	good := `{"id": "fault-1", "times": 1, "hits": 0, "match": {"header": {"X-Any": "a"}, "body": {"/a": {"b": null}}}, "action": {"delay": {"min": "1s", "max": "2s"%s}}}`
	header := http.Header{"Content-Type": {"application/json"}}
	one := control.Operation(http.MethodGet, "/_mock/faults/{id}")
	if err := one.CheckResponse(http.StatusOK, header, []byte(strings.Replace(good, "%s", "", 1))); err != nil {
		t.Error(err)
	}
	if err := one.CheckResponse(http.StatusOK, header, []byte(strings.Replace(good, "%s", `, "mean": "1s"`, 1))); err == nil {
		t.Error("a member that is not declared passes")
	}
}

// many are members of an object of headers.
func many(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"` + strings.Repeat("A", i+1) + `": "a"`
	}
	return strings.Join(members, ", ")
}
