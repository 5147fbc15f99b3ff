package fault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

const account = domain.AccountID("one")

// A hand is a clock that a test moves.
type hand struct{ nanoseconds atomic.Int64 }

func (h *hand) now() time.Time          { return time.Unix(0, h.nanoseconds.Load()) }
func (h *hand) advance(d time.Duration) { h.nanoseconds.Add(int64(d)) }

func newRules(h *hand) *Rules {
	return NewRules(clock.Shared(h.now), map[string]Scope{
		"getUser": AllRules, "getOrder": AllRules, "addOrderNote": AllRules, "listCAs": ServerRules, "getHealth": NoRules,
	})
}

// add makes a rule that is good.
func add(tb testing.TB, r *Rules, owner domain.AccountID, spec Spec) string {
	tb.Helper()
	id, err := r.Add(owner, spec)
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// failing is an action that needs no more.
func failing() *Action { return &Action{Respond: &Respond{Status: 500}} }

func call(operation, method, target, body string, headers ...string) *Call {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if _, id, found := strings.Cut(target, "/order/"); found {
		r.SetPathValue("order_id", id)
	}
	return &Call{Account: account, Operation: operation, Request: r, Body: []byte(body)}
}

// hitID is the id of the rule that a request matches, or nothing.
func hitID(r *Rules, c *Call) string {
	hit, _ := r.Match(c)
	return hit.ID
}

func TestMatch(t *testing.T) {
	t.Parallel()
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	request := func() *Call {
		return call("addOrderNote", http.MethodPost, "/services/v2/order/7",
			`{"text": "x", "n": 1, "list": [{"a/b": null}, true], "m~n": 1.50, "": 0}`, "User-Agent", "client/2.1", "X-Empty", "")
	}
	body := func(pointer, value string) Match {
		return Match{Body: map[string]json.RawMessage{pointer: raw(value)}}
	}
	header := func(name, glob string) Match { return Match{Header: map[string]string{name: glob}} }
	for name, tc := range map[string]struct {
		match Match
		want  bool
	}{
		"nothing":                   {Match{}, true},
		"operation":                 {Match{Operations: []string{"addOrderNote"}}, true},
		"one of two":                {Match{Operations: []string{"getUser", "addOrderNote"}}, true},
		"another operation":         {Match{Operations: []string{"getUser"}}, false},
		"order":                     {Match{OrderID: "7"}, true},
		"another order":             {Match{OrderID: "70"}, false},
		"method":                    {Match{Method: "POST"}, true},
		"another method":            {Match{Method: "GET"}, false},
		"path":                      {Match{Path: "/services/*/order/?"}, true},
		"another path":              {Match{Path: "/services/*/order"}, false},
		"header":                    {header("user-agent", "client/*"), true},
		"header, whole":             {header("User-Agent", "client/2.1"), true},
		"header, another":           {header("User-Agent", "client"), false},
		"header, empty":             {header("X-Empty", "*"), true},
		"header, missing":           {header("X-Missing", "*"), false},
		"header, host":              {header("Host", "*.com"), true},
		"two headers, one wrong":    {Match{Header: map[string]string{"User-Agent": "*", "X-Missing": "*"}}, false},
		"body, text":                {body("/text", `"x"`), true},
		"body, another text":        {body("/text", `"y"`), false},
		"body, number":              {body("/n", `1.0`), true},
		"body, text for a number":   {body("/n", `"1"`), false},
		"body, escaped slash":       {body("/list/0/a~1b", `null`), true},
		"body, escaped tilde":       {body("/m~0n", `1.5`), true},
		"body, empty name":          {body("/", `0`), true},
		"body, item":                {body("/list/1", `true`), true},
		"body, array":               {body("/list", `[{"a/b": null}, true]`), true},
		"body, index with zero":     {body("/list/01", `true`), false},
		"body, past the end":        {body("/list/2", `null`), false},
		"body, minus":               {body("/list/-", `null`), false},
		"body, below a text":        {body("/text/0", `"x"`), false},
		"body, missing":             {body("/missing", `null`), false},
		"body and operation":        {Match{Operations: []string{"addOrderNote"}, Body: body("/n", "1").Body}, true},
		"body and wrong operation":  {Match{Operations: []string{"getUser"}, Body: body("/n", "1").Body}, false},
		"two members of the body":   {Match{Body: map[string]json.RawMessage{"/n": raw("1"), "/text": raw(`"x"`)}}, true},
		"one of two in the body":    {Match{Body: map[string]json.RawMessage{"/n": raw("1"), "/text": raw(`"z"`)}}, false},
		"the whole body, different": {body("", `{"text": "x"}`), false},
	} {
		rules := newRules(new(hand))
		id := add(t, rules, account, Spec{Match: tc.match, Action: failing()})
		if got := hitID(rules, request()); (got == id) != tc.want || got != "" && got != id {
			t.Errorf("%s: hit %q, want %t", name, got, tc.want)
		}
	}
}

// TestMalformedBody: a body that is no strict JSON matches no value, and everything else.
func TestMalformedBody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{"n": 1`, `{"n": 1} x`, `{"n": 1, "n": 1}`, "{\"n\": 1, \"x\": \"\xff\"}", `{'n': 1}`} {
		rules := newRules(new(hand))
		add(t, rules, account, Spec{Match: Match{Body: map[string]json.RawMessage{"/n": json.RawMessage("1")}}, Action: failing()})
		if got := hitID(rules, call("addOrderNote", http.MethodPost, "/", text)); got != "" {
			t.Errorf("%q matches", text)
		}
		second := add(t, rules, account, Spec{Match: Match{Operations: []string{"addOrderNote"}}, Action: failing()})
		if got := hitID(rules, call("addOrderNote", http.MethodPost, "/", text)); got != second {
			t.Errorf("%q: hit %q", text, got)
		}
	}
}

// TestOrder: the first rule that matches happens, those of the account before those of the server,
// and each at most times times.
func TestOrder(t *testing.T) {
	t.Parallel()
	rules := newRules(new(hand))
	server := add(t, rules, Server, Spec{Action: failing(), Times: new(0)})
	if server != "server-fault-1" {
		t.Errorf("id %s", server)
	}
	first := add(t, rules, account, Spec{Match: Match{Operations: []string{"getUser"}, After: 1}, Action: failing(), Times: new(2)})
	second := add(t, rules, account, Spec{Match: Match{Operations: []string{"getUser"}, After: 1}, Action: failing()})
	add(t, rules, "another", Spec{Action: failing(), Times: new(0)})
	var got []string
	for range 5 {
		got = append(got, hitID(rules, call("getUser", http.MethodGet, "/", "")))
	}
	if want := []string{server, first, first, second, server}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	none := call("listCAs", http.MethodGet, "/_mock/ca", "")
	none.Account = Server
	if got := hitID(rules, none); got != server {
		t.Errorf("a request without an account: %q", got)
	}
	for id, hits := range map[string]int{first: 2, second: 1} {
		if shown, err := rules.Get(account, id); err != nil || shown.Hits != hits {
			t.Errorf("%s: %+v, %v", id, shown, err)
		}
	}
	if shown, err := rules.Get(Server, server); err != nil || shown.Hits != 3 || shown.Times != 0 {
		t.Errorf("%+v, %v", shown, err)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	moved := new(hand)
	rules := newRules(moved)
	id := add(t, rules, account, Spec{Action: failing(), Times: new(0), Until: moved.now().Add(10)})
	for _, want := range []string{id, ""} {
		if got := hitID(rules, call("getUser", http.MethodGet, "/", "")); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		moved.advance(10)
	}
}

// TestTimesTogether: times and after hold for requests that come at once.
func TestTimesTogether(t *testing.T) {
	t.Parallel()
	rules := newRules(new(hand))
	limited := add(t, rules, account, Spec{Match: Match{After: 30}, Action: failing(), Times: new(20)})
	flaky := add(t, rules, account, Spec{Preset: Flaky, Times: new(7)})
	var hits sync.Map
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 50 {
				id := hitID(rules, call("getUser", http.MethodGet, "/", ""))
				count, _ := hits.LoadOrStore(id, new(atomic.Int64))
				count.(*atomic.Int64).Add(1)
			}
		})
	}
	workers.Wait()
	for id, want := range map[string]int64{limited: 20, flaky: 7, "": 400 - 27} {
		if count, there := hits.Load(id); !there || count.(*atomic.Int64).Load() != want {
			t.Errorf("%q: %v hits, want %d", id, count, want)
		}
	}
}

// TestProbability: the same seed decides the same, and about as often as the probability says.
func TestProbability(t *testing.T) {
	t.Parallel()
	const requests = 10_000
	fate := func(probability float64, seed *int64) (hits int, pattern string) {
		rules := newRules(new(hand))
		add(t, rules, account, Spec{Match: Match{Probability: &probability, Seed: seed}, Action: failing(), Times: new(0)})
		var text strings.Builder
		for range requests {
			if hitID(rules, call("getUser", http.MethodGet, "/", "")) != "" {
				hits++
				text.WriteByte('x')
			} else {
				text.WriteByte('.')
			}
		}
		return hits, text.String()
	}
	for _, probability := range []float64{0, 0.05, 0.5, 0.9, 1} {
		hits, pattern := fate(probability, new(int64(7)))
		if off := float64(hits) - probability*requests; off > 300 || off < -300 {
			t.Errorf("%v: %d of %d", probability, hits, requests)
		}
		if _, again := fate(probability, new(int64(7))); again != pattern {
			t.Errorf("%v: the same seed decides otherwise", probability)
		}
	}
	if _, one := fate(0.5, nil); one != func() string { _, zero := fate(0.5, new(int64(0))); return zero }() {
		t.Error("the default seed is not 0")
	}
	_, seven := fate(0.5, new(int64(7)))
	if _, eight := fate(0.5, new(int64(8))); seven == eight {
		t.Error("seeds 7 and 8 decide alike")
	}
}

// TestRegistry: rules can be listed, read and deleted, and are forgotten with their account.
func TestRegistry(t *testing.T) {
	t.Parallel()
	rules := newRules(new(hand))
	one, two := add(t, rules, account, Spec{Action: failing()}), add(t, rules, account, Spec{Action: failing()})
	add(t, rules, Server, Spec{Action: failing()})
	if list := rules.List(account); len(list) != 2 || list[0].ID != one || list[1].ID != two {
		t.Errorf("got %+v", list)
	}
	if err := rules.Delete(account, one); err != nil {
		t.Error(err)
	}
	gone := &domain.Error{Code: domain.CodeFaultNotFound}
	if err := rules.Delete(account, one); !errors.Is(err, gone) {
		t.Errorf("deleted twice: %v", err)
	}
	if _, err := rules.Get(account, "server-fault-1"); !errors.Is(err, gone) {
		t.Errorf("a rule of the server: %v", err)
	}
	if got := hitID(rules, call("getUser", http.MethodGet, "/", "")); got != two {
		t.Errorf("hit %q", got)
	}
	rules.Clear(account)
	rules.Clear("never seen")
	if again := add(t, rules, account, Spec{Action: failing()}); again != "fault-1" {
		t.Errorf("after Clear: %s", again)
	}
	rules.Clear(account)
	rules.Clear(Server)
	if rules.made.Load() != 0 || rules.sum != 0 || len(rules.sets) != 0 {
		t.Errorf("left: %d rules, %d bytes, %d sets", rules.made.Load(), rules.sum, len(rules.sets))
	}
}

// TestRoom: what rules take is bounded for an account and for all of them, and rules that are used
// up give way.
func TestRoom(t *testing.T) {
	t.Parallel()
	moved := new(hand)
	rules := newRules(moved)
	large := func() *Action {
		return &Action{Respond: &Respond{Status: 200, Body: json.RawMessage(`"` + strings.Repeat("x", maxBody) + `"`)}}
	}
	fill := func(owner domain.AccountID, spec Spec) (made int, err error) {
		for ; err == nil; made++ {
			_, err = rules.Add(owner, spec)
		}
		return made - 1, err
	}
	made, err := fill(account, Spec{Action: large(), Until: moved.now().Add(10)})
	if !errors.Is(err, &domain.Error{Code: domain.CodeTooManyFaults}) || made < 20 || int64(made)*maxBody > maxBytes {
		t.Errorf("%d rules, %v", made, err)
	}
	moved.advance(10)
	if again, err := fill(account, Spec{Action: large()}); again != made || err == nil {
		t.Errorf("where all are used up: %d rules, %v", again, err)
	}
	accounts := 1
	for ; errors.Is(err, &domain.Error{Code: domain.CodeTooManyFaults}); accounts++ {
		_, err = fill(domain.AccountID(fmt.Sprint("more", accounts)), Spec{Action: large()})
	}
	if !errors.Is(err, &domain.Error{Code: domain.CodeCapacity}) || rules.sum > maxTotal || rules.sum < maxTotal/2 {
		t.Errorf("%d accounts with %d bytes: %v", accounts, rules.sum, err)
	}
	if _, err := rules.Add(Server, Spec{Action: large()}); err != nil {
		t.Errorf("the server has room of its own: %v", err)
	}
	rules.Clear(account)
	if _, err := rules.Add("yet another", Spec{Action: large()}); err != nil {
		t.Errorf("after a reset: %v", err)
	}
}

// TestNoConnection: what needs a connection panics as net/http wants it where there is none.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	for _, cut := range []Cut{CutBeforeHeaders, CutInHeaders, CutInBody, CutReset} {
		rules := newRules(new(hand))
		add(t, rules, account, Spec{Action: &Action{When: After, Cut: cut}})
		c := call("getUser", http.MethodGet, "/", "")
		hit, _ := rules.Match(c)
		func() {
			defer func() {
				if got, isError := recover().(error); !isError || !errors.Is(got, http.ErrAbortHandler) {
					t.Errorf("%s: panic %v", cut, got)
				}
			}()
			err := hit.Apply(context.Background(), httptest.NewRecorder(), c.Request, func() Answer {
				return Answer{Status: 200, Header: http.Header{}, Body: []byte("x")}
			})
			t.Errorf("%s: returned %v", cut, err)
		}()
	}
}
