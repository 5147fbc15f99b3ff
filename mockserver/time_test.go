package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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
