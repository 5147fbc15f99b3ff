package client

import (
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
)

// This file finds out whether a request was sent. A request that was never sent has no unknown
// outcome.

// A sender is the innermost Doer. It sends requests by the HTTP client and records their progress.
type sender struct {
	client *http.Client
	// blind is whether a request came without its progress, since middleware has put another
	// context into it. Then a request without progress may have been sent.
	blind atomic.Bool
}

// Do sends a request.
func (s *sender) Do(r *http.Request) (*http.Response, error) {
	at, ok := r.Context().Value(callKey{}).(sending)
	if !ok {
		s.blind.Store(true)
		return s.client.Do(r)
	}
	one := at.progress.begin()
	defer one.done.Store(true)
	return s.client.Do(r.WithContext(httptrace.WithClientTrace(r.Context(), one.trace(replayable(r)))))
}

// progress records how far the request of one attempt got.
type progress struct {
	mu    sync.Mutex
	begun bool // whether first has begun
	first run
	more  []*run // only if middleware sends the request several times
}

// A run is one call of the HTTP client.
type run struct {
	waited    atomic.Bool // net/http has begun to get a connection
	connected atomic.Bool // net/http has a connection and may write to it
	done      atomic.Bool // the call has returned
}

func (p *progress) begin() *run {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begun {
		p.begun = true
		return &p.first
	}
	one := new(run)
	p.more = append(p.more, one)
	return one
}

// state reports whether the request went to the HTTP client, and whether it may have been sent.
func (p *progress) state() (tried, sent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begun {
		return false, false
	}
	return true, p.first.mayBeSent() || slices.ContainsFunc(p.more, (*run).mayBeSent)
}

// mayBeSent reports whether the request may have been sent. A transport that does not report its
// connections may have sent it, and so may a call that has not returned.
func (r *run) mayBeSent() bool {
	neverConnected := r.waited.Load() && !r.connected.Load()
	return !neverConnected || !r.done.Load()
}

func (r *run) trace(replayable bool) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			r.waited.Store(true)
			if !replayable {
				// The connection before was idle and has broken. For such a request net/http takes
				// another one only if it has written nothing to the first.
				r.connected.Store(false)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { r.connected.Store(true) },
	}
}

// replayable reports whether net/http may send a request again that it has already written: a
// request that only reads, or has one of these headers.
func replayable(r *http.Request) bool {
	_, key := r.Header["Idempotency-Key"]
	_, xKey := r.Header["X-Idempotency-Key"]
	return key || xKey || !changing(r.Method)
}
