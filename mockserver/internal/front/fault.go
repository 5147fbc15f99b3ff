package front

import (
	"bytes"
	"io"
	"net/http"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
)

// OCSPOperation is the name of OCSP requests in rules of faults. No contract describes them.
const OCSPOperation = "ocsp"

// FaultScopes returns which rules of faults can concern an operation, by its id: all of them the
// vendor's, and those of the server whatever certificates name. No rule concerns another operation
// of the control API, so that a test can always end what it has begun.
func FaultScopes(vendor, control *contract.Contract) map[string]fault.Scope {
	scopes := map[string]fault.Scope{OCSPOperation: fault.ServerRules}
	for _, op := range vendor.Operations() {
		scopes[op.ID] = fault.AllRules
	}
	for _, op := range control.Operations() {
		if !op.NeedsKey && !op.NeedsToken && op.ID != healthOperation {
			scopes[op.ID] = fault.ServerRules
		}
	}
	return scopes
}

// healthOperation tells about the server. It stays true whatever faults there are.
const healthOperation = "getHealth"

// strike lets a fault happen to a request of an operation. What the fault sends is not compared
// with the contract, which it may break; what the mock itself would have answered still is.
func (f *Front) strike(w http.ResponseWriter, r *http.Request, hit fault.Hit, op *contract.Operation, read body, handler http.HandlerFunc) {
	if checking, ok := w.(*recorder); ok {
		w = checking.pass()
	}
	exchangeOf(w).read(read.bytes(), false)                          // for the journal, also where the request is not carried out
	kept := body{buffer: bytes.NewBuffer(bytes.Clone(read.bytes()))} // a fault may last, and holds nothing of the budgets
	read.release()
	f.happen(w, r, hit, func(own *recorder) {
		f.carryOut(own, r, op, kept, handler)
		if f.checked {
			own.check(r.Context(), op, f.report)
		}
	})
}

// outage returns a handler of requests that no contract describes, to which faults of the server
// happen.
func (f *Front) outage(operation string, handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		hit, found := f.faults.Match(&fault.Call{Account: fault.Server, Operation: operation, Request: r})
		if !found {
			handler(w, r)
			return
		}
		// net/http notices that a client is gone only once its body has been read.
		read := f.bodies.readUnwanted(r)
		r.Body = io.NopCloser(bytes.NewReader(bytes.Clone(read.bytes())))
		read.release()
		f.happen(w, r, hit, func(own *recorder) { handler(own, r) })
	}
}

// happen lets a fault happen. carryOut answers the request as the mock would.
func (f *Front) happen(w http.ResponseWriter, r *http.Request, hit fault.Hit, carryOut func(*recorder)) {
	x := exchangeOf(w)
	x.strike(hit)
	err := hit.Apply(f.stopping, w, r, func() fault.Answer {
		own := &recorder{ResponseWriter: w, header: w.Header().Clone(), status: http.StatusOK}
		carryOut(own)
		x.carriedOut(own)
		x.strike(hit) // again, since the errors of the mock's own answer may not be the ones that are sent
		return fault.Answer{Status: own.status, Header: own.header, Body: own.body.Bytes()}
	})
	if err != nil {
		f.errors.WriteError(w, r, err)
	}
}
