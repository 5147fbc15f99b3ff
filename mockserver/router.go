package mockserver

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

const (
	vendorPrefix  = "/services/v2"
	controlPrefix = "/_mock"
	orderPrefix   = vendorPrefix + "/order/certificate/"
)

// A router finds the handler of a request. It never redirects, and refuses in the vendor's envelope (D-38).
type router struct {
	mux       *http.ServeMux
	contracts []mounted
	methods   map[string][]string // by path, for 405
	server    *Server
	// answerOCSP answers what follows the path of OCSP: it is Base64, whose slashes make no clean path.
	answerOCSP http.HandlerFunc
}

// A mounted contract is served below a prefix.
type mounted struct {
	contract *contract.Contract
	prefix   string
}

func newRouter(s *Server) *router {
	return &router{mux: http.NewServeMux(), methods: map[string][]string{}, server: s}
}

// mount returns where the generated code registers the operations of a contract: each gets the whole way of a request
// before its handler.
func (r *router) mount(c *contract.Contract, prefix string) *mount {
	r.contracts = append(r.contracts, mounted{c, prefix})
	return &mount{router: r, mounted: mounted{c, prefix}}
}

type mount struct {
	*router
	mounted
}

// HandleFunc is called by the generated code, with a pattern such as "GET /services/v2/user".
func (m *mount) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, route, _ := strings.Cut(pattern, " ")
	op := m.contract.Operation(method, strings.TrimPrefix(route, m.prefix))
	m.mux.HandleFunc(pattern, m.server.operation(op, handler))
	m.methods[route] = append(m.methods[route], method)
}

// page registers something to read that no contract describes.
func (r *router) page(route string, handler http.Handler) {
	r.mux.Handle(http.MethodGet+" "+route, handler)
	r.methods[route] = append(r.methods[route], http.MethodGet)
}

// ocsp registers where OCSP requests are answered. No contract describes their protocol.
func (r *router) ocsp(handler http.HandlerFunc) {
	r.mux.HandleFunc(http.MethodPost+" "+ca.OCSPPath(), handler)
	r.methods[ca.OCSPPath()] = append(r.methods[ca.OCSPPath()], http.MethodPost)
	r.answerOCSP = handler
}

// seal answers what is left: other products, other methods of known paths, and unknown paths. It is called once
// everything is registered.
func (r *router) seal() {
	for route, methods := range r.methods {
		if slices.Contains(methods, http.MethodGet) {
			methods = append(methods, http.MethodHead)
		}
		slices.Sort(methods)
		r.methods[route] = methods
	}
	for route := range r.methods {
		beside := r.beside(route)
		if beside == "" {
			r.mux.HandleFunc(route, r.methodNotAllowed(route))
			continue
		}
		// GET /order/certificate/pkio_organisation_person is not an order of that id (D-38). The mux takes a literal path
		// without a method for a conflict, so only the methods of the path beside it are claimed, and POST, which would
		// find a product of that name.
		for _, method := range append([]string{http.MethodPost}, r.methods[beside]...) {
			if method != http.MethodHead && !slices.Contains(r.methods[route], method) {
				r.mux.HandleFunc(method+" "+route, r.methodNotAllowed(route))
			}
		}
	}
	r.mux.HandleFunc(http.MethodPost+" "+orderPrefix+"{product}", productNotFound)
	r.mux.HandleFunc("/", routeNotFound)
}

// beside is the registered path with a parameter that also matches a literal path, or nothing.
func (r *router) beside(literal string) string {
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
		transport.WriteErrors(w, http.StatusMethodNotAllowed, api.ErrorReason{
			Code: "method_not_allowed", Message: "this path takes " + allow,
		})
	}
}

func productNotFound(w http.ResponseWriter, _ *http.Request) {
	transport.WriteErrors(w, http.StatusNotFound, api.ErrorReason{
		Code:    "not_found|product",
		Message: "product not found: the mock takes orders of pkio_organisation_person only",
	})
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	// The mux would redirect a path that is not clean; here it is simply no route.
	escaped := req.URL.EscapedPath()
	if strings.HasPrefix(escaped, ca.OCSPPath()+"/") && (req.Method == http.MethodGet || req.Method == http.MethodHead) {
		r.answerOCSP(w, req)
		return
	}
	if !clean(req.URL.Path) || !clean(escaped) {
		routeNotFound(w, req)
		return
	}
	// A slash that was sent as %2F is part of a value, and stays.
	trimmed := strings.TrimSuffix(req.URL.Path, "/")
	if strings.HasSuffix(escaped, "/") && trimmed != "" {
		req = withPath(req, trimmed)
	}
	r.mux.ServeHTTP(w, req)
}

// clean tells whether a path is rooted and has neither empty segments nor dots, but perhaps a slash at its end.
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

// routeNotFound is the answer of the documented code and message, with a hint for a base URL that lacks the prefix.
func routeNotFound(w http.ResponseWriter, req *http.Request) {
	message := "The specified route was not found."
	if !strings.HasPrefix(req.URL.Path, vendorPrefix+"/") && !strings.HasPrefix(req.URL.Path, controlPrefix+"/") {
		message += " The vendor's API is found under " + vendorPrefix + "."
	}
	transport.WriteErrors(w, http.StatusNotFound, api.ErrorReason{Code: "not_found|route", Message: message})
}
