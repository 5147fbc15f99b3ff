package mockserver_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pkio-tools/certcentral/mockserver"
)

// fuzzMock is a mock whose breaches of the contract are kept for the input that caused them.
func fuzzMock(tb testing.TB, opts ...mockserver.Option) (mock *mockserver.Server, breach func() error) {
	tb.Helper()
	var last error
	report := mockserver.WithResponseCheck(func(err error) { last = err })
	mock, err := mockserver.New(append([]mockserver.Option{report, mockserver.WithQuickKeys(), mockserver.WithClock(vectorClock)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return mock, func() error {
		err := last
		last = nil
		return err
	}
}

// vectorRequests calls use with the method, target and body of each request of the contract
// vectors.
func vectorRequests(tb testing.TB, use func(method, target, body string)) {
	tb.Helper()
	for _, path := range vectorFiles(tb) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		for _, section := range archive.Files {
			if !strings.HasPrefix(section.Name, "request") {
				continue
			}
			head, body, _ := strings.Cut(string(section.Data), "\n\n")
			line, _, _ := strings.Cut(head, "\n")
			method, target, _ := strings.Cut(line, " ")
			use(method, target, body)
		}
	}
}

// FuzzListQuery holds that a list answers any query with a page that fits it or with a refusal that
// says why.
func FuzzListQuery(f *testing.F) {
	lists := []string{"/services/v2/order/certificate", "/services/v2/organization", "/services/v2/user", "/services/v2/finance/payment-profile"}
	vectorRequests(f, func(_, target, _ string) {
		if path, query, found := strings.Cut(target, "?"); found {
			for i, list := range lists {
				if path == list {
					f.Add(uint8(i), query)
				}
			}
		}
	})
	for i, query := range []string{
		"", "&", "=", "%", "limit=2&offset=1", "limit=1000&offset=999999999999999", "sort=-status,name,-id", "limit=%31", "sort=-order_id,common_name",
		"filters[status]=pending&filters[organization_id]=1920073", "filters%5Bstatus%5D=active", "filters[x]=1", "limit=1;offset=2", "limit=00000000001",
		"limit=-1", "limit=1e2", "limit=9223372036854775808", "limit=1&limit=1", "\x00", "é=ü", "%ff", "filters[\xff]", "limit=\u0661",
	} {
		f.Add(uint8(i), query)
	}
	mock, breach := fuzzMock(f)
	for range 3 {
		ask(f, mock, http.MethodPost, orderPath, string(vendorOrder(f)))
	}
	f.Fuzz(func(t *testing.T, list uint8, query string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, lists[int(list)%len(lists)], http.NoBody)
		r.URL.RawQuery = query
		r.Header.Set("X-DC-DEVKEY", "test")
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if err := breach(); err != nil {
			t.Fatal(err)
		}
		checkStamp(t, w.Header())
		switch w.Code {
		case http.StatusOK:
			checkPage(t, r.URL, w.Body.Bytes())
		case http.StatusBadRequest:
			checkRefusal(t, w.Header(), w.Body.Bytes())
		default:
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}

// checkPage holds that a page is as long as it may be and as it was asked for.
func checkPage(t *testing.T, asked *url.URL, body []byte) {
	t.Helper()
	var list map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	var page struct {
		Limit  int `json:"limit"`
		Offset int `json:"offset"`
		Total  int `json:"total"`
	}
	if err := json.Unmarshal(list["page"], &page); err != nil {
		t.Fatal(err)
	}
	delete(list, "page")
	for name, member := range list {
		var items []json.RawMessage
		if err := json.Unmarshal(member, &items); err != nil || items == nil {
			t.Fatalf("%s: %v %s", name, err, member)
		}
		if want := max(0, min(page.Limit, page.Total-page.Offset)); len(items) != want {
			t.Errorf("%s: %d items, want %d of %+v", name, len(items), want, page)
		}
	}
	query := asked.Query()
	if page.Limit < 1 || page.Limit > 1000 || page.Offset < 0 || !query.Has("limit") && page.Limit != 1000 || !query.Has("offset") && page.Offset != 0 {
		t.Errorf("%+v for %q", page, asked.RawQuery)
	}
}

// FuzzOrderHTTP holds that an order with any body is answered as the contract says, and twice in
// the same way.
func FuzzOrderHTTP(f *testing.F) {
	examples, err := filepath.Glob(filepath.Join(exampleDir, "orderPkioOrganisationPerson.*.request.json"))
	if err != nil || len(examples) == 0 {
		f.Fatal("no examples", err)
	}
	for _, path := range examples {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("application/json", body)
	}
	vectorRequests(f, func(_, target, body string) {
		if strings.HasPrefix(target, orderPath) && body != "" {
			f.Add("application/json", []byte(body))
		}
	})
	f.Add("", []byte("{}"))
	f.Add("text/xml", []byte("<order/>"))
	f.Add("application/json;charset=x;=", []byte("null"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		var first *httptest.ResponseRecorder
		for range 2 {
			mock, breach := fuzzMock(t)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, orderPath, bytes.NewReader(body))
			r.Header.Set("X-DC-DEVKEY", "test")
			r.Header.Set("Content-Type", contentType)
			w := httptest.NewRecorder()
			mock.ServeHTTP(w, r)
			if err := breach(); err != nil {
				t.Fatal(err)
			}
			switch w.Code {
			case http.StatusCreated:
			case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
				checkRefusal(t, w.Header(), w.Body.Bytes())
			default:
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			checkListed(t, mock, w.Code == http.StatusCreated)
			if first == nil {
				first = w
			} else if first.Code != w.Code || !bytes.Equal(first.Body.Bytes(), w.Body.Bytes()) {
				t.Fatalf("first %d %s, then %d %s", first.Code, first.Body, w.Code, w.Body)
			}
		}
	})
}

// checkListed holds that an order is there when it was accepted, and nothing has changed when it
// was not.
func checkListed(t *testing.T, mock http.Handler, accepted bool) {
	t.Helper()
	got := ask(t, mock, http.MethodGet, "/services/v2/order/certificate/843668399", "")
	if want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[accepted]; got.Code != want {
		t.Errorf("accepted is %v, and to read it gives %d %s", accepted, got.Code, got.Body)
	}
	for _, target := range []string{"/services/v2/organization", "/services/v2/user", "/services/v2/finance/payment-profile", "/services/v2/organization/1920073"} {
		if got := ask(t, mock, http.MethodGet, target, ""); got.Code != http.StatusOK {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
}

// FuzzPath holds that any method at any path gets an answer: never a fault of the mock, never a
// redirect, and JSON for every refusal.
func FuzzPath(f *testing.F) {
	vectorRequests(f, func(method, target, _ string) { f.Add(method, target) })
	for _, target := range []string{
		"/", "//", "/..", "/%2e%2e", "/services/v2//user", "/services/v2/user/", "/services/v2/order/certificate/%2f", "/services/v2/order/certificate/%00",
		"/docs", "/openapi.yaml", "/_mock/healthz", "/services/v2/organization/9223372036854775808", "/services/v2/organization/%31/deactivate",
		"/services/v2/order/certificate/-0", "/services/v2/order/certificate/x?filters[", "*", "", "/\xff", "/ ", "/services/v2/organization//activate",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, "CONNECT", "x"} {
			f.Add(method, target)
		}
	}
	mock, breach := fuzzMock(f, mockserver.WithMaxOrders(5))
	f.Fuzz(func(t *testing.T, method, target string) {
		at, err := url.ParseRequestURI(target)
		if err != nil || method == "" || strings.HasPrefix(at.Path, "/docs/") {
			t.Skip("net/http does not let them through; the assets of the page are not ours")
		}
		if at.Path == "///" {
			t.Skip("redirected, which is a bug that the maintainers know of")
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", strings.NewReader(string(vendorOrder(t))))
		r.Method, r.URL, r.RequestURI = method, at, target
		r.Header.Set("X-DC-DEVKEY", "test")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if err := breach(); err != nil {
			t.Fatal(err)
		}
		checkStamp(t, w.Header())
		switch {
		case w.Code < 300:
		case w.Code < 400, w.Code >= 500 && w.Code != http.StatusServiceUnavailable:
			t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
		case method == http.MethodHead:
			if w.Body.Len() > 0 {
				t.Errorf("HEAD has a body: %s", w.Body)
			}
		default:
			checkRefusal(t, w.Header(), w.Body.Bytes())
		}
	})
}
