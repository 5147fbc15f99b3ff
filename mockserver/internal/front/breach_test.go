package front

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
)

// TestBrokenContract holds that an answer that breaks the contract is reported, and sent as it is:
// what the request did is done, and a refusal would have it done twice. The report has no value of
// the answer in it.
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
			for sink, report := range map[string]func(error){"report": func(err error) { reported = err }, "log": nil} {
				var log bytes.Buffer
				f := newFront(t, func(c *Config) {
					c.CheckResponses, c.ReportBreach, c.Logger = true, report, slog.New(slog.NewTextHandler(&log, nil))
				}, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", tc.contentType)
					w.Header().Set("Content-Length", "1000")
					w.WriteHeader(tc.status)
					_, _ = io.WriteString(w, tc.body)
				})
				answer := get(t, f, balance)
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

// TestBrokenContractOfFault: what a fault sends is not compared with the contract, and what the mock
// would have answered still is, also where the answer is lost.
func TestBrokenContractOfFault(t *testing.T) {
	t.Parallel()
	respond := &fault.Respond{Status: http.StatusTeapot}
	for name, tc := range map[string]struct {
		action fault.Action
		want   int
		broken bool
	}{
		"in place of the answer": {fault.Action{Respond: respond}, http.StatusTeapot, false},
		"after the answer":       {fault.Action{When: fault.After, Respond: respond}, http.StatusTeapot, true},
		"the answer, late":       {fault.Action{Delay: &fault.Delay{}}, http.StatusOK, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reported error
			f := newFront(t, func(c *Config) {
				c.CheckResponses, c.ReportBreach = true, func(err error) { reported = err }
				if _, err := c.Faults.Add(fault.Server, fault.Spec{Action: &tc.action}); err != nil {
					t.Fatal(err)
				}
			}, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
			answer := get(t, f, balance)
			if answer.Code != tc.want || (reported != nil) != tc.broken {
				t.Errorf("got %d, reported %v", answer.Code, reported)
			}
			if said := answer.Header().Get("X-Mock-Contract-Breach"); (said != "") != (tc.want == http.StatusOK) {
				t.Errorf("the header says %q", said)
			}
		})
	}
}
