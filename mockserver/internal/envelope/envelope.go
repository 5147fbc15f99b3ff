// Package envelope writes the error envelope of the vendor, the one form of every refusal.
package envelope

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// An ErrorNoter is a ResponseWriter that keeps the errors of a refusal, for a log.
type ErrorNoter interface{ NoteErrors(list []api.ErrorReason) }

// WriteErrors refuses a request with these errors. A writer that is an [ErrorNoter] is given them
// first.
func WriteErrors(w http.ResponseWriter, status int, list ...api.ErrorReason) {
	if noter, ok := w.(ErrorNoter); ok {
		noter.NoteErrors(list)
	}
	body, err := json.Marshal(api.ErrorEnvelope{Errors: list})
	if err != nil { // two strings always marshal
		body = []byte(`{"errors":[{"code":"internal_error","message":"the mock could not write its error"}]}`)
	}
	header := w.Header()
	header["Content-Type"] = jsonType()
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has closed its connection reads no answer
}

func jsonType() []string { return []string{"application/json"} }

// InvalidKey is the answer to a missing, empty or bad API key, byte for byte as it was recorded
// (D-30).
func InvalidKey() api.ErrorReason {
	return api.ErrorReason{Code: "access_denied|access_denied_invalid_key", Message: "Access denied due to access_denied_invalid_key."}
}

// StatusClientGone is logged for a request whose client closed the connection before the answer. No
// client reads that answer. nginx uses the same number.
const StatusClientGone = 499

// ErrStopping is the cause with which the contexts of requests and of background work end when the
// server is stopped.
var ErrStopping = errors.New("the server is being stopped")

// A Writer refuses requests with errors.
type Writer struct {
	logger *slog.Logger
	hints  map[domain.Hint]string
}

// NewWriter returns a Writer that logs faults of the mock, and that knows the words of hints.
func NewWriter(logger *slog.Logger, hints ...map[domain.Hint]string) *Writer {
	w := &Writer{logger: logger, hints: map[domain.Hint]string{}}
	for _, some := range hints {
		maps.Copy(w.hints, some)
	}
	return w
}

// WriteError refuses a request with an error. The errors of the domain become the list of the
// envelope. The end of the request's context, because the client closed the connection or the
// server is stopped, is no fault of the mock. Every other error is one: it is logged, and the reply
// does not repeat it.
func (e *Writer) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	var many domain.Errors
	var one *domain.Error
	switch {
	case errors.As(err, &many):
		e.refuse(w, r, many)
	case errors.As(err, &one):
		e.refuse(w, r, domain.Errors{one})
	case errors.Is(err, ErrStopping):
		writeStopping(w)
	case ctx.Err() == nil || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		e.logger.ErrorContext(ctx, "internal error", "error", err, "request_id", w.Header().Get("X-Request-Id"))
		WriteErrors(w, http.StatusInternalServerError, api.ErrorReason{Code: "internal_error", Message: "the mock failed; its log says why"})
	case errors.Is(context.Cause(ctx), ErrStopping):
		writeStopping(w)
	default:
		WriteErrors(w, StatusClientGone, api.ErrorReason{Code: "request_canceled", Message: "the request was canceled before it was answered"})
	}
}

func (e *Writer) refuse(w http.ResponseWriter, r *http.Request, many domain.Errors) {
	list := make([]api.ErrorReason, len(many))
	for i, err := range many {
		list[i] = api.ErrorReason{Code: err.Code, Message: err.Message}
		if err.Path != "" {
			list[i].Code += "|" + err.Path
		}
		if hint := e.hints[err.Hint]; hint != "" {
			list[i].Message += "; " + hint
		}
	}
	status := statusOf(many[0].Code)
	if status == http.StatusRequestTimeout && r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close") // RFC 9110, section 15.5.9; clients repeat the request on another connection at most
	}
	WriteErrors(w, status, list...)
}

func writeStopping(w http.ResponseWriter) {
	WriteErrors(w, http.StatusServiceUnavailable, api.ErrorReason{
		Code: "mock_stopping", Message: "the mock is being stopped, and has dropped the request",
	})
}

func statusOf(code string) int {
	switch {
	case strings.HasPrefix(code, "not_found|"):
		return http.StatusNotFound
	case code == domain.CodeMissingPermission:
		return http.StatusForbidden
	case code == domain.CodeNotCalled:
		return http.StatusRequestTimeout
	case code == domain.CodeNotSettled, code == domain.CodeJournalOff:
		return http.StatusConflict
	case code == domain.CodeCapacity:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}
