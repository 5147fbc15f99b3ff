package mockserver_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// BenchmarkOrderWhileIssuing compares how long orders take while certificates with the default keys
// are being made with how long they take while no certificate is made. Each iteration drives both
// for a second, with 16 connections that send as fast as they can, and in the other order the next
// time. The figures are medians over the iterations.
func BenchmarkOrderWhileIssuing(b *testing.B) {
	order := rawRequest(http.MethodPost, orderPath, "bench", vendorOrder(b))
	authority, err := mockserver.NewCA()
	if err != nil {
		b.Fatal(err)
	}
	issueOne(b, startMock(b, mockserver.WithCA(authority))) // the CAs have their keys from here on
	measure := func(life mockserver.Life) time.Duration {
		mock := startMock(b, mockserver.WithCA(authority), mockserver.WithLife(life))
		defer func() { _ = mock.Close() }()
		_ = latencies(b, mock.URL(), order, 100*time.Millisecond) // until a worker is at it
		all := latencies(b, mock.URL(), order, time.Second)
		return all[len(all)*99/100]
	}
	var stopped, issuing, ratios []float64
	for b.Loop() {
		var without, with time.Duration
		if len(ratios)%2 == 0 {
			without = measure(mockserver.LifeManual)
			with = measure(mockserver.LifeAuto)
		} else {
			with = measure(mockserver.LifeAuto)
			without = measure(mockserver.LifeManual)
		}
		stopped, issuing = append(stopped, float64(without)/1e6), append(issuing, float64(with)/1e6)
		ratios = append(ratios, float64(with)/float64(without))
	}
	b.ReportMetric(median(stopped), "ms-p99-stopped")
	b.ReportMetric(median(issuing), "ms-p99-issuing")
	b.ReportMetric(median(ratios), "p99-ratio")
	b.ReportMetric(0, "ns/op")
}

// issueOne waits until a mock has issued a certificate.
func issueOne(tb testing.TB, mock *mockserver.Server) {
	tb.Helper()
	call(tb, mock, http.MethodPost, orderPath, vendorOrder(tb), "first")
	if err := mock.Settle(tb.Context(), "first"); err != nil {
		tb.Fatal(err)
	}
}

// latencies sends a request over 16 connections for some time, and returns how long each answer
// took, the shortest first.
func latencies(b *testing.B, url string, request []byte, during time.Duration) []time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), during)
	defer cancel()
	var mu sync.Mutex
	var all []time.Duration
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			own, err := timed(ctx, strings.TrimPrefix(url, "http://"), request)
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	group.Wait()
	slices.Sort(all)
	return all
}

func timed(ctx context.Context, address string, request []byte) ([]time.Duration, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	in := bufio.NewReader(connection)
	var all []time.Duration
	for ctx.Err() == nil {
		start := time.Now()
		if _, err := connection.Write(request); err != nil {
			return all, err
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return all, err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return all, err
		}
		_ = answer.Body.Close()
		all = append(all, time.Since(start))
	}
	return all, nil
}

// BenchmarkCatchUp measures how fast certificates are made once the orders stop, with the keys that
// are the default and with quick ones.
func BenchmarkCatchUp(b *testing.B) {
	body := vendorOrder(b)
	for name, tc := range map[string]struct {
		option mockserver.Option
		orders int
	}{
		"default": {mockserver.WithTokenKey(mockserver.RSA3072), 16},
		"quick":   {mockserver.WithQuickKeys(), 4000},
	} {
		b.Run(name, func(b *testing.B) {
			var rates []float64
			for b.Loop() {
				mock := startMock(b, tc.option)
				issueOne(b, mock)
				for range tc.orders {
					call(b, mock, http.MethodPost, orderPath, body, "bench")
				}
				start := time.Now()
				if err := mock.Settle(b.Context(), "bench"); err != nil {
					b.Fatal(err)
				}
				rates = append(rates, float64(tc.orders)/time.Since(start).Seconds())
				_ = mock.Close()
			}
			b.ReportMetric(median(rates), "certificates/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkCRL compares a CRL that is cached, of a CA with a thousand revocations, with a net/http
// handler that writes the same octets.
func BenchmarkCRL(b *testing.B) {
	const revocations = 1000
	mock := startMock(b, mockserver.WithQuickKeys())
	body := vendorOrder(b)
	for range revocations {
		call(b, mock, http.MethodPost, orderPath, body, "bench")
	}
	if err := mock.Settle(b.Context(), "bench"); err != nil {
		b.Fatal(err)
	}
	for n := range revocations {
		path := "/services/v2/certificate/" + strconv.Itoa(845503702+n) + "/revoke"
		call(b, mock, http.MethodPut, path, []byte(`{"skip_approval": true}`), "bench")
	}
	const path = "/_mock/ca/tsp-g3.crl"
	crl := fetch(b, mock.URL()+path, "application/pkix-crl")
	floor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pkix-crl")
		w.Header().Set("Content-Length", strconv.Itoa(len(crl)))
		_, _ = w.Write(crl)
	}))
	defer floor.Close()
	request := []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
	rate := func(url string) float64 {
		return throughput(b, url, 16, func(int) func() []byte { return func() []byte { return request } })
	}
	var floors, mocks, ratios []float64
	for b.Loop() {
		var floorRate, mockRate float64
		if len(ratios)%2 == 0 {
			floorRate, mockRate = rate(floor.URL), rate(mock.URL())
		} else {
			mockRate, floorRate = rate(mock.URL()), rate(floor.URL)
		}
		floors, mocks, ratios = append(floors, floorRate), append(mocks, mockRate), append(ratios, mockRate/floorRate)
	}
	b.ReportMetric(median(floors), "floor-req/s")
	b.ReportMetric(median(mocks), "mock-req/s")
	b.ReportMetric(median(ratios), "mock/floor")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkHeapPerIssuedOrder measures how much of the heap an issued order keeps, with quick keys:
// its certificate, its key and its individual included.
func BenchmarkHeapPerIssuedOrder(b *testing.B) {
	const orders = 5000
	var sizes []float64
	for b.Loop() {
		mock := startMock(b, mockserver.WithQuickKeys())
		issueOne(b, mock)
		before := heap()
		fill(b, mock, orders)
		if err := mock.Settle(b.Context(), "bench"); err != nil {
			b.Fatal(err)
		}
		sizes = append(sizes, float64(heap()-before)/orders)
		runtime.KeepAlive(mock)
	}
	b.ReportMetric(median(sizes), "B/order")
	b.ReportMetric(0, "ns/op")
}
