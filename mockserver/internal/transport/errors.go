package transport

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// An ErrorNoter is a ResponseWriter that hears of the errors of a refusal, for a log.
type ErrorNoter interface{ NoteErrors(list []api.ErrorReason) }

// WriteErrors refuses a request with the vendor's error envelope.
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
	_, _ = w.Write(body) // a client that has gone away is not our concern
}

func jsonType() []string { return []string{"application/json"} }

// InvalidKey is the answer to a missing, empty or bad API key, byte for byte as it was recorded (D-30).
func InvalidKey() api.ErrorReason {
	return api.ErrorReason{Code: "access_denied|access_denied_invalid_key", Message: "Access denied due to access_denied_invalid_key."}
}

// StatusClientGone is logged for a request that ended before its answer, because its client has gone. The answer reaches
// no client. It is the number that nginx uses.
const StatusClientGone = 499

// ErrStopping is the cause with which the context of a request ends when the server is stopped, and the error of what
// waits otherwise.
var ErrStopping = errors.New("the server is being stopped")

// WriteError refuses a request with what the domain says of it. A request whose context has ended waited for something
// until its client went away or the server was stopped, which is no fault. Anything else is a fault of the mock: it is
// logged, and the reply says no more than that.
func WriteError(ctx context.Context, logger *slog.Logger, w http.ResponseWriter, err error) {
	var many domain.Errors
	var one *domain.Error
	switch {
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = domain.Errors{one}
	case errors.Is(err, ErrStopping):
		writeStopping(w)
		return
	case ctx.Err() == nil || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		logger.ErrorContext(ctx, "internal error", "error", err, "request_id", w.Header().Get("X-Request-Id"))
		WriteErrors(w, http.StatusInternalServerError, api.ErrorReason{Code: "internal_error", Message: "the mock failed; its log says why"})
		return
	case errors.Is(context.Cause(ctx), ErrStopping):
		writeStopping(w)
		return
	default:
		WriteErrors(w, StatusClientGone, api.ErrorReason{Code: "request_canceled", Message: "the request was canceled before it was answered"})
		return
	}
	list := make([]api.ErrorReason, len(many))
	for i, err := range many {
		list[i] = api.ErrorReason{Code: err.Code, Message: err.Message}
		if err.Path != "" {
			list[i].Code += "|" + err.Path
		}
	}
	WriteErrors(w, statusOf(many[0].Code), list...)
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
	case code == domain.CodeNotSettled:
		return http.StatusConflict
	case code == domain.CodeCapacity:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}
