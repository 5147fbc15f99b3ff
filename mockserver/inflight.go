package mockserver

import (
	"maps"
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

// cut forgets these requests, and returns how many they are and their routes, sorted, each once. A route holds no ids
// and nothing that a client has made up, and there are few of them: a log line that names them has an end.
func (f *inFlight) cut(routes *http.ServeMux) (requests int, operations []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	distinct := map[string]struct{}{}
	for r := range f.requests {
		_, pattern := routes.Handler(r)
		distinct[pattern] = struct{}{}
	}
	requests = len(f.requests)
	clear(f.requests)
	return requests, slices.Sorted(maps.Keys(distinct))
}
