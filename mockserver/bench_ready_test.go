package mockserver_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// BenchmarkProcessCertificate measures the command from its start to its first certificate. The CPU
// time is measured with an order right after the start, with the default keys and with smaller keys
// for people. The time from order to certificate is measured with an order five seconds after the
// start. The figures are medians over the iterations; each iteration starts one process of each
// kind.
func BenchmarkProcessCertificate(b *testing.B) {
	binary, body := buildCommand(b), vendorOrder(b)
	for _, tc := range []struct {
		name  string
		idle  time.Duration
		flags []string
	}{
		{"cold", 0, nil},
		{"cold-rsa2048", 0, []string{"--token-key", "rsa2048"}},
		{"warm", 5 * time.Second, nil},
	} {
		b.Run(tc.name, func(b *testing.B) {
			var waits, costs []float64
			for b.Loop() {
				wait, cost := untilIssued(b, binary, body, tc.idle, tc.flags...)
				waits, costs = append(waits, wait.Seconds()*1000), append(costs, cost.Seconds())
			}
			b.ReportMetric(median(waits), "ms-order-to-issued")
			b.ReportMetric(median(costs), "CPU-s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// untilIssued starts the command, orders after some time, and ends the command as soon as the
// certificate is issued. It returns how long that took from the order on, and what it cost of the
// processors from the start on.
func untilIssued(b *testing.B, binary string, body []byte, idle time.Duration, flags ...string) (wait, cost time.Duration) {
	b.Helper()
	command := exec.CommandContext(b.Context(), binary, append([]string{"--addr", "127.0.0.1:0"}, flags...)...)
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	time.Sleep(idle)
	start := time.Now()
	post(b, strings.TrimSpace(url)+orderPath, body, http.StatusCreated)
	post(b, strings.TrimSpace(url)+"/_mock/settle", nil, http.StatusOK)
	wait = time.Since(start)
	if err := command.Process.Kill(); err != nil {
		b.Fatal(err)
	}
	_ = command.Wait() // killed, as it has to be told
	return wait, command.ProcessState.UserTime() + command.ProcessState.SystemTime()
}

func post(b *testing.B, url string, body []byte, want int) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
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
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != want {
		b.Fatal(answer.Status, err)
	}
}
