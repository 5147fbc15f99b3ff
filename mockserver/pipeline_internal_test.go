package mockserver

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestBrokenContract holds that an answer that breaks the contract is reported, and that nothing of it is sent but what
// is wrong with it.
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
				if answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), "internal_error") {
					t.Errorf("%s: got %d %s", sink, answer.Code, answer.Body)
				}
				if got := answer.Result().ContentLength; got != int64(answer.Body.Len()) {
					t.Errorf("%s: Content-Length %d of %d bytes", sink, got, answer.Body.Len())
				}
				if strings.Contains(answer.Body.String()+log.String(), value) {
					t.Errorf("%s: repeats a value: %s%s", sink, answer.Body, &log)
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
	if !strings.Contains(log.String(), "a fault") || !strings.Contains(log.String(), "pipeline_internal_test.go") {
		t.Errorf("the log says %q", &log)
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
