package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// A RequestOption changes a single call. An option with a wrong value makes the call fail with an [*ArgumentError].
type RequestOption func(*call) error

// call is what the options of one call add up to.
type call struct {
	requestID string
	into      **http.Response
}

// WithRequestID sends id in the header X-Request-Id, to find the call again in the logs of a gateway or of the mock
// server. It comes back in [Error.RequestID]. An id is 1 to 128 printable ASCII characters.
func WithRequestID(id string) RequestOption {
	return func(k *call) error {
		if id == "" || len(id) > 128 {
			return &ArgumentError{Path: requestIDHeader, Reason: "must have 1 to 128 characters"}
		}
		if err := checkHeaderValue(id); err != nil {
			return &ArgumentError{Path: requestIDHeader, Reason: err.Error()}
		}
		k.requestID = id
		return nil
	}
}

// WithResponseInto stores the HTTP response of the call at resp, whether the call succeeds or not, for its status and
// its headers. Its Body has been read, at most up to the limit of this package, and can be read again; its Request is
// nil, since that holds the API key. Its headers and its body are as the server sent them: one that repeats the request
// repeats its secrets. Where no answer arrived, resp is set to nil. An iterator stores the response of its last page.
func WithResponseInto(resp **http.Response) RequestOption {
	return func(k *call) error {
		if resp == nil {
			return &ArgumentError{Path: "WithResponseInto", Reason: "was given nil"}
		}
		*resp = nil
		k.into = resp
		return nil
	}
}

// An ArgumentError is a request that could not be built. Nothing was sent.
type ArgumentError struct {
	// Operation is the operationId of the call in the contract.
	Operation string
	// Path names the member of the request on the wire, dotted and with indexes, such as organization.contacts[0]; or
	// else a header or an option.
	Path string
	// Reason is what is wrong with it. It never repeats the value.
	Reason string
}

// Error describes the mistake.
func (e *ArgumentError) Error() string {
	if e.Operation == "" {
		return fmt.Sprintf("%s %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("%s: %s %s", e.Operation, e.Path, e.Reason)
}

// inOperation names the operation in an argument error.
func inOperation(op operation, err error) error {
	var a *ArgumentError
	if !errors.As(err, &a) {
		return err
	}
	return &ArgumentError{Operation: op.id, Path: a.Path, Reason: a.Reason}
}

// checkID refuses an id that cannot name anything, most of all the zero value of a field that was never set.
func checkID(path string, id int64) error {
	if id <= 0 {
		return &ArgumentError{Path: path, Reason: "must be positive"}
	}
	return nil
}

// checkSegment refuses a text that cannot be one segment of a path: dots would lead the request elsewhere.
func checkSegment(path, text string) error {
	switch text {
	case "":
		return &ArgumentError{Path: path, Reason: "is empty"}
	case ".", "..":
		return &ArgumentError{Path: path, Reason: "must not be dots alone"}
	default:
		return nil
	}
}

// hexDigits reads hexadecimal digits that colons or blanks may separate, and writes them in capitals as the service does.
func hexDigits(path, text string) (string, error) {
	digits := strings.ToUpper(strings.NewReplacer(":", "", " ", "").Replace(text))
	if digits == "" || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return "", &ArgumentError{Path: path, Reason: "must be hexadecimal digits"}
	}
	return digits, nil
}

// serialDigits reads a serial number as hexDigits does, and gives it back the zero that an integer drops: the service
// writes whole bytes.
func serialDigits(path, text string) (string, error) {
	digits, err := hexDigits(path, text)
	if err == nil && len(digits)%2 == 1 {
		digits = "0" + digits
	}
	return digits, err
}
