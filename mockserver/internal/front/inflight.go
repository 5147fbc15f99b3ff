package front

import (
	"net/http"
	"slices"
	"sync/atomic"
)

// A route is a pattern of the router, and how many of its requests are being answered. Each route
// counts for itself, so that no request waits for another one.
type route struct {
	pattern  string
	handler  http.Handler
	inFlight atomic.Int64
}

func (r *route) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.inFlight.Add(1)
	defer r.inFlight.Add(-1)
	r.handler.ServeHTTP(w, req)
}

func (r *router) inFlight() (requests int, patterns []string) {
	for _, one := range r.routes {
		if n := one.inFlight.Load(); n > 0 {
			requests += int(n)
			patterns = append(patterns, one.pattern)
		}
	}
	slices.Sort(patterns)
	return requests, patterns
}
