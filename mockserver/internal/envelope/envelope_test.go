package envelope_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

func decode(tb testing.TB, w *httptest.ResponseRecorder, out any) {
	tb.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
		tb.Fatalf("%v: %s", err, w.Body)
	}
}

func writer(logged *bytes.Buffer) *envelope.Writer {
	return envelope.NewWriter(slog.New(slog.NewTextHandler(logged, nil)), map[domain.Hint]string{domain.HintListOrders: "GET /x lists them"})
}

// TestHint pins how the words of a hint follow the message, and that a hint without words adds
// nothing.
func TestHint(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	writer(&bytes.Buffer{}).WriteError(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), domain.Errors{
		{Code: "a", Message: "not found", Hint: domain.HintListOrders}, {Code: "b", Message: "m", Hint: domain.HintListUsers}, {Code: "c", Message: "m"},
	})
	const want = `{"errors":[{"code":"a","message":"not found; GET /x lists them"},{"code":"b","message":"m"},{"code":"c","message":"m"}]}`
	if w.Body.String() != want {
		t.Errorf("got %s", w.Body)
	}
}

// TestInvalidKey pins the answer to a bad key byte for byte, as it was recorded (D-30).
func TestInvalidKey(t *testing.T) {
	t.Parallel()
	const recorded = `{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"Access denied due to access_denied_invalid_key."}]}`
	w := httptest.NewRecorder()
	envelope.WriteErrors(w, http.StatusForbidden, envelope.InvalidKey())
	if w.Code != http.StatusForbidden || w.Body.String() != recorded {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if got := w.Header()["Content-Type"]; !slices.Equal(got, []string{"application/json"}) {
		t.Errorf("content type: %q", got)
	}
	if got := w.Header().Get("Content-Length"); got != strconv.Itoa(len(recorded)) {
		t.Errorf("content length: %s", got)
	}
}

// TestWriteErrors holds that text that needs escaping stays one envelope, and that a former content
// type is replaced.
func TestWriteErrors(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	w.Header().Add("Content-Type", "text/html")
	envelope.WriteErrors(w, http.StatusBadRequest, api.Error{Code: "a|b", Message: "\"\n\x00\xff<é>"}, api.Error{Code: "c", Message: "d"})
	var got api.ErrorEnvelope
	decode(t, w, &got)
	if len(got.Errors) != 2 || got.Errors[0].Code != "a|b" || !strings.HasPrefix(got.Errors[0].Message, "\"\n\x00") || got.Errors[1].Message != "d" {
		t.Errorf("envelope: %+v", got)
	}
	if got := w.Header()["Content-Type"]; !slices.Equal(got, []string{"application/json"}) {
		t.Errorf("content type: %q", got)
	}
}

// TestWriteErrorOfAnEndedRequest: what a request waited for in vain is no fault of the mock, while
// the same error of a request that goes on is one.
func TestWriteErrorOfAnEndedRequest(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	stopped, stop := context.WithCancelCause(t.Context())
	stop(envelope.ErrStopping)
	for name, tc := range map[string]struct {
		ctx    context.Context //nolint:containedctx // the case
		err    error
		status int
		code   string
	}{
		"stopped":       {stopped, fmt.Errorf("keys: %w", context.Canceled), 503, "mock_stopping"},
		"client gone":   {gone, fmt.Errorf("keys: %w", context.Canceled), envelope.StatusClientGone, "request_canceled"},
		"another error": {stopped, errors.New("disk full"), 500, "internal_error"},
		"goes on":       {t.Context(), context.Canceled, 500, "internal_error"},
	} {
		var logged bytes.Buffer
		w := httptest.NewRecorder()
		writer(&logged).WriteError(w, httptest.NewRequestWithContext(tc.ctx, http.MethodGet, "/", http.NoBody), tc.err)
		var got api.ErrorEnvelope
		decode(t, w, &got)
		if w.Code != tc.status || got.Errors[0].Code != tc.code || (tc.status == 500) != (logged.Len() > 0) {
			t.Errorf("%s: %d %s, logged %s", name, w.Code, w.Body, &logged)
		}
	}
}

// TestWriteError pins the status and the codes of what the domain says.
func TestWriteError(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err    error
		status int
		codes  []string
	}{
		"one":              {&domain.Error{Code: "insufficient_funds", Message: "m"}, 400, []string{"insufficient_funds"}},
		"with a path":      {&domain.Error{Code: "invalid_user", Path: "a[0].user_id", Message: "m"}, 400, []string{"invalid_user|a[0].user_id"}},
		"many":             {domain.Errors{{Code: "a", Path: "p", Message: "m"}, {Code: "b", Message: "m"}}, 400, []string{"a|p", "b"}},
		"order not found":  {domain.OrderNotFound(), 404, []string{"not_found|order"}},
		"organization":     {&domain.Error{Code: domain.CodeOrganizationNotFound, Message: "m"}, 404, []string{"not_found|organization"}},
		"capacity":         {&domain.Error{Code: domain.CodeCapacity, Message: "m"}, 503, []string{"mock_capacity"}},
		"wrapped":          {fmt.Errorf("outer: %w", domain.Errors{{Code: "a", Message: "m"}}), 400, []string{"a"}},
		"wrapped one":      {fmt.Errorf("outer: %w", &domain.Error{Code: "a", Message: "m"}), 400, []string{"a"}},
		"fault of a mock":  {errors.New("SECRET"), 500, []string{"internal_error"}},
		"in use":           {&domain.Error{Code: domain.CodeOrganizationInUse, Message: "m"}, 400, []string{"organization_in_use"}},
		"not a prefix":     {&domain.Error{Code: "not_founded", Message: "m"}, 400, []string{"not_founded"}},
		"joined":           {errors.Join(errors.New("x"), &domain.Error{Code: "a", Message: "m"}), 400, []string{"a"}},
		"by a chain of it": {fmt.Errorf("1: %w", fmt.Errorf("2: %w", domain.OrderNotFound())), 404, []string{"not_found|order"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			w := httptest.NewRecorder()
			writer(&logged).WriteError(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), tc.err)
			var got api.ErrorEnvelope
			decode(t, w, &got)
			codes := make([]string, len(got.Errors))
			for i, err := range got.Errors {
				codes[i] = err.Code
			}
			if w.Code != tc.status || !slices.Equal(codes, tc.codes) {
				t.Errorf("got %d %v, want %d %v", w.Code, codes, tc.status, tc.codes)
			}
			if own := tc.status == http.StatusInternalServerError; own != strings.Contains(logged.String(), "SECRET") || strings.Contains(w.Body.String(), "SECRET") {
				t.Errorf("answer %s, log %s", w.Body, &logged)
			}
		})
	}
}
