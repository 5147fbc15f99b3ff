package mockserver

import (
	"context"
	"net/http"
)

// Server is a mock CertCentral. It is an [http.Handler].
type Server struct{}

// New builds a server. It does not listen; see [Server.Start].
func New(opts ...Option) (*Server, error) { return nil, nil }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// Start listens on addr, such as "127.0.0.1:0", and serves in the background until [Server.Close] or
// [Server.Shutdown]. When it returns nil, orders can be placed.
func (s *Server) Start(addr string) error { return nil }

// URL is the address of a started server without a path, such as "http://127.0.0.1:8080". It is empty before Start.
func (s *Server) URL() string { return "" }

// BaseURL is where the vendor's API is found on a started server: URL and the prefix "/services/v2".
func (s *Server) BaseURL() string { return "" }

// Shutdown stops a started server once the requests under way are answered, or when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return nil }

// Close stops a started server at once. Closing it again, or before Start, is not an error.
func (s *Server) Close() error { return nil }

// Version is the version of the mock, from the build information of the binary, or "dev".
func Version() string { return "" }
