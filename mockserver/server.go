package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	gencontrol "github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// Server is a mock CertCentral. It is an [http.Handler].
type Server struct {
	config
	store    store.Store
	accounts accounts
	pki      *pki
	issuance *issuance
	limiter  *limit.Limiter // nil when nothing is limited
	routes   *router
	product  []string // the value of X-Mock-Server
	nosniff  []string // of X-Content-Type-Options
	framing  []string // of Content-Security-Policy, where a page has none of its own
	origins  http.CrossOriginProtection
	requests atomic.Uint64
	inFlight inFlight

	bodies     *bodies
	requestLog *requestLog // nil when requests are not logged

	mu     sync.Mutex
	http   *http.Server
	url    string
	served chan struct{}
}

// New builds a server. It does not listen; see [Server.Start].
func New(opts ...Option) (*Server, error) {
	s := &Server{
		config: defaults(), product: []string{"certcentral-mock/" + Version()},
		nosniff: []string{"nosniff"}, framing: []string{"frame-ancestors 'none'"},
	}
	var errs []error
	for _, opt := range opts {
		if opt == nil {
			errs = append(errs, errors.New("an option is nil"))
			continue
		}
		errs = append(errs, opt(&s.config))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	if s.ca == nil {
		var err error
		if s.ca, err = defaultCA(s.now, s.quick); err != nil {
			return nil, err
		}
	}
	s.hosts.addURL(s.baseURL)
	s.hosts.addURL(s.ca.hierarchy.Base())
	s.store = store.NewMemory(s.capacity())
	s.pki = newPKI(s)
	s.issuance = newIssuance(s)
	s.accounts = accounts{store: s.store, now: s.now, revoke: s.pki.revoke, wake: s.issuance.wake, tell: s.issuance.tell, seed: s.seed}
	s.bodies = newBodies(s.issuance.ctx)
	if s.logRequests {
		s.requestLog = &requestLog{logger: s.logger, now: s.now}
	}
	if len(s.rates) > 0 {
		s.limiter = limit.New(s.now, s.rates...)
	}
	if err := s.register(); err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	if s.warm {
		s.issuance.warm()
	}
	return s, nil
}

// register puts both contracts and the documentation on the router.
func (s *Server) register() error {
	go func() { _, _ = contract.Control() }() // on another processor meanwhile; what is wrong with it is seen below
	vendor, err := contract.CertCentral()
	if err != nil {
		return err
	}
	own, err := contract.Control()
	if err != nil {
		return err
	}
	s.routes = newRouter(s)
	server.HandlerWithOptions(
		server.NewStrictHandlerWithOptions(transport.New(s.accounts, s.pki, clock.Shared(s.now), newKey), nil, server.StrictHTTPServerOptions{
			RequestErrorHandlerFunc: s.writeError, ResponseErrorHandlerFunc: s.writeError,
		}),
		server.StdHTTPServerOptions{BaseURL: vendorPrefix, BaseRouter: s.routes.mount(vendor, vendorPrefix), ErrorHandlerFunc: s.writeError},
	)
	gencontrol.HandlerWithOptions(
		gencontrol.NewStrictHandlerWithOptions(control.New(health{s}, scoped{s}, s.pki), nil, gencontrol.StrictHTTPServerOptions{
			RequestErrorHandlerFunc: s.writeError, ResponseErrorHandlerFunc: s.writeError,
		}),
		gencontrol.StdHTTPServerOptions{BaseRouter: s.routes.mount(own, ""), ErrorHandlerFunc: s.writeError},
	)
	s.routes.ocsp(s.pki.serveOCSP)
	s.routes.documentation()
	s.routes.seal()
	return nil
}

func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	envelope.WriteError(r.Context(), s.logger, w, err)
}

func (s *Server) seed() domain.Changes { return domain.Seed(s.settings, s.funds, s.now()) }

// Version is the version of the mock.
func (s *Server) Version() string { return Version() }

// Start listens on addr, such as "127.0.0.1:0", and serves in the background until [Server.Close] or
// [Server.Shutdown]. When it returns nil, orders can be placed.
func (s *Server) Start(addr string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http != nil {
		return errors.New("mockserver: start: the server has been started before")
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return fmt.Errorf("mockserver: start: %w", err)
	}
	s.hosts.addURL("http://" + addr)
	s.url = "http://" + listener.Addr().String()
	s.served = make(chan struct{})
	s.http = &http.Server{
		Handler:        s.inFlight.track(s),
		ReadTimeout:    s.read, // of the headers too: a limit of their own would cost another timer for every request
		WriteTimeout:   s.write,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		// OPTIONS * is refused like any other unknown route.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(newServerLog(s.logger.Handler()), slog.LevelDebug),
		// What a request waits for, such as the keys of the CAs, it waits for until the server is stopped.
		BaseContext: func(net.Listener) context.Context { return s.issuance.ctx },
	}
	s.http.RegisterOnShutdown(s.issuance.close) // which http.Server calls once the listener is closed
	go s.serve(listener)
	return nil
}

func (s *Server) serve(listener net.Listener) {
	defer close(s.served)
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.logger.Error("serving ended", "error", err)
	}
}

// URL is the address of a started server without a path, such as "http://127.0.0.1:8080". It is empty before Start.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// BaseURL is where the vendor's API is found on a started server: URL and the prefix "/services/v2".
func (s *Server) BaseURL() string { return s.URL() + vendorPrefix }

// Shutdown stops a started server. It closes the listener, ends the making of certificates, and has the requests that
// wait for keys or certificates answered with 503. Then it returns once every request under way is answered, or when ctx
// ends, with the error of ctx; [Server.Close] cuts off the ones that are left.
func (s *Server) Shutdown(ctx context.Context) error {
	return s.stop(func(h *http.Server) error { return h.Shutdown(ctx) })
}

// Close stops a started server at once, and the making of certificates with it, which also a server that was never
// started does. Requests that are still under way are cut off, and a warning in the log says which. Keys that are being
// made when the server is stopped are not waited for. Closing it again, or before Start, is not an error.
func (s *Server) Close() error {
	return s.stop(func(h *http.Server) error {
		if requests, operations := s.inFlight.cut(s.routes.mux); requests > 0 {
			s.logger.Warn("requests cut off, since the server is stopped", "requests", requests, "operations", operations)
		}
		return h.Close()
	})
}

// stop closes the listener first, so that no request comes in that would find nothing to be made any more.
func (s *Server) stop(how func(*http.Server) error) error {
	s.mu.Lock()
	running, served := s.http, s.served
	s.mu.Unlock() // so that Close can cut a Shutdown short
	defer s.issuance.close()
	if running == nil {
		return nil
	}
	if err := how(running); err != nil {
		return fmt.Errorf("mockserver: stop: %w", err)
	}
	<-served
	return nil
}

// version is set by the linker for released binaries.
var version string

// Version is the version of the mock: what the linker was told, or the module's version in the build information of
// the binary, or "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Path == modulePath && info.Main.Version != "" && info.Main.Version != "(devel)" {
			return info.Main.Version
		}
		for _, dep := range info.Deps {
			if dep.Path == modulePath && dep.Version != "" {
				return dep.Version
			}
		}
	}
	return "dev"
}

const modulePath = "github.com/pkio-tools/certcentral"
