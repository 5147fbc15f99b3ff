package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A transaction reads an account once. It implements [domain.Reader].
type transaction struct {
	*state
	err error // of a list that could not be read, which fails the transaction
}

// read runs a transaction on a state.
func read(s *state, run func(domain.Reader) error) error {
	t := &transaction{state: s}
	if err := run(t); t.err == nil {
		return err
	}
	return t.err
}

// listed returns what a list found, or notes why it could not be read.
func listed[T any](t *transaction, items []T, total int, err error) ([]T, int) {
	if err != nil && t.err == nil {
		t.err = err
	}
	return items, total
}
