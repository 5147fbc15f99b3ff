package client

import (
	"fmt"
	"log/slog"
	"strings"
)

// LogValue returns what a log tells about the failure: the operation, the status and the codes, as members of a group. The
// messages of the service are left out, as in [Error.Error].
func (e *Error) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("<nil>")
	}
	attrs := []slog.Attr{slog.String("error", e.Error()), slog.String("operation", e.Operation)}
	if e.StatusCode != 0 {
		attrs = append(attrs, slog.Int("status", e.StatusCode))
	}
	if len(e.Errors) > 0 {
		attrs = append(attrs, slog.Any("codes", e.codes()))
	}
	if e.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", e.RequestID))
	}
	return slog.GroupValue(append(attrs, slog.Bool("outcome_unknown", e.OutcomeUnknown))...)
}

// GoString returns the error in the manner of Go, for the verb %#v. The messages of the service are left out, as in
// [Error.Error].
func (e *Error) GoString() string {
	if e == nil {
		return "(*client.Error)(nil)"
	}
	details := make([]string, 0, len(e.Errors))
	for _, code := range e.codes() {
		details = append(details, fmt.Sprintf("{Code:%q}", code))
	}
	return fmt.Sprintf("&client.Error{Operation:%q, StatusCode:%d, Errors:[]client.ErrorDetail{%s}, RequestID:%q, Note:%q, OutcomeUnknown:%t}",
		e.Operation, e.StatusCode, strings.Join(details, ", "), e.RequestID, e.Note, e.OutcomeUnknown)
}

func (e *Error) codes() []string {
	codes := make([]string, 0, len(e.Errors))
	for _, d := range e.Errors {
		codes = append(codes, d.Code)
	}
	return codes
}
