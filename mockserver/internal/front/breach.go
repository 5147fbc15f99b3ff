package front

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// breachHeader says how an answer breaks the contract (D-43).
const breachHeader = "X-Mock-Contract-Breach"

// checkResponse holds the mock's own answers to the contract. By the time that an answer can be
// checked the request has done its work, so that the answer goes out as it is: a refusal in its
// place would make a client repeat an order that has been placed.
func checkResponse(op *contract.Operation, serve http.HandlerFunc, report func(context.Context, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		recorded := &recorder{ResponseWriter: w, status: http.StatusOK}
		serve(recorded, r)
		if r.Context().Err() == nil { // or else no client reads the answer, which says no more than that
			if err := op.CheckResponse(recorded.status, w.Header(), recorded.body.Bytes()); err != nil {
				report(r.Context(), err)
				w.Header().Set(breachHeader, headerText(err.Error()))
			}
		}
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
// answer.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// NoteErrors hands on why the request was refused.
func (r *recorder) NoteErrors(list []api.Error) {
	if x := exchangeOf(r); x != nil {
		x.NoteErrors(list)
	}
}
