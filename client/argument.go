package client

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"unicode/utf8"
)

// An ArgumentError means that the request could not be built from the arguments. Nothing was sent.
type ArgumentError struct {
	// Operation is the operationId of the call in the contract.
	Operation string
	// Path is the path of the wrong member in the JSON of the request, such as
	// organization.contacts[0], or the name of a parameter, a header or an option.
	Path string
	// Reason says what is wrong. It never repeats the value.
	Reason string
}

// Error returns the operation, the path and the reason in one line.
func (e *ArgumentError) Error() string {
	if e.Operation == "" {
		return fmt.Sprintf("%s %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("%s: %s %s", e.Operation, e.Path, e.Reason)
}

// LogValue returns the operation, the path and the reason as a group of log attributes.
func (e *ArgumentError) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("<nil>")
	}
	return slog.GroupValue(slog.String("error", e.Error()), slog.String("operation", e.Operation),
		slog.String("path", e.Path), slog.String("reason", e.Reason))
}

// inOperation sets the operation of an argument error.
func inOperation(op operation, err error) error {
	var a *ArgumentError
	if !errors.As(err, &a) {
		return err
	}
	return &ArgumentError{Operation: op.name(), Path: a.Path, Reason: a.Reason}
}

// inMember puts the path of a member in front of the one of an ArgumentError.
func inMember(path string, err error) error {
	var a *ArgumentError
	if !errors.As(err, &a) {
		return err
	}
	if a.Path != "" {
		path += "." + a.Path
	}
	return &ArgumentError{Operation: a.Operation, Path: path, Reason: a.Reason}
}

// checkID refuses an id below 1, in particular the zero value of a field that was not set.
func checkID(path string, id int64) error {
	if id <= 0 {
		return &ArgumentError{Path: path, Reason: "must be positive"}
	}
	return nil
}

// checkSegment refuses a text that cannot be one segment of a URL path. The segments "." and ".."
// would change the path of the request.
func checkSegment(path, text string) error {
	switch text {
	case "":
		return &ArgumentError{Path: path, Reason: "is empty"}
	case ".", "..":
		return &ArgumentError{Path: path, Reason: "must not be dots alone"}
	}
	if !utf8.ValidString(text) {
		return &ArgumentError{Path: path, Reason: "is not UTF-8"}
	}
	return nil
}

// count converts a number to the type of the wire. The service checks whether it allows the number.
func count(path string, n int) (int32, error) {
	if n < 1 || n > math.MaxInt32 {
		return 0, &ArgumentError{Path: path, Reason: "must be positive and not huge"}
	}
	return int32(n), nil
}

// hexDigits removes colons and blanks between hexadecimal digits and returns the digits in upper
// case, as the service writes them.
func hexDigits(path, text string) (string, error) {
	digits := strings.ToUpper(strings.NewReplacer(":", "", " ", "").Replace(text))
	if digits == "" || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return "", &ArgumentError{Path: path, Reason: "must be hexadecimal digits"}
	}
	return digits, nil
}

// serialDigits does what hexDigits does, for a serial number. It puts a zero in front of an odd
// number of digits, since the service writes whole bytes.
func serialDigits(path, text string) (string, error) {
	digits, err := hexDigits(path, text)
	if err == nil && len(digits)%2 == 1 {
		digits = "0" + digits
	}
	return digits, err
}

// A choice is how the caller has named a person, an organization or another object of a request.
type choice int

const (
	unchosen  choice = iota
	existing         // by its id
	described        // by its details
)
