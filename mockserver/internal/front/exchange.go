package front

import (
	"net/http"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
)

// An exchange is the ResponseWriter of all stages. It keeps what the log and the journal say about
// the request, and leaves out the body of an answer to HEAD, which net/http does too, but other callers of the
// handler may not.
type exchange struct {
	http.ResponseWriter
	head      bool
	operation string            // its id; empty for a request that belongs to none
	account   domain.AccountID  // empty until the key has been found good
	status    int               // zero until the answer begins
	errors    []api.ErrorReason // of a refusal
	fault     string            // the id of the fault rule that happened; empty for none
	record    *record           // for the journal; nil when there is none
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
	x.record.write(p)
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
func (x *exchange) begin(op *contract.Operation, r *http.Request) {
	if x != nil {
		x.operation = op.ID
		x.record.belong(op, r)
	}
}

// admit notes which account and which user the request belongs to; now is the time in the account.
func (x *exchange) admit(actor domain.Actor, now time.Time) {
	if x != nil {
		x.account = actor.Account
		x.record.admit(actor, now)
	}
}

// read notes the body of the request, and whether the contract has taken it.
func (x *exchange) read(body []byte, valid bool) {
	if x != nil {
		x.record.read(body, valid)
	}
}

// carriedOut notes the orders in the mock's own answer, which a fault may replace or lose.
func (x *exchange) carriedOut(own *recorder) {
	if x != nil {
		x.record.carriedOut(own.header.Get("Content-Type"), own.body.Bytes(), own.status)
	}
}

// strike notes which fault happened to the request, and the errors that it answers. Of those that
// the maker of a rule has written, only codes that look like codes are shown.
func (x *exchange) strike(hit fault.Hit) {
	if x == nil {
		return
	}
	x.fault = hit.ID
	if !hit.Replaces() {
		return
	}
	list, known := hit.Errors()
	x.errors = make([]api.ErrorReason, len(list))
	for i, one := range list {
		x.errors[i] = api.ErrorReason(one)
		if !known {
			x.errors[i] = api.ErrorReason{Code: plainCode(one.Code), Message: "as the fault rule says"}
		}
	}
}

// plainCode returns a code such as missing_field|organization.id, or what shows instead of one that
// can be a secret.
func plainCode(code string) string {
	for part := range strings.SplitSeq(code, "|") {
		if contract.PlainName(part, contract.Secrets{}) != part {
			return contract.Redacted
		}
	}
	return code
}
