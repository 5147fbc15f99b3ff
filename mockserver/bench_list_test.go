package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// BenchmarkFilteredList asks for a page of 50 out of 100,000 orders, each for an individual of its
// own, without the network. The target is 10 ms.
func BenchmarkFilteredList(b *testing.B) {
	mock := manyOrders(b, 100_000)
	for _, bm := range []struct{ name, query string }{
		{"first", ""},
		{"last", "offset=99950"},
		{"status+date,-date", "filters[status]=pending&filters[date_created]=2026-02-01...2026-09-30&sort=-date_created"},
		{"product,-id", "filters[product_name_id]=pkio_organisation_person&sort=-order_id"},
		{"common_name", "sort=common_name"},
		{"-common_name,deep", "sort=-common_name&offset=950"},
		{"search", "filters[search]=%25son+77"},
		{"search,-status", "filters[search]=%25son&sort=-status"},
		{"email", "filters[email]=p99999@example.com"},
	} {
		target := "/services/v2/order/certificate?limit=50&" + bm.query
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				request(b, mock, http.MethodGet, target, nil, http.StatusOK)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/page")
		})
	}
}

// manyOrders is a mock with orders that were placed in the course of a year, a quarter of which
// have been canceled.
func manyOrders(tb testing.TB, n int) *mockserver.Server {
	tb.Helper()
	var clock atomic.Int64
	clock.Store(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	mock, err := mockserver.New(
		mockserver.WithClock(func() time.Time { return time.Unix(clock.Load(), 0) }), mockserver.WithLife(mockserver.LifeManual),
		mockserver.WithMaxOrders(1_000_000),
	)
	if err != nil {
		tb.Fatal(err)
	}
	before, after, found := bytes.Cut(vendorOrder(tb), []byte(`"first_name": "John",`))
	if !found {
		tb.Fatal("the vendor's order is for somebody else")
	}
	before, after = bytes.Clone(before), bytes.Replace(after, []byte("john.doe@"), []byte("p%d@"), 1)
	after = bytes.Replace(after, []byte(`"Doe"`), []byte(`"Person %d"`), 1)
	for i := range n {
		clock.Add(int64(365 * 24 * time.Hour / time.Second / time.Duration(n)))
		name := i * 7919 % n // names in another order than the orders
		body := fmt.Appendf(bytes.Clone(before), `"first_name": "John",`+string(after), name, name)
		request(tb, mock, http.MethodPost, orderPath, body, http.StatusCreated)
		if i%4 == 0 {
			target := fmt.Sprintf("/services/v2/order/certificate/%d/status", 843668399+i)
			request(tb, mock, http.MethodPut, target, []byte(`{"status":"canceled","note":"bench"}`), http.StatusNoContent)
		}
	}
	return mock
}

// request sends a request to the handler and wants a status.
func request(tb testing.TB, handler http.Handler, method, target string, body []byte, want int) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, bytes.NewReader(body))
	r.Header.Set("X-DC-DEVKEY", "bench")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != want {
		tb.Fatalf("%s %s: %d %s", method, target, w.Code, w.Body)
	}
	return w
}
