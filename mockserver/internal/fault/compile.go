package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A rule is one in the form in which requests are compared with it.
type rule struct {
	id       string
	spec     Spec
	until    bool
	times    int64 // 0: without end
	branches []branch
	bytes    int64
	hits     atomic.Int64
}

// A branch is a pattern with its counter. A rule has one, a preset some.
type branch struct {
	pattern

	matched atomic.Int64
}

// A pattern is a match with its action.
type pattern struct {
	operations  []string
	orderID     string
	method      string
	path        *glob // nil: any
	header      []headerGlob
	body        []wanted
	after       int64
	probability float64
	seed        uint64
	plan        *plan
}

// A headerGlob is a header that a request has to have.
type headerGlob struct {
	glob

	name string
	slot int // of [Call.headers]
}

func newHeaderGlob(name, pattern string) headerGlob {
	h := headerGlob{glob: newGlob(pattern, false), name: name}
	for i := range len(name) {
		h.slot = (h.slot*31 + int(name[i])) % headerSlots
	}
	return h
}

// A plan is an action that has been found good.
type plan struct {
	after       bool
	delay       *Delay
	answer      *Answer // in place of the mock's own; nil: none
	errors      []Error // in that answer
	known       bool    // whether they are from the catalogue
	cut         Cut
	dribble     int
	truncate    *int
	contentType *string
	hang        bool
	retryAfter  *string
}

// badHeaderName refuses names that HTTP or the contract does not take. The contract replaces names
// that can be secrets.
const badHeaderName = "must name headers: letters, digits and hyphens, and at most six digits"

// A checker gathers what is wrong with a rule.
type checker struct {
	known  []string // operations
	secret []string // headers whose values no rule may hold
	faults domain.Errors
}

func (c *checker) refuse(path, message string) {
	c.faults = append(c.faults, &domain.Error{Code: domain.CodeInvalidFault, Path: path, Message: path + " " + message})
}

// compile checks a rule, and puts it into the form in which requests are compared with it.
func (c *checker) compile(spec Spec) (*rule, error) {
	r := &rule{spec: spec, until: !spec.Until.IsZero(), times: 1, bytes: ruleBytes}
	if spec.Preset != "" {
		r.times = 0
	}
	if spec.Times != nil {
		r.times = int64(*spec.Times)
	}
	c.ranges(spec)
	shared := c.match(spec.Match)
	parts := c.parts(spec)
	r.branches = make([]branch, len(parts))
	for i, one := range parts {
		own := shared
		own.after, own.probability = int64(one.Match.After), 1
		if one.Match.Probability != nil {
			own.probability = *one.Match.Probability
		}
		if one.Match.Seed != nil {
			own.seed = uint64(*one.Match.Seed) //nolint:gosec // it has been checked
		}
		own.plan = c.plan(one.Action)
		r.branches[i].pattern = own
		r.bytes += weigh(one)
	}
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return r, nil
}

// ranges checks numbers, which the contract has checked where a rule comes by HTTP.
func (c *checker) ranges(s Spec) {
	c.within("times", s.Times, maxCount)
	c.within("match.after", &s.Match.After, maxCount)
	if p := s.Match.Probability; p != nil && !(*p >= 0 && *p <= 1) {
		c.refuse("match.probability", "must be a number from 0 to 1")
	}
	for at, seed := range map[string]*int64{"seed": s.Seed, "match.seed": s.Match.Seed} {
		if seed != nil && (*seed < 0 || *seed > maxSeed) {
			c.refuse(at, "must be an integer from 0 to 9007199254740991")
		}
	}
	if a := s.Action; a != nil {
		c.within("action.dribble", &a.Dribble, maxCount)
		c.within("action.truncate", a.Truncate, maxTruncate)
	}
}

func (c *checker) within(path string, n *int, most int) {
	if n != nil && (*n < 0 || *n > most) {
		c.refuse(path, fmt.Sprintf("must be an integer from 0 to %d", most))
	}
}

// parts returns the matches and actions of a rule.
func (c *checker) parts(spec Spec) []PresetRule {
	if spec.Preset == "" {
		if spec.Seed != nil {
			c.refuse("seed", "belongs to a preset; the seed of a rule is match.seed")
		}
		if spec.Action == nil {
			c.faults = append(c.faults, &domain.Error{Code: domain.CodeMissingField, Path: "action", Message: "action is missing: a rule has an action, or a preset"})
			return nil
		}
		return []PresetRule{{spec.Match, *spec.Action}}
	}
	if spec.Action != nil {
		c.refuse("action", "belongs to a rule without a preset; leave one of them out")
	}
	if spec.Match.Probability != nil {
		c.refuse("match.probability", "belongs to a rule without a preset, whose rules have their own")
	}
	if spec.Match.Seed != nil {
		c.refuse("match.seed", "belongs to a rule without a preset; the seed of a preset is seed")
	}
	if !slices.Contains(Presets(), spec.Preset) {
		c.refuse("preset", "must be one of the documented values")
	}
	return spec.presetRules()
}

// presetRules are the rules that a preset stands for.
func (s *Spec) presetRules() []PresetRule {
	var seed int64
	if s.Seed != nil {
		seed = *s.Seed
	}
	return s.Preset.rules(s.Match, seed)
}

func (c *checker) match(m Match) pattern {
	p := pattern{operations: slices.Clone(m.Operations), orderID: m.OrderID, method: m.Method}
	if m.Path != "" {
		p.path = new(newGlob(m.Path, true))
	}
	for i, operation := range m.Operations {
		if !slices.Contains(c.known, operation) {
			at := "match.operation"
			if len(m.Operations) > 1 {
				at += "[" + strconv.Itoa(i) + "]"
			}
			c.refuse(at, c.unknownOperation(operation))
		}
	}
	c.eachOnce("match.header", m.Header)
	for name, value := range m.Header {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case !isToken(name):
			c.refuse("match.header", badHeaderName)
		case slices.Contains(c.secret, canonical):
			c.refuse("match.header", "must not name "+name+", whose value is a secret; match something else of the request")
		}
		p.header = append(p.header, newHeaderGlob(canonical, value))
	}
	slices.SortFunc(p.header, func(a, b headerGlob) int { return strings.Compare(a.name, b.name) })
	for text, raw := range m.Body {
		at, err := parsePointer(text)
		if err != nil {
			c.refuse("match.body", err.Error())
			continue
		}
		value, good := decodeJSON(raw)
		switch {
		case !good:
			c.refuse("match.body", "must hold JSON values")
		case holdsSecret(at, value):
			c.refuse("match.body", "must not hold the value of a secret, such as the number of a card; match another member")
		}
		p.body = append(p.body, wanted{at, value})
	}
	return p
}

// eachOnce refuses headers of which two have the same name, since upper and lower case do not differ.
func (c *checker) eachOnce(at string, headers map[string]string) {
	seen := map[string]bool{}
	for name := range headers {
		canonical := http.CanonicalHeaderKey(name)
		if seen[canonical] {
			c.refuse(at, "must name each header once; upper and lower case do not differ")
			return
		}
		seen[canonical] = true
	}
}

func (c *checker) unknownOperation(name string) string {
	if near := nearest(name, c.known); near != "" {
		return "is no operation that a rule here can concern; did you mean " + near + "?"
	}
	return "is no operation that a rule here can concern; the contract of the vendor's API lists them"
}

// nearest returns the name that a mistyped one is closest to, or nothing if none is close.
func nearest(typed string, known []string) string {
	best, distance := "", 1+len(typed)/3
	for _, name := range known {
		if d := editDistance(strings.ToLower(typed), strings.ToLower(name)); d < distance || d == distance && best == "" {
			best, distance = name, d
		}
	}
	return best
}

// editDistance counts the bytes that have to be inserted, removed or replaced (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// weigh estimates the bytes that a rule takes.
func weigh(one PresetRule) int64 {
	n := len(one.Match.Path)
	for _, name := range one.Match.Operations {
		n += len(name) + 16
	}
	for name, value := range one.Match.Header {
		n += 2*len(name) + 2*len(value) + 64
	}
	for at, value := range one.Match.Body {
		n += 2*len(at) + 8*len(value) + 64 // a decoded value takes several times its text
	}
	if respond := one.Action.Respond; respond != nil {
		n += 2*len(respond.Body) + len(respond.Catalogue)
		for name, value := range respond.Headers {
			n += 2*len(name) + 2*len(value) + 64
		}
		for _, reason := range respond.Errors {
			n += 2*len(reason.Code) + 2*len(reason.Message) + 64
		}
	}
	return int64(n)
}

// isToken tells whether a text can be the name of a header (RFC 9110).
func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return text != ""
}

// isHeaderValue tells whether a text can be the value of a header: one line.
func isHeaderValue(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// envelopeOf is an answer in the vendor's envelope.
func envelopeOf(status int, errors []Error) Answer {
	body, err := json.Marshal(struct {
		Errors []Error `json:"errors"`
	}{errors})
	if err != nil { // strings always marshal
		body = nil
	}
	return Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
}
