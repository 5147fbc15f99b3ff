package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/front"
	"github.com/pkio-tools/certcentral/mockserver/internal/issuance"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// Server is a mock CertCentral. It is an [http.Handler].
type Server struct {
	logger   *slog.Logger
	hosts    *front.Hosts
	read     time.Duration // see config
	write    time.Duration // see config
	front    *front.Front
	issuance *issuance.Issuance
	pki      *pki.PKI
	running  context.Context //nolint:containedctx // ends when the server is stopped, with envelope.ErrStopping
	cancel   context.CancelCauseFunc
	cut      sync.Once // logs the requests that Close cuts off

	mu     sync.Mutex
	http   *http.Server
	url    string
	served chan struct{}
}

// ServeHTTP answers one request. It panics with [http.ErrAbortHandler] where a fault rule closes the
// connection, which [http.Server] does then (D-83).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.front.ServeHTTP(w, r) }

// Start listens on addr, such as "127.0.0.1:0", and serves in the background until [Server.Close]
// or [Server.Shutdown]. When it returns nil, orders can be placed.
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
	s.url = "http://" + listener.Addr().String()
	s.hosts.AddURL("http://" + addr)
	s.pki.ListenOn(s.url)
	s.served = make(chan struct{})
	s.http = &http.Server{
		Handler:        s,
		ReadTimeout:    s.read, // of the headers too: a limit of their own would cost another timer for every request
		WriteTimeout:   s.write,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		// OPTIONS * is refused like any other unknown route.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(front.NewServerLog(s.logger.Handler()), slog.LevelDebug),
		// A request stops waiting, for example for the keys of the CAs, when the server is stopped.
		BaseContext: func(net.Listener) context.Context { return s.running },
	}
	s.http.RegisterOnShutdown(s.stopWork) // which http.Server calls once the listener is closed
	go s.serve(listener)
	return nil
}

func (s *Server) serve(listener net.Listener) {
	defer close(s.served)
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.logger.Error("serving ended", "error", err)
	}
}

// URL is the address of a started server without a path, such as "http://127.0.0.1:8080". It is
// empty before Start.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// BaseURL is where the vendor's API is found on a started server: URL and the prefix
// "/services/v2".
func (s *Server) BaseURL() string { return s.URL() + transport.Prefix }

// Settle waits until no key and no certificate of the account of an API key is being made any more,
// or until ctx ends. The error then says how many certificates are still being made, of which
// orders, and why it waits no longer. A key that has not been used yet has nothing to wait for.
func (s *Server) Settle(ctx context.Context, apiKey string) error {
	if err := s.issuance.Settle(ctx, front.HashKey(apiKey)); err != nil {
		return fmt.Errorf("mockserver: settle: %w", err)
	}
	return nil
}

// WaitForCAs waits until the CAs of the server have their keys, and makes the keys that are
// missing. On a server that listens it also waits for the certificates of the CAs. The error is
// that of ctx when it ends first, or says why the keys or certificates cannot be made, or that the
// server is being stopped.
func (s *Server) WaitForCAs(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.running, cancel)() //nolint:contextcheck // The other context that ends the waiting: that of Close.
	err := s.pki.Prepare(waiting)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case s.running.Err() != nil:
		err = envelope.ErrStopping
	}
	return fmt.Errorf("mockserver: wait for the CAs: %w", err)
}

// Shutdown stops a started server. It closes the listener, ends the making of certificates, and has
// the requests that wait for keys or certificates answered with 503. Then it returns once every
// request under way is answered, or when ctx ends, with the error of ctx; [Server.Close] cuts off
// the ones that are left.
func (s *Server) Shutdown(ctx context.Context) error {
	return s.stop(func(h *http.Server) error { return h.Shutdown(ctx) })
}

// Close stops the server at once. Requests that are still under way are cut off, and a warning in
// the log says which. Close also ends the making of certificates, on a server that was never
// started too. It does not wait for keys that are being made. Closing a server again, or before
// Start, is not an error.
func (s *Server) Close() error {
	return s.stop(func(h *http.Server) error {
		s.cut.Do(func() {
			if requests, operations := s.front.InFlight(); requests > 0 {
				s.logger.Warn("requests cut off, since the server is stopped", "requests", requests, "operations", operations)
			}
		})
		return h.Close()
	})
}

// stop closes the listener first, so that no request comes in whose certificate would never be
// made.
func (s *Server) stop(how func(*http.Server) error) error {
	s.mu.Lock()
	running, served := s.http, s.served
	s.mu.Unlock() // so that Close can cut a Shutdown short
	defer s.stopWork()
	if running == nil {
		return nil
	}
	if err := how(running); err != nil {
		return fmt.Errorf("mockserver: stop: %w", err)
	}
	<-served
	return nil
}

// stopWork ends what the server does in the background, and what requests wait for.
func (s *Server) stopWork() {
	s.cancel(envelope.ErrStopping)
	s.issuance.Stop()
}
