package front

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

const (
	balance = "/services/v2/finance/balance"
	health  = "/_mock/healthz"
)

func now() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

// newFront returns a Front of a few operations. Their handlers are the given one, or else answer
// with the actor.
func newFront(tb testing.TB, change func(*Config), handlers ...http.HandlerFunc) *Front {
	tb.Helper()
	vendor, err := contract.CertCentral()
	if err != nil {
		tb.Fatal(err)
	}
	own, err := contract.Control()
	if err != nil {
		tb.Fatal(err)
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		actor := domain.ActorFrom(r.Context())
		_, _ = fmt.Fprintf(w, "%s %d", actor.Account.Short(), actor.UserID)
	}
	if len(handlers) > 0 {
		handler = handlers[0]
	}
	source := clock.Shared(now)
	c := Config{
		Version: "v0.0.1",
		Vendor: API{Contract: vendor, Prefix: "/services/v2", Server: "/services/v2", Register: func(routes Routes) {
			for _, pattern := range []string{
				"GET /finance/balance", "POST /organization", "GET /organization/{organization_id}", "POST /user",
				"GET /order/certificate/{order_id}", "POST /order/certificate/pkio_organisation_person",
			} {
				method, path, _ := strings.Cut(pattern, " ")
				routes.HandleFunc(method+" /services/v2"+path, handler)
			}
		}},
		Control:  API{Contract: own, Prefix: "/_mock", Register: func(routes Routes) { routes.HandleFunc("GET "+health, handler) }},
		OCSPPath: "/_mock/ocsp",
		OCSP:     func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Method+" OCSP") },
		Pages: map[string]http.Handler{"/docs": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a page")
		})},
		Store: store.NewMemory(store.DefaultLimits()),
		Seed: func(account domain.AccountID) domain.Changes {
			return domain.Seed(domain.DefaultSettings(), domain.Funds{Unlimited: true}, source.Now(account))
		},
		Faults: fault.NewRules(source, FaultScopes(vendor, own)),
		Hosts:  new(Hosts), Limiter: limit.New(), Clock: source, Logger: slog.New(slog.DiscardHandler), LogRequests: true,
	}
	if change != nil {
		change(&c)
	}
	c.Errors = envelope.NewWriter(c.Logger)
	return New(tb.Context(), c)
}

// send sends a request with a key. Headers come in pairs.
func send(tb testing.TB, handler http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, http.NoBody)
	r.Header.Set(contract.KeyHeader, "test")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func get(tb testing.TB, handler http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	return send(tb, handler, http.MethodGet, target, headers...)
}

// TestWay pins which stage answers a request, and with what.
func TestWay(t *testing.T) {
	t.Parallel()
	f := newFront(t, func(c *Config) {
		ring, err := NewKeyring("test", "other")
		if err != nil {
			t.Fatal(err)
		}
		c.Keys = ring
	})
	for name, tc := range map[string]struct {
		method, target string
		headers        []string
		status         int
		want           string // in the body
	}{
		"operation":      {http.MethodGet, balance, nil, 200, "9f86d081 4313813"},
		"another key":    {http.MethodGet, balance, []string{contract.KeyHeader, "other"}, 200, "d9298a10 4313813"},
		"slash":          {http.MethodGet, balance + "/", nil, 200, "9f86d081"},
		"no key":         {http.MethodGet, balance, []string{contract.KeyHeader, ""}, 403, "access_denied_invalid_key"},
		"unknown key":    {http.MethodGet, balance, []string{contract.KeyHeader, "x"}, 403, "access_denied_invalid_key"},
		"needs no key":   {http.MethodGet, health, []string{contract.KeyHeader, ""}, 200, " 0"},
		"contract":       {http.MethodGet, "/services/v2/organization/abc", nil, 400, "organization_id"},
		"other origin":   {http.MethodPost, "/services/v2/organization", []string{"Sec-Fetch-Site", "cross-site"}, 403, "cross_origin_request"},
		"other product":  {http.MethodPost, "/services/v2/order/certificate/ssl", nil, 404, "not_found|product"},
		"other method":   {http.MethodPut, balance, nil, 405, "this path takes GET, HEAD"},
		"overlapping":    {http.MethodGet, "/services/v2/order/certificate/pkio_organisation_person", nil, 405, "this path takes POST"},
		"unknown":        {http.MethodGet, "/services/v2/x", nil, 404, "The specified route was not found.\""},
		"without prefix": {http.MethodGet, "/finance/balance", nil, 404, "is found under /services/v2."},
		"not clean":      {http.MethodGet, "//services/v2/user", nil, 404, "not_found|route"},
		"page":           {http.MethodGet, "/docs", []string{contract.KeyHeader, ""}, 200, "a page"},
		"OCSP":           {http.MethodPost, "/_mock/ocsp", nil, 200, "POST OCSP"},
		"OCSP in a path": {http.MethodGet, "/_mock/ocsp/a//b=", nil, 200, "GET OCSP"},
	} {
		got := send(t, f, tc.method, tc.target, tc.headers...)
		if got.Code != tc.status || !strings.Contains(got.Body.String(), tc.want) {
			t.Errorf("%s: got %d %s", name, got.Code, got.Body)
		}
		if got.Header().Get("X-Mock-Server") != "certcentral-mock/v0.0.1" || got.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", name, got.Header())
		}
	}
}

// limited has accounts limit their requests.
func limited(rules ...domain.RateRule) func(*Config) {
	settings := domain.DefaultSettings()
	settings.RateLimit = rules
	return func(c *Config) {
		c.Seed = func(domain.AccountID) domain.Changes {
			return domain.Seed(settings, domain.Funds{Unlimited: true}, now())
		}
	}
}

// TestAccess pins which actors an operation lets through, and that only requests that are let
// through count for the rate limit.
func TestAccess(t *testing.T) {
	t.Parallel()
	limited := domain.DefaultSettings()
	limited.RateLimit = []domain.RateRule{{Requests: 1, Window: time.Second}}
	f := newFront(t, func(c *Config) {
		c.Seed = func(domain.AccountID) domain.Changes {
			return domain.Seed(limited, domain.Funds{Unlimited: true}, now())
		}
	})
	account := domain.AccountID(HashKey("test"))
	if err := f.access.store.Open(t.Context(), account, func() domain.Changes { return f.access.seed(account) }); err != nil {
		t.Fatal(err)
	}
	key, hash := NewKey()
	err := f.access.store.Update(t.Context(), account, func(r domain.Reader) (domain.Changes, error) {
		return domain.CreateKey(r, domain.SeedUser, 0, hash)
	})
	if err != nil {
		t.Fatal(err)
	}
	forgotten, _ := NewKey()
	for _, tc := range []struct {
		key, method, target string
		status              int
	}{
		{key, http.MethodPost, "/services/v2/user", 403}, // the user may not create users
		{key, http.MethodGet, balance, 200},
		{key, http.MethodGet, balance, 429},
		{"test", http.MethodGet, balance, 200},
		{forgotten, http.MethodGet, balance, 403},
		{"invalid-key", http.MethodGet, balance, 403},
	} {
		if got := send(t, f, tc.method, tc.target, contract.KeyHeader, tc.key); got.Code != tc.status {
			t.Errorf("%s %s with the key %.8s: got %d %s, want %d", tc.method, tc.target, tc.key, got.Code, got.Body, tc.status)
		}
	}
	if got := f.requestID(httptest.NewRequest(http.MethodGet, "/", http.NoBody)); got != "mock-7" {
		t.Errorf("the seventh request has the id %s", got)
	}
}

// TestPanic holds that a fault of the mock is answered like any other refusal, and logged with
// where it happened.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	early := true
	f := newFront(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) }, func(w http.ResponseWriter, _ *http.Request) {
		if early {
			panic("a fault")
		}
		_, _ = io.WriteString(w, "half")
		panic("a late fault")
	})
	answer := get(t, f, balance)
	if answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), `"code":"internal_error"`) {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	early = false
	answer = get(t, f, balance)
	if answer.Code != http.StatusOK || answer.Body.String() != "half" || !strings.Contains(log.String(), "a late fault") {
		t.Errorf("in the middle of an answer: got %d %s, the log says %q", answer.Code, answer.Body, &log)
	}
	if !strings.Contains(log.String(), "a fault") || !strings.Contains(log.String(), "front_test.go") {
		t.Errorf("the log says %q", &log)
	}
	if requests, routes := f.InFlight(); requests != 0 {
		t.Errorf("%d requests are in flight: %q", requests, routes)
	}
}

// TestClientGone holds that a client that closes its connection while a request is under way is no
// fault of the mock, and that an answer that reaches no client breaks no contract.
func TestClientGone(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var f *Front
	f = newFront(t, func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, nil))
		c.CheckResponses, c.ReportBreach = true, func(err error) { t.Error(err) }
	}, func(w http.ResponseWriter, r *http.Request) {
		f.errors.WriteError(w, r, fmt.Errorf("wait for the CA: %w", r.Context().Err()))
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, balance, http.NoBody)
	r.Header.Set(contract.KeyHeader, "test")
	f.ServeHTTP(httptest.NewRecorder(), r)
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=INFO msg=request operation=getBalance") ||
		!strings.Contains(got, "status=499 codes=request_canceled") {
		t.Errorf("the log says %q", got)
	}
}

// TestInFlight counts the requests that are being answered, by their routes.
func TestInFlight(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}), make(chan struct{})
	f := newFront(t, nil, func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}
		<-end
	})
	ended := make(chan struct{})
	for _, target := range []string{balance, balance, "/services/v2/organization/7"} {
		go func() {
			get(t, f, target)
			ended <- struct{}{}
		}()
		<-begun
	}
	requests, routes := f.InFlight()
	if want := []string{"GET /services/v2/finance/balance", "GET /services/v2/organization/{organization_id}"}; requests != 3 || !slices.Equal(routes, want) {
		t.Errorf("%d in flight: %q", requests, routes)
	}
	close(end)
	for range 3 {
		<-ended
	}
	if requests, routes := f.InFlight(); requests != 0 || len(routes) != 0 {
		t.Errorf("%d in flight once all are answered: %q", requests, routes)
	}
}
