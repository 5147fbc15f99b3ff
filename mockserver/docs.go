package mockserver

import "github.com/pkio-tools/certcentral/mockserver/internal/docs"

// documentation serves the contracts and a page about them. It needs no key and no network.
func (r *router) documentation() {
	for route, handler := range docs.Handlers() {
		r.page(route, handler)
	}
}
