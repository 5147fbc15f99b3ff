package mockserver_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// A logLine is one line of a JSON log.
type logLine map[string]any

// lines are what has been logged since New returned, which logs the capacity.
func (j *journal) lines(tb testing.TB) []logLine {
	tb.Helper()
	var all []logLine
	for text := range strings.Lines(j.String()) {
		var line logLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			tb.Fatalf("%v: %s", err, text)
		}
		if line["msg"] != "capacity" {
			all = append(all, line)
		}
	}
	return all
}

func loggedMock(tb testing.TB, level slog.Level, opts ...mockserver.Option) (*mockserver.Server, *journal) {
	tb.Helper()
	logged := &journal{}
	logger := slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: level}))
	return newMock(tb, append([]mockserver.Option{mockserver.WithLogger(logger), mockserver.WithLife(mockserver.LifeManual)}, opts...)...), logged
}

// TestRequestLog pins the line that each request gets, whichever stage answers it.
func TestRequestLog(t *testing.T) {
	t.Parallel()
	const account = "9f86d081" // of the key test
	mock, logged := loggedMock(t, slog.LevelInfo, mockserver.WithRateLimit(mockserver.RateLimit{Requests: 9, Window: 1e9}))
	for _, tc := range []struct {
		method, target, body, key    string
		operation, account, codes    string
		status                       float64
		unknownMethod, unknownTarget string // of a request that belongs to no operation
	}{
		{method: http.MethodGet, target: "/services/v2/user/me", key: "test", operation: "getCurrentUser", account: account, status: 200},
		{method: http.MethodHead, target: "/services/v2/user/me", key: "test", operation: "getCurrentUser", account: account, status: 200},
		{method: http.MethodPost, target: orderPath, body: string(vendorOrder(t)), key: "test", operation: "orderPkioOrganisationPerson", account: account, status: 201},
		{
			method: http.MethodPost, target: "/services/v2/order/certificate/843668399/note", body: "{}", key: "test",
			operation: "addOrderNote", account: account, status: 400, codes: "missing_field|text",
		},
		{
			method: http.MethodPut, target: "/services/v2/order/certificate/843668399/status", body: `{"status": 1, "note": 2}`, key: "test",
			operation: "updateOrderStatus", account: account, status: 400, codes: "invalid_field|status,invalid_field|note",
		},
		{
			method: http.MethodGet, target: "/services/v2/organization/1", key: "test",
			operation: "getOrganization", account: account, status: 404, codes: "not_found|organization",
		},
		{method: http.MethodGet, target: "/services/v2/user/me", key: "invalid", operation: "getCurrentUser", status: 403, codes: "access_denied|access_denied_invalid_key"},
		{method: http.MethodGet, target: "/_mock/healthz", operation: "getHealth", status: 200},
		{method: http.MethodPost, target: "/_mock/reset", key: "test", operation: "resetAccount", account: account, status: 204},
		{
			method: http.MethodGet, target: "/services/v2/usr/4313813/jane%40example.com", key: "test", status: 404, codes: "not_found|route",
			unknownMethod: "GET", unknownTarget: "/services/v2/usr/(redacted)/(redacted)",
		},
		{
			method: "BREW", target: "/services/v2/user/me", key: "test", status: 405, codes: "method_not_allowed",
			unknownMethod: "(redacted)", unknownTarget: "/services/v2/user/me",
		},
		{method: http.MethodGet, target: "/openapi.json", status: 200, unknownMethod: "GET", unknownTarget: "/openapi.json"},
	} {
		before := len(logged.lines(t))
		answer := ask(t, mock, tc.method, tc.target, tc.body, "X-DC-DEVKEY", tc.key, "X-Request-Id", "id-7")
		if answer.Code != int(tc.status) {
			t.Errorf("%s %s: %d %s", tc.method, tc.target, answer.Code, answer.Body)
		}
		var lines []logLine
		for _, line := range logged.lines(t)[before:] {
			if line["msg"] == "request" {
				lines = append(lines, line)
			}
		}
		want := logLine{
			"level": "INFO", "msg": "request", "operation": tc.operation, "account": tc.account, "status": tc.status, "codes": tc.codes,
			"ms": 0.0, "request_id": "id-7", // the clock stands still
		}
		if tc.unknownMethod != "" {
			want["method"], want["path"] = tc.unknownMethod, tc.unknownTarget
		}
		if len(lines) != 1 {
			t.Fatalf("%s %s: %d lines", tc.method, tc.target, len(lines))
		}
		delete(lines[0], "time")
		if !maps.Equal(lines[0], want) {
			t.Errorf("%s %s:\n got %v\nwant %v", tc.method, tc.target, lines[0], want)
		}
	}
}

// TestRequestLogRateLimit holds that a request beyond the limit is logged with its account.
func TestRequestLogRateLimit(t *testing.T) {
	t.Parallel()
	mock, logged := loggedMock(t, slog.LevelInfo, mockserver.WithRateLimit(mockserver.RateLimit{Requests: 1, Window: 1e9}))
	for range 2 {
		ask(t, mock, http.MethodGet, "/services/v2/user/me", "")
	}
	if last := logged.lines(t)[1]; last["codes"] != "request_limit_exceeded" || last["account"] != "9f86d081" || last["status"] != 429.0 {
		t.Errorf("got %v", last)
	}
}

// TestLogLevels pins what each level has: debug has more than info, and the lines of requests can
// be left out.
func TestLogLevels(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		level   slog.Level
		options []mockserver.Option
		want    []string
	}{
		"debug":        {slog.LevelDebug, nil, []string{"request refused", "parts of the request ignored", "request"}},
		"info":         {slog.LevelInfo, nil, []string{"request"}},
		"warn":         {slog.LevelWarn, nil, nil},
		"not wanted":   {slog.LevelDebug, []mockserver.Option{mockserver.WithRequestLog(false)}, nil},
		"wanted again": {slog.LevelInfo, []mockserver.Option{mockserver.WithRequestLog(false), mockserver.WithRequestLog(true)}, []string{"request"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock, logged := loggedMock(t, tc.level, tc.options...)
			ask(t, mock, http.MethodPost, "/services/v2/order/certificate/1/note", `{"txt": "x"}`)
			var got []string
			for _, line := range logged.lines(t) {
				got = append(got, line["msg"].(string))
				if line["msg"] == "request refused" && (line["code"] != "missing_field|text" || line["message"] != "text is missing") ||
					line["msg"] == "parts of the request ignored" && line["names"] != "txt" {
					t.Errorf("got %v", line)
				}
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestManyCodes holds that a line does not grow with what a client sends.
func TestManyCodes(t *testing.T) {
	t.Parallel()
	mock, logged := loggedMock(t, slog.LevelInfo)
	body := `{"contacts": [` + strings.TrimSuffix(strings.Repeat("{},", 100), ",") + `]}`
	ask(t, mock, http.MethodPost, "/services/v2/organization", body)
	codes := strings.Split(logged.lines(t)[0]["codes"].(string), ",")
	if len(codes) != 21 || codes[0] != "missing_field|name" || codes[20] != "+81" {
		t.Errorf("got %q", codes)
	}
}

// TestClientGoneInBody holds how a client is logged that goes away while it sends its body.
func TestClientGoneInBody(t *testing.T) {
	t.Parallel()
	mock, logged := loggedMock(t, slog.LevelInfo)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, orderPath, io.MultiReader(strings.NewReader("{"), failing{}))
	r.Header.Set("X-DC-DEVKEY", "test")
	r.Header.Set("Content-Type", "application/json")
	mock.ServeHTTP(httptest.NewRecorder(), r)
	lines := logged.lines(t)
	if len(lines) != 1 || lines[0]["status"] != 400.0 || lines[0]["codes"] != "bad_request_format" {
		t.Errorf("got %v", lines)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
