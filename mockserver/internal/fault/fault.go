// Package fault makes requests go wrong on purpose. A rule says which requests it concerns and what
// happens to them: a late answer, another answer, half of an answer or none. Rules belong to an
// account or to the server (D-83). Nothing here changes what an account holds: a request is carried
// out whole, or not at all, and only its answer is changed or lost.
package fault

import (
	"encoding/json"
	"time"
)

// A Spec is a rule as its maker describes it.
type Spec struct {
	Match  Match
	Action *Action   // nil for a preset
	Times  *int      // how many requests it happens to, 0 for all; nil: 1, and 0 for a preset
	Until  time.Time // from then on it matches nothing; zero: no end
	Preset Preset    // empty for a rule with an action
	Seed   *int64    // of a preset
}

// A Match is the requests that a rule concerns. Every member that is there has to match.
type Match struct {
	Operations  []string // ids of operations
	OrderID     string   // digits; the order in the path
	Method      string
	Path        string                     // a glob; see globMatch
	Header      map[string]string          // globs by name
	Body        map[string]json.RawMessage // JSON values by JSON Pointer
	After       int                        // how many matching requests are let through first
	Probability *float64                   // nil: 1
	Seed        *int64                     // of chance; nil: 0
}

// An Action is what happens to a request.
type Action struct {
	When        When
	Delay       *Delay
	Respond     *Respond
	Cut         Cut
	Dribble     int  // bytes a second; 0: as fast as the client reads
	Truncate    *int // how many bytes of the body are sent
	ContentType *string
	Hang        bool
	RetryAfter  *string
}

// When says whether a fault happens before its request is carried out or after.
type When string

// The values of [When]. The empty one is Before.
const (
	Before When = "before"
	After  When = "after"
)

// A Cut is where the connection of an answer is closed.
type Cut string

// The values of [Cut]; the empty one is none.
const (
	CutBeforeHeaders Cut = "before_headers"
	CutInHeaders     Cut = "in_headers"
	CutInBody        Cut = "in_body"
	CutReset         Cut = "reset" // before the first byte, with a TCP RST
)

// A Delay is how long a request waits. Chance decides between Min and Max.
type Delay struct{ Min, Max time.Duration }

// A Respond is an answer in place of the mock's own.
type Respond struct {
	Status    int // 0 for an entry of the catalogue
	Headers   map[string]string
	Errors    []Error         // the vendor's envelope
	Body      json.RawMessage // a string is sent as it is, any other value as JSON
	Catalogue string
}

// An Error is one error of the vendor's envelope.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// A Rule is one that has been made.
type Rule struct {
	ID    string
	Spec  Spec
	Times int
	Hits  int
	Rules []PresetRule // of a preset
}

// What one rule, all rules of an account together and all rules of all accounts may take, and how
// long a fault may last.
const (
	maxRules    = 1_000
	maxBody     = 64 << 10 // bytes of a body
	maxBytes    = 4 << 20  // of the rules of an account, or of the server
	maxTotal    = 64 << 20 // of the rules of all accounts
	maxDelay    = 10 * time.Minute
	maxLasting  = 10 * time.Minute // of a hang, or of a slow answer
	maxWriting  = 11 * time.Minute // of an answer to a client that does not read; longer than a slow answer may last
	maxCount    = 1_000_000        // of times, of requests that are let through, and of bytes a second
	maxTruncate = 1 << 20          // bytes
	ruleBytes   = 1 << 10          // what a rule takes without its texts
)
