package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestRefusals: what the contract does not check is checked here, with a path.
func TestRefusals(t *testing.T) {
	t.Parallel()
	respond := func(r Respond) Spec { return Spec{Action: &Action{Respond: &r}} }
	act := func(a Action) Spec { return Spec{Action: &a} }
	match := func(m Match) Spec { return Spec{Match: m, Action: failing()} }
	for want, spec := range map[string]Spec{
		"action: missing":                           {},
		"action.respond.status: 200 to 599":         respond(Respond{Status: 199}),
		"action.respond.status: left out":           respond(Respond{Status: 500, Catalogue: "html_502"}),
		"action.respond.catalogue: did you":         respond(Respond{Catalogue: "insuficient_funds"}),
		"action.respond.catalogue: documented":      respond(Respond{Catalogue: "html_599"}),
		"action.respond: 64 KiB":                    respond(Respond{Status: 200, Body: json.RawMessage(`"` + strings.Repeat("x", maxBody+1) + `"`)}),
		"action.respond.headers: must name headers": respond(Respond{Status: 200, Headers: map[string]string{"a b": "x"}}),
		"action.respond.headers: one line":          respond(Respond{Status: 200, Headers: map[string]string{"A": "x\r\nB: y"}}),
		"action.respond.headers: X-Mock-Fault":      respond(Respond{Status: 200, Headers: map[string]string{"x-mock-fault": "x"}}),
		"action.respond.headers: X-Mock-Server":     respond(Respond{Status: 200, Headers: map[string]string{"x-mock-server": "x"}}),
		"action.respond.headers: once":              respond(Respond{Status: 200, Headers: map[string]string{"X-A": "1", "x-a": "2"}}),
		"match.header: once":                        match(Match{Header: map[string]string{"X-A": "x", "x-a": "y"}}),
		"match.header: Proxy-Authorization":         match(Match{Header: map[string]string{"Proxy-Authorization": "x"}}),
		"action.content_type: too":                  act(Action{Respond: &Respond{Status: 200, Headers: map[string]string{"content-type": "x"}}, ContentType: new("y")}),
		"action.retry_after: too":                   act(Action{Respond: &Respond{Status: 200, Headers: map[string]string{"Retry-After": "x"}}, RetryAfter: new("y")}),
		"action.content_type: one line":             act(Action{ContentType: new("a\nb")}),
		"action.retry_after: one line":              act(Action{RetryAfter: new("a\nb")}),
		"action.respond.status: slowly":             act(Action{Respond: &Respond{Status: 204}, Truncate: new(1)}),
		"action.delay: hang":                        act(Action{Hang: true, Delay: &Delay{1, 1}}),
		"action.truncate: 0":                        act(Action{Truncate: new(-1)}),
		"action.dribble: from 0":                    act(Action{Dribble: -1, Hang: true}),
		"times: 0":                                  {Action: failing(), Times: new(-1)},
		"match.after: 0":                            match(Match{After: -1}),
		"match.probability: 0 to 1":                 match(Match{Probability: new(1.5)}),
		"match.seed: integer":                       match(Match{Seed: new(int64(-1))}),
		"match.operation: did you mean getUse":      match(Match{Operations: []string{"getUsr"}}),
		"match.operation[1]: no operation":          match(Match{Operations: []string{"getUser", "listCAs"}}),
		"match.header: must name headers":           match(Match{Header: map[string]string{"a b": "x"}}),
		"match.header: secret":                      match(Match{Header: map[string]string{"authorization": "x"}}),
		"match.body: JSON values":                   match(Match{Body: map[string]json.RawMessage{"/a": json.RawMessage("{")}}),
		"match.body: secret":                        match(Match{Body: map[string]json.RawMessage{"": json.RawMessage(`[{"card": {"cvv": 1}}]`)}}),
		"preset: documented":                        {Preset: "storm"},
		"seed: preset":                              {Action: failing(), Seed: new(int64(1))},
	} {
		rules := newRules(new(hand))
		_, err := rules.Add(account, spec)
		path, text, _ := strings.Cut(want, ": ")
		all, _ := errors.AsType[domain.Errors](err)
		if !slices.ContainsFunc(all, func(one *domain.Error) bool { return one.Path == path && strings.Contains(one.Message, text) }) {
			t.Errorf("%s: got %v", want, err)
		}
		if len(rules.List(account)) != 0 {
			t.Errorf("%s: a rule was made", want)
		}
	}
}

// TestCatalogue compares the catalogue with the contract, and its errors with those that the mock
// answers in the vectors.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	control, err := contract.Control()
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"action": {"respond": {"catalogue": %q}}}`
	for _, op := range control.Operations() {
		if op.ID != "createFault" {
			continue
		}
		for _, name := range append(Catalogue(), "teapot") {
			r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
			r.Header.Set("Content-Type", "application/json")
			_, _, refused := op.CheckRequest(r, fmt.Appendf(nil, body, name), false)
			if (refused != nil) != (name == "teapot") {
				t.Errorf("%s: the contract says %v", name, refused)
			}
			if refused != nil && strings.Count(refused.List[0].Message, `", "`)+1 != len(Catalogue()) {
				t.Errorf("the contract has other names: %s", refused.List[0].Message)
			}
		}
	}
	paths, err := filepath.Glob("../../testdata/contract/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no vectors", err)
	}
	var vectors strings.Builder
	for _, path := range paths {
		if strings.Contains(path, "fault.") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		vectors.Write(text)
	}
	for name, one := range refusals() {
		answer, there := fromCatalogue(name)
		if !there || answer.Status != one.status {
			t.Errorf("%s: %+v", name, answer)
		}
		if name == "internal_error" { // which no vector can provoke
			continue
		}
		var quoted [2]string
		for i, text := range []string{one.Code, one.Message} {
			plain, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			quoted[i] = string(plain)
		}
		want := regexp.MustCompile(fmt.Sprintf(`%d\n[^{]*\{\s+"errors": \[\s+(\{[^}]*\},\s+)*\{\s+"code": %s,\s+"message": %s`,
			one.status, regexp.QuoteMeta(quoted[0]), regexp.QuoteMeta(quoted[1])))
		if !want.MatchString(vectors.String()) {
			t.Errorf("%s: no vector is answered %d, %s, %s", name, one.status, quoted[0], quoted[1])
		}
	}
}
