package mockserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

const maxRequestID = 128 // bytes of an X-Request-Id; a longer one is replaced

// The way of a request, with no way back: request id, host, origin and route (ServeHTTP), then for an operation key, roles
// and rate limit (admit), body limit and contract (check), handler. Each stage either refuses or goes on to the next.

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header["X-Mock-Server"] = s.product
	header["X-Request-Id"] = []string{s.requestID(r)}
	header["X-Content-Type-Options"], header["Content-Security-Policy"] = s.nosniff, s.framing
	x := &exchange{ResponseWriter: w, head: r.Method == http.MethodHead}
	if s.requestLog.follows(r.Context()) {
		defer s.requestLog.write(r, x, s.now())
	}
	defer s.recovered(x, r)
	if !s.hosts.admit(x, r) || !sameOrigin(&s.origins, x, r) {
		return
	}
	s.routes.ServeHTTP(x, r)
}

// recovered answers a request whose handler panicked. net/http would close the connection without a word.
func (s *Server) recovered(x *exchange, r *http.Request) {
	if fault := recover(); fault != nil {
		err := fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		if x.status == 0 {
			s.writeError(x, r, err)
			return
		}
		s.logger.ErrorContext(r.Context(), "internal error in the middle of an answer", "error", err)
	}
}

// requestID is the id that the client sent, or the next of the server's own. An id that holds the API key would carry it
// into the log.
func (s *Server) requestID(r *http.Request) string {
	sent := r.Header.Get("X-Request-Id")
	if printable(sent, maxRequestID) && !contract.Reveals(sent, r.Header.Get(keyHeader)) {
		return sent
	}
	return "mock-" + strconv.FormatUint(s.requests.Add(1), 10)
}

// operation puts the stages before the handler of an operation.
func (s *Server) operation(op *contract.Operation, handler http.HandlerFunc) http.HandlerFunc {
	serve := func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(w).begin(op.ID)
		if op.NeedsKey {
			var admitted bool
			if r, admitted = s.admit(w, r, op); !admitted {
				return
			}
		}
		checked, good := s.check(w, r, op)
		if !good {
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
	return checkResponse(op, serve, s.reportBreach)
}

// check reads the body and holds the request to the contract. It returns the request that the handler is to see, or
// answers it and returns false. The body is gone by then.
func (s *Server) check(w http.ResponseWriter, r *http.Request, op *contract.Operation) (*http.Request, bool) {
	var read body
	if op.HasBody() {
		var err error
		if read, err = s.bodies.read(r); err != nil {
			s.refuseBody(w, r, err)
			return nil, false
		}
	} else {
		read = s.bodies.readUnwanted(r)
	}
	defer read.release()
	checked, remarks, refused := op.CheckRequest(r, read.bytes(), s.tolerates(r))
	tell(w.Header(), &remarks)
	if refused != nil {
		writeViolations(w, refused)
		return nil, false
	}
	return checked, true
}

// tolerates tells whether a request is taken in other forms than those of the contract too (D-78).
func (s *Server) tolerates(*http.Request) bool { return s.tolerance }

// refuseBody answers a request whose body was not read.
func (s *Server) refuseBody(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errBodyTooLarge):
		_, _ = io.CopyN(io.Discard, r.Body, 2*maxBody) // so that a client that is still sending gets to read the answer
		w.Header().Set("Connection", "close")
		transport.WriteErrors(w, http.StatusRequestEntityTooLarge, api.Error{Code: "request_too_large", Message: err.Error()})
	case errors.Is(err, errBodyCut):
		transport.WriteErrors(w, http.StatusBadRequest, api.Error{Code: "bad_request_format", Message: err.Error()})
	case errors.Is(err, errBodiesBusy):
		w.Header().Set("Connection", "close") // the rest of the body is not worth reading
		transport.WriteErrors(w, http.StatusServiceUnavailable, api.Error{Code: domain.CodeCapacity, Message: err.Error()})
	default:
		s.writeError(w, r, err)
	}
}

func writeViolations(w http.ResponseWriter, refused *contract.Violations) {
	list := make([]api.Error, len(refused.List))
	for i, violation := range refused.List {
		list[i] = api.Error{Code: violation.Code, Message: violation.Message}
	}
	transport.WriteErrors(w, refused.Status, list...)
}

// reportBreach says that an answer breaks the contract.
func (s *Server) reportBreach(ctx context.Context, err error) {
	if s.report != nil {
		s.report(err)
		return
	}
	s.logger.ErrorContext(ctx, "response breaks the contract", "error", err)
}
