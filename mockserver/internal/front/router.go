package front

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// A router finds the handler of a request. It never redirects, and refuses in the vendor's envelope
// (D-38).
type router struct {
	mux     *http.ServeMux
	routes  []*route
	methods map[string][]string // by path, for 405
	// ocsp answers GET requests for OCSP. The rest of their path is Base64, whose slashes the mux
	// would clean.
	ocsp            *route
	ocspPath        string
	vendor, control string // prefixes
}

// newRouter registers everything that is in a Config. Each operation gets the stages of a request
// before its handler.
func newRouter(c Config, stages func(*contract.Operation, http.HandlerFunc) http.HandlerFunc) *router {
	r := &router{
		mux: http.NewServeMux(), methods: map[string][]string{}, ocspPath: c.OCSPPath,
		vendor: c.Vendor.Prefix, control: c.Control.Prefix,
	}
	for _, api := range []API{c.Vendor, c.Control} {
		api.Register(&registrar{router: r, api: api, stages: stages})
	}
	r.serve(http.MethodPost, c.OCSPPath, c.OCSP)
	r.ocsp = r.count(http.MethodGet+" "+c.OCSPPath+"/", c.OCSP)
	for target, page := range c.Pages {
		r.serve(http.MethodGet, target, page)
	}
	r.registerFallbacks()
	return r
}

// A registrar is where the generated code registers the operations of an API.
type registrar struct {
	*router
	api    API
	stages func(*contract.Operation, http.HandlerFunc) http.HandlerFunc
}

// HandleFunc is called by the generated code, with a pattern such as "GET /services/v2/user".
func (r *registrar) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, target, _ := strings.Cut(pattern, " ")
	op := r.api.Contract.Operation(method, strings.TrimPrefix(target, r.api.Server))
	r.serve(method, target, r.stages(op, handler))
}

// serve registers the handler of a method and a path.
func (r *router) serve(method, target string, handler http.Handler) {
	r.handle(method+" "+target, handler)
	r.methods[target] = append(r.methods[target], method)
}

// handle registers the handler of a pattern.
func (r *router) handle(pattern string, handler http.Handler) {
	r.mux.Handle(pattern, r.count(pattern, handler))
}

// count returns a handler whose requests are counted while they are being answered.
func (r *router) count(pattern string, handler http.Handler) *route {
	counted := &route{pattern: pattern, handler: handler}
	r.routes = append(r.routes, counted)
	return counted
}

// registerFallbacks answers what is left: other products, other methods of known paths, and unknown
// paths.
func (r *router) registerFallbacks() {
	for target, methods := range r.methods {
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		slices.Sort(methods)
		r.methods[target] = methods
	}
	for target := range r.methods {
		overlapping := r.overlapping(target)
		if overlapping == "" {
			r.handle(target, r.methodNotAllowed(target))
			continue
		}
		// GET /order/certificate/pkio_organisation_person is not an order of that id (D-38). The
		// mux takes a literal path without a method for a conflict, so only the methods of the
		// overlapping path are claimed, and POST, which would find a product of that name.
		for _, method := range append([]string{http.MethodPost}, r.methods[overlapping]...) {
			if method != http.MethodHead && !slices.Contains(r.methods[target], method) {
				r.handle(method+" "+target, r.methodNotAllowed(target))
			}
		}
	}
	r.handle(http.MethodPost+" "+r.vendor+"/order/certificate/{product}", http.HandlerFunc(productNotFound))
	r.handle("/", http.HandlerFunc(r.notFound))
}

// overlapping is the registered path with a parameter that also matches a literal path, or nothing.
func (r *router) overlapping(literal string) string {
	if strings.Contains(literal, "{") {
		return ""
	}
	want := strings.Split(literal, "/")
	for route := range r.methods {
		segments := strings.Split(route, "/")
		if route == literal || len(segments) != len(want) {
			continue
		}
		if !slices.ContainsFunc(segments, func(s string) bool { return strings.HasPrefix(s, "{") }) {
			continue
		}
		matches := true
		for i, segment := range segments {
			matches = matches && (segment == want[i] || strings.HasPrefix(segment, "{"))
		}
		if matches {
			return route
		}
	}
	return ""
}

func (r *router) methodNotAllowed(route string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		methods, literal := r.methods[req.URL.Path]
		if !literal {
			methods = r.methods[route]
		}
		allow := strings.Join(methods, ", ")
		w.Header().Set("Allow", allow)
		envelope.WriteErrors(w, http.StatusMethodNotAllowed, api.ErrorReason{
			Code: "method_not_allowed", Message: "this path takes " + allow,
		})
	}
}

func productNotFound(w http.ResponseWriter, _ *http.Request) {
	envelope.WriteErrors(w, http.StatusNotFound, api.ErrorReason{
		Code:    domain.CodeProductNotFound,
		Message: "product not found: the mock takes orders of pkio_organisation_person only",
	})
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	// The mux would redirect a path that is not clean; here it is simply no route.
	escaped := req.URL.EscapedPath()
	if strings.HasPrefix(escaped, r.ocspPath+"/") && (req.Method == http.MethodGet || req.Method == http.MethodHead) {
		r.ocsp.ServeHTTP(w, req)
		return
	}
	if !clean(escaped) {
		r.notFound(w, req)
		return
	}
	// A slash that was sent as %2F is part of a value, and stays.
	trimmed := strings.TrimSuffix(req.URL.Path, "/")
	if strings.HasSuffix(escaped, "/") && trimmed != "" {
		req = withPath(req, trimmed)
	}
	r.mux.ServeHTTP(w, req)
}

// clean tells whether a path is rooted and has neither empty segments nor dots, but perhaps a slash
// at its end.
func clean(route string) bool {
	return route == "/" || path.IsAbs(route) && path.Clean(route) == strings.TrimSuffix(route, "/")
}

func withPath(req *http.Request, route string) *http.Request {
	copied := *req
	url := *req.URL
	url.Path, url.RawPath = route, strings.TrimSuffix(url.RawPath, "/")
	copied.URL = &url
	return &copied
}

// notFound answers with the documented code and message, and a hint if the base URL of the client
// is probably wrong.
func (r *router) notFound(w http.ResponseWriter, req *http.Request) {
	message := "The specified route was not found."
	if hint := r.hint(req.URL.Path); hint != "" {
		message += " " + hint
	}
	envelope.WriteErrors(w, http.StatusNotFound, api.ErrorReason{Code: "not_found|route", Message: message})
}
