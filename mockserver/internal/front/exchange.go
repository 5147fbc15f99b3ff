package front

import (
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// An exchange is the ResponseWriter of all stages. It keeps what the log says about the request,
// and leaves out the body of an answer to HEAD, which net/http does too, but other callers of the
// handler may not.
type exchange struct {
	http.ResponseWriter
	head      bool
	operation string            // its id; empty for a request that belongs to none
	account   domain.AccountID  // empty until the key has been found good
	status    int               // zero until the answer begins
	errors    []api.ErrorReason // of a refusal
	fault     string            // the id of the rule of a fault that happened
}

var _ envelope.ErrorNoter = (*exchange)(nil)

// WriteHeader keeps the status.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= http.StatusOK {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the body.
func (x *exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	if x.head {
		return len(p), nil
	}
	return x.ResponseWriter.Write(p)
}

// NoteErrors keeps why the request was refused; see [envelope.ErrorNoter].
func (x *exchange) NoteErrors(list []api.ErrorReason) { x.errors = list }

// Unwrap is for [http.ResponseController].
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// exchangeOf finds the exchange behind a writer; nil when a stage is called by itself.
func exchangeOf(w http.ResponseWriter) *exchange {
	for r, ok := w.(*recorder); ok; r, ok = w.(*recorder) {
		w = r.ResponseWriter
	}
	x, _ := w.(*exchange)
	return x
}

// begin notes which operation the request belongs to.
func (x *exchange) begin(operation string) {
	if x != nil {
		x.operation = operation
	}
}

// admit notes which account the request belongs to.
func (x *exchange) admit(account domain.AccountID) {
	if x != nil {
		x.account = account
	}
}

// strike notes which fault happened to the request.
func (x *exchange) strike(rule string) {
	if x != nil {
		x.fault = rule
	}
}
