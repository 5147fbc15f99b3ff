package fault

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Server stands for the server in place of an account: its rules concern the requests of every
// account.
const Server domain.AccountID = ""

// Rules are the rules of all accounts and of the server. They are safe for concurrent use.
//
// A request reads a list that never changes: making or deleting a rule replaces the list. Without
// rules a request reads one number.
type Rules struct {
	clock  clock.Source
	scopes map[string]Scope
	known  map[bool][]string // operations by whether the server owns the rule

	made atomic.Int64 // rules that there are
	mu   sync.RWMutex
	sets map[domain.AccountID]*set
	sum  int64 // bytes of the rules of all accounts
}

// A set is the rules of an account or of the server.
type set struct {
	rules atomic.Pointer[[]*rule]
	last  int // the number of the rule that was made last
	bytes int64
}

// A Scope says which rules concern an operation.
type Scope int

// The values of [Scope]. Operations of the control API have none, so that a test can always end
// what it has begun.
const (
	NoRules     Scope = iota
	ServerRules       // those of the server
	AllRules          // and those of the account
)

// NewRules returns no rules. They can concern the operations that scopes names, by their ids.
func NewRules(source clock.Source, scopes map[string]Scope) *Rules {
	r := &Rules{clock: source, scopes: scopes, known: map[bool][]string{}, sets: map[domain.AccountID]*set{}}
	for operation, scope := range scopes {
		if scope == AllRules {
			r.known[false] = append(r.known[false], operation)
		}
		if scope != NoRules {
			r.known[true] = append(r.known[true], operation)
		}
	}
	slices.Sort(r.known[false])
	slices.Sort(r.known[true])
	return r
}

// ScopeOf returns which rules concern an operation.
func (r *Rules) ScopeOf(operation string) Scope { return r.scopes[operation] }

// Add makes a rule of an account or of the server, and returns its id. A rule that is not good, or
// that contradicts itself, is refused with every reason; so is one more than there may be.
func (r *Rules) Add(owner domain.AccountID, spec Spec) (id string, err error) {
	check := &checker{known: r.known[owner == Server], secret: []string{"X-Dc-Devkey", "X-Mock-Token", "Authorization", "Proxy-Authorization", "Cookie"}}
	made, err := check.compile(spec)
	if err != nil {
		return "", err
	}
	now := r.now(owner)
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sets[owner]
	if s == nil {
		s = new(set)
	}
	rules := slices.Clone(s.list())
	for len(rules) >= maxRules || s.bytes+made.bytes > maxBytes || owner != Server && r.sum+made.bytes > maxTotal {
		used := slices.IndexFunc(rules, func(old *rule) bool { return old.usedUp(now) })
		switch {
		case used >= 0:
			r.drop(owner, s, rules[used])
			rules = slices.Delete(rules, used, used+1)
			s.rules.Store(new(slices.Clone(rules)))
		case len(rules) >= maxRules || s.bytes+made.bytes > maxBytes:
			return "", &domain.Error{
				Code:    domain.CodeTooManyFaults,
				Message: fmt.Sprintf("there may be %d rules with %d MiB together, and none of them is used up; delete some", maxRules, maxBytes>>20),
			}
		default:
			return "", &domain.Error{
				Code:    domain.CodeCapacity,
				Message: fmt.Sprintf("the fault rules of all accounts together take %d MiB, which is the most; delete some", maxTotal>>20),
			}
		}
	}
	s.last++
	made.id = "fault-" + strconv.Itoa(s.last)
	if owner == Server {
		made.id = "server-" + made.id
	}
	rules = append(rules, made)
	s.rules.Store(&rules)
	r.sets[owner] = s
	s.bytes += made.bytes
	if owner != Server {
		r.sum += made.bytes
	}
	r.made.Add(1)
	return made.id, nil
}

// drop takes a rule out of the sums. The lock must be held.
func (r *Rules) drop(owner domain.AccountID, s *set, old *rule) {
	s.bytes -= old.bytes
	if owner != Server {
		r.sum -= old.bytes
	}
	r.made.Add(-1)
}

func (s *set) list() []*rule {
	if s == nil {
		return nil
	}
	if rules := s.rules.Load(); rules != nil {
		return *rules
	}
	return nil
}

// find returns the rules of an account or of the server.
func (r *Rules) find(owner domain.AccountID) []*rule {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.sets[owner].list()
}

// List returns the rules of an account or of the server, in the order in which they are tried.
func (r *Rules) List(owner domain.AccountID) []Rule {
	rules := r.find(owner)
	list := make([]Rule, len(rules))
	for i := range rules {
		list[i] = rules[i].show()
	}
	return list
}

// Get returns the rule of this id, or not_found|fault.
func (r *Rules) Get(owner domain.AccountID, id string) (Rule, error) {
	rules := r.find(owner)
	if at := slices.IndexFunc(rules, func(one *rule) bool { return one.id == id }); at >= 0 {
		return rules[at].show(), nil
	}
	return Rule{}, notFound()
}

func notFound() error {
	return &domain.Error{Code: domain.CodeFaultNotFound, Message: "fault not found: there is no rule of this id"}
}

// Delete deletes the rule of this id, or returns not_found|fault.
func (r *Rules) Delete(owner domain.AccountID, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sets[owner]
	rules := s.list()
	at := slices.IndexFunc(rules, func(one *rule) bool { return one.id == id })
	if at < 0 {
		return notFound()
	}
	r.drop(owner, s, rules[at])
	left := slices.Delete(slices.Clone(rules), at, at+1)
	s.rules.Store(&left)
	return nil
}

// Clear deletes the rules of an account or of the server. The next rule is number one again.
func (r *Rules) Clear(owner domain.AccountID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sets[owner]
	for _, old := range s.list() {
		r.drop(owner, s, old)
	}
	delete(r.sets, owner)
}

func (r *Rules) now(owner domain.AccountID) time.Time {
	if owner == Server {
		return r.clock.ServerNow()
	}
	return r.clock.Now(owner)
}

func (one *rule) usedUp(now time.Time) bool {
	return one.times > 0 && one.hits.Load() >= one.times || one.until && !now.Before(one.spec.Until)
}

func (one *rule) show() Rule {
	shown := Rule{ID: one.id, Spec: one.spec, Times: int(one.times), Hits: int(one.hits.Load())}
	if one.spec.Preset != "" {
		shown.Rules = one.spec.presetRules()
	}
	return shown
}

// A Call is a request that rules are compared with.
type Call struct {
	Account   domain.AccountID // Server for a request that belongs to none
	Operation string
	Request   *http.Request
	Body      []byte // JSON, or what was sent in place of it

	ordered bool
	orderID string
	decoded bool
	good    bool
	value   any
	headers [headerSlots]struct { // that a rule has asked for
		name   string
		values []string
	}
}

// headerSlots is how many headers of a request are looked up once only, where many rules ask for
// them.
const headerSlots = 4

// None tells whether there are no rules at all.
func (r *Rules) None() bool { return r.made.Load() == 0 }

// Match finds the first rule that a request matches, and counts it: the rules of the account come
// before those of the server, each in the order in which they were made.
func (r *Rules) Match(c *Call) (Hit, bool) {
	if r.None() {
		return Hit{}, false
	}
	if c.Account != Server {
		if hit, found := r.first(c.Account, c); found {
			return hit, true
		}
	}
	return r.first(Server, c)
}

func (r *Rules) first(owner domain.AccountID, c *Call) (Hit, bool) {
	for _, one := range r.find(owner) {
		if one.times > 0 && one.hits.Load() >= one.times {
			continue
		}
		for i := range one.branches {
			b := &one.branches[i]
			if !b.fits(c) || one.until && !r.now(owner).Before(one.spec.Until) || !b.reached() {
				continue
			}
			if n, taken := one.take(); taken {
				return Hit{ID: one.id, plan: b.plan, seed: b.seed, n: n}, true
			}
		}
	}
	return Hit{}, false
}

// fits tells whether a request is one that the branch concerns.
func (b *branch) fits(c *Call) bool {
	if len(b.operations) > 0 && b.operations[0] != c.Operation && !slices.Contains(b.operations[1:], c.Operation) ||
		b.method != "" && b.method != c.Request.Method ||
		b.orderID != "" && b.orderID != c.order() ||
		b.path != nil && !b.path.match(c.Request.URL.Path) {
		return false
	}
	for i := range b.header {
		if !b.header[i].in(c) {
			return false
		}
	}
	return len(b.body) == 0 || c.holds(b.body)
}

// order is the id of the order in the path.
func (c *Call) order() string {
	if !c.ordered {
		c.orderID, c.ordered = c.Request.PathValue("order_id"), true
	}
	return c.orderID
}

// in tells whether one of the values of a header fits.
func (h *headerGlob) in(c *Call) bool {
	if h.name == "Host" { // which net/http takes out of the headers
		return h.match(c.Request.Host)
	}
	slot := &c.headers[h.slot]
	if slot.name != h.name {
		slot.name, slot.values = h.name, c.Request.Header[h.name]
	}
	return slices.ContainsFunc(slot.values, h.match)
}

// holds tells whether the body has all of some values. It is decoded for the first rule that asks.
func (c *Call) holds(values []wanted) bool {
	if !c.decoded {
		c.value, c.good = decodeJSON(c.Body)
		c.decoded = true
	}
	for i := range values {
		if !c.good || !values[i].in(c.value) {
			return false
		}
	}
	return true
}

// reached counts a request that fits, and tells whether the fault happens to it.
func (b *branch) reached() bool {
	n := b.matched.Add(1) - b.after
	return n > 0 && (b.probability >= 1 || chance(b.seed, uint64(n), forProbability) < b.probability)
}

// take counts a hit, unless the rule is used up. It returns the number of the hit.
func (one *rule) take() (n uint64, taken bool) {
	for {
		hits := one.hits.Load()
		if one.times > 0 && hits >= one.times {
			return 0, false
		}
		if one.hits.CompareAndSwap(hits, hits+1) {
			return uint64(hits) + 1, true //nolint:gosec // it counts from 0
		}
	}
}
