package client

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// The kinds of an [*Error], for [errors.Is].
var (
	// ErrUnauthorized means that the API key is missing or wrong: status 401, or status 403 with
	// the code access_denied|access_denied_invalid_key.
	ErrUnauthorized = errors.New("the API key is refused")
	// ErrForbidden means that the API key or its user does not have the permission: any other 403.
	ErrForbidden = errors.New("not permitted")
	// ErrNotFound is status 404. With the code not_found|route, the base URL is wrong.
	ErrNotFound = errors.New("not found")
	// ErrNotIssued means that the certificate is not issued yet and cannot be downloaded: the code
	// cert_unavailable_processing. [OrderService.Get] shows the state of its order. Try again
	// later.
	ErrNotIssued = errors.New("the certificate is not issued yet")
	// ErrInvalidRequest means that the service refuses the content of the request: status 413, 415
	// or any other 400.
	ErrInvalidRequest = errors.New("the request is invalid")
	// ErrRateLimited is status 429: more than 100 requests in 5 seconds or 1000 in 3 minutes.
	ErrRateLimited = errors.New("too many requests")
	// ErrUnavailable means that the service, or a gateway in front of it, has failed: any status
	// from 500. If the request changes something, the error is [ErrOutcomeUnknown] as well.
	ErrUnavailable = errors.New("the service is unavailable")
	// ErrNotAnswered means that no answer came back, and that nothing can have changed: a request
	// that only reads (GET) got no answer or a part of one, or a request was never sent, for example
	// since the service refuses connections. The call can be repeated. [Error.StatusCode] is 0,
	// unless a successful answer broke off.
	ErrNotAnswered = errors.New("no answer, and nothing has changed")
	// ErrOutcomeUnknown means that a request that changes something (any method but GET) may have
	// been carried out. Three outcomes are known: a success that the contract declares, a refusal
	// (status 400 to 499 other than 408), and a request that was never sent. Every other outcome is
	// unknown. Find out whether the change was made before you try again; the package comment shows
	// how to do so for an order.
	ErrOutcomeUnknown = errors.New("the outcome is unknown")
)

// An Error means that a call failed after its request was built. [errors.Is] tells its kind, such
// as [ErrNotFound]. It wraps the error of the HTTP client or of the context, such as
// [context.DeadlineExceeded]. In all of its texts "[redacted]" replaces the API key and the card of
// the request; the package comment describes the limits of this.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/errors.html
type Error struct {
	// Operation is the operationId of the call in the contract, such as getOrder. A request of
	// [Client.Do] that the contract does not have is named by its method and its path.
	Operation string
	// Attempts is the number of requests that were made. It is 0 if the call failed before the first
	// one, and more than 1 only with [WithRetries].
	Attempts int
	// StatusCode is the HTTP status. It is 0 if no answer arrived. It is 200 to 299 if the answer
	// could not be used.
	StatusCode int
	// Errors holds all reasons that the service gave, in its order, even if the status is a
	// success. It is empty if the answer did not come from the service or could not be read.
	Errors []ErrorDetail
	// RequestID is the header X-Request-Id of the answer. If the answer has none, it is the one of
	// the request.
	RequestID string
	// Note describes an answer that could not be used, in a few words. It is empty if the service
	// gave its reasons.
	Note string
	// OutcomeUnknown is whether the request may have changed something; see [ErrOutcomeUnknown].
	OutcomeUnknown bool
	// RetryAfter is how long to wait before another attempt, by the header Retry-After of the
	// answer. It is 0 if the answer does not say.
	RetryAfter time.Duration

	cause error
	// transient is whether the same request may well succeed a little later: the service was busy or
	// failed, or the connection did. It does not say whether the request may be repeated.
	transient bool
}

// An ErrorDetail is one reason to refuse a request.
type ErrorDetail struct {
	// Code is made for programs: a word, often followed by a bar and a detail, such as
	// missing_field|certificate.individual.email.
	Code string
	// Message is made for people, in the words of the service. [Error.Error] leaves it out, since
	// it may repeat a part of the request.
	Message string
}

// Kind returns the code up to the bar, such as missing_field.
func (d ErrorDetail) Kind() string {
	kind, _, _ := strings.Cut(d.Code, "|")
	return kind
}

// Detail returns the code after the bar, such as the path certificate.individual.email. It is empty
// if there is no bar.
func (d ErrorDetail) Detail() string {
	_, detail, _ := strings.Cut(d.Code, "|")
	return detail
}

// Has reports whether the service gave a reason with this code. A code without a bar matches every
// detail: missing_field matches missing_field|certificate.individual.email.
func (e *Error) Has(code string) bool {
	for _, d := range e.Errors {
		if d.Code == code || d.Kind() == code {
			return true
		}
	}
	return false
}

// At returns the reasons about the member of the request with this path, such as
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

// Error returns the operation, the status and the codes in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.Attempts > 1 {
		fmt.Fprintf(&b, ": %d attempts", e.Attempts)
	}
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

// Is reports whether the error is of the kind target, which is one of the variables of this
// package.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden && e.Has(CodeAccessDeniedInvalidKey)
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden && !e.Has(CodeAccessDeniedInvalidKey)
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrNotIssued:
		return e.Has(CodeCertUnavailableProcessing)
	case ErrInvalidRequest:
		switch e.StatusCode {
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
			return !e.Has(CodeCertUnavailableProcessing)
		}
		return false
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrUnavailable:
		return e.StatusCode >= http.StatusInternalServerError
	case ErrNotAnswered:
		brokeOff := e.StatusCode/100 == 2 && errors.Is(e.cause, errBrokeOff)
		return !e.OutcomeUnknown && (e.StatusCode == 0 || brokeOff)
	case ErrOutcomeUnknown:
		return e.OutcomeUnknown
	default:
		return false
	}
}

// Unwrap returns the error of the HTTP client, of the context or of reading the answer. It is nil
// if the service refused the request.
func (e *Error) Unwrap() error { return e.cause }

// LogValue returns the operation, the status and the codes as a group of log attributes. It leaves
// the messages of the service out, as [Error.Error] does.
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
	if e.Attempts > 1 {
		attrs = append(attrs, slog.Int("attempts", e.Attempts))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	return slog.GroupValue(append(attrs, slog.Bool("outcome_unknown", e.OutcomeUnknown))...)
}

// GoString returns the error in Go syntax, for the verb %#v. It leaves the messages of the service
// out, as [Error.Error] does.
func (e *Error) GoString() string {
	if e == nil {
		return "(*client.Error)(nil)"
	}
	details := make([]string, 0, len(e.Errors))
	for _, code := range e.codes() {
		details = append(details, fmt.Sprintf("{Code:%q}", code))
	}
	const format = "&client.Error{Operation:%q, Attempts:%d, StatusCode:%d, Errors:[]client.ErrorDetail{%s}, " +
		"RequestID:%q, Note:%q, OutcomeUnknown:%t, RetryAfter:%d}"
	return fmt.Sprintf(format, e.Operation, e.Attempts, e.StatusCode, strings.Join(details, ", "), e.RequestID, e.Note,
		e.OutcomeUnknown, e.RetryAfter)
}

func (e *Error) codes() []string {
	codes := make([]string, 0, len(e.Errors))
	for _, d := range e.Errors {
		codes = append(codes, d.Code)
	}
	return codes
}
