package front

import (
	"errors"
	"io"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// read reads the body of a request, or answers the request and returns false. The body has to be
// released.
func (f *Front) read(w http.ResponseWriter, r *http.Request, op *contract.Operation) (read body, good bool) {
	if !op.HasBody() {
		return f.bodies.readUnwanted(r), true
	}
	read, err := f.bodies.read(r)
	if err != nil {
		f.refuseBody(w, r, err)
		return read, false
	}
	return read, true
}

// carryOut compares a request with the contract and hands it to the handler, or refuses it. The
// body has been given back by then.
func (f *Front) carryOut(w http.ResponseWriter, r *http.Request, op *contract.Operation, read body, handler http.HandlerFunc) {
	if checked, good := f.check(w, r, op, read); good {
		handler(w, checked)
	}
}

// check compares a request with the contract. It returns the request for the handler, or answers it
// and returns false. It gives the body back.
func (f *Front) check(w http.ResponseWriter, r *http.Request, op *contract.Operation, read body) (*http.Request, bool) {
	defer read.release()
	tolerant := f.access.tolerates(r.Context())
	checked, remarks, refused := op.CheckRequest(r, read.bytes(), tolerant)
	exchangeOf(w).read(read.bytes(), refused == nil && op.HasBody())
	writeRemarks(w.Header(), &remarks)
	if refused != nil {
		writeViolations(w, refused)
		return nil, false
	}
	return checked, true
}

// refuseBody answers a request whose body was not read.
func (f *Front) refuseBody(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errBodyTooLarge):
		_, _ = io.CopyN(io.Discard, r.Body, 2*maxBody) // so that a client that is still sending gets to read the answer
		w.Header().Set("Connection", "close")
		envelope.WriteErrors(w, http.StatusRequestEntityTooLarge, api.ErrorReason{Code: "request_too_large", Message: err.Error()})
	case errors.Is(err, errBodyCut):
		envelope.WriteErrors(w, http.StatusBadRequest, api.ErrorReason{Code: "bad_request_format", Message: err.Error()})
	case errors.Is(err, errBodiesBusy):
		w.Header().Set("Connection", "close") // the rest of the body is not worth reading
		envelope.WriteErrors(w, http.StatusServiceUnavailable, api.ErrorReason{Code: domain.CodeCapacity, Message: err.Error()})
	default:
		f.errors.WriteError(w, r, err)
	}
}

func writeViolations(w http.ResponseWriter, refused *contract.Violations) {
	list := make([]api.ErrorReason, len(refused.List))
	for i, violation := range refused.List {
		list[i] = api.ErrorReason{Code: violation.Code, Message: violation.Message}
	}
	envelope.WriteErrors(w, refused.Status, list...)
}
