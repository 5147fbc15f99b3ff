package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A transaction reads an account once. It implements [domain.Reader].
type transaction struct {
	*state
	err error // of a list that could not be read; it fails the transaction
}

// read runs a transaction on a state.
func read(s *state, run func(domain.Reader) error) error {
	t := &transaction{state: s}
	if err := run(t); t.err == nil {
		return err
	}
	return t.err
}

// noteFailure passes the result of a list on, and keeps its error for the end of the transaction.
func noteFailure[T any](t *transaction, items []T, total int, err error) ([]T, int) {
	if err != nil && t.err == nil {
		t.err = err
	}
	return items, total
}
