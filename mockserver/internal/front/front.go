// Package front is the way of a request to its operation, with no way back: request id, host,
// origin and route; then, for an operation, API key, roles and rate limit, body limit, faults and
// contract.
// Each stage refuses or hands on to the next.
package front

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// A Config is what a Front works with.
type Config struct {
	Version string // of the mock

	Vendor  API
	Control API
	OCSP    http.HandlerFunc
	// OCSPPath is where OCSP requests are answered, sent by POST or appended to the path by GET. No
	// contract describes them.
	OCSPPath string
	Pages    map[string]http.Handler // documentation by path, which needs no API key

	Store store.Store
	Seed  func(domain.AccountID) domain.Changes // the contents of a new account
	Keys  Keyring
	// Token is what operations on the whole server require. Without one, they are for clients on the
	// server's own machine.
	Token ControlToken
	Hosts *Hosts
	// Limiter counts the requests of API keys, for accounts that limit them.
	Limiter *limit.Limiter

	Faults *fault.Rules

	CheckResponses bool
	ReportBreach   func(error) // nil logs a response that breaks the contract

	Journal *journal.Journal // nil keeps no calls

	Errors      *envelope.Writer
	Clock       *clock.Clock
	Logger      *slog.Logger
	LogRequests bool
}

// An API is a contract and the operations that it describes.
type API struct {
	Contract *contract.Contract
	Prefix   string // of all paths of the API
	Server   string // the part of a path that the contract leaves out, since it names it as its server
	// Register registers the handlers of the operations, by patterns of [http.ServeMux].
	Register func(Routes)
}

// Routes are where generated code registers operations.
type Routes interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
	http.Handler
}

// A Front is the [http.Handler] of a server.
type Front struct {
	errors   *envelope.Writer
	logger   *slog.Logger
	clock    *clock.Clock
	access   access
	token    ControlToken
	hosts    *Hosts
	routes   *router
	bodies   *bodies
	faults   *fault.Rules
	stopping context.Context //nolint:containedctx // of the server, whose end ends every fault
	log      *requestLog     // nil when requests are not logged
	journal  *journal.Journal
	vendor   *contract.Contract // whose envelope refuses a request that belongs to no operation
	pages    map[string]bool    // the paths of the documentation
	report   func(context.Context, error)
	checked  bool
	origins  http.CrossOriginProtection
	requests atomic.Uint64

	// Values of headers that each answer has.
	product []string // of X-Mock-Server
	nosniff []string // of X-Content-Type-Options
	framing []string // of Content-Security-Policy, where a page has none of its own
}

// New returns a Front. Requests stop waiting when stopping ends.
func New(stopping context.Context, c Config) *Front {
	f := &Front{
		errors: c.Errors, logger: c.Logger, clock: c.Clock, hosts: c.Hosts, checked: c.CheckResponses,
		bodies: newBodies(stopping),
		faults: c.Faults, stopping: stopping,
		token:   c.Token,
		access:  access{store: c.Store, seed: c.Seed, keys: c.Keys, limiter: c.Limiter, clock: c.Clock, errors: c.Errors},
		journal: c.Journal, vendor: c.Vendor.Contract, pages: map[string]bool{},
		product: []string{"certcentral-mock/" + c.Version},
		nosniff: []string{"nosniff"}, framing: []string{"frame-ancestors 'none'"},
	}
	if c.LogRequests {
		f.log = &requestLog{logger: c.Logger, clock: c.Clock}
	}
	f.report = func(ctx context.Context, err error) {
		if c.ReportBreach != nil {
			c.ReportBreach(err)
			return
		}
		c.Logger.ErrorContext(ctx, "response breaks the contract", "error", err)
	}
	for path := range c.Pages {
		f.pages[path] = true
	}
	c.OCSP = f.outage(OCSPOperation, c.OCSP)
	f.routes = newRouter(c, f.operation)
	return f
}

// InFlight returns how many requests are being answered, and their routes, sorted. A route holds no
// ids and no value of a client, and there are few of them, so that a log line that names them stays
// short.
func (f *Front) InFlight() (requests int, routes []string) { return f.routes.inFlight() }

const maxRequestID = 128 // bytes of an X-Request-Id; a longer one is replaced

// ServeHTTP answers one request.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header["X-Mock-Server"] = f.product
	header["X-Request-Id"] = []string{f.requestID(r)}
	header["X-Content-Type-Options"], header["Content-Security-Policy"] = f.nosniff, f.framing
	x := &exchange{ResponseWriter: w, head: r.Method == http.MethodHead}
	if f.log.follows(r.Context()) {
		defer f.log.write(r, x, f.clock.Base())
	}
	if f.journal != nil {
		x.record = f.newRecord(r)
		defer f.journalize(r, x) // after an answer to a panic
	}
	defer f.recovered(x, r)
	if !f.hosts.admit(x, r) || !sameOrigin(&f.origins, x, r) {
		return
	}
	f.routes.ServeHTTP(x, r)
}

// recovered answers a request whose handler panicked. net/http would close the connection without
// an answer.
func (f *Front) recovered(x *exchange, r *http.Request) {
	if cause := recover(); cause != nil {
		if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this too
			x.record.end(journal.Cut)
			panic(cause) //nolint:forbidigo // a fault closes the connection
		}
		err := fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		if x.status == 0 {
			f.errors.WriteError(x, r, err)
			return
		}
		x.record.end(journal.Failed)
		f.logger.ErrorContext(r.Context(), "internal error in the middle of an answer", "error", err)
	}
}

// requestID is the id that the client sent, or the next of the server's own. An id that holds the
// API key or the control token would carry it into the log.
func (f *Front) requestID(r *http.Request) string {
	sent := r.Header.Get("X-Request-Id")
	if printable(sent, maxRequestID) && !contract.SecretsOf(r.Header).In(sent) {
		return sent
	}
	return "mock-" + strconv.FormatUint(f.requests.Add(1), 10)
}

// operation puts the stages before the handler of an operation.
func (f *Front) operation(op *contract.Operation, handler http.HandlerFunc) http.HandlerFunc {
	scope := f.faults.ScopeOf(op.ID)
	serve := func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(w).begin(op, r)
		if op.NeedsToken && !f.token.admit(w, r) {
			return
		}
		if op.NeedsKey {
			var admitted bool
			if r, admitted = f.access.admit(w, r, op); !admitted {
				return
			}
		}
		read, good := f.read(w, r, op)
		if !good {
			return
		}
		if scope != fault.NoRules && !f.faults.None() {
			call := fault.Call{Operation: op.ID, Request: r, Body: read.bytes()}
			if scope == fault.AllRules {
				call.Account = domain.ActorFrom(r.Context()).Account
			}
			if hit, found := f.faults.Match(&call); found {
				f.strike(w, r, hit, op, read, handler) //nolint:contextcheck // the server's own context ends a fault too
				return
			}
		}
		f.carryOut(w, r, op, read, handler)
	}
	if !f.checked {
		return serve
	}
	return checkResponse(op, serve, f.report)
}
