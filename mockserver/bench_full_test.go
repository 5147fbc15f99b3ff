package mockserver_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkFull runs the command with a GOMEMLIMIT of 256 MiB and fills it. It places orders, all
// of which are issued, and sends keys that only read, until an order is refused; then it adds long
// notes until a note is refused. It reports how many orders, keys and notes were accepted, and the
// most memory that the process used, which must be below the limit.
func BenchmarkFull(b *testing.B) {
	const limit, accounts = 256, 10
	binary := filepath.Join(b.TempDir(), "certcentral-mock")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "./cmd/certcentral-mock").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	body := vendorOrder(b)
	note := fmt.Appendf(nil, `{"text":%q}`, strings.Repeat("n", 4096))
	for b.Loop() {
		mock := startFull(b, binary, limit)
		account := func(i int64) string { return fmt.Sprint("full-", i%accounts) }
		orders := mock.fill(func(i int64) bool {
			mock.send(http.MethodGet, "/services/v2/user/me", fmt.Sprint("reader-", i), nil)
			return mock.send(http.MethodPost, orderPath, account(i), body)
		})
		for i := range int64(accounts) {
			mock.send(http.MethodPost, "/_mock/settle", account(i), nil)
		}
		notes := mock.fill(func(i int64) bool {
			target := fmt.Sprintf("/services/v2/order/certificate/%d/note", 843668399+i/accounts%500)
			return mock.send(http.MethodPost, target, account(i), note)
		})
		for i := range int64(accounts) {
			mock.send(http.MethodGet, "/services/v2/order/certificate", account(i), nil)
		}
		peak := memoryOf(b, mock.process.Process.Pid, "VmHWM")
		if peak > limit {
			b.Errorf("%.0f MiB were in use, of %d", peak, limit)
		}
		mock.stop()
		b.ReportMetric(float64(orders), "orders")
		b.ReportMetric(float64(notes), "notes")
		b.ReportMetric(peak, "MiB-peak")
	}
	b.ReportMetric(0, "ns/op")
}

// A fullMock is a process that is filled.
type fullMock struct {
	*testing.B
	process *exec.Cmd
	url     string
}

func startFull(b *testing.B, binary string, mebibytes int) *fullMock {
	b.Helper()
	process := exec.CommandContext(b.Context(), binary,
		"--addr", "127.0.0.1:0", "--ca-key", "p256", "--token-key", "p256", "--log-level", "error")
	process.Env = append(os.Environ(), fmt.Sprintf("GOMEMLIMIT=%dMiB", mebibytes))
	out, err := process.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &fullMock{b, process, strings.TrimSpace(url)}
}

func (m *fullMock) stop() {
	_ = m.process.Process.Kill()
	_ = m.process.Wait()
}

// fill adds things with several clients until one is refused, and returns how many were accepted.
func (m *fullMock) fill(add func(i int64) bool) int64 {
	var next, accepted atomic.Int64
	var refused atomic.Bool
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for !refused.Load() {
				if add(next.Add(1) - 1) {
					accepted.Add(1)
				} else {
					refused.Store(true)
				}
			}
		})
	}
	clients.Wait()
	return accepted.Load()
}

// send tells whether a request was accepted. One that is refused has to be refused because the mock
// is full.
func (m *fullMock) send(method, target, key string, body []byte) bool {
	request, err := http.NewRequestWithContext(m.Context(), method, m.url+target, bytes.NewReader(body))
	if err != nil {
		m.Error(err)
		return false
	}
	request.Header.Set("X-DC-DEVKEY", key)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.Error(err)
		return false
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if response.StatusCode/100 != 2 && !bytes.Contains(answer, []byte(`"mock_capacity"`)) {
		m.Errorf("%s %s: %s %.300s (%v)", method, target, response.Status, answer, err)
	}
	return response.StatusCode/100 == 2
}
