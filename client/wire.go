package client

import (
	"errors"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A wireError is an answer that is JSON but lacks, or spoils, what it must have.
type wireError struct{ path, reason string }

func (e *wireError) Error() string { return e.path + " " + e.reason }

// missing is the error of an answer without a member that it must have.
func missing(path string) error { return &wireError{path: path, reason: "is missing"} }

// within says in what part of an answer something is wrong.
func within(path string, err error) error {
	var w *wireError
	if !errors.As(err, &w) {
		return err
	}
	return &wireError{path: path + "." + w.path, reason: w.reason}
}

// optional returns nil for the zero value, which stands for a member that is left out, and else a pointer to v.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// value returns what a member holds, or the zero value if it was left out.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// wireID writes an id as an integer. The vendor's examples write some as strings; the service takes both.
func wireID(id int64) *api.ID {
	return new(api.ID(strconv.FormatInt(id, 10)))
}
