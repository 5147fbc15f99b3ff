package front

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

const orderPath = "/services/v2/order/certificate/pkio_organisation_person"

// newJournaled returns a Front with a journal.
func newJournaled(tb testing.TB, change func(*Config), handlers ...http.HandlerFunc) (*Front, *journal.Journal) {
	tb.Helper()
	j := journal.New(tb.Context(), journal.LimitsWithin(1<<30))
	return newFront(tb, func(c *Config) {
		c.Journal = j
		if change != nil {
			change(c)
		}
	}, handlers...), j
}

// last is the last call of an account.
func last(tb testing.TB, j *journal.Journal, account domain.AccountID) *journal.Call {
	tb.Helper()
	page := j.Find(account, journal.Query{Control: true}, 1)
	if len(page.Calls) != 1 {
		tb.Fatal("the journal has no call")
	}
	return page.Calls[0]
}

func answering(status int, mediaType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TestJournaled pins what is written down of calls that end at each stage.
func TestJournaled(t *testing.T) {
	t.Parallel()
	const isJSON = "application/json"
	own := domain.AccountID(HashKey("test"))
	for name, tc := range map[string]struct {
		handler              http.HandlerFunc
		method, target, body string
		headers              []string
		account              domain.AccountID
		want                 string // in its most important parts
	}{
		"an answer":          {answering(200, isJSON, `{"balance": "1.00"}`), "GET", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response {"balance":"1.00"}`},
		"HEAD":               {answering(200, isJSON, `{"balance": "1.00"}`), "HEAD", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response `},
		"a slash":            {answering(200, isJSON, `{}`), "GET", balance + "/", "", nil, own, `getBalance 200 answered user 4313813 [] response {}`},
		"a file":             {answering(200, "application/zip", "PK"), "GET", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response (not_json 2)`},
		"a broken answer":    {answering(200, isJSON, `{"balance": `), "GET", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response (not_json 12)`},
		"a large answer":     {answering(200, isJSON, strings.Repeat(" ", maxJournalBody+1)), "GET", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response (too_large 65537)`},
		"an undeclared body": {answering(200, isJSON, `{"balance": "1.00", "pin": "12"}`), "GET", balance, "", nil, own, `getBalance 200 answered user 4313813 [] response {"balance":"1.00","pin":{"type":"string","length":2}}`},
		"a panic before":     {func(http.ResponseWriter, *http.Request) { panic("oops") }, "GET", balance, "", nil, own, `getBalance 500 answered user 4313813 [internal_error: D-29] response {"errors":[{"code":"internal_error"`},
		"a panic in between": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x"); panic("oops") }, "GET", balance, "", nil, own, `getBalance 200 failed user 4313813 [] response (not_json 1)`},
		"no answer":          {func(http.ResponseWriter, *http.Request) {}, "GET", balance, "", nil, own, `getBalance 0 cut user 4313813 [] response `},
		"the client has gone": {func(w http.ResponseWriter, _ *http.Request) {
			envelope.WriteErrors(w, envelope.StatusClientGone, api.ErrorReason{Code: "request_canceled"})
		}, "GET", balance, "", nil, own, `getBalance 499 canceled user 4313813 [request_canceled: D-29]`},
		"the contract":       {nil, "POST", orderPath, `{"credit_card": {"number": "1"}}`, nil, own, `orderPkioOrganisationPerson 400 answered user 4313813 [missing_field|certificate certificate: D-29, missing_field|csa_agreed_to csa_agreed_to: D-15, `},
		"malformed":          {nil, "POST", orderPath, `{"credit_card": `, nil, own, `orderPkioOrganisationPerson 400 answered user 4313813 [bad_request_format: D-47] request (not_json 16)`},
		"another type":       {nil, "POST", orderPath, `{}`, []string{"Content-Type", "text/plain"}, own, `orderPkioOrganisationPerson 415 answered user 4313813 [unsupported_media_type: D-48] request (not_json 2)`},
		"a large request":    {nil, "POST", orderPath, `{}` + strings.Repeat(" ", maxJournalBody), nil, own, `request (too_large 65538)`},
		"the body limit":     {nil, "POST", orderPath, strings.Repeat(" ", maxBody+1), nil, own, `orderPkioOrganisationPerson 413 answered user 4313813 [request_too_large: D-29] request (not_read 1048577)`},
		"a bad key":          {nil, "POST", orderPath, `{}`, []string{contract.KeyHeader, "invalid"}, journal.Server, `orderPkioOrganisationPerson 403 answered user 0 [access_denied|access_denied_invalid_key: D-30] request (not_read 2)`},
		"no route":           {nil, "GET", "/services/v2/nothing/1", "", nil, journal.Server, ` 404 answered user 0 [not_found|route: D-38]`},
		"a card as an order": {answering(200, isJSON, "{}"), "GET", "/services/v2/order/certificate/4111111111111111", "", nil, own, `orders [] path /services/v2/order/certificate/(redacted)`},
		"an order":           {answering(200, isJSON, "{}"), "GET", "/services/v2/order/certificate/843668399", "", nil, own, `orders [843668399] path /services/v2/order/certificate/843668399`},
		"another method":     {nil, "PATCH", balance, "", nil, journal.Server, ` 405 answered user 0 [method_not_allowed: D-38]`},
		"another origin":     {nil, "POST", "/services/v2/organization", "", []string{"Sec-Fetch-Site", "cross-site"}, journal.Server, ` 403 answered user 0 [cross_origin_request: D-75]`},
		"a filter":           {nil, "GET", balance + "?filters%5Bx%5D=1&y=2", "", nil, own, `query {"filters[x]":[{"type":"string","length":1}],"y":[{"type":"string","length":1}]}`},
		"a malformed query":  {nil, "GET", balance + "?a=%zz", "", nil, own, `query {"malformed":[{"type":"string","length":5}]}`},
		"an own call":        {answering(200, isJSON, `{"status": "ok"}`), "GET", health, "", nil, journal.Server, `getHealth 200 answered user 0 [] response {"status":"ok"} control`},
		"a page":             {nil, "GET", "/docs", "", nil, journal.Server, ` 200 answered user 0 [] response (not_json 6) control`},
	} {
		handler := tc.handler
		if handler == nil {
			handler = answering(200, isJSON, "{}")
		}
		f, j := newJournaled(t, nil, handler)
		r := httptest.NewRequestWithContext(t.Context(), tc.method, tc.target, strings.NewReader(tc.body))
		r.Header.Set(contract.KeyHeader, "test")
		r.Header.Set("Content-Type", isJSON)
		for i := 0; i < len(tc.headers); i += 2 {
			r.Header.Set(tc.headers[i], tc.headers[i+1])
		}
		f.ServeHTTP(httptest.NewRecorder(), r)
		call := last(t, j, tc.account)
		if got := summary(call); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %s\nwant %s", name, got, tc.want)
		}
		if call.Method != tc.method || !call.Time.Equal(now()) || call.RequestID == "" {
			t.Errorf("%s: %s at %s, %q", name, call.Method, call.Time, call.RequestID)
		}
		for _, text := range []string{call.Query, call.Request.Headers, call.Request.Body, call.Response.Headers, call.Response.Body} {
			if text != "" && !json.Valid([]byte(text)) {
				t.Errorf("%s: no JSON: %s", name, text)
			}
		}
	}
}

func summary(call *journal.Call) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %d %s user %d [", call.Operation, call.Status, call.Outcome, call.User)
	for i, refusal := range call.Refusals {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(strings.TrimSpace(refusal.Code+" "+refusal.Path) + ": " + strings.Join(refusal.Decisions, " "))
	}
	text.WriteString("]")
	for name, message := range map[string]journal.Message{" request ": call.Request, " response ": call.Response} {
		if name == " request " && message.Body == "" && message.Omitted == "" {
			continue
		}
		if name == " response " && len(call.Refusals) > 0 && call.Refusals[0].Code != "internal_error" {
			continue
		}
		text.WriteString(name + message.Body)
		if message.Omitted != "" {
			fmt.Fprintf(&text, "(%s %d)", message.Omitted, message.Length)
		}
	}
	if call.Query != "" {
		text.WriteString(" query " + call.Query)
	}
	if call.Operation == "getOrder" {
		fmt.Fprintf(&text, " orders %v path %s", call.Orders, call.Path)
	}
	if call.Control {
		text.WriteString(" control")
	}
	return text.String()
}

// TestJournaledLimit pins that a request beyond the rate limit belongs to its account, and that a
// fault is named.
func TestJournaledLimit(t *testing.T) {
	t.Parallel()
	f, j := newJournaled(t, limited(domain.RateRule{Requests: 1, Window: time.Minute}), func(w http.ResponseWriter, _ *http.Request) {
		exchangeOf(w).fault = "7"
		w.Header().Set(toleratedHeader, "a, b")
	})
	get(t, f, balance)
	own := domain.AccountID(HashKey("test"))
	if call := last(t, j, own); call.Fault != "7" || !slices.Equal(call.Tolerated, []string{"a", "b"}) {
		t.Errorf("%+v", call)
	}
	get(t, f, balance)
	if got, want := summary(last(t, j, own)), "getBalance 429 answered user 4313813 [request_limit_exceeded: D-55]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestJournaledCapacity pins that a call whose account could not be opened is in the journal of the
// server.
func TestJournaledCapacity(t *testing.T) {
	t.Parallel()
	f, j := newJournaled(t, func(c *Config) { c.Store = full{c.Store} })
	get(t, f, balance)
	if got, want := summary(last(t, j, journal.Server)), "getBalance 503 answered user 0 [mock_capacity: D-44]"; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNoSecretIsJournaled puts a key, a card and a CVV anywhere into a request and its answer,
// written in many ways. The journal must not have them in any of its texts.
func TestNoSecretIsJournaled(t *testing.T) {
	t.Parallel()
	var answer string
	f, j := newJournaled(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Via", r.Header.Get("X-Echo"))
		answering(http.StatusOK, "application/json", answer)(w, r)
	})
	ways := writings()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`K[A-Za-z0-9._~-]{9,39}`).Draw(t, "key")
		card := withCheckDigit(rapid.StringMatching(`[3-9][0-9]{11,17}`).Draw(t, "card"))
		if rapid.Bool().Draw(t, "made up") {
			card = rapid.StringMatching(`[3-6][0-9]{13,15}`).Draw(t, "card without check digit")
		}
		cvv := rapid.StringMatching(`[0-9]{3,4}`).Draw(t, "cvv")
		secrets := []string{key, card}
		bare := func(label string) string {
			way := rapid.SampledFrom(ways).Draw(t, "way of "+label)
			return way(rapid.SampledFrom(secrets).Draw(t, label))
		}
		write := func(label string) string { return "a note " + bare(label) + ", end" }
		quote := func(text string) string { return string(must(json.Marshal(text))) }
		body := fmt.Sprintf(`{"comments": %s, %s: %s, "credit_card": {"number": %q, "cvv": %q, "x": %s, "cardholder_name": %s},
			"organization": {"id": %q, "contacts": [{"first_name": %s, "y": [%s]}]}, "ship_info": {"name": %s}}`,
			quote(write("comments")), quote(bare("name")), quote(write("value")), card, cvv, quote(write("unknown")), quote(write("holder")),
			card, quote(write("contact")), quote(write("list")), quote("cvv "+cvv+"!"))
		if rapid.IntRange(0, 9).Draw(t, "cut") == 0 {
			body = body[:rapid.IntRange(0, len(body)).Draw(t, "length")]
		}
		answer = fmt.Sprintf(`{"id": 1, "organization": {"name": %s}, "z": %s}`, quote(write("answer")), quote(write("unknown answer")))
		target := orderPath + "?limit=" + url.QueryEscape(write("query")) + "&" + url.QueryEscape(bare("parameter")) + "=1"
		method := http.MethodPost
		if rapid.Bool().Draw(t, "another path") {
			method = rapid.SampledFrom([]string{http.MethodGet, http.MethodPost}).Draw(t, "method")
			target = "/services/v2/" + rapid.SampledFrom([]string{"order/certificate/", "x/"}).Draw(t, "path") + url.PathEscape(write("id")) + "?a=" + url.QueryEscape(write("query"))
		}
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set(contract.KeyHeader, key)
		for _, name := range []string{"User-Agent", "X-Echo", "X-Request-Id", "Authorization", "Cookie", "Accept", "Referer"} {
			r.Header.Set(name, write(name))
		}
		if rapid.IntRange(0, 9).Draw(t, "origin") == 0 {
			r.Header.Set("Origin", write("Origin"))
		}
		r.Header.Set("Content-Type", "application/json")
		if rapid.IntRange(0, 9).Draw(t, "type") == 0 {
			r.Header.Set("Content-Type", "text/"+card)
		}
		f.ServeHTTP(httptest.NewRecorder(), r)
		var calls []*journal.Call
		for _, account := range []domain.AccountID{journal.Server, domain.AccountID(HashKey(key))} {
			calls = append(calls, j.Find(account, journal.Query{Control: true}, 1<<10).Calls...)
			j.Forget(account)
		}
		if len(calls) != 1 {
			t.Fatalf("%d calls", len(calls))
		}
		text := fmt.Sprintf("%+v", *calls[0])
		for _, secret := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Fatalf("it has %s: %s", secret, text)
			}
			decoded := text
			for range 3 {
				if unescaped, err := url.PathUnescape(decoded); err == nil {
					decoded = unescaped
				}
			}
			if strings.Contains(strings.ToLower(decoded), strings.ToLower(secret)) {
				t.Fatalf("it has %s, escaped: %s", secret, text)
			}
		}
		if digits := strings.Map(digitsOnly, calls[0].Request.Body); strings.Contains(digits, card) {
			t.Fatalf("it has %s in groups: %s", card, calls[0].Request.Body)
		}
		if strings.Contains(calls[0].Request.Body, "cvv "+cvv) {
			t.Fatalf("it has the CVV %s: %s", cvv, calls[0].Request.Body)
		}
	})
}

func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

// withCheckDigit completes the number of a card, by which it is recognized where the body was not
// read.
func withCheckDigit(number string) string {
	sum := 0
	for i := range len(number) {
		n := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	return number + strconv.Itoa((10-sum%10)%10)
}

func digitsOnly(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// writings are ways to write a secret.
func writings() []func(string) string {
	each := func(write func(c byte) string) func(string) string {
		return func(secret string) string {
			var text strings.Builder
			for i := range len(secret) {
				text.WriteString(write(secret[i]))
			}
			return text.String()
		}
	}
	grouped := func(separator string) func(string) string {
		return func(secret string) string {
			if strings.Trim(secret, "0123456789") != "" {
				return secret // only the digits of a card are written in groups
			}
			return strings.Join(slices.Collect(func(yield func(string) bool) {
				for part := range slices.Chunk([]byte(secret), 4) {
					if !yield(string(part)) {
						return
					}
				}
			}), separator)
		}
	}
	return []func(string) string{
		func(secret string) string { return secret },
		strings.ToUpper, strings.ToLower, url.QueryEscape,
		each(func(c byte) string { return fmt.Sprintf("%%%02X", c) }),
		each(func(c byte) string { return fmt.Sprintf("%%25%02x", c) }),
		each(func(c byte) string { return fmt.Sprintf(`\u%04x`, c) }),
		each(func(c byte) string { return fmt.Sprintf("&#%d;", c) }),
		grouped(" "), grouped("-"), grouped(" - "), grouped("."), grouped("\u00a0"),
	}
}

// full is a store that opens no account.
type full struct{ store.Store }

func (full) Open(context.Context, domain.AccountID, func() domain.Changes) error {
	return &domain.Error{Code: domain.CodeCapacity}
}
