package mockserver_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzListForms holds that a list has the same items, or the same refusal, in both of its forms,
// whatever the query. Status changes have one form only, and are the same twice.
func FuzzListForms(f *testing.F) {
	lists := []struct{ path, items, id string }{
		{"/services/v2/order/certificate", "orders", "id"},
		{"/services/v2/organization", "organizations", "id"},
		{"/services/v2/user", "users", "id"},
		{"/services/v2/request", "requests", "id"},
		{"/services/v2/order/certificate/status-changes", "orders", "order_id"},
	}
	vectorRequests(f, func(_, target, _ string) {
		path, query, _ := strings.Cut(target, "?")
		for i, list := range lists {
			if path == list.path {
				f.Add(uint8(i), query)
			}
		}
	})
	for i, query := range []string{
		"filters[date_created]=0001-01-01...9999-12-31T23:59:59%2B14:00&sort=-valid_till,+order_id", "filters[x][y][0]=1;2&filters[][]=%zz",
		"filters[search]=%25%00&filters[search]=JOHN%20doe", "filters[search][000]=%25", "offset=999999999999999&sort=-id",
		"filters[status_last_updated][0]=0001-01-01T00:00Z...0001-01-02",
	} {
		f.Add(uint8(i), query)
	}
	mock, breach := fuzzMock(f)
	for range 3 {
		request(f, mock, http.MethodPost, orderPath, vendorOrder(f), http.StatusCreated)
	}
	f.Fuzz(func(t *testing.T, list uint8, query string) {
		l := lists[int(list)%len(lists)]
		get := func(accept string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, l.path, http.NoBody)
			r.URL.RawQuery = query
			r.Header.Set("X-DC-DEVKEY", "bench")
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			mock.ServeHTTP(w, r)
			if err := breach(); err != nil {
				t.Fatal(err)
			}
			return w
		}
		plain, other := get("application/json"), get("text/csv")
		if plain.Code != other.Code {
			t.Fatalf("%d as JSON, %d as CSV", plain.Code, other.Code)
		}
		if other.Header().Get("Content-Type") != "text/csv" {
			if plain.Body.String() != other.Body.String() {
				t.Fatalf("%s, then %s", plain.Body, other.Body)
			}
			return
		}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(plain.Body.Bytes(), &raw); err != nil {
			t.Fatal(err)
		}
		var items []map[string]json.RawMessage
		if err := json.Unmarshal(raw[l.items], &items); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(other.Body).ReadAll()
		if err != nil || len(lines) != len(items)+1 || lines[0][0] != l.id {
			t.Fatalf("%d lines for %d items: %v", len(lines), len(items), err)
		}
		for i, item := range items {
			if lines[i+1][0] != string(item[l.id]) {
				t.Fatalf("line %d is about %s, not %s", i+1, lines[i+1][0], item[l.id])
			}
		}
	})
}
