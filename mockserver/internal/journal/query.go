package journal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A Query selects calls. Members at their zero values select nothing.
type Query struct {
	Operations []string
	Status     string // such as 201 or 4xx
	Order      int64
	Code       string // a whole code, or the part of it before |
	Text       string // anywhere in the path, the query, the headers or the bodies; case does not matter
	Since      int64  // calls with a higher id
	Control    bool   // calls of the control API too
}

// A Page is what a query has found.
type Page struct {
	Calls   []*Call // oldest first
	Matched int     // calls that the query selects, more than Calls where those are limited
	Dropped int64   // calls that were dropped since the journal was last emptied, whatever they were
}

// Find returns the calls of an account that a query selects, or the last of them where they are
// more than limit.
func (j *Journal) Find(account domain.AccountID, q Query, limit int) Page {
	b := j.find(account)
	if b == nil {
		return Page{}
	}
	b.mu.Lock()
	calls, dropped := b.snapshot(q)
	b.mu.Unlock() // to compare texts takes long
	return q.page(calls, dropped, limit)
}

// page selects among the calls of a snapshot.
func (q *Query) page(calls []*Call, dropped int64, limit int) Page {
	text := strings.ToLower(q.Text)
	found := slices.DeleteFunc(calls, func(c *Call) bool { return !q.selects(c, text) })
	return Page{Calls: found[max(0, len(found)-limit):], Matched: len(found), Dropped: dropped}
}

// snapshot returns the calls that a query has to look at, in a slice of their own. The lock must be
// held.
func (b *book) snapshot(q Query) (calls []*Call, dropped int64) {
	calls, dropped = after(b.vendor.calls, q.Since), b.vendor.dropped
	if !q.Control {
		return slices.Clone(calls), dropped
	}
	calls = slices.Concat(calls, after(b.control.calls, q.Since))
	slices.SortFunc(calls, func(a, b *Call) int { return cmp.Compare(a.ID, b.ID) })
	return calls, dropped + b.control.dropped
}

// after returns the calls with a higher id.
func after(calls []*Call, id int64) []*Call {
	at, _ := slices.BinarySearchFunc(calls, id, func(c *Call, id int64) int {
		if c.ID <= id {
			return -1
		}
		return 1
	})
	return calls[at:]
}

// selects tells whether a call is meant; text is in lower case.
func (q *Query) selects(c *Call, text string) bool {
	return (len(q.Operations) == 0 || slices.Contains(q.Operations, c.Operation)) &&
		(q.Status == "" || q.status(c.Status)) &&
		(q.Order == 0 || slices.Contains(c.Orders, q.Order)) &&
		(q.Code == "" || slices.ContainsFunc(c.Refusals, q.code)) &&
		(text == "" || slices.ContainsFunc(c.texts(), func(s string) bool { return strings.Contains(strings.ToLower(s), text) }))
}

func (q *Query) status(status int) bool {
	if digit, class := strings.CutSuffix(q.Status, "xx"); class {
		return strconv.Itoa(status/100) == digit
	}
	return strconv.Itoa(status) == q.Status
}

func (q *Query) code(r Refusal) bool {
	word, _, _ := strings.Cut(r.Code, "|")
	return r.Code == q.Code || word == q.Code
}

func (c *Call) texts() []string {
	return []string{c.Path, c.Query, c.Request.Headers, c.Request.Body, c.Response.Headers, c.Response.Body}
}

// Get returns a call of an account by its id.
func (j *Journal) Get(account domain.AccountID, id int64) (*Call, bool) {
	b := j.find(account)
	if b == nil {
		return nil, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, q := range b.queues() {
		if calls := after(q.calls, id-1); len(calls) > 0 && calls[0].ID == id {
			return calls[0], true
		}
	}
	return nil, false
}
