package client

import (
	"errors"
	"fmt"

	"github.com/pkio-tools/certcentral/internal/redact"
)

// This file keeps the API key, and the card of an order, out of errors. An answer of a server or a
// gateway, and an error of an HTTP transport, may repeat the request, plainly or escaped. Every
// text in an [Error] that does not come from this package passes through a redactor. Package redact
// says what it finds.

// A redactor replaces secrets in texts by "[redacted]". Only an error needs one, so the work is done
// when there is a text.
type redactor struct{ secrets []Secret }

func newRedactor(secrets ...Secret) redactor { return redactor{secrets} }

// finder finds the secrets.
func (r redactor) finder() redact.Redactor {
	texts := make([]string, len(r.secrets))
	for i, secret := range r.secrets {
		texts[i] = secret.Reveal()
	}
	return redact.New(texts...)
}

func (r redactor) redact(s string) string { return r.finder().Replace(s, redacted) }

// redactLine replaces secrets and then cuts the text to one line of a log. The order matters: half
// a secret would not be found.
func (r redactor) redactLine(s string, limit int) string { return sanitize(r.redact(s), limit) }

// clean removes secrets from all texts of an error.
func (r redactor) clean(e *Error) *Error {
	for i, d := range e.Errors {
		e.Errors[i] = ErrorDetail{Code: r.redact(d.Code), Message: r.redact(d.Message)}
	}
	e.Operation = r.redact(e.Operation)
	e.RequestID = r.redact(e.RequestID)
	e.Note = r.redactLine(e.Note, 300)
	if e.cause != nil && r.holds(e.cause) {
		e.cause = &redactedError{text: r.redact(e.cause.Error()), is: matcher(e.cause)}
	}
	return e
}

// holds reports whether the text of an error, or of an error that it wraps, holds a secret.
func (r redactor) holds(err error) bool {
	if r.finder().Holds(err.Error()) {
		return true
	}
	// An error of another transport may hold the request in a field, which %+v and %#v print. They
	// also print memory addresses, in which a short secret would be found by chance.
	if r.finder().Long().Holds(fmt.Sprintf("%+v %#v", err, err)) {
		return true
	}
	switch wrapper := err.(type) { //nolint:errorlint // this checks one error; the recursion follows the chain
	case interface{ Unwrap() error }:
		inner := wrapper.Unwrap()
		return inner != nil && r.holds(inner)
	case interface{ Unwrap() []error }:
		for _, inner := range wrapper.Unwrap() {
			if inner != nil && r.holds(inner) {
				return true
			}
		}
		return false
	default:
		return false
	}
}

// A redactedError replaces an error that holds a secret. [errors.Is] works on it as on the
// original, but it does not unwrap.
type redactedError struct {
	text string
	is   func(error) bool // a function, since printers do not print what a function holds
}

func (e *redactedError) Error() string { return e.text }

// Is reports whether the replaced error is target.
func (e *redactedError) Is(target error) bool { return e.is(target) }

func matcher(err error) func(error) bool {
	return func(target error) bool { return errors.Is(err, target) }
}
