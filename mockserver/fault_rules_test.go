package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestFaultLostAnswer is the most wanted rule: the order is placed, and its answer lost. What was
// placed is whole.
func TestFaultLostAnswer(t *testing.T) {
	t.Parallel()
	mock := started(t)
	id := makeFault(t, mock, `{"match": {"operation": "orderPkioOrganisationPerson"}, "action": {"when": "after", "cut": "before_headers"}}`)
	body := vendorOrder(t)
	w := dial(t, mock)
	w.say(orderHead(len(body), "") + string(body))
	if text, err := w.rest(); text != "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if orders(t, mock) != 1 || hits(t, mock, id) != 1 {
		t.Errorf("%d orders, %d hits", orders(t, mock), hits(t, mock, id))
	}
	must(t, mock, http.MethodPost, "/_mock/settle?timeout=100", "")
	if order := must(t, mock, http.MethodGet, orderOne, "").Body.String(); !strings.Contains(order, `"status":"issued"`) {
		t.Errorf("the order is %s", order)
	}
	if second := ask(t, mock, http.MethodPost, orderPath, string(body)); second.Code != http.StatusCreated || second.Header().Get("X-Mock-Fault") != "" {
		t.Errorf("the next order: %d", second.Code)
	}
}

// TestFaultStore: every fault leaves the store whole: an order that was not carried out is not
// there, one that was is there, and nothing else has changed.
func TestFaultStore(t *testing.T) {
	t.Parallel()
	mock := started(t, mockserver.WithLife(mockserver.LifeManual))
	body := vendorOrder(t)
	for i, tc := range []struct {
		action string
		placed bool
	}{
		{`{"cut": "before_headers"}`, false},
		{`{"cut": "reset"}`, false},
		{`{"respond": {"status": 500}}`, false},
		{`{"respond": {"status": 500}, "cut": "in_body"}`, false},
		{`{"cut": "before_headers", "when": "after"}`, true},
		{`{"cut": "reset", "when": "after"}`, true},
		{`{"respond": {"status": 500}, "when": "after"}`, true},
		{`{"cut": "in_headers"}`, true},
		{`{"cut": "in_body"}`, true},
		{`{"truncate": 1}`, true},
		{`{"delay": "1ms"}`, true},
		{`{"dribble": 100000}`, true},
		{`{"content_type": "text/html"}`, true},
		{`{"retry_after": "soon"}`, true},
	} {
		before := orders(t, mock)
		makeFault(t, mock, `{"match": {"operation": "orderPkioOrganisationPerson"}, "action": `+tc.action+`}`)
		w := dial(t, mock)
		w.say(orderHead(len(body), "Connection: close\r\n") + string(body))
		_, _ = w.rest()
		noMore(t, mock, 0)
		if placed := orders(t, mock) - before; placed != map[bool]int{true: 1}[tc.placed] {
			t.Errorf("%d, %s: %d orders placed", i, tc.action, placed)
		}
	}
}

// TestFaultAnswers: what a rule answers arrives as it was given, also where it breaks the contract.
// newMock judges every answer of the mock's own, and none of these.
func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	mock := started(t)
	for _, tc := range []struct {
		action, body string
		status       int
		header       string
		value        string
	}{
		{`{"respond": {"catalogue": "request_limit_exceeded"}, "retry_after": 7}`, `{"errors":[{"code":"request_limit_exceeded","message":"Service unavailable, please limit request volume"}]}`, 429, "Retry-After", "7"},
		{`{"respond": {"catalogue": "html_504"}, "retry_after": "Fri, 31 Dec 1999 23:59:59 GMT"}`, "<html>\r\n<head><title>504 Gateway Timeout</title></head>\r\n<body>\r\n<center><h1>504 Gateway Timeout</h1></center>\r\n</body>\r\n</html>\r\n", 504, "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"},
		{`{"respond": {"catalogue": "html_413"}}`, "", 413, "Content-Type", "text/html"},
		{`{"respond": {"status": 200, "body": "<br>"}, "content_type": "text/html"}`, "<br>", 200, "Content-Type", "text/html"},
		{`{"respond": {"status": 200, "body": {"id": 12345678901234567890}}}`, `{"id":12345678901234567890}`, 200, "Content-Type", "application/json"},
		{`{"respond": {"status": 200, "body": null}}`, `null`, 200, "Content-Type", "application/json"},
		{`{"respond": {"status": 200, "body": "plain"}}`, "plain", 200, "Content-Type", "text/plain; charset=utf-8"},
		{`{"respond": {"status": 200, "body": "plain"}, "content_type": ""}`, "plain", 200, "Content-Type", ""},
		{`{"respond": {"status": 204, "headers": {"Set-Cookie": "a=b"}}}`, "", 204, "Set-Cookie", "a=b"},
		{`{"respond": {"status": 599, "errors": [{"code": "x", "message": "ë"}]}}`, `{"errors":[{"code":"x","message":"ë"}]}`, 599, "Content-Type", "application/json"},
		{`{"content_type": "application/xml", "retry_after": "soon"}`, "", 200, "Content-Type", "application/xml"},
		{`{"when": "after", "retry_after": "soon"}`, "", 200, "Retry-After", "soon"},
	} {
		id := makeFault(t, mock, `{"match": {"operation": "getCurrentUser"}, "action": `+tc.action+`}`)
		answer, body := get(t, mock, whoAmI).hear(http.MethodGet)
		if answer.StatusCode != tc.status || answer.Header.Get(tc.header) != tc.value || answer.Header.Get("X-Mock-Fault") != id ||
			tc.body != "" && string(body) != tc.body || answer.Header.Get("X-Mock-Contract-Breach") != "" {
			t.Errorf("%s: %v %q", tc.action, answer, body)
		}
		if answer.StatusCode != http.StatusNoContent && answer.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%s: Content-Length %s of %d bytes", tc.action, answer.Header.Get("Content-Length"), len(body))
		}
	}
}

// TestFaultPlace: rules concern requests that were let in, and neither the control API nor the
// documentation.
func TestFaultPlace(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithRateLimit(mockserver.RateLimit{Requests: 2, Window: time.Second}))
	const rule = `{"action": {"respond": {"status": 555}}, "times": 0}`
	createFault(t, mock, "/_mock/server/faults", rule)
	for _, tc := range []struct {
		method, target, body, key string
		want                      int
	}{
		{http.MethodGet, whoAmI, "", "test", 555},
		{http.MethodPost, orderPath, "{", "test", 555},
		{http.MethodGet, whoAmI, "", "test", http.StatusTooManyRequests},
		{http.MethodGet, whoAmI, "", "invalid", http.StatusForbidden},
		{http.MethodGet, "/services/v2/nothing", "", "other", http.StatusNotFound},
		{http.MethodPost, orderPath, strings.Repeat(" ", 1<<20+1), "other", http.StatusRequestEntityTooLarge},
		{http.MethodGet, "/_mock/healthz", "", "", http.StatusOK},
		{http.MethodGet, "/_mock/faults", "", "other", http.StatusOK},
		{http.MethodPost, "/_mock/reset", "", "other", http.StatusNoContent},
		{http.MethodGet, "/_mock/server/faults", "", "", http.StatusOK},
		{http.MethodGet, "/openapi.json", "", "", http.StatusOK},
		{http.MethodGet, "/docs", "", "", http.StatusOK},
		{http.MethodGet, "/_mock/ca", "", "", 555},
		{http.MethodGet, "/_mock/ca/roots.pem", "", "", 555},
		{http.MethodGet, "/_mock/ocsp/MAo=", "", "", 555},
		{http.MethodPost, "/_mock/ocsp", "x", "", 555},
		{http.MethodGet, whoAmI, "", "other", 555},
	} {
		if got := ask(t, mock, tc.method, tc.target, tc.body, "X-DC-DEVKEY", tc.key); got.Code != tc.want {
			t.Errorf("%s %s: %d %.200s", tc.method, tc.target, got.Code, got.Body)
		}
	}
}

// TestFaultAccounts: a rule concerns its account only; an account with rules does not give way to
// another one until it is reset, which forgets them.
func TestFaultAccounts(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithMaxAccounts(2))
	id := makeFault(t, mock, `{"action": {"respond": {"status": 555}}, "times": 0}`)
	for i := range 5 {
		if got := ask(t, mock, http.MethodGet, whoAmI, "", "X-DC-DEVKEY", fmt.Sprint("other-", i)); got.Code != http.StatusOK {
			t.Errorf("another account: %d %s", got.Code, got.Body)
		}
	}
	if got := ask(t, mock, http.MethodGet, whoAmI, ""); got.Code != 555 || got.Header().Get("X-Mock-Fault") != id {
		t.Errorf("the account with the rule: %d", got.Code)
	}
	makeFault(t, mock, `{"action": {"hang": true}}`, "X-DC-DEVKEY", "other-4")
	if got := ask(t, mock, http.MethodGet, whoAmI, "", "X-DC-DEVKEY", "other-5"); got.Code != http.StatusServiceUnavailable {
		t.Errorf("a third account: %d", got.Code)
	}
	if got := ask(t, mock, http.MethodPost, "/_mock/reset", ""); got.Code != http.StatusNoContent {
		t.Errorf("reset: %d", got.Code)
	}
	if got := ask(t, mock, http.MethodGet, whoAmI, ""); got.Code != http.StatusOK {
		t.Errorf("after the reset: %d", got.Code)
	}
	if got := ask(t, mock, http.MethodGet, whoAmI, "", "X-DC-DEVKEY", "other-5"); got.Code != http.StatusOK {
		t.Errorf("a third account after the reset: %d", got.Code)
	}
}

// TestFaultTogether: of requests that come at once, as many go wrong as the rule says.
func TestFaultTogether(t *testing.T) {
	t.Parallel()
	mock := started(t)
	id := makeFault(t, mock, `{"match": {"operation": "getCurrentUser", "after": 5}, "action": {"respond": {"status": 555}}, "times": 7}`)
	var failed atomic.Int64
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for range 10 {
				if answer, _ := get(t, mock, whoAmI).hear(http.MethodGet); answer.StatusCode == 555 {
					failed.Add(1)
				}
			}
		})
	}
	clients.Wait()
	if failed.Load() != 7 || hits(t, mock, id) != 7 {
		t.Errorf("%d failed, %d hits", failed.Load(), hits(t, mock, id))
	}
}

// TestFaultClock: until is by the clock of the mock; a delay is not, which stands still here.
func TestFaultClock(t *testing.T) {
	t.Parallel()
	now := &atomic.Int64{}
	now.Store(vectorClock().Unix())
	mock := newMock(t, mockserver.WithClock(func() time.Time { return time.Unix(now.Load(), 0) }))
	makeFault(t, mock, `{"action": {"delay": "1ms", "respond": {"status": 555}}, "times": 0, "until": "`+vectorClock().Add(time.Hour).Format(time.RFC3339)+`"}`)
	for _, want := range []int{555, http.StatusOK} {
		if got := ask(t, mock, http.MethodGet, whoAmI, ""); got.Code != want {
			t.Errorf("got %d, want %d", got.Code, want)
		}
		now.Add(3600)
	}
}

// TestFaultBody: a fault reads the whole body of its request first, and a rule can look into it.
func TestFaultBody(t *testing.T) {
	t.Parallel()
	mock := started(t)
	id := makeFault(t, mock, `{"match": {"body": {"/certificate/individual/first_name": "Ada", "/organization/contacts/0/user_id": 4313813}}, "action": {"when": "after", "delay": "1ms"}}`)
	order := vendorOrder(t)
	for name, hit := range map[string]bool{"John": false, "Ada": true} {
		sent := bytes.Replace(order, []byte(`"first_name": "John"`), []byte(`"first_name": "`+name+`"`), 1)
		w := dial(t, mock)
		w.say(orderHead(len(sent), "") + string(sent))
		answer, text := w.hear(http.MethodPost)
		if answer.StatusCode != http.StatusCreated || (answer.Header.Get("X-Mock-Fault") == id) != hit {
			t.Errorf("%s: %v %s", name, answer, text)
		}
	}
}

// TestFaultClientGone: a client that goes while its request waits is no fault of the mock, and the
// request is not carried out.
func TestFaultClientGone(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	mock := started(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))))
	makeFault(t, mock, `{"match": {"operation": "orderPkioOrganisationPerson"}, "action": {"delay": "10m"}}`)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, mock.URL()+orderPath, bytes.NewReader(vendorOrder(t)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-DC-DEVKEY", "test")
	r.Header.Set("Content-Type", "application/json")
	done := make(chan error, 1)
	go func() {
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		done <- err
	}()
	underWay(t, mock, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the client: %v", err)
	}
	noMore(t, mock, 0)
	if orders(t, mock) != 0 || strings.Contains(logged.String(), "ERROR") {
		t.Errorf("%d orders, logged %s", orders(t, mock), logged)
	}
}

// TestFaultJournal: the journal names the fault of each call, what was answered instead, and whether
// the answer was cut, and the orders that were placed although their answer is lost. What was sent is
// there also where it was not carried out.
func TestFaultJournal(t *testing.T) {
	t.Parallel()
	mock := started(t)
	order := string(vendorOrder(t))
	for _, action := range []string{
		`{"when": "after", "cut": "before_headers"}`,
		`{"respond": {"catalogue": "insufficient_funds"}}`,
		`{"when": "after", "respond": {"status": 429, "errors": [{"code": "request_limit_exceeded", "message": "x"}]}}`,
		`{"cut": "in_body"}`,
		`{"delay": "1ms"}`,
	} {
		makeFault(t, mock, `{"match": {"operation": "orderPkioOrganisationPerson"}, "action": `+action+`}`)
		w := dial(t, mock)
		w.say(orderHead(len(order), "Connection: close\r\n") + order)
		_, _ = w.rest()
	}
	noMore(t, mock, 0)
	var journal struct {
		Calls []struct {
			Operation string  `json:"operation"`
			Fault     string  `json:"fault"`
			Outcome   string  `json:"outcome"`
			Status    int     `json:"status"`
			Orders    []int64 `json:"orders"`
			Codes     []struct {
				Code string `json:"code"`
			} `json:"codes"`
			Request struct {
				Body map[string]any `json:"body"`
			} `json:"request"`
		} `json:"calls"`
	}
	if err := json.Unmarshal(must(t, mock, http.MethodGet, "/_mock/journal", "").Body.Bytes(), &journal); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, call := range journal.Calls {
		if call.Request.Body["certificate"] == nil {
			t.Errorf("%s: no body of the request", call.Fault)
		}
		got = append(got, fmt.Sprint(call.Fault, " ", call.Status, " ", call.Outcome, " ", call.Codes, " ", call.Orders))
	}
	want := []string{
		"fault-1 0 cut [] [843668399]",
		"fault-2 400 answered [{insufficient_funds}] []",
		"fault-3 429 answered [{request_limit_exceeded}] [843668400]",
		"fault-4 201 cut [] [843668401]",
		"fault-5 201 answered [] [843668402]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
