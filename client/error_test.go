package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

var kinds = map[string]error{
	"ErrUnauthorized":   certcentral.ErrUnauthorized,
	"ErrForbidden":      certcentral.ErrForbidden,
	"ErrNotFound":       certcentral.ErrNotFound,
	"ErrNotIssued":      certcentral.ErrNotIssued,
	"ErrInvalidRequest": certcentral.ErrInvalidRequest,
	"ErrRateLimited":    certcentral.ErrRateLimited,
	"ErrUnavailable":    certcentral.ErrUnavailable,
	"ErrNotAnswered":    certcentral.ErrNotAnswered,
	"ErrOutcomeUnknown": certcentral.ErrOutcomeUnknown,
}

func envelope(codes ...string) string {
	var reasons []string
	for _, code := range codes {
		reasons = append(reasons, `{"code":"`+code+`","message":"about `+code+`"}`)
	}
	return `{"errors":[` + strings.Join(reasons, ",") + `]}`
}

const badGateway = "<html><head>\n<TITLE>502\n Bad &amp; Gateway</TITLE></head><body>" + testKey + "</body></html>"

// TestErrors uses each answer twice: for a call that reads an order and for one that places an
// order.
func TestErrors(t *testing.T) {
	t.Parallel()
	const success = 0 // the status that the contract declares
	for _, tt := range []struct {
		name              string
		status            int
		contentType, body string
		want              string   // the error text, after the operation and the status
		kinds             []string // without ErrOutcomeUnknown
		// unknown is whether the outcome of placing an order is unknown.
		unknown bool
	}{
		{
			"400", 400, "application/json", envelope("missing_field|certificate.individual.email", "invalid_field|ship_info.zip"),
			": missing_field|certificate.individual.email, invalid_field|ship_info.zip",
			[]string{"ErrInvalidRequest"},
			false,
		},
		{
			"400 with many reasons", 400, "application/json", envelope("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
			": a, b, c, d, e, f, g, h and 2 more",
			[]string{"ErrInvalidRequest"},
			false,
		},
		{
			"400 with a charset", 400, "application/json; charset=utf-8", envelope("bad_request_format"),
			": bad_request_format",
			[]string{"ErrInvalidRequest"},
			false,
		},
		{
			"400 for a certificate to come", 400, "application/json", envelope("cert_unavailable_processing"),
			": cert_unavailable_processing",
			[]string{"ErrNotIssued"},
			false,
		},
		{
			"400 with the code of a wrong key", 400, "application/json", envelope("access_denied|access_denied_invalid_key"),
			": access_denied|access_denied_invalid_key",
			[]string{"ErrInvalidRequest"},
			false,
		},
		{
			"401", 401, "application/json", envelope("access_denied"), ": access_denied", []string{"ErrUnauthorized"}, false,
		},
		{
			"403 for the key", 403, "application/json", envelope("access_denied|access_denied_invalid_key"),
			": access_denied|access_denied_invalid_key",
			[]string{"ErrUnauthorized"},
			false,
		},
		{
			"403 for the permission", 403, "application/json", envelope("access_denied|missing_permission"),
			": access_denied|missing_permission",
			[]string{"ErrForbidden"},
			false,
		},
		{
			"403 of a firewall", 403, "text/html", "<title>Blocked</title>",
			`: the answer is not the service's but 22 bytes of text/html titled "Blocked"`,
			[]string{"ErrForbidden"},
			false,
		},
		{"404", 404, "application/json", envelope("not_found|order"), ": not_found|order", []string{"ErrNotFound"}, false},
		{"404 without a body", 404, "", "", ": the answer is not the service's but empty", []string{"ErrNotFound"}, false},
		{"405", 405, "application/json", envelope("method_not_allowed"), ": method_not_allowed", nil, false},
		{
			"408 of a gateway", 408, "text/plain", "slow", ": the answer is not the service's but 4 bytes of text/plain", nil, true,
		},
		{"413", 413, "application/json", envelope("request_too_large"), ": request_too_large", []string{"ErrInvalidRequest"}, false},
		{
			"415", 415, "application/json", envelope("unsupported_media_type"), ": unsupported_media_type",
			[]string{"ErrInvalidRequest"},
			false,
		},
		{
			"429", 429, "application/json", envelope("request_limit_exceeded"), ": request_limit_exceeded",
			[]string{"ErrRateLimited"},
			false,
		},
		{"503", 503, "application/json", envelope("mock_capacity"), ": mock_capacity", []string{"ErrUnavailable"}, true},
		{
			"500 without a body", 500, "application/json", "", ": the answer is not the service's but empty",
			[]string{"ErrUnavailable"},
			true,
		},
		{
			"502 of a proxy", 502, "text/html; charset=utf-8", badGateway,
			": the answer is not the service's but " + strconv.Itoa(len(badGateway)) + ` bytes of text/html titled "502 Bad & Gateway"`,
			[]string{"ErrUnavailable"},
			true,
		},
		{
			"502 that lies about its type", 502, "application/json", badGateway,
			": the answer is not the service's but " + strconv.Itoa(len(badGateway)) + " bytes of application/json",
			[]string{"ErrUnavailable"},
			true,
		},
		{
			"504 with other JSON", 504, "application/json", `{"message":"Endpoint request timed out"}`,
			": the answer is not the service's but 40 bytes of application/json",
			[]string{"ErrUnavailable"},
			true,
		},
		{
			"503 with reasons of another kind", 503, "application/json", `{"errors":[{"status":"503"}]}`,
			": the answer is not the service's but 29 bytes of application/json",
			[]string{"ErrUnavailable"},
			true,
		},
		{"an unlikely status", 418, "", "x", ": the answer is not the service's but 1 bytes of untyped", nil, false},
		{
			"a title that repeats the key", 500, "text/html", "<title>" + testKey + " refused</title>",
			`: the answer is not the service's but 48 bytes of text/html titled "[redacted] refused"`,
			[]string{"ErrUnavailable"},
			true,
		},
		{
			"a code that would break a log", 400, "application/json", envelope(`a\u0000\nb`), ": a b",
			[]string{"ErrInvalidRequest"},
			false,
		},
		// A status of success with an answer that is none.
		{"202", 202, "", "", ": the contract declares no success with this status; the answer is empty", nil, true},
		{"204", 204, "", "", ": the contract declares no success with this status; the answer is empty", nil, true},
		{
			"206", 206, "application/json", `{"id":1}`,
			": the contract declares no success with this status; the answer is 8 bytes of application/json", nil, true,
		},
		{"success in HTML", success, "text/html", "<title>Sign in</title>", `: the answer is not JSON but 22 bytes of text/html titled "Sign in"`, nil, true},
		{"success without a type", success, "", `{"id":1}`, ": the answer is not JSON but 8 bytes of untyped", nil, true},
		{"success in text", success, "text/plain", `{"id":1}`, ": the answer is not JSON but 8 bytes of text/plain", nil, true},
		{
			"success in JSON of another kind", success, "application/problem+json", `{"id":1}`,
			": the answer is not JSON but 8 bytes of application/problem+json", nil, true,
		},
		{"success without a body", success, "application/json", "", ": the answer is malformed JSON at byte 0", nil, true},
		{"success cut short", success, "application/json", `{"id":84366`, ": the answer is malformed JSON at byte 11", nil, true},
		{"success with more after it", success, "application/json", `{"id":1} x`, ": the answer is malformed JSON at byte 10", nil, true},
		{
			"success with another type", success, "application/json", `{"id":"1"}`,
			": the answer does not fit the contract: id is of type string", nil, true,
		},
		{
			"success with a huge id", success, "application/json", `{"id":31700000000000000000}`,
			": the answer does not fit the contract: id is of type number", nil, true,
		},
		{
			"success with another shape", success, "application/json", `[]`,
			": the answer does not fit the contract: the whole is of type array", nil, true,
		},
		{"success of nothing", success, "application/json", ` null `, ": the answer does not fit the contract: the whole is null", nil, true},
		{"success without an id", success, "application/json", `{}`, ": the answer does not fit the contract: id is missing", nil, true},
		{
			"success that is a refusal", success, "application/json", envelope("access_denied"),
			": access_denied: the answer does not fit the contract: errors is there in spite of a status of success", nil, true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reading, placing := tt.status, tt.status
			if tt.status == success {
				reading, placing = http.StatusOK, http.StatusCreated
			}
			c, s := start(t, func(w http.ResponseWriter, r *http.Request) {
				status := reading
				if r.Method == http.MethodPost {
					status = placing
				}
				answer(status, tt.contentType, tt.body)(w, r)
			})

			_, err := c.Orders.Get(t.Context(), 1)
			checkError(t, err, reading, "getOrder: status "+strconv.Itoa(reading)+tt.want, tt.kinds)

			// The title of an HTML page might repeat the order, so the error leaves it out.
			untitled, _, _ := strings.Cut(tt.want, " titled")
			want := "orderPkioOrganisationPerson: status " + strconv.Itoa(placing) + untitled
			if tt.unknown {
				want += "; the outcome is unknown"
				tt.kinds = append(tt.kinds, "ErrOutcomeUnknown")
			}
			_, err = c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			checkError(t, err, placing, want, tt.kinds)

			if n := len(s.all()); n != 2 {
				t.Errorf("%d requests for two calls", n)
			}
		})
	}
}

func checkError(t *testing.T, err error, status int, text string, want []string) {
	t.Helper()
	var e *certcentral.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if e.StatusCode != status {
		t.Errorf("status %d, want %d", e.StatusCode, status)
	}
	if err.Error() != text {
		t.Errorf("error text:\ngot  %s\nwant %s", err, text)
	}
	if !strings.HasPrefix(text, e.Operation+": ") {
		t.Errorf("operation %s", e.Operation)
	}
	got := map[string]bool{}
	for name, kind := range kinds {
		if errors.Is(err, kind) {
			got[name] = true
		}
	}
	wanted := map[string]bool{}
	for _, name := range want {
		wanted[name] = true
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

func TestErrorDetails(t *testing.T) {
	t.Parallel()
	c := offline(t, 400, "application/json", envelope(
		"missing_field|certificate.individual.email", "missing_field|ship_info", "insufficient_funds"))
	_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
	var e *certcentral.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := []certcentral.ErrorDetail{
		{Code: "missing_field|certificate.individual.email", Message: "about missing_field|certificate.individual.email"},
		{Code: "missing_field|ship_info", Message: "about missing_field|ship_info"},
		{Code: "insufficient_funds", Message: "about insufficient_funds"},
	}
	if diff := cmp.Diff(want, e.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	for code, want := range map[string]bool{
		"missing_field": true, "missing_field|ship_info": true, "insufficient_funds": true,
		"missing": false, "missing_field|": false, "missing_field|ship": false, "": false,
	} {
		if e.Has(code) != want {
			t.Errorf("Has(%q) is %t", code, !want)
		}
	}
	if diff := cmp.Diff(want[1:2], e.At("ship_info")); diff != "" {
		t.Errorf("At (-want +got):\n%s", diff)
	}
	if found := e.At(""); found != nil {
		t.Errorf(`At(""): %v`, found)
	}
	if kind, detail := want[0].Kind(), want[0].Detail(); kind != "missing_field" || detail != "certificate.individual.email" {
		t.Errorf("kind %q, detail %q", kind, detail)
	}
	if kind, detail := want[2].Kind(), want[2].Detail(); kind != "insufficient_funds" || detail != "" {
		t.Errorf("kind %q, detail %q", kind, detail)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed: %s %s", r.Method, r.URL)
	}))
	t.Cleanup(other.Close)
	host := strings.TrimPrefix(other.URL, "http://")
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			c, s := start(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, other.URL+"/"+testKey, status)
			})
			want := ": status " + strconv.Itoa(status) + ": a redirect to " + host + ", which is not followed"
			_, err := c.Orders.Get(t.Context(), 1)
			checkError(t, err, status, "getOrder"+want, nil)
			_, err = c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			checkError(t, err, status, "orderPkioOrganisationPerson"+want+"; the outcome is unknown", []string{"ErrOutcomeUnknown"})
			if n := len(s.all()); n != 2 {
				t.Errorf("%d requests for two calls", n)
			}
		})
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	const limit = 8 << 20
	huge := strings.Repeat(" ", limit-len(`{"id":1}`)) + `{"id":1}`
	for _, tt := range []struct {
		name, body string
		status     int
		want       string
		kinds      []string
	}{
		{"at the limit", huge, 200, "", nil},
		{"over it", " " + huge, 200, "getOrder: status 200: the answer is larger than 8 MiB", nil},
		{"over it, refused", " " + huge, 500, "getOrder: status 500: the answer is larger than 8 MiB", []string{"ErrUnavailable"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := offline(t, tt.status, "application/json", tt.body).Orders.Get(t.Context(), 1)
			if tt.want != "" {
				checkError(t, err, tt.status, tt.want, tt.kinds)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, echo, want string }{
		{"echoed", "mine", "mine"},
		{"replaced", "theirs", "theirs"},
		{"ignored", "", "mine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, func(w http.ResponseWriter, r *http.Request) {
				if tt.echo != "" {
					w.Header().Set("X-Request-Id", tt.echo)
				}
				answerJSON(404, envelope("not_found|order"))(w, r)
			})
			_, err := c.Orders.Get(t.Context(), 1, certcentral.WithRequestID("mine"))
			var e *certcentral.Error
			if !errors.As(err, &e) || e.RequestID != tt.want {
				t.Errorf("got %#v, want request id %q", err, tt.want)
			}
			if got := s.only(t).Header.Get("X-Request-Id"); got != "mine" {
				t.Errorf("sent %q", got)
			}
		})
	}
}

func TestResponseInto(t *testing.T) {
	t.Parallel()
	body := envelope("not_found|order")
	c, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Mock-Server", "certcentral-mock/v0")
		answerJSON(404, body)(w, r)
	})
	stale := &http.Response{}
	resp := stale
	if _, err := c.Orders.Get(t.Context(), 1, certcentral.WithResponseInto(&resp)); err == nil {
		t.Fatal("no error")
	}
	if resp == stale || resp == nil || resp.StatusCode != http.StatusNotFound || resp.Header.Get("X-Mock-Server") == "" || resp.Request != nil {
		t.Fatalf("response %+v", resp)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil || string(b) != body {
		t.Errorf("body %q, %v", b, err)
	}

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Orders.Get(gone, 1, certcentral.WithResponseInto(&resp)); err == nil || resp != nil {
		t.Errorf("without an answer: %v and response %v", err, resp)
	}
}

// TestAnswerInAnotherDeclaredType answers a list with text/csv, which the contract also declares
// for it. The client reads JSON only.
func TestAnswerInAnotherDeclaredType(t *testing.T) {
	t.Parallel()
	body := `{"orders":[],` + emptyPage + `}`
	c := offline(t, 200, "text/csv", body)
	_, err := c.Orders.List(t.Context(), certcentral.OrderListOptions{})
	want := "listOrders: status 200: the answer is not JSON but " + strconv.Itoa(len(body)) + " bytes of text/csv"
	checkError(t, err, 200, want, nil)
}
