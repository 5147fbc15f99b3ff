package mockserver_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// checkStamp checks the headers with which the mock names itself and the request.
func checkStamp(tb testing.TB, header http.Header) {
	tb.Helper()
	if got := header.Values("X-Mock-Server"); len(got) != 1 || got[0] != "certcentral-mock/"+mockserver.Version() {
		tb.Errorf("X-Mock-Server: %q", got)
	}
	if got := header.Values("X-Request-Id"); len(got) != 1 || got[0] == "" {
		tb.Errorf("X-Request-Id: %q", got)
	}
	if got := header.Values("X-Content-Type-Options"); len(got) != 1 || got[0] != "nosniff" {
		tb.Errorf("X-Content-Type-Options: %q", got)
	}
	if got := header.Values("Content-Security-Policy"); len(got) != 1 || !strings.Contains(got[0], "frame-ancestors 'none'") {
		tb.Errorf("Content-Security-Policy: %q", got)
	}
}

// checkRefusal holds that a refusal is the vendor's envelope, with exactly the recorded content
// type.
func checkRefusal(tb testing.TB, header http.Header, body []byte) {
	tb.Helper()
	if got := header.Values("Content-Type"); !slices.Equal(got, []string{"application/json"}) {
		tb.Errorf("content type: %q", got)
	}
	codes(tb, body)
}

// A refused request, as text, and the first code of its answer.
type refused struct {
	head   string // request line and headers, without the last empty line
	body   string
	status int
	code   string
}

func refusals() map[string]refused {
	const key, isJSON = "X-DC-DEVKEY: test\r\n", "Content-Type: application/json\r\n"
	order := "POST " + orderPath + " HTTP/1.1\r\n"
	return map[string]refused{
		"no key":            {"GET /services/v2/user HTTP/1.1\r\n", "", 403, "access_denied|access_denied_invalid_key"},
		"empty key":         {"GET /services/v2/user HTTP/1.1\r\nX-DC-DEVKEY:\r\n", "", 403, "access_denied|access_denied_invalid_key"},
		"invalid key":       {"GET /services/v2/user HTTP/1.1\r\nX-DC-DEVKEY: invalid\r\n", "", 403, "access_denied|access_denied_invalid_key"},
		"key before body":   {order, "x", 403, "access_denied|access_denied_invalid_key"},
		"reset without key": {"POST /_mock/reset HTTP/1.1\r\n", "", 403, "access_denied|access_denied_invalid_key"},
		"route":             {"GET /nowhere HTTP/1.1\r\n", "", 404, "not_found|route"},
		"root":              {"GET / HTTP/1.1\r\n", "", 404, "not_found|route"},
		"prefix only":       {"GET /services/v2 HTTP/1.1\r\n" + key, "", 404, "not_found|route"},
		"order":             {"GET /services/v2/order/certificate/1 HTTP/1.1\r\n" + key, "", 404, "not_found|order"},
		"organization":      {"GET /services/v2/organization/1 HTTP/1.1\r\n" + key, "", 404, "not_found|organization"},
		"product":           {"POST /services/v2/order/certificate/ssl_basic HTTP/1.1\r\n" + key, "", 404, "not_found|product"},
		"method":            {"DELETE /services/v2/user HTTP/1.1\r\n" + key, "", 405, "method_not_allowed"},
		"method of order":   {"GET " + orderPath + " HTTP/1.1\r\n" + key, "", 405, "method_not_allowed"},
		"unknown method":    {"BREW " + orderPath + " HTTP/1.1\r\n" + key, "", 405, "method_not_allowed"},
		"method of docs":    {"POST /docs HTTP/1.1\r\n", "", 405, "method_not_allowed"},
		"query":             {"GET /services/v2/user?limit=0 HTTP/1.1\r\n" + key, "", 400, "invalid_field|limit"},
		"path":              {"GET /services/v2/organization/x HTTP/1.1\r\n" + key, "", 400, "invalid_field|organization_id"},
		"empty body":        {order + key + isJSON, "", 400, "bad_request_format"},
		"malformed":         {order + key + isJSON, "{", 400, "bad_request_format"},
		"contract":          {order + key + isJSON, "{}", 400, "missing_field|certificate"},
		"media type":        {order + key + "Content-Type: text/xml\r\n", "<a/>", 415, "unsupported_media_type"},
	}
}

// TestRefusals sends each refusal over one connection, which stays open, and checks what every
// answer has to have.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := dial(t, startMock(t))
	for name, tc := range refusals() {
		method, _, _ := strings.Cut(tc.head, " ")
		w.say(fmt.Sprintf("%sHost: localhost\r\nContent-Length: %d\r\n\r\n%s", tc.head, len(tc.body), tc.body))
		answer, body := w.hear(method)
		checkStamp(t, answer.Header)
		checkRefusal(t, answer.Header, body)
		if answer.StatusCode != tc.status || codes(t, body)[0] != tc.code {
			t.Errorf("%s: got %s %s, want %d %s", name, answer.Status, body, tc.status, tc.code)
		}
		if answer.Close {
			t.Fatalf("%s: the connection is closed", name)
		}
		if allow := answer.Header.Get("Allow"); (allow != "") != (tc.status == http.StatusMethodNotAllowed) {
			t.Errorf("%s: Allow is %q", name, allow)
		}
	}
}

// TestStamp holds that answers that are no refusals carry the mock's headers too.
func TestStamp(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for _, target := range []string{
		"/services/v2/user/me", "/services/v2/order/certificate", "/_mock/healthz", "/openapi.yaml", "/openapi.json", "/openapi.enforced.json",
		"/_mock/openapi.yaml", "/_mock/openapi.json", "/_mock/openapi.enforced.json", "/docs", "/docs/", "/docs/decisions",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := ask(t, mock, method, target, "")
			checkStamp(t, got.Header())
			if got.Code != http.StatusOK || got.Header().Get("Content-Type") == "" {
				t.Errorf("%s %s: %d, %v", method, target, got.Code, got.Header())
			}
		}
	}
	got := ask(t, mock, http.MethodPut, "/services/v2/organization/1920073/activate", "")
	checkStamp(t, got.Header())
	if got.Code != http.StatusNoContent || got.Body.Len() > 0 || got.Header().Get("Content-Type") != "" {
		t.Errorf("activate: %d %q %v", got.Code, got.Body, got.Header())
	}
}

// TestHead reads the answer to HEAD and the next one on the same connection: there is no body in
// between.
func TestHead(t *testing.T) {
	t.Parallel()
	w := dial(t, startMock(t, mockserver.WithResponseCheck(func(err error) { t.Error(err) })))
	for target, status := range map[string]int{
		"/services/v2/user/me": 200, "/services/v2/order/certificate?limit=5": 200, "/services/v2/order/certificate/1": 404,
		"/nowhere": 404, orderPath: 405, "/services/v2/user?limit=x": 400, "/openapi.yaml": 200, "/docs": 200, "/_mock/healthz": 200, "/_mock/reset": 405,
	} {
		for _, method := range []string{http.MethodHead, http.MethodGet} {
			w.say(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\n\r\n")
			answer, body := w.hear(method)
			if answer.StatusCode != status || (len(body) > 0) != (method == http.MethodGet) {
				t.Errorf("%s %s: %s, %d bytes", method, target, answer.Status, len(body))
			}
			if answer.Header.Get("Content-Type") == "" {
				t.Errorf("%s %s: no content type", method, target)
			}
		}
	}
}

// TestTooLarge holds that a client whose body is too large gets to read so, however it announces
// and sends it.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	plain, checked := startMock(t), startMock(t, mockserver.WithResponseCheck(func(err error) { t.Error(err) }))
	for _, mock := range []*mockserver.Server{plain, checked} {
		for _, size := range []int{1<<20 + 1, 2 << 20, 8 << 20} {
			for _, chunked := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d bytes, chunked %v", size, chunked), func(t *testing.T) {
					t.Parallel()
					transport := &http.Transport{}
					t.Cleanup(transport.CloseIdleConnections)
					r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mock.URL()+orderPath, bytes.NewReader(make([]byte, size)))
					if err != nil {
						t.Fatal(err)
					}
					if chunked {
						r.ContentLength = -1
					}
					r.Header.Set("X-DC-DEVKEY", "test")
					r.Header.Set("Content-Type", "application/json")
					answer, err := transport.RoundTrip(r)
					if err != nil {
						t.Fatalf("the client did not get the answer: %v", err)
					}
					var body bytes.Buffer
					if _, err := body.ReadFrom(answer.Body); err != nil {
						t.Fatal(err)
					}
					_ = answer.Body.Close()
					checkRefusal(t, answer.Header, body.Bytes())
					checkStamp(t, answer.Header)
					if answer.StatusCode != http.StatusRequestEntityTooLarge || codes(t, body.Bytes())[0] != "request_too_large" {
						t.Errorf("got %s %s", answer.Status, &body)
					}
				})
			}
		}
	}
}

// TestLargestBody holds that 1 MiB is not too large.
func TestLargestBody(t *testing.T) {
	t.Parallel()
	order := string(vendorOrder(t))
	got := ask(t, newMock(t), http.MethodPost, orderPath, order+strings.Repeat(" ", 1<<20-len(order)))
	if got.Code != http.StatusCreated {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
}

// TestExpect holds that a client that waits for 100 is asked for the body when it is wanted, and
// not when the answer is known without it.
func TestExpect(t *testing.T) {
	t.Parallel()
	mock, body := startMock(t), vendorOrder(t)
	w := begin(t, mock, body)
	w.say(string(body))
	if answer, text := w.hear(http.MethodPost); answer.StatusCode != http.StatusCreated {
		t.Errorf("got %s %s", answer.Status, text)
	}
	refused := dial(t, mock)
	refused.say(strings.Replace(orderHead(1<<30, "Expect: 100-continue\r\n"), "test", "invalid", 1))
	if answer, text := refused.hear(http.MethodPost); answer.StatusCode != http.StatusForbidden {
		t.Errorf("got %s %s", answer.Status, text)
	}
}

// TestHalfBody sends half of an order, and then nothing more.
func TestHalfBody(t *testing.T) {
	t.Parallel()
	mock, body := startMock(t), vendorOrder(t)
	w := begin(t, mock, body)
	w.say(string(body[:len(body)/2]))
	if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, text := w.hear(http.MethodPost)
	checkRefusal(t, answer.Header, text)
	if answer.StatusCode != http.StatusBadRequest || codes(t, text)[0] != "bad_request_format" {
		t.Errorf("got %s %s", answer.Status, text)
	}
	gone := begin(t, mock, body) // and a client that goes away
	gone.say(string(body[:10]))
	_ = gone.Close()
	if got := ask(t, mock, http.MethodGet, "/services/v2/order/certificate", ""); !strings.Contains(got.Body.String(), `"total":0`) {
		t.Errorf("half an order was placed: %s", got.Body)
	}
}

// TestMalformedHTTP: text that is not HTTP is answered with 4xx, or the connection is closed,
// within the limit.
func TestMalformedHTTP(t *testing.T) {
	t.Parallel()
	mock := startMock(t)
	for _, text := range []string{
		"\r\n\r\n\r\n", "hello\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", "GET %zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n",
		"POST " + orderPath + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 128<<10) + "\r\n\r\n",
		"GET /" + strings.Repeat("x", 128<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		t.Run(fmt.Sprintf("%.40q", text), func(t *testing.T) {
			t.Parallel()
			w := dial(t, mock)
			w.say(text)
			_ = w.Conn.(*net.TCPConn).CloseWrite()
			answer, err := http.ReadResponse(w.in, nil)
			if err != nil {
				return // closed without an answer
			}
			defer answer.Body.Close()
			if answer.StatusCode < 400 || answer.StatusCode >= 500 && answer.StatusCode != http.StatusHTTPVersionNotSupported && answer.StatusCode != http.StatusNotImplemented {
				t.Errorf("got %s", answer.Status)
			}
		})
	}
}

// TestNoRedirects sends paths that net/http would clean and redirect.
func TestNoRedirects(t *testing.T) {
	t.Parallel()
	w := dial(t, startMock(t))
	for _, target := range []string{
		"//", "//services/v2/user", "/services//v2/user", "/services/v2//user", "/services/v2/user//", "/services/v2/./user",
		"/services/v2/../v2/user", "/..", "/../", "/.", "/services/v2/%2e%2e/v2/user", "/services/v2/%2E/user", "/%2e%2e", "/services%2Fv2/user/",
		"/services/v2/user/.", "/services/v2/user/..", "/docs/..", "/docs/../", "/docs/%2e%2e/x", "/docs//",
		"/docs/.", "/docsx", "/docsx/", "/openapi.yaml/x", "/services", "/services/", "/services/v2", "/services/v2/order/certificate/%2e%2e",
		"/services/v2/order/certificate/a%2Fb", "http://localhost/services/v2//user", "/services/v2/order/certificate//", "/_mock", "/_mock/", "*",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, "CONNECT"} {
			if target == "*" && method == "CONNECT" || strings.HasPrefix(target, "http:") && method == "CONNECT" {
				continue // net/http does not take these
			}
			w.say(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\nContent-Length: 0\r\n\r\n")
			answer, body := w.hear(method)
			if answer.StatusCode >= 300 && answer.StatusCode < 400 || answer.Header.Get("Location") != "" || answer.StatusCode >= 500 {
				t.Errorf("%s %s: %s, to %q", method, target, answer.Status, answer.Header.Get("Location"))
			}
			if answer.StatusCode >= 400 {
				if got := answer.Header.Get("Content-Type"); got != "application/json" {
					t.Errorf("%s %s: %s as %s: %.80s", method, target, answer.Status, got, body)
				}
			}
			if answer.Close {
				t.Fatalf("%s %s closes the connection", method, target)
			}
		}
	}
}

// TestRequestIDs pins which ids are echoed.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for sent, echoed := range map[string]bool{
		"a": true, "3f2b-11": true, strings.Repeat("x", 128): true, "{}<>'\"~!": true,
		"": false, " ": false, "a b": false, "é": false, "\xff": false, "a\tb": false, "\x7f": false, strings.Repeat("x", 129): false,
		strings.Repeat("x", 60<<10): false, "a\nX-Injected: 1": false,
	} {
		got := ask(t, mock, http.MethodGet, "/_mock/healthz", "", "X-Request-Id", sent).Header()
		checkStamp(t, got)
		if (got.Get("X-Request-Id") == sent) != echoed || !echoed && !strings.HasPrefix(got.Get("X-Request-Id"), "mock-") {
			t.Errorf("%.40q became %.40q", sent, got.Get("X-Request-Id"))
		}
	}
	seen := map[string]bool{}
	for range 100 {
		id := ask(t, mock, http.MethodGet, "/nowhere", "").Header().Get("X-Request-Id")
		if seen[id] {
			t.Fatalf("%s is given twice", id)
		}
		seen[id] = true
	}
}

// TestTrailingSlash holds that a slash at the end of a path changes nothing, and that an escaped
// one belongs to a value.
func TestTrailingSlash(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	if got := ask(t, mock, http.MethodPost, orderPath+"/", string(vendorOrder(t))); got.Code != http.StatusCreated {
		t.Fatalf("order: %d %s", got.Code, got.Body)
	}
	const order = "/services/v2/order/certificate/843668399"
	for suffix, want := range map[string]int{
		"": http.StatusOK, "/": http.StatusOK, "%2F": http.StatusNotFound, "%2F/": http.StatusNotFound, "/%2F": http.StatusNotFound,
	} {
		if got := ask(t, mock, http.MethodGet, order+suffix, ""); got.Code != want {
			t.Errorf("%s: got %d, want %d", suffix, got.Code, want)
		}
	}
}

// TestNotHTTP: what never reaches the mock is refused by net/http, without the header that names
// the mock.
func TestNotHTTP(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]string{
		"no request line": "nonsense\r\n\r\n",
		"no host":         "GET /services/v2/user/me HTTP/1.1\r\n\r\n",
		"a huge header":   "GET / HTTP/1.1\r\nHost: mock\r\nX-Huge: " + strings.Repeat("x", 128<<10) + "\r\n\r\n",
	} {
		w := dial(t, startMock(t))
		w.say(request)
		answer, _ := w.hear(http.MethodGet)
		if answer.StatusCode < 400 || answer.Header.Get("X-Mock-Server") != "" {
			t.Errorf("%s: %s %v", name, answer.Status, answer.Header)
		}
	}
}
