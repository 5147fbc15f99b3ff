package mockserver_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver"
)

const orderPath = "/services/v2/order/certificate/pkio_organisation_person"

func vendorOrder(tb testing.TB) []byte {
	tb.Helper()
	return []byte(gen.ExampleOrder)
}

// BenchmarkOrderOverLoopback compares placing the vendor's first example with a floor that reads
// the body and answers a constant 201. Each iteration drives one after the other for a second, with
// 16 keep-alive connections on the same cores as the servers, and in the other order the next time.
// The figures are medians. The life is manual, so that no certificate is issued;
// BenchmarkOrderWhileIssuing measures that.
func BenchmarkOrderOverLoopback(b *testing.B) {
	body := vendorOrder(b)
	floor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"certificate_id":845503702,"id":843668399}`+"\n")
	}))
	defer floor.Close()
	var floors, mocks, ratios []float64
	for b.Loop() {
		var floorRate, mockRate float64
		measureMock := func() {
			mock := startMock(b, mockserver.WithLife(mockserver.LifeManual)) // a fresh one, so that a round does not collect the orders of the one before
			mockRate = drive(b, mock.URL(), body)
			_ = mock.Close()
		}
		if len(ratios)%2 == 0 {
			floorRate = drive(b, floor.URL, body)
			measureMock()
		} else {
			measureMock()
			floorRate = drive(b, floor.URL, body)
		}
		floors, mocks, ratios = append(floors, floorRate), append(mocks, mockRate), append(ratios, mockRate/floorRate)
	}
	b.ReportMetric(median(floors), "floor-req/s")
	b.ReportMetric(median(mocks), "mock-req/s")
	b.ReportMetric(median(ratios), "mock/floor")
	b.ReportMetric(0, "ns/op")
}

func startMock(tb testing.TB, opts ...mockserver.Option) *mockserver.Server {
	tb.Helper()
	mock, err := mockserver.New(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = mock.Close() })
	return mock
}

// drive sends orders over 16 connections for a second and returns how many were answered in a
// second.
func drive(b *testing.B, url string, body []byte) float64 {
	b.Helper()
	order := rawRequest(http.MethodPost, orderPath, "bench", body)
	return throughput(b, url, 16, func(int) func() []byte { return func() []byte { return order } })
}

// rawRequest is a request as it goes over the wire.
func rawRequest(method, target, key string, body []byte) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, target, key, len(body), body)
}

// throughput sends requests for a second and returns how many were answered in a second. Each
// connection asks for its requests by its number. It speaks HTTP/1.1 by hand: net/http's client
// costs as much as the floor, which would flatter the ratio.
func throughput(b *testing.B, url string, connections int, requests func(connection int) func() []byte) float64 {
	b.Helper()
	var done atomic.Int64
	var group sync.WaitGroup
	ctx, cancel := context.WithTimeout(b.Context(), time.Second)
	defer cancel()
	start := time.Now()
	for i := range connections {
		next := requests(i)
		group.Go(func() {
			if err := converse(ctx, strings.TrimPrefix(url, "http://"), next, &done); err != nil {
				b.Error(err)
			}
		})
	}
	group.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}

func converse(ctx context.Context, address string, next func() []byte, done *atomic.Int64) error {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	in := bufio.NewReader(connection)
	for ctx.Err() == nil {
		if _, err := connection.Write(next()); err != nil {
			return err
		}
		length, chunked := 0, false
		for first := true; ; first = false {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return err
			}
			if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 20")) {
				return fmt.Errorf("answer %q", line)
			}
			if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
				if length, err = strconv.Atoi(strings.TrimSpace(string(value))); err != nil {
					return err
				}
			}
			chunked = chunked || bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked"))
			if len(line) == 2 {
				break
			}
		}
		if chunked {
			if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(in)); err != nil {
				return err
			}
			length = 2 // the line end after the last chunk
		}
		if _, err := in.Discard(length); err != nil {
			return err
		}
		done.Add(1)
	}
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// A sink is the cheapest ResponseWriter there is.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }

func newHandler(tb testing.TB) http.Handler {
	tb.Helper()
	// In a manual life no certificate is issued in the background, which would be measured too.
	server, err := mockserver.New(mockserver.WithLife(mockserver.LifeManual), mockserver.WithMaxOrders(1_000_000))
	if err != nil {
		tb.Fatal(err)
	}
	return server
}

func call(tb testing.TB, handler http.Handler, method, target string, body []byte, key string) {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, bytes.NewReader(body))
	r.Header.Set("X-DC-DEVKEY", key)
	r.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	handler.ServeHTTP(w, r)
	if w.status >= http.StatusBadRequest {
		tb.Fatalf("%s %s: %d", method, target, w.status)
	}
}

// BenchmarkOrderHandler counts what one order allocates inside the handler.
func BenchmarkOrderHandler(b *testing.B) {
	body, handler := vendorOrder(b), newHandler(b)
	reader := bytes.NewReader(body)
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, orderPath, http.NoBody)
	r.Header.Set("X-DC-DEVKEY", "bench")
	r.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		handler.ServeHTTP(w, r)
	}
	if w.status != http.StatusCreated {
		b.Fatal(w.status)
	}
}

// BenchmarkListOrders compares a page of 50 among 100 orders with one among 100,000, from the
// middle of the list.
func BenchmarkListOrders(b *testing.B) {
	small, large := newHandler(b), newHandler(b)
	fill(b, small, 100)
	fill(b, large, 100_000)
	var few, many []float64
	for b.Loop() {
		few = append(few, elapsed(func() {
			call(b, small, http.MethodGet, "/services/v2/order/certificate?limit=50&offset=50", nil, "bench")
		}))
		many = append(many, elapsed(func() {
			call(b, large, http.MethodGet, "/services/v2/order/certificate?limit=50&offset=50000", nil, "bench")
		}))
	}
	b.ReportMetric(median(few)/1e3, "µs-of-100")
	b.ReportMetric(median(many)/1e3, "µs-of-100000")
	b.ReportMetric(median(many)/median(few), "ratio")
	b.ReportMetric(0, "ns/op")
}

func elapsed(do func()) float64 {
	start := time.Now()
	do()
	return float64(time.Since(start))
}

func fill(tb testing.TB, handler http.Handler, orders int) {
	tb.Helper()
	body := vendorOrder(tb)
	for range orders {
		call(tb, handler, http.MethodPost, orderPath, body, "bench")
	}
}

// BenchmarkHeapPerOrder measures how much of the heap an order of the vendor's first example keeps,
// its new individual included.
func BenchmarkHeapPerOrder(b *testing.B) {
	const orders = 20_000
	var sizes []float64
	for b.Loop() {
		handler := newHandler(b)
		fill(b, handler, 1)
		before := heap()
		fill(b, handler, orders)
		sizes = append(sizes, float64(heap()-before)/orders)
		runtime.KeepAlive(handler)
	}
	b.ReportMetric(median(sizes), "B/order")
	b.ReportMetric(0, "ns/op")
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// BenchmarkProcess measures the command as it is released: from the start of the process to its
// first validated 201, its memory then, and the size of the binary.
func BenchmarkProcess(b *testing.B) {
	binary := buildCommand(b)
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	body := vendorOrder(b)
	var starts, memory []float64
	for b.Loop() {
		started, resident := firstOrder(b, binary, body)
		starts, memory = append(starts, started), append(memory, resident)
	}
	b.ReportMetric(median(starts), "ms-to-first-201")
	b.ReportMetric(median(memory), "MiB-resident")
	b.ReportMetric(float64(info.Size())/(1<<20), "MiB-binary")
	b.ReportMetric(0, "ns/op")
}

// buildCommand builds the command as it is released.
func buildCommand(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "certcentral-mock")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/certcentral-mock")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func firstOrder(b *testing.B, binary string, body []byte) (milliseconds, mebibytes float64) {
	b.Helper()
	command := exec.CommandContext(b.Context(), binary, "--addr", "127.0.0.1:0")
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	idle := memoryOf(b, command.Process.Pid, "VmRSS")
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, strings.TrimSpace(url)+orderPath, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("X-DC-DEVKEY", "bench")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		b.Fatal(answer.Status)
	}
	return float64(time.Since(start)) / float64(time.Millisecond), idle
}

// memoryOf is the memory of a process in MiB, where /proc has it: VmRSS, the memory in use now, or
// VmHWM, the most that was in use so far.
func memoryOf(b *testing.B, pid int, field string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Logf("memory is not known here: %v", err)
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, field+":"); found {
			kib, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kib / 1024
		}
	}
	return 0
}
