package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/internal/front"
)

// asked sends a request with a key to a server and returns the answer.
func asked(tb testing.TB, server http.Handler, method, target, key, body string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:50000"
	if key != "" {
		r.Header.Set("X-DC-DEVKEY", key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w
}

// callsOf returns the calls in a journal, and its text.
func callsOf(tb testing.TB, server http.Handler, target, key string) (control.CallList, string) {
	tb.Helper()
	answer := asked(tb, server, http.MethodGet, target, key, "")
	var list control.CallList
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil || answer.Code != http.StatusOK {
		tb.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return list, answer.Body.String()
}

// TestJournalHasNoSecrets sends orders with a card, accepted and refused, and operations that hand
// out keys, PINs and private keys. The journals have all calls, and no secret.
func TestJournalHasNoSecrets(t *testing.T) {
	t.Parallel()
	server := newMock(t)
	sent := 0
	for name, tc := range secretRequests(t) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, orderPath+"?card="+secretNumber+"&"+secretCVV, strings.NewReader(tc.body))
		r.Header.Set("X-DC-DEVKEY", secretKey)
		r.Header.Set("Content-Type", tc.contentType)
		r.Header.Set("User-Agent", "agent "+secretKey)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != tc.status {
			t.Errorf("%s: %d", name, w.Code)
		}
		sent++
	}
	handedOut := []string{}
	take := func(answer *httptest.ResponseRecorder, member string) string {
		match := regexp.MustCompile(`"` + member + `":\s*"([^"]+)"`).FindStringSubmatch(answer.Body.String())
		if match == nil {
			t.Fatalf("no %s in %d %s", member, answer.Code, answer.Body)
		}
		handedOut = append(handedOut, match[1])
		return match[1]
	}
	take(asked(t, server, http.MethodPost, "/_mock/keys", secretKey, `{"user_id": 4313813}`), "api_key")
	if err := server.Settle(t.Context(), secretKey); err != nil {
		t.Fatal(err)
	}
	const token = "/_mock/orders/843668399/token"
	code := take(asked(t, server, http.MethodGet, token, secretKey, ""), "init_code")
	pin := take(asked(t, server, http.MethodGet, token+"/pin", secretKey, ""), "pin")
	opened := asked(t, server, http.MethodPost, token+"/redeem", secretKey, fmt.Sprintf(`{"init_code": %q, "pin": %q}`, code, pin))
	if opened.Code != http.StatusOK {
		t.Fatalf("%d %s", opened.Code, opened.Body)
	}
	asked(t, server, http.MethodPost, token+"/redeem", secretKey, fmt.Sprintf(`{"init_code": %q, "pin": [%q], %q: 1}`, code, pin, pin))
	asked(t, server, http.MethodGet, "/services/v2/nothing/"+secretNumber, secretKey, "")

	list, text := callsOf(t, server, "/_mock/journal?control=true&limit=1000", secretKey)
	if len(list.Calls) != sent+5 {
		t.Errorf("%d calls, %d were sent", len(list.Calls), sent+5)
	}
	_, serverText := callsOf(t, server, "/_mock/server/journal?control=true&limit=1000", "")
	if !strings.Contains(serverText, `"/services/v2/nothing/(redacted)"`) {
		t.Errorf("the call without a route is not in %.500s", serverText)
	}
	noSecrets(t, "the journal", text)
	noSecrets(t, "the journal of the server", serverText)
	for _, secret := range handedOut {
		if strings.Contains(text, secret) {
			t.Errorf("the journal has %s", secret)
		}
	}
	if strings.Contains(text, "PRIVATE KEY") {
		t.Error("the journal has a private key")
	}
}

// TestJournalIsLost pins that a reset empties the journal of its account only, and that the calls
// of an account go with it when it gives way to another one.
func TestJournalIsLost(t *testing.T) {
	t.Parallel()
	server := newMock(t, mockserver.WithMaxAccounts(2))
	count := func(key string) int64 {
		list, _ := callsOf(t, server, "/_mock/journal", key)
		return list.Matched
	}
	for _, key := range []string{"one", "two"} {
		asked(t, server, http.MethodGet, "/services/v2/user/me", key, "")
	}
	asked(t, server, http.MethodPost, "/_mock/reset", "one", "")
	if one, two := count("one"), count("two"); one != 0 || two != 1 {
		t.Errorf("after a reset: %d and %d calls", one, two)
	}
	asked(t, server, http.MethodGet, "/services/v2/user/me", "one", "") // which has been used last
	list, _ := callsOf(t, server, "/_mock/journal", "one")
	if len(list.Calls) != 1 || list.Calls[0].ID == 1 {
		t.Errorf("an id stands for two calls: %+v", list.Calls)
	}
	asked(t, server, http.MethodGet, "/services/v2/user/me", "three", "")
	if two := count("two"); two != 0 {
		t.Errorf("an account that gave way has %d calls", two)
	}
}

// TestJournalWaits pins that waiting ends with the call that it waits for, and with the server, also
// for callers without a connection.
func TestJournalWaits(t *testing.T) {
	t.Parallel()
	server := newMock(t)
	wait := func(count int) chan *httptest.ResponseRecorder {
		done := make(chan *httptest.ResponseRecorder, 1)
		go func() {
			done <- asked(t, server, http.MethodGet, fmt.Sprintf("/_mock/journal/wait?operation=getCurrentUser&timeout=60s&count=%d", count), "waiting", "")
		}()
		return done
	}
	one, many := wait(1), wait(3)
	asked(t, server, http.MethodGet, "/services/v2/user/me", "another", "")
	asked(t, server, http.MethodGet, "/services/v2/user/me", "waiting", "")
	if got := <-one; got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"matched":1`) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	_ = server.Close()
	if got := <-many; got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "mock_stopping") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// TestJournalTimeUp: an answer that the time is up closes its connection on HTTP/1.1, as RFC 9110 has it
// for 408, so that a client that repeats the request does so on another one. HTTP/2 needs no such word.
func TestJournalTimeUp(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(mock)
		server.EnableHTTP2 = http2
		server.StartTLS()
		t.Cleanup(server.Close)
		get := func(target string) (status int, closes, reused bool) {
			trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
			r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, server.URL+target, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-DC-DEVKEY", "test")
			answer, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			_, _ = io.ReadAll(answer.Body)
			return answer.StatusCode, answer.Close, reused
		}
		status, closes, _ := get("/_mock/journal/wait?operation=getOrder&timeout=0s")
		_, _, reused := get(me)
		if status != http.StatusRequestTimeout || closes == http2 || reused != http2 {
			t.Errorf("HTTP/2 %v: %d, close %v, the next request on the same connection %v", http2, status, closes, reused)
		}
	}
}

// TestJournalInParallel calls, waits, lists and empties at once, over connections.
func TestJournalInParallel(t *testing.T) {
	t.Parallel()
	const clients, each = 8, 20
	mock := startMock(t, mockserver.WithLife(mockserver.LifeManual))
	do := func(ctx context.Context, method, target, key string, body []byte) int {
		r, err := http.NewRequestWithContext(ctx, method, mock.URL()+target, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0
		}
		r.Header.Set("X-DC-DEVKEY", key)
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	order := vendorOrder(t)
	var group sync.WaitGroup
	for n := range clients {
		key := fmt.Sprintf("parallel-%d", n%2)
		group.Go(func() {
			for range each {
				if status := do(t.Context(), http.MethodPost, orderPath, key, order); status != http.StatusCreated {
					t.Errorf("order: %d", status)
				}
			}
		})
		group.Go(func() {
			target := fmt.Sprintf("/_mock/journal/wait?operation=orderPkioOrganisationPerson&status=201&count=%d&timeout=60s", each*clients/2)
			if status := do(t.Context(), http.MethodGet, target, key, nil); status != http.StatusOK {
				t.Errorf("wait: %d", status)
			}
		})
		group.Go(func() {
			for range each {
				if status := do(t.Context(), http.MethodGet, "/_mock/journal?text=john&control=true", key, nil); status != http.StatusOK {
					t.Errorf("list: %d", status)
				}
				if status := do(t.Context(), http.MethodDelete, "/_mock/server/journal", "", nil); status != http.StatusNoContent {
					t.Errorf("delete: %d", status)
				}
			}
		})
	}
	group.Wait()
}

// TestDecisionsOfCodes compares the decisions behind codes with DECISIONS.md: each code of D-29 that
// depends on no value has some, and each of them speaks of the code or of what it is about.
func TestDecisionsOfCodes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../openapi/DECISIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]string{}
	for entry := range strings.SplitSeq(string(text), "\n## ") {
		id, rest, _ := strings.Cut(entry, " ")
		entries[id] = rest
	}
	// Their decisions are those of the value or of the operation.
	dependent := []string{"missing_field", "invalid_field", "invalid_organization", "invalid_individual", "invalid_user", "order_status_conflict"}
	// What they are about, where the entry has another word for it.
	about := map[string]string{
		"access_denied|access_denied_invalid_key": "Access denied due to access_denied_invalid_key", "missing_verified_contact": "verified contact",
		"missing_organization_contact": "organization contact", "not_found|route": "404", "method_not_allowed": "405", "bad_request_format": "JSON",
		"unsupported_media_type": "415", "request_limit_exceeded": "429", "access_denied|missing_permission": "role", "not_found|ca": "CA",
		"token_conflict": "token", "token_locked": "lock", "invalid_init_code": "init code", "invalid_pin": "PIN",
		"cross_origin_request": "origin", "misdirected_request": "host", "not_found|call": "call",
		"time_frame_too_long": "days", "cert_unavailable_processing": "processing",
	}
	codes := map[string]bool{}
	row := regexp.MustCompile(`(?m)^  \| [0-9]{3} \| ((?:[^|\\]|\\\|)*) \|`) // status and codes; a bar in a code is escaped
	for _, cell := range row.FindAllStringSubmatch(entries["D-29"], -1) {
		for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell[1], -1) {
			codes[strings.TrimSuffix(strings.ReplaceAll(code[1], `\`, ""), "|PATH")] = true
		}
	}
	if len(codes) < 30 {
		t.Fatalf("D-29 has only %d codes", len(codes))
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		decided := front.DecisionsOf(code)
		if len(decided) == 0 && !slices.Contains(dependent, code) && !strings.HasPrefix(code, "not_found|") {
			t.Errorf("%s: name the decisions behind it in front.DecisionsOf, or here as dependent", code)
		}
		for _, id := range decided {
			words := []string{code, about[code]}
			if !slices.ContainsFunc(words, func(word string) bool {
				return word != "" && strings.Contains(strings.ReplaceAll(entries[id], `\`, ""), word)
			}) {
				t.Errorf("%s: %s speaks neither of %q", code, id, words)
			}
		}
	}
}
