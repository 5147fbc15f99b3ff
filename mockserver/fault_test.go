package mockserver_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

const whoAmI = "/services/v2/user/me"

// makeFault makes a rule of the account of the key test, and returns its id.
func makeFault(tb testing.TB, mock http.Handler, rule string, headers ...string) string {
	tb.Helper()
	return createFault(tb, mock, "/_mock/faults", rule, headers...)
}

func createFault(tb testing.TB, mock http.Handler, target, rule string, headers ...string) string {
	tb.Helper()
	answer := ask(tb, mock, http.MethodPost, target, rule, headers...)
	var made struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &made); err != nil || answer.Code != http.StatusCreated {
		tb.Fatalf("%s: %d %s", rule, answer.Code, answer.Body)
	}
	return made.ID
}

// hits is how often a rule has happened.
func hits(tb testing.TB, mock http.Handler, id string) int {
	tb.Helper()
	var rule struct {
		Hits int `json:"hits"`
	}
	if err := json.Unmarshal(must(tb, mock, http.MethodGet, "/_mock/faults/"+id, "").Body.Bytes(), &rule); err != nil {
		tb.Fatal(err)
	}
	return rule.Hits
}

// orders is how many orders the account of the key test holds.
func orders(tb testing.TB, mock http.Handler) int {
	tb.Helper()
	var state struct {
		Orders int `json:"orders"`
	}
	if err := json.Unmarshal(must(tb, mock, http.MethodGet, "/_mock/account", "").Body.Bytes(), &state); err != nil {
		tb.Fatal(err)
	}
	return state.Orders
}

// get sends a GET on a connection of its own.
func get(tb testing.TB, mock *mockserver.Server, target string) *wire {
	tb.Helper()
	w := dial(tb, mock)
	w.say("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\n\r\n")
	return w
}

// rest reads a connection to its end.
func (w *wire) rest() (string, error) {
	w.Helper()
	text, err := io.ReadAll(w.in)
	return string(text), err
}

// half reads an answer whose body ends too early, and how long it was to be.
func (w *wire) half() (got answer, length int64, body string) {
	w.Helper()
	read, err := http.ReadResponse(w.in, &http.Request{Method: http.MethodGet})
	if err != nil {
		w.Fatalf("no answer: %v", err)
	}
	defer read.Body.Close()
	text, err := io.ReadAll(read.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		w.Errorf("the body ends with %v after %d bytes", err, len(text))
	}
	return answer{read.Status, read.StatusCode, read.Header, read.Close}, read.ContentLength, string(text)
}

// TestFaultCuts shows each end of a connection to its client.
func TestFaultCuts(t *testing.T) {
	t.Parallel()
	whole := must(t, newMock(t), http.MethodGet, whoAmI, "").Body.String()
	const match = `{"match": {"operation": "getCurrentUser"}, "action": `

	t.Run("before_headers", func(t *testing.T) {
		t.Parallel()
		mock := started(t)
		for _, when := range []string{"before", "after"} {
			makeFault(t, mock, match+`{"when": "`+when+`", "cut": "before_headers"}}`)
			if text, err := get(t, mock, whoAmI).rest(); text != "" || err != nil {
				t.Errorf("%s: %q, %v", when, text, err)
			}
		}
	})
	t.Run("in_headers", func(t *testing.T) {
		t.Parallel()
		mock := started(t)
		makeFault(t, mock, match+`{"cut": "in_headers"}}`)
		text, err := get(t, mock, whoAmI).rest()
		if err != nil || !strings.HasPrefix(text, "HTTP/1.1 200 OK\r\n") || strings.Contains(text, "\r\n\r\n") || len(text) < 50 {
			t.Errorf("%q, %v", text, err)
		}
		makeFault(t, mock, match+`{"cut": "in_headers", "respond": {"catalogue": "html_502"}}}`)
		if text, err := get(t, mock, whoAmI).rest(); err != nil || !strings.HasPrefix(text, "HTTP/1.1 502 Bad Gateway\r\n") || strings.Contains(text, "\r\n\r\n") {
			t.Errorf("%q, %v", text, err)
		}
	})
	t.Run("in_body", func(t *testing.T) {
		t.Parallel()
		mock := started(t)
		id := makeFault(t, mock, match+`{"cut": "in_body"}}`)
		answer, length, body := get(t, mock, whoAmI).half()
		if length != int64(len(whole)) || body != whole[:len(whole)/2] || answer.Header.Get("X-Mock-Fault") != id {
			t.Errorf("%v: %d bytes", answer, len(body))
		}
		makeFault(t, mock, match+`{"cut": "in_body", "respond": {"status": 200}}}`)
		if answer, length, body := get(t, mock, whoAmI).half(); length != 1 || body != "" {
			t.Errorf("without a body: %v: %q", answer, body)
		}
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		mock := started(t)
		makeFault(t, mock, match+`{"cut": "reset"}}`)
		if text, err := get(t, mock, whoAmI).rest(); text != "" || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%q, %v", text, err)
		}
	})
	t.Run("truncate", func(t *testing.T) {
		t.Parallel()
		mock := started(t)
		for sent, want := range map[int]string{0: "", 20: whole[:20], len(whole): whole[:len(whole)-1], 1 << 20: whole[:len(whole)-1]} {
			makeFault(t, mock, match+`{"truncate": `+strconv.Itoa(sent)+`}}`)
			if answer, length, body := get(t, mock, whoAmI).half(); length != int64(len(whole)) || body != want {
				t.Errorf("%d: %v: %d bytes", sent, answer, len(body))
			}
		}
		makeFault(t, mock, match+`{"truncate": 7, "respond": {"status": 200}}}`)
		if answer, length, body := get(t, mock, whoAmI).half(); length != 1 || body != "" {
			t.Errorf("without a body: %v: %q", answer, body)
		}
		makeFault(t, mock, match+`{"truncate": 7}}`)
		w := dial(t, mock)
		w.say("HEAD " + whoAmI + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\n\r\n")
		if text, err := w.rest(); err != nil || !strings.HasSuffix(text, "\r\n\r\n") || !strings.HasPrefix(text, "HTTP/1.1 200 OK") {
			t.Errorf("HEAD: %q, %v", text, err)
		}
	})
}

// TestFaultLog: the line of a request names the fault, a cut is no error, and the status of an answer
// that was never begun is 0.
func TestFaultLog(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	mock := started(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	makeFault(t, mock, `{"match": {"operation": "getCurrentUser"}, "action": {"cut": "before_headers"}}`)
	makeFault(t, mock, `{"match": {"operation": "getOrder"}, "action": {"when": "after", "respond": {"status": 555, "errors": [{"code": "4111111111111111", "message": "x"}]}}}`)
	_, _ = get(t, mock, whoAmI).rest()
	get(t, mock, orderOne).hear(http.MethodGet)
	noMore(t, mock, 0)
	text := logged.String()
	for _, want := range []string{
		`operation=getCurrentUser account=9f86d081 status=0 codes="" ms=0 request_id=`, " fault=fault-1\n",
		`operation=getOrder account=9f86d081 status=555 codes="" ms=0 request_id=`, " fault=fault-2\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the log: %s", want, text)
		}
	}
	for _, no := range []string{"panic", "ERROR", "4111111111111111", "request refused"} {
		if strings.Contains(text, no) {
			t.Errorf("%q is in the log: %s", no, text)
		}
	}
}

// TestFaultHTTP2: a cut is a RST_STREAM on HTTP/2, and the connection lives on. A reset through TLS
// is a TCP RST.
func TestFaultHTTP2(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for _, http2 := range []bool{true, false} {
		server := httptest.NewUnstartedServer(mock)
		server.EnableHTTP2 = http2
		server.StartTLS()
		t.Cleanup(server.Close)
		client := server.Client()
		send := func() (string, error) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+"/services/v2/organization/1920073/activate", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-DC-DEVKEY", "test")
			answer, err := client.Do(r)
			if err != nil {
				return "", err
			}
			defer answer.Body.Close()
			_, err = io.ReadAll(answer.Body)
			return answer.Proto, err
		}
		for _, cut := range []string{"before_headers", "in_headers", "in_body", "reset"} {
			makeFault(t, mock, `{"action": {"cut": "`+cut+`"`+map[bool]string{true: `, "respond": {"status": 200, "body": "text"}`}[strings.HasPrefix(cut, "in_")]+`}}`)
			_, err := send()
			switch {
			case http2 && (err == nil || !strings.Contains(err.Error(), "stream error")):
				t.Errorf("HTTP/2, %s: %v", cut, err)
			case !http2 && (err == nil || cut == "reset" && !errors.Is(err, syscall.ECONNRESET)):
				t.Errorf("HTTP/1.1, %s: %v", cut, err)
			}
		}
		proto, err := send()
		if want := map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"}[http2]; err != nil || proto != want {
			t.Errorf("afterwards: %s, %v", proto, err)
		}
	}
}

// TestFaultPace: what is slow takes at least its time, and comes whole, with one more request on the
// same connection.
func TestFaultPace(t *testing.T) {
	t.Parallel()
	mock := started(t)
	body := strings.Repeat("0123456789", 6) + "x"
	for name, tc := range map[string]struct {
		action string
		least  time.Duration
	}{
		"delay":                 {`{"delay": "60ms", "respond": {"status": 200, "body": "` + body + `"}}`, 60 * time.Millisecond},
		"delay after":           {`{"when": "after", "delay": "60ms", "respond": {"status": 200, "body": "` + body + `"}}`, 60 * time.Millisecond},
		"delay between":         {`{"delay": {"min": "40ms", "max": "80ms"}, "respond": {"status": 200, "body": "` + body + `"}}`, 40 * time.Millisecond},
		"dribble":               {`{"dribble": 300, "respond": {"status": 200, "body": "` + body + `"}}`, 200 * time.Millisecond}, // 30 bytes each 100 ms
		"dribble, byte by byte": {`{"dribble": 9, "respond": {"status": 200, "body": "ab"}}`, 110 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := "pace " + name
			key = strings.NewReplacer(" ", "-", ",", "").Replace(key)
			makeFault(t, mock, `{"action": `+tc.action+`}`, "X-DC-DEVKEY", key)
			w := dial(t, mock)
			for i, least := range []time.Duration{tc.least, 0} {
				begun := time.Now()
				w.say("GET " + whoAmI + " HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: " + key + "\r\n\r\n")
				answer, text := w.hear(http.MethodGet)
				if took := time.Since(begun); took < least {
					t.Errorf("request %d: took %v", i, took)
				}
				if fault := answer.Header.Get("X-Mock-Fault"); answer.StatusCode != http.StatusOK || (fault != "") != (i == 0) {
					t.Errorf("request %d: %v", i, answer)
				}
				if i == 0 && string(text) != body && string(text) != "ab" {
					t.Errorf("got %q", text)
				}
			}
		})
	}
}

// TestFaultHang: no answer comes, until the client goes or the mock is stopped.
func TestFaultHang(t *testing.T) {
	t.Parallel()
	mock := started(t)
	id := makeFault(t, mock, `{"match": {"operation": "getCurrentUser"}, "action": {"hang": true}, "times": 2}`)
	gone, left := get(t, mock, whoAmI), get(t, mock, whoAmI)
	underWay(t, mock, 2)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	noMore(t, mock, 1)
	if n := hits(t, mock, id); n != 2 {
		t.Errorf("%d hits", n)
	}
	if err := mock.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if text, err := left.rest(); text != "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// noMore waits until the server is answering so few requests.
func noMore(tb testing.TB, mock *mockserver.Server, n int) {
	tb.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); mock.InFlight() > n; <-tick.C {
		if time.Now().After(deadline) {
			tb.Fatalf("%d requests are still being answered", mock.InFlight())
		}
	}
}

// TestFaultStop: a request that waits is answered when the mock is stopped: with 503 where it was not
// carried out, and as it should be where it was.
func TestFaultStop(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]int{"before": http.StatusServiceUnavailable, "after": http.StatusOK} {
		mock := started(t)
		makeFault(t, mock, `{"match": {"operation": "getCurrentUser"}, "action": {"when": "`+when+`", "delay": "10m"}}`)
		w := get(t, mock, whoAmI)
		underWay(t, mock, 1)
		if err := mock.Shutdown(t.Context()); err != nil {
			t.Errorf("%s: Shutdown: %v", when, err)
		}
		answer, body := w.hear(http.MethodGet)
		if answer.StatusCode != want || want != http.StatusOK && codes(t, body)[0] != "mock_stopping" {
			t.Errorf("%s: %v %s", when, answer, body)
		}
	}
}

// TestFaultDribbleStop: a slow answer is cut when the mock is stopped.
func TestFaultDribbleStop(t *testing.T) {
	t.Parallel()
	mock := started(t)
	makeFault(t, mock, `{"match": {"operation": "getCurrentUser"}, "action": {"dribble": 1}}`)
	w := get(t, mock, whoAmI)
	first, err := http.ReadResponse(w.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Body.Close()
	if _, err := first.Body.Read(make([]byte, 1)); err != nil {
		t.Errorf("the first byte: %v", err)
	}
	if err := mock.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if text, err := io.ReadAll(first.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d more bytes, %v", len(text), err)
	}
}
