package front

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// breachHeader says how an answer breaks the contract (D-43).
const breachHeader = "X-Mock-Contract-Breach"

// checkResponse compares the mock's own answers with the contract. When an answer can be checked,
// its request has already been carried out. So the answer is sent as it is: a refusal in its place
// would make a client repeat an order that has been placed.
func checkResponse(op *contract.Operation, serve http.HandlerFunc, report func(context.Context, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
		serve(recorded, r)
		if recorded.passed {
			return
		}
		recorded.check(r.Context(), op, report)
		if w.Header().Get("Content-Length") != "" {
			w.Header().Set("Content-Length", strconv.Itoa(recorded.body.Len()))
		}
		w.WriteHeader(recorded.status)
		_, _ = w.Write(recorded.body.Bytes())
	}
}

// headerText makes a text fit for a header: one line of printable ASCII, of 1 KiB at most.
func headerText(text string) string {
	const most = 1 << 10
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text)
	return text[:min(len(text), most)]
}

// A recorder holds an answer back until it has been checked. Headers go straight to the real
// answer, unless it has some of its own.
type recorder struct {
	http.ResponseWriter
	header http.Header // nil: those of the real answer
	status int
	body   bytes.Buffer
	passed bool // whether the answer was not recorded, since a fault has sent it
}

var _ envelope.ErrorNoter = (*recorder)(nil)

func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

func (r *recorder) Header() http.Header {
	if r.header != nil {
		return r.header
	}
	return r.ResponseWriter.Header()
}

// check compares the answer with the contract, and says in a header how it breaks it.
func (r *recorder) check(ctx context.Context, op *contract.Operation, report func(context.Context, error)) {
	if ctx.Err() != nil {
		return // the answer only says that the request has ended, and no client reads it
	}
	if err := op.CheckResponse(r.status, r.Header(), r.body.Bytes()); err != nil {
		report(ctx, err)
		r.Header().Set(breachHeader, headerText(err.Error()))
	}
}

// pass returns the real answer, for a fault to send another one that is not checked.
func (r *recorder) pass() http.ResponseWriter {
	r.passed = true
	return r.ResponseWriter
}

// NoteErrors hands the errors of a refusal on to the exchange.
func (r *recorder) NoteErrors(list []api.ErrorReason) {
	if x := exchangeOf(r); x != nil {
		x.NoteErrors(list)
	}
}
