package mockserver

import (
	"net/http"
	"slices"
	"sync"
)

// inFlight are the requests that a started server is answering, so that stopping can say which ones it cuts off.
type inFlight struct {
	mu       sync.Mutex
	requests map[*http.Request]struct{}
}

// track remembers every request of a handler while the handler runs.
func (f *inFlight) track(next http.Handler) http.Handler {
	f.requests = map[*http.Request]struct{}{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.requests[r] = struct{}{}
		f.mu.Unlock()
		defer func() {
			f.mu.Lock()
			delete(f.requests, r)
			f.mu.Unlock()
		}()
		next.ServeHTTP(w, r)
	})
}

// cut forgets these requests and lists their routes, sorted, each as often as it is asked for. A route holds no ids and
// nothing that a client has made up.
func (f *inFlight) cut(routes *http.ServeMux) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]string, 0, len(f.requests))
	for r := range f.requests {
		_, pattern := routes.Handler(r)
		all = append(all, pattern)
	}
	clear(f.requests)
	slices.Sort(all)
	return all
}
