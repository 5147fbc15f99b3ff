package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver"
)

// shown is an order as the walk reads it.
type shown struct {
	Status      string `json:"status"`
	Created     string `json:"date_created"`
	Certificate struct {
		ValidFrom     string `json:"valid_from"`
		ValidTill     string `json:"valid_till"`
		DaysRemaining int    `json:"days_remaining"`
	} `json:"certificate"`
}

// TestClockWalk orders and moves the clock of an account at random. Whatever it does, an order is
// expired once the clock has been past the end of its certificate, and no sooner, and its dates are
// those of the clock at the time of the order.
func TestClockWalk(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256), mockserver.CAClock(vectorClock))))
	t.Cleanup(func() { _ = mock.Close() })
	walks := 0
	rapid.Check(t, func(rt *rapid.T) {
		walks++
		key := fmt.Sprint("walk-", walks)
		call := func(method, path, body string, status int) []byte {
			w := as(t, mock, key, method, path, body)
			if w.Code != status {
				rt.Fatalf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		type ordered struct{ at, end time.Time }
		var orders []ordered
		now, furthest := vectorClock(), []time.Time{}
		reach := func(at time.Time) { // the clock has shown this while these orders existed
			now = at
			for i := range orders {
				if at.After(furthest[i]) {
					furthest[i] = at
				}
			}
		}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0, 1:
				days := rapid.IntRange(1, 397).Draw(rt, "days")
				body := strings.Replace(string(vendorOrder(t)), `"years": 1`, fmt.Sprintf(`"days": %d`, days), 1)
				call(http.MethodPost, orderPath, body, http.StatusCreated)
				call(http.MethodPost, "/_mock/settle", "", http.StatusOK)
				begin := now.Truncate(time.Second)
				orders = append(orders, ordered{now, begin.AddDate(0, 0, days).Add(-time.Second)})
				furthest = append(furthest, now)
			case 2:
				by := rapid.IntRange(1, 300).Draw(rt, "by")
				call(http.MethodPost, "/_mock/clock/advance", fmt.Sprintf(`{"by": "P%dD"}`, by), http.StatusOK)
				reach(now.AddDate(0, 0, by))
			case 3:
				at := vectorClock().AddDate(0, 0, rapid.IntRange(-300, 1500).Draw(rt, "at"))
				call(http.MethodPut, "/_mock/clock", fmt.Sprintf(`{"at": %q, "frozen": %v}`, at.Format(time.RFC3339), rapid.Bool().Draw(rt, "frozen")), http.StatusOK)
				reach(at)
			}
		}
		for i, want := range orders {
			var got shown
			if err := json.Unmarshal(call(http.MethodGet, fmt.Sprint("/services/v2/order/certificate/", 843668399+i), "", http.StatusOK), &got); err != nil {
				rt.Fatal(err)
			}
			status := "issued"
			if furthest[i].After(want.end) {
				status = "expired"
			}
			remaining := max(0, int((want.end.Sub(now)+24*time.Hour-1)/(24*time.Hour)))
			if got.Status != status || got.Created != want.at.Format("2006-01-02T15:04:05+00:00") || got.Certificate.DaysRemaining != remaining ||
				got.Certificate.ValidFrom != want.at.Format(time.DateOnly) || got.Certificate.ValidTill != want.end.Format(time.DateOnly) {
				rt.Fatalf("now %s, at most %s: got %+v, want %s, %+v", now, furthest[i], got, status, want)
			}
		}
	})
}

// TestClockOfTheServerTakesItsAccounts: once the server's clock has jumped, what falls due has happened in
// each account that follows it: an order placed before has a certificate that begins before, and it
// has expired if the jump was that far. An account with a clock of its own stays as it is.
func TestClockOfTheServerTakesItsAccounts(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithClock(vectorClock), mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256), mockserver.CAClock(vectorClock))))
	t.Cleanup(func() { _ = mock.Close() })
	call := func(key, method, path, body string, status int) *httptest.ResponseRecorder {
		t.Helper()
		w := as(t, mock, key, method, path, body)
		if w.Code != status {
			t.Fatalf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
		}
		return w
	}
	order := func(key string) { call(key, http.MethodPost, orderPath, string(vendorOrder(t)), http.StatusCreated) }
	see := func(when, key string, id int, status, from string) {
		t.Helper()
		var got shown
		w := call(key, http.MethodGet, fmt.Sprint("/services/v2/order/certificate/", id), "", http.StatusOK)
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Status != status || got.Certificate.ValidFrom != from {
			t.Errorf("%s, %s: %s, valid from %s; want %s from %s", when, key, got.Status, got.Certificate.ValidFrom, status, from)
		}
	}
	const first, second = 843668399, 843668400
	call("own", http.MethodPut, "/_mock/clock", `{"frozen": false}`, http.StatusOK)
	for _, key := range []string{"a", "b", "own"} {
		order(key)
	}
	call("", http.MethodPost, "/_mock/server/clock/advance", `{"by": "P400D"}`, http.StatusOK)
	for _, key := range []string{"a", "b"} {
		if got := call(key, http.MethodGet, fmt.Sprintf("/_mock/orders/%d/token", first), "", http.StatusOK).Body.String(); !strings.Contains(got, `"status":"installed"`) {
			t.Errorf("the token of %s: %s", key, got)
		}
		see("advanced", key, first, "expired", "2026-11-23")
		if got := call(key, http.MethodGet, "/services/v2/order/certificate?filters[status]=expired", "", http.StatusOK).Body.String(); !strings.Contains(got, strconv.Itoa(first)) {
			t.Errorf("the list of %s: %s", key, got)
		}
	}
	call("own", http.MethodPost, "/_mock/settle", "", http.StatusOK)
	see("advanced", "own", first, "issued", "2026-11-23")

	order("a")
	call("", http.MethodPut, "/_mock/server/clock", `{"at": "2029-01-01T00:00:00Z"}`, http.StatusOK)
	see("set", "a", second, "expired", "2027-12-28")
	order("b")
	call("", http.MethodDelete, "/_mock/server/clock", "", http.StatusNoContent)
	see("unset", "b", second, "issued", "2029-01-01")
}

// TestEveryJumpWaits: also to have an order expire, and to unset the clock of the account, moves it only
// once its certificates are made.
func TestEveryJumpWaits(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithClock(vectorClock), mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256), mockserver.CAClock(vectorClock))))
	t.Cleanup(func() { _ = mock.Close() })
	call := func(method, path, body string) string {
		t.Helper()
		w := as(t, mock, "a", method, path, body)
		if w.Code >= http.StatusBadRequest {
			t.Fatalf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
		}
		return w.Body.String()
	}
	for i, jump := range []struct{ method, path, body, from string }{
		{http.MethodPost, "/_mock/orders/843668399/transition", `{"to": "expired"}`, "2026-11-23"},
		{http.MethodDelete, "/_mock/clock", "", "2027-11-23"},
	} {
		if i == 0 {
			call(http.MethodPost, orderPath, string(vendorOrder(t)))
			call(http.MethodPost, "/_mock/settle", "")
		}
		call(http.MethodPost, orderPath, string(vendorOrder(t)))
		call(jump.method, jump.path, jump.body)
		var got shown
		answer := call(http.MethodGet, fmt.Sprint("/services/v2/order/certificate/", 843668400+i), "")
		if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Certificate.ValidFrom != jump.from {
			t.Errorf("%s %s: %s, valid from %s, want %s", jump.method, jump.path, got.Status, got.Certificate.ValidFrom, jump.from)
		}
	}
}

// TestFrozenClockSaysSo: every answer to a call of an account whose clock stands still has a header.
func TestFrozenClockSaysSo(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	if got := as(t, mock, "a", http.MethodGet, me, "").Header().Get("X-Mock-Clock"); got != "" {
		t.Errorf("X-Mock-Clock: %s", got)
	}
	as(t, mock, "a", http.MethodPut, "/_mock/clock", `{"at": "2027-01-01T00:00:00Z", "frozen": true}`)
	for _, target := range []string{me, "/services/v2/user/1", "/_mock/account"} {
		if got := as(t, mock, "a", http.MethodGet, target, "").Header().Get("X-Mock-Clock"); got != "frozen at 2027-01-01T00:00:00Z" {
			t.Errorf("%s: X-Mock-Clock: %s", target, got)
		}
	}
	var limited struct {
		Key string `json:"api_key"`
	}
	made := as(t, mock, "a", http.MethodPost, "/_mock/keys", `{"user_id": 4313813, "role_id": 102}`)
	if err := json.Unmarshal(made.Body.Bytes(), &limited); err != nil {
		t.Fatal(err)
	}
	if w := as(t, mock, limited.Key, http.MethodPost, orderPath, "{}"); w.Code != http.StatusForbidden || w.Header().Get("X-Mock-Clock") == "" {
		t.Errorf("a key without the right: %d, X-Mock-Clock: %s", w.Code, w.Header().Get("X-Mock-Clock"))
	}
	if got := as(t, mock, "b", http.MethodGet, me, "").Header().Get("X-Mock-Clock"); got != "" {
		t.Errorf("another account: X-Mock-Clock: %s", got)
	}
}

func TestWrongTimes(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]mockserver.Option{
		"start time":    mockserver.WithStartTime(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)),
		"CRL lifetime":  mockserver.WithCRLLifetime(0),
		"OCSP lifetime": mockserver.WithOCSPLifetime(400 * 24 * time.Hour),
		"validation":    mockserver.WithValidation("never"),
	} {
		if err := mockserver.Validate(option); err == nil || !strings.HasPrefix(err.Error(), "mockserver: "+name+": must be ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := mockserver.NewCA(mockserver.CAClock(nil)); err == nil {
		t.Error("a CA without a clock")
	}
}

// TestAccountsAreNamedAlike: a server that is started again gives the accounts that it makes the same
// names, so that their tokens have the same codes.
func TestAccountsAreNamedAlike(t *testing.T) {
	t.Parallel()
	var names [2][]string
	for i := range names {
		mock := newMock(t)
		for range 2 {
			var made struct {
				ID string `json:"id"`
			}
			w := as(t, mock, "a", http.MethodPost, "/_mock/accounts", "{}")
			if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			names[i] = append(names[i], made.ID)
		}
	}
	if !slices.Equal(names[0], names[1]) || names[0][0] == names[0][1] {
		t.Errorf("%v", names)
	}
}
