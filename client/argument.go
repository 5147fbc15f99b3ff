package client

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

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

// count converts a number for the wire. Whether it is one that the service takes is left to the service.
func count(path string, n int) (int32, error) {
	if n < 1 || n > math.MaxInt32 {
		return 0, &ArgumentError{Path: path, Reason: "must be positive and not huge"}
	}
	return int32(n), nil
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

// choice tells apart the two ways to name somebody or something, and neither.
type choice int

const (
	unchosen  choice = iota
	existing         // by id
	described        // in full
)
