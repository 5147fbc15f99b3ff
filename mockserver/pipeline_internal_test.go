package mockserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestBrokenContract: an answer that breaks the contract is reported and sent unchanged. The request has been carried out by
// then, and an error answer would make the client send it again. The report has no value of the answer in it.
func TestBrokenContract(t *testing.T) {
	t.Parallel()
	const value = "4111111111111111"
	for name, tc := range map[string]struct {
		status      int
		contentType string
		body        string
		want        string // in the report
	}{
		"status":       {http.StatusTeapot, "application/json", `{}`, "status 418 is not declared"},
		"content type": {http.StatusOK, "text/plain", `{}`, `content type is ["text/plain"]`},
		"not JSON":     {http.StatusOK, "application/json", `{"` + value, "body is not JSON"},
		"two answers":  {http.StatusOK, "application/json", `{}{"errors": "` + value + `"}`, "data after the end"},
		"type":         {http.StatusOK, "application/json", `{"balance": ` + value + `}`, "/balance"},
		"missing":      {http.StatusOK, "application/json", `{"balance": "1.00"}`, "currency"},
		"extra": {
			http.StatusOK, "application/json",
			`{"balance": "1.00", "currency": "EUR", "unpaid_invoice_balance": "0.00", "used_credit_from_other_containers": "0.00",
				"unlimited_negative_balance": true, "card": "` + value + `"}`,
			"members that are not declared: card",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reported error
			for sink, option := range map[string]Option{
				"report": WithResponseCheck(func(err error) { reported = err }), "log": WithResponseCheck(nil),
			} {
				var log bytes.Buffer
				answer := broken(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", tc.contentType)
					w.Header().Set("Content-Length", "1000")
					w.WriteHeader(tc.status)
					_, _ = io.WriteString(w, tc.body)
				}, option, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				if answer.Code != tc.status || answer.Body.String() != tc.body || answer.Header().Get("Content-Type") != tc.contentType {
					t.Errorf("%s: got %d %s", sink, answer.Code, answer.Body)
				}
				if got := answer.Result().ContentLength; got != int64(answer.Body.Len()) {
					t.Errorf("%s: Content-Length %d of %d bytes", sink, got, answer.Body.Len())
				}
				said := answer.Header().Get("X-Mock-Contract-Breach")
				if !strings.Contains(said, tc.want) {
					t.Errorf("%s: the header says %q", sink, said)
				}
				if strings.Contains(said+log.String(), value) {
					t.Errorf("%s: repeats a value: %s %s", sink, said, &log)
				}
				if (sink == "log") != strings.Contains(log.String(), "response breaks the contract") {
					t.Errorf("%s: the log says %q", sink, &log)
				}
			}
			if reported == nil || !strings.Contains(reported.Error(), tc.want) || strings.Contains(reported.Error(), value) {
				t.Errorf("reported %v, want %q", reported, tc.want)
			}
		})
	}
}

// TestPanic holds that a fault of the mock is answered like any other refusal, and logged with where it happened.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	mock, err := New(WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	mock.routes.mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("a fault") })
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/panic", http.NoBody))
	if answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), `"code":"internal_error"`) {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	mock.routes.mux.HandleFunc("GET /late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("a late fault")
	})
	answer = httptest.NewRecorder()
	mock.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/late", http.NoBody))
	if answer.Code != http.StatusOK || answer.Body.String() != "half" || !strings.Contains(log.String(), "a late fault") {
		t.Errorf("in the middle of an answer: got %d %s, the log says %q", answer.Code, answer.Body, &log)
	}
	if !strings.Contains(log.String(), "a fault") || !strings.Contains(log.String(), "pipeline_internal_test.go") {
		t.Errorf("the log says %q", &log)
	}
}

// TestClientGone holds that a client that goes away while its request is under way is no fault of the mock, and that an
// answer that reaches no client breaks no contract.
func TestClientGone(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	mock, err := New(WithLogger(slog.New(slog.NewTextHandler(&log, nil))), WithResponseCheck(func(err error) { t.Error(err) }))
	if err != nil {
		t.Fatal(err)
	}
	c, err := contract.CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	mock.routes.mux.HandleFunc("GET /gone", mock.operation(c.Operation(http.MethodGet, "/finance/balance"), func(w http.ResponseWriter, r *http.Request) {
		mock.writeError(w, r, fmt.Errorf("wait for the CA: %w", r.Context().Err()))
	}))
	log.Reset() // of the capacity
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/gone", http.NoBody)
	r.Header.Set(keyHeader, "test")
	mock.ServeHTTP(httptest.NewRecorder(), r)
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=INFO msg=request operation=getBalance") ||
		!strings.Contains(got, "status=499 codes=request_canceled") {
		t.Errorf("the log says %q", got)
	}
}

// TestServerLog holds that what net/http says of itself is a warning, and what it says of single clients is not.
func TestServerLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo} {
		log.Reset()
		logger := slog.NewLogLogger(newServerLog(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level})), slog.LevelDebug)
		logger.Print("http: Accept error: accept tcp: too many open files; retrying in 5ms")
		logger.Print("http: panic serving 127.0.0.1:5: a fault")
		logger.Print("http: TLS handshake error from 127.0.0.1:5: EOF")
		wants := map[string]bool{"level=WARN msg=\"http: Accept": true, "level=WARN msg=\"http: panic": true, "level=DEBUG msg=\"http: TLS": level == slog.LevelDebug}
		for text, want := range wants {
			if strings.Contains(log.String(), text) != want {
				t.Errorf("%s: the log says %q", level, &log)
			}
		}
	}
}

// broken asks for the balance of a mock that has another handler for it.
func broken(tb testing.TB, handler http.HandlerFunc, opts ...Option) *httptest.ResponseRecorder {
	tb.Helper()
	mock, err := New(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := contract.CertCentral()
	if err != nil {
		tb.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodGet, vendorPrefix+"/finance/balance", http.NoBody)
	request.Header.Set(keyHeader, "test")
	answer := httptest.NewRecorder()
	mock.operation(c.Operation(http.MethodGet, "/finance/balance"), handler)(answer, request)
	return answer
}
