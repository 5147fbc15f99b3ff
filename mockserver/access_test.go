package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// as sends a request with a key.
func as(tb testing.TB, handler http.Handler, key, method, target, body string) *httptest.ResponseRecorder {
	tb.Helper()
	return ask(tb, handler, method, target, body, "X-DC-DEVKEY", key)
}

// handOut makes one more API key for a user of the account that a key opens.
func handOut(tb testing.TB, handler http.Handler, key string, user, role int) string {
	tb.Helper()
	body := `{"user_id": ` + strconv.Itoa(user) + `, "role_id": ` + strconv.Itoa(role) + `}`
	w := as(tb, handler, key, http.MethodPost, "/_mock/keys", body)
	var made struct {
		APIKey string `json:"api_key"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		tb.Fatalf("POST /_mock/keys: %d %s", w.Code, w.Body)
	}
	return made.APIKey
}

const me = "/services/v2/user/me"

// TestKeyRoles sends every operation with a key of every role: it is refused exactly when the
// contract does not name the role.
func TestKeyRoles(t *testing.T) {
	t.Parallel()
	c, err := contract.CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	path := strings.NewReplacer("{order_id}", "1", "{organization_id}", "1", "{request_id}", "1", "{user_id}", "1",
		"{name_id}", "1", "{alternative_order_id}", "1")
	for _, role := range []int64{0, 100, 101, 102, 103} {
		server := newMock(t)
		key := handOut(t, server, "opening", 4313813, int(role))
		for _, op := range c.Operations() {
			body := ""
			if op.HasBody() {
				body = "{}"
			}
			w := as(t, server, key, op.Method, "/services/v2"+path.Replace(op.Path), body)
			allowed := role == 0 || slices.Contains(op.KeyRoles, role)
			if refused := w.Code == http.StatusForbidden; refused == allowed {
				t.Errorf("role %d, %s: %d %s", role, op.ID, w.Code, w.Body)
			}
			if op.KeyRoles == nil || !op.Declares(http.StatusForbidden) || !op.Declares(http.StatusTooManyRequests) {
				t.Errorf("%s: an operation of the vendor has roles, and can be refused or limited", op.ID)
			}
		}
	}
}

// TestRateLimit holds the vendor's limits to a clock.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := vectorClock()
	server := newMock(t, mockserver.WithRateLimit(), mockserver.WithClock(func() time.Time { return now }))
	count := func(key, target string, n int) (limited int) {
		for range n {
			w := as(t, server, key, http.MethodGet, target, "")
			if w.Code == http.StatusTooManyRequests {
				limited++
				if got := w.Header().Get("Retry-After"); got != "" {
					t.Errorf("Retry-After is %q; the vendor documents none", got)
				}
			}
		}
		return limited
	}
	count("invalid", me, 200) // counts for nothing
	if got := count("a", me, 101); got != 1 {
		t.Errorf("%d of 101 requests at once were limited", got)
	}
	if got := count("b", me, 100); got != 0 {
		t.Errorf("another key: %d of 100 were limited", got)
	}
	for _, target := range []string{"/_mock/account", "/_mock/healthz", "/openapi.json"} {
		if got := count("a", target, 1); got != 0 {
			t.Errorf("%s was limited", target)
		}
	}
	now = now.Add(5 * time.Second)
	for i := range 9 { // to 1000 within three minutes
		if got := count("a", me, 100); got != 0 {
			t.Errorf("hundred %d: %d were limited", i+2, got)
		}
		now = now.Add(5 * time.Second)
	}
	if got := count("a", me, 2); got != 2 {
		t.Errorf("beyond 1000 in three minutes: %d of 2 were limited", got)
	}
	now = vectorClock().Add(3 * time.Minute)
	if got := count("a", me, 101); got != 1 {
		t.Errorf("three minutes after the first hundred: %d of 101 were limited", got)
	}
}

// TestUnlimited is the default, so that a suite is not throttled.
func TestUnlimited(t *testing.T) {
	t.Parallel()
	server := newMock(t)
	for range 1001 {
		if w := as(t, server, "a", http.MethodGet, me, ""); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

func TestWrongRateLimits(t *testing.T) {
	t.Parallel()
	for _, limit := range []mockserver.RateLimit{{}, {Requests: 1}, {Window: time.Second}, {Requests: -1, Window: time.Second}, {Requests: 1, Window: -time.Second}} {
		if _, err := mockserver.New(mockserver.WithRateLimit(limit)); err == nil || !strings.HasPrefix(err.Error(), "mockserver: rate limit: ") {
			t.Errorf("%+v: %v", limit, err)
		}
	}
}

// TestKeysAndResets makes and uses keys while their account is reset. A key works as its user or
// not at all.
func TestKeysAndResets(t *testing.T) {
	t.Parallel()
	server := newMock(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				key := handOut(t, server, "opening", 4313912, 0)
				w := as(t, server, key, http.MethodGet, me, "")
				if w.Code != http.StatusForbidden && !strings.Contains(w.Body.String(), "Standard User") {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	for range 50 {
		if w := as(t, server, "opening", http.MethodPost, "/_mock/reset", ""); w.Code != http.StatusNoContent {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	group.Wait()
}
