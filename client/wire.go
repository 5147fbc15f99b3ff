package client

import (
	"errors"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A wireError is a member of an answer that is missing or has a wrong value.
type wireError struct{ path, reason string }

func (e *wireError) Error() string { return e.path + " " + e.reason }

// missing is the error for a required member that the answer does not have.
func missing(path string) error { return &wireError{path: path, reason: "is missing"} }

// within puts path in front of the path of a wireError.
func within(path string, err error) error {
	var w *wireError
	if !errors.As(err, &w) {
		return err
	}
	return &wireError{path: path + "." + w.path, reason: w.reason}
}

// optional returns a pointer to v, or nil for the zero value, so that the member is left out of the
// request.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return new(v) // a copy, so that the zero value takes no memory
}

// value returns the value of a member, or the zero value if the answer does not have it.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// wireID writes an id as an integer. The vendor's examples write some ids as strings; the service
// accepts both.
func wireID(id int64) *api.Identifier {
	return new(api.Identifier(strconv.FormatInt(id, 10)))
}
