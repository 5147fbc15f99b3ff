package journal

import (
	"context"
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
	calls, dropped := j.snapshot(account, q)
	text := strings.ToLower(q.Text)
	found := slices.DeleteFunc(calls, func(c *Call) bool { return !q.selects(c, text) })
	return Page{Calls: found[max(0, len(found)-limit):], Matched: len(found), Dropped: dropped}
}

// snapshot returns the calls that a query has to look at, in a slice of their own.
func (j *Journal) snapshot(account domain.AccountID, q Query) (calls []*Call, dropped int64) {
	b := j.find(account)
	if b == nil {
		return nil, 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	calls, dropped = after(b.vendor.calls, q.Since), b.vendor.dropped
	if !q.Control {
		return slices.Clone(calls), dropped
	}
	calls = slices.Concat(calls, after(b.control.calls, q.Since))
	slices.SortFunc(calls, func(a, b *Call) int { return int(a.ID - b.ID) })
	return calls, dropped + b.control.dropped
}

// after returns the calls with a higher id.
func after(calls []*Call, id int64) []*Call {
	at, _ := slices.BinarySearchFunc(calls, id+1, func(c *Call, id int64) int { return int(c.ID - id) })
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
	calls, _ := j.snapshot(account, Query{Since: id - 1, Control: true})
	if len(calls) == 0 || calls[0].ID != id {
		return nil, false
	}
	return calls[0], true
}

// Wait asks a query until it selects a number of calls, and returns the last of them as Find does.
// The error is that of ctx when it ends first, or the cause with which the server is being stopped.
// The Page then has what there is.
func (j *Journal) Wait(ctx context.Context, account domain.AccountID, q Query, limit, count int) (Page, error) {
	for {
		changed := j.book(account).watch() // before the question, so that nothing is missed between the two
		page := j.Find(account, q, limit)
		if page.Matched >= count {
			return page, nil
		}
		select {
		case <-changed:
			continue
		case <-ctx.Done():
		case <-j.stopping.Done():
		}
		if j.stopping.Err() != nil { // the context of a request ends with that of the server
			return page, j.cause()
		}
		return page, ctx.Err()
	}
}

// cause is why the server is being stopped.
func (j *Journal) cause() error { return context.Cause(j.stopping) }

// watch returns a channel that the next change of a book closes.
func (b *book) watch() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
		if b.gone {
			close(b.changed)
		}
	}
	return b.changed
}
