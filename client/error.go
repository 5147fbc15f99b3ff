package client

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// The kinds of an [*Error], for [errors.Is].
var (
	// ErrUnauthorized is a key that is missing or wrong: status 401, or 403 with the code
	// access_denied|access_denied_invalid_key.
	ErrUnauthorized = errors.New("the API key is refused")
	// ErrForbidden is a key whose user may not do this: any other 403.
	ErrForbidden = errors.New("not permitted")
	// ErrNotFound is status 404. With the code not_found|route it is the base URL that is wrong.
	ErrNotFound = errors.New("not found")
	// ErrNotIssued is a certificate that cannot be downloaded yet: the code cert_unavailable_processing. Its order tells
	// how far it is ([OrderService.Get]); try again later.
	ErrNotIssued = errors.New("the certificate is not issued yet")
	// ErrInvalidRequest is a request that is refused for what it says: status 413, 415 or any other 400.
	ErrInvalidRequest = errors.New("the request is invalid")
	// ErrRateLimited is status 429: more than 100 requests in 5 seconds or 1000 in 3 minutes.
	ErrRateLimited = errors.New("too many requests")
	// ErrUnavailable is a failure of the service or of something before it: any status from 500. A request that changes
	// something is [ErrOutcomeUnknown] as well then.
	ErrUnavailable = errors.New("the service is unavailable")
	// ErrOutcomeUnknown is a request that changes something (any but GET) and may have been carried out, without an answer
	// that says so: everything but a success that the contract declares, a refusal (status 400 to 499 other than 408), and
	// a request that was never sent. Look whether it was carried out before trying again; the package comment shows how,
	// for an order.
	ErrOutcomeUnknown = errors.New("the outcome is unknown")
)

const (
	codeInvalidKey = "access_denied|access_denied_invalid_key"
	codeNotIssued  = "cert_unavailable_processing"
)

// An Error is a call that failed after it was sent, or while it was being sent. It matches the kinds, such as
// [ErrNotFound], by [errors.Is], and unwraps to what went wrong on the way, such as [context.DeadlineExceeded]. In all of
// its texts "[redacted]" stands for the API key and the card of the request; the package comment says what that covers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/errors.html
type Error struct {
	// Operation is the operationId of the call in the contract, such as getOrder.
	Operation string
	// StatusCode is the HTTP status. It is 0 if no answer arrived, and from 200 to 299 if the answer could not be used.
	StatusCode int
	// Errors holds every reason that the service gave, in its order, also beside a status of success. It is empty if the
	// answer did not come from the service, or could not be read.
	Errors []ErrorDetail
	// RequestID is what the header X-Request-Id of the answer says, or else of the request.
	RequestID string
	// Note describes, in at most a few words, an answer that is not in the service's form.
	Note string
	// OutcomeUnknown is whether a request that changes something may have been carried out; see [ErrOutcomeUnknown].
	OutcomeUnknown bool

	cause error
}

// An ErrorDetail is one reason to refuse a request.
type ErrorDetail struct {
	// Code is a word for programs, often followed by a bar and a detail: missing_field|certificate.individual.email.
	Code string
	// Message is a sentence for people. It is the service's own and is left out of [Error.Error], since nobody
	// promises that it repeats nothing of the request.
	Message string
}

// Kind is the code up to the bar, such as missing_field.
func (d ErrorDetail) Kind() string {
	kind, _, _ := strings.Cut(d.Code, "|")
	return kind
}

// Detail is the code after the bar, such as the path certificate.individual.email. It is empty if there is no bar.
func (d ErrorDetail) Detail() string {
	_, detail, _ := strings.Cut(d.Code, "|")
	return detail
}

// Has reports whether the service gave a reason with this code. A code without a bar stands for all of its details:
// missing_field for missing_field|certificate.individual.email.
func (e *Error) Has(code string) bool {
	for _, d := range e.Errors {
		if d.Code == code || d.Kind() == code {
			return true
		}
	}
	return false
}

// At returns the reasons that concern one member of the request, by its path, such as
// organization.contacts[0].email.
func (e *Error) At(path string) []ErrorDetail {
	var found []ErrorDetail
	for _, d := range e.Errors {
		if path != "" && d.Detail() == path {
			found = append(found, d)
		}
	}
	return found
}

// Error describes the failure in one line: the operation, the status and the codes.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, ": status %d", e.StatusCode)
	}
	const most = 8
	for i, d := range e.Errors {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(e.Errors)-most)
			break
		}
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(sanitize(d.Code, 160))
	}
	switch {
	case e.Note != "":
		b.WriteString(": " + e.Note)
	case e.cause != nil:
		b.WriteString(": " + sanitize(e.cause.Error(), 300))
	}
	if e.OutcomeUnknown {
		b.WriteString("; " + ErrOutcomeUnknown.Error())
	}
	return b.String()
}

// Is reports whether the error is of the kind of target, one of the variables of this package.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden && e.Has(codeInvalidKey)
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden && !e.Has(codeInvalidKey)
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrNotIssued:
		return e.Has(codeNotIssued)
	case ErrInvalidRequest:
		switch e.StatusCode {
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
			return !e.Has(codeNotIssued)
		}
		return false
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrUnavailable:
		return e.StatusCode >= http.StatusInternalServerError
	case ErrOutcomeUnknown:
		return e.OutcomeUnknown
	default:
		return false
	}
}

// Unwrap returns what went wrong on the way, or nil if the answer says it all.
func (e *Error) Unwrap() error { return e.cause }

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
