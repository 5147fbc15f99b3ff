package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

const (
	maxBody      = 1 << 20 // bytes of a request body
	maxRequestID = 128     // bytes of an X-Request-Id; a longer one is replaced
)

// The way of a request, with no way back: request id, host, origin and route (ServeHTTP), then for an operation key, roles and rate
// limit (admit), body limit, contract, handler. Each stage either refuses or goes on to the next.

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header["X-Mock-Server"] = s.product
	header["X-Request-Id"] = []string{s.requestID(r.Header.Get("X-Request-Id"))}
	header["X-Content-Type-Options"], header["Content-Security-Policy"] = s.nosniff, s.framing
	if r.Method == http.MethodHead {
		w = headWriter{w}
	}
	defer s.recovered(w, r)
	if !s.hosts.admit(w, r) || !sameOrigin(&s.origins, w, r) {
		return
	}
	s.routes.ServeHTTP(w, r)
}

// recovered answers a request whose handler panicked. net/http would close the connection without a word, and log it
// among the faults of clients.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request) {
	if fault := recover(); fault != nil {
		s.writeError(w, r, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
	}
}

// A headWriter leaves the body out, which net/http does by itself but other callers of the handler may not.
type headWriter struct{ http.ResponseWriter }

func (headWriter) Write(p []byte) (int, error) { return len(p), nil }

// requestID is the id that the client sent, or the next of the server's own.
func (s *Server) requestID(sent string) string {
	if printable(sent, maxRequestID) {
		return sent
	}
	return "mock-" + strconv.FormatUint(s.requests.Add(1), 10)
}

// operation puts the stages before the handler of an operation.
func (s *Server) operation(op *contract.Operation, handler http.HandlerFunc) http.HandlerFunc {
	serve := func(w http.ResponseWriter, r *http.Request) {
		if op.NeedsKey {
			var admitted bool
			if r, admitted = s.admit(w, r, op); !admitted {
				return
			}
		}
		buffer, _ := bodies.Get().(*bytes.Buffer) // the pool holds nothing else
		defer release(buffer)
		if op.HasBody() && !readBody(w, r, buffer) {
			return
		}
		checked, refused := op.CheckRequest(r, buffer.Bytes())
		if refused != nil {
			writeViolations(w, refused)
			return
		}
		if op.OffersCSV && transport.PrefersCSV(r.Header.Values("Accept")) {
			checked = checked.WithContext(transport.WithCSV(r.Context()))
		}
		handler(w, checked)
	}
	if !s.checked {
		return serve
	}
	return s.checkResponse(op, serve)
}

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// release gives a buffer back without anything of the body in it, unless it has grown too large to keep.
func release(buffer *bytes.Buffer) {
	if buffer.Cap() > 64<<10 {
		return
	}
	used := buffer.Bytes()
	clear(used)
	buffer.Reset()
	bodies.Put(buffer)
}

// readBody reads the whole body, or refuses one that is too large or cannot be read.
func readBody(w http.ResponseWriter, r *http.Request, buffer *bytes.Buffer) bool {
	_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return true
	case errors.As(err, &tooLarge):
		_, _ = io.CopyN(io.Discard, r.Body, maxBody) // so that a client that is still sending gets to read the answer
		transport.WriteErrors(w, http.StatusRequestEntityTooLarge, api.Error{
			Code: "request_too_large", Message: "the request body is larger than 1 MiB",
		})
	default:
		transport.WriteErrors(w, http.StatusBadRequest, api.Error{
			Code: "bad_request_format", Message: "request body could not be read to its end",
		})
	}
	return false
}

func writeViolations(w http.ResponseWriter, refused *contract.Violations) {
	list := make([]api.Error, len(refused.List))
	for i, violation := range refused.List {
		list[i] = api.Error{Code: violation.Code, Message: violation.Message}
	}
	transport.WriteErrors(w, refused.Status, list...)
}

// checkResponse holds the mock's own answers to the contract.
func (s *Server) checkResponse(op *contract.Operation, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		recorded := &recorder{header: w.Header(), status: http.StatusOK}
		serve(recorded, r)
		if err := op.CheckResponse(recorded.status, recorded.header, recorded.body.Bytes()); err != nil {
			s.reportBreach(r, err)
			transport.WriteErrors(w, http.StatusInternalServerError, api.Error{
				Code: "internal_error", Message: "the mock broke its own contract: " + err.Error(),
			})
			return
		}
		w.WriteHeader(recorded.status)
		_, _ = w.Write(recorded.body.Bytes())
	}
}

func (s *Server) reportBreach(r *http.Request, err error) {
	if s.report != nil {
		s.report(err)
		return
	}
	s.logger.ErrorContext(r.Context(), "response breaks the contract", "error", err)
}

// A recorder holds an answer back until it has been checked. Headers go straight to the real answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
