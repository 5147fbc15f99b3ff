package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// plan checks an action.
func (c *checker) plan(a Action) *plan {
	p := &plan{
		after: a.When == After, cut: a.Cut, dribble: a.Dribble, truncate: a.Truncate, contentType: a.ContentType,
		hang: a.Hang, retryAfter: a.RetryAfter,
	}
	if a.Delay != nil {
		c.checkDelay(*a.Delay)
		p.delay = a.Delay
	}
	if a.Respond != nil {
		if answer, good := c.answer(*a.Respond); good {
			p.answer, p.errors = &answer, a.Respond.Errors
			if one, there := refusals()[a.Respond.Catalogue]; there {
				p.errors, p.known = []Error{one.Error}, true
			}
		}
	}
	c.checkTogether(a, p)
	return p
}

func (c *checker) checkDelay(d Delay) {
	switch {
	case d.Min > maxDelay || d.Max > maxDelay:
		c.refuse("action.delay", fmt.Sprintf("must be at most %d minutes", int(maxDelay/time.Minute)))
	case d.Min > d.Max:
		c.refuse("action.delay", "must have a min that is at most its max")
	}
}

// answer checks an answer in place of the mock's own.
func (c *checker) answer(r Respond) (answer Answer, good bool) {
	const at = "action.respond"
	before := len(c.faults)
	var kinds []string
	for _, kind := range []struct {
		name  string
		given bool
	}{{"errors", r.Errors != nil}, {"body", r.Body != nil}, {"catalogue", r.Catalogue != ""}} {
		if kind.given {
			kinds = append(kinds, kind.name)
		}
	}
	if len(kinds) > 1 {
		c.refuse(at, "must have one of errors, body and catalogue, and has "+strings.Join(kinds, " and "))
		return answer, false
	}
	if r.Catalogue == "" && (r.Status < http.StatusOK || r.Status > maxStatus) {
		c.refuse(at+".status", "must be an integer from 200 to 599")
	}
	switch {
	case r.Catalogue != "":
		if r.Status != 0 {
			c.refuse(at+".status", "must be left out: an entry of the catalogue has its own")
		}
		var there bool
		if answer, there = fromCatalogue(r.Catalogue); !there {
			message := "must be one of the documented values"
			if near := nearest(r.Catalogue, Catalogue()); near != "" {
				message += "; did you mean " + near + "?"
			}
			c.refuse(at+".catalogue", message)
		}
	case r.Errors != nil:
		answer = envelopeOf(r.Status, r.Errors)
	default:
		answer = withBody(r.Status, r.Body)
	}
	if len(answer.Body) > maxBody {
		c.refuse(at, fmt.Sprintf("must have a body of at most %d KiB", maxBody>>10))
	}
	if len(answer.Body) > 0 && !bodyAllowed(answer.Status) {
		c.refuse(at+".status", "must be one that has a body: 204 and 304 have none")
	}
	c.eachOnce(at+".headers", r.Headers)
	for name, value := range r.Headers {
		c.checkHeader(name, value)
		if answer.Header == nil { // of an entry that the catalogue does not have
			answer.Header = http.Header{}
		}
		answer.Header[http.CanonicalHeaderKey(name)] = []string{value}
	}
	return answer, len(c.faults) == before
}

// product is the header by which an answer can be told from one of the real service.
const product = "X-Mock-Server"

// withBody is an answer with a body: a string as it is, any other value as JSON.
func withBody(status int, raw json.RawMessage) Answer {
	answer := Answer{Status: status, Header: http.Header{}}
	if raw == nil {
		return answer
	}
	var text string
	if json.Unmarshal(raw, &text) == nil && !bytes.Equal(raw, []byte("null")) {
		answer.Header["Content-Type"], answer.Body = []string{"text/plain; charset=utf-8"}, []byte(text)
		return answer
	}
	answer.Header["Content-Type"], answer.Body = []string{"application/json"}, raw
	return answer
}

func (c *checker) checkHeader(name, value string) {
	const at = "action.respond.headers"
	framing := []string{"Connection", "Content-Length", "Keep-Alive", "Trailer", "Transfer-Encoding", "Upgrade"}
	switch canonical := http.CanonicalHeaderKey(name); {
	case !isToken(name):
		c.refuse(at, badHeaderName)
	case !isHeaderValue(value):
		c.refuse(at, "must have values of one line")
	case slices.Contains(framing, canonical):
		c.refuse(at, "must not name "+canonical+", which follows from how the answer is sent; truncate and cut make it wrong")
	case canonical == Header:
		c.refuse(at, "must not name "+Header+", which has the id of the rule")
	case canonical == product:
		c.refuse(at, "must not name "+product+", which every answer of the mock has")
	}
}

// checkTogether checks that the members of an action can happen together.
func (c *checker) checkTogether(a Action, p *plan) {
	lost := a.Cut == CutBeforeHeaders || a.Cut == CutReset // no byte of an answer is sent
	sent := []struct {
		name  string
		given bool
	}{
		{"respond", a.Respond != nil},
		{"cut", a.Cut != ""},
		{"dribble", a.Dribble > 0},
		{"truncate", a.Truncate != nil},
		{"content_type", a.ContentType != nil},
		{"retry_after", a.RetryAfter != nil},
	}
	given := 0
	for _, one := range sent {
		if !one.given {
			continue
		}
		given++
		at := "action." + one.name
		switch {
		case a.Hang:
			c.refuse(at, "cannot happen with hang, which sends no answer; leave one of them out")
		case lost && one.name != "cut":
			c.refuse(at, "cannot happen with a cut "+string(a.Cut)+", which sends no answer; leave one of them out, or cut in_headers or in_body")
		case a.Cut == CutInHeaders && (one.name == "dribble" || one.name == "truncate"):
			c.refuse(at, "cannot happen with a cut in_headers, which sends no body; leave one of them out, or cut in_body")
		case a.Cut == CutInBody && one.name == "truncate":
			c.refuse(at, "cannot happen with a cut in_body, since both end the body; leave one of them out")
		case a.When == Before && a.Respond == nil && !lost:
			c.refuse(at, "changes the answer of a request that is carried out, and when is before; leave when out, or add respond")
		}
	}
	if a.Hang && a.Delay != nil {
		c.refuse("action.delay", "cannot happen with hang, which sends no answer; leave one of them out")
	}
	if given == 0 && a.Delay == nil && !a.Hang {
		c.refuse("action", "must have at least one of delay, respond, cut, dribble, truncate, content_type, hang and retry_after")
	}
	c.checkAnswer(a, p.answer)
}

// checkAnswer checks an answer in place of the mock's own with the other members of its action.
func (c *checker) checkAnswer(a Action, answer *Answer) {
	if a.ContentType != nil && !isHeaderValue(*a.ContentType) {
		c.refuse("action.content_type", "must be one line")
	}
	if a.RetryAfter != nil && !isHeaderValue(*a.RetryAfter) {
		c.refuse("action.retry_after", "must be one line")
	}
	if answer == nil {
		return
	}
	named := func(header string) bool {
		for name := range a.Respond.Headers {
			if http.CanonicalHeaderKey(name) == header {
				return true
			}
		}
		return false
	}
	if a.ContentType != nil && named("Content-Type") {
		c.refuse("action.content_type", "stands in action.respond.headers too; leave one of them out")
	}
	if a.RetryAfter != nil && named("Retry-After") {
		c.refuse("action.retry_after", "stands in action.respond.headers too; leave one of them out")
	}
	if !bodyAllowed(answer.Status) && (a.Dribble > 0 || a.Truncate != nil || a.Cut == CutInBody) {
		c.refuse("action.respond.status", "must be one that has a body: 204 and 304 have none that could be cut or sent slowly")
	}
}

// maxStatus is the highest status of an answer.
const maxStatus = 599

func bodyAllowed(status int) bool {
	return status >= http.StatusOK && status != http.StatusNoContent && status != http.StatusNotModified
}
