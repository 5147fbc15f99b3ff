package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// This file keeps the API key, and the card of an order, out of errors. An answer of a server or a
// gateway, and an error of an HTTP transport, may repeat the request, plainly or escaped. Every
// text in an [Error] that does not come from this package passes through a redactor.
//
// Not covered are a secret that is encoded as a whole (base64, a hash), a reversed secret, and a
// part of a secret.

// A redactor finds secrets in texts. Any character of a secret may be escaped as in URLs, JSON or
// HTML, also several times. Upper and lower case make no difference, since media types and host
// names are often rewritten.
type redactor struct{ secrets []pattern }

// A pattern is a secret that a redactor looks for, in lower case.
type pattern struct {
	plain   string
	decoded string // the secret after decode
	digits  string // of a card number, which a text may write in groups
	// alone means that the secret must stand as a separate word. A short secret may be a part of
	// other words by chance.
	alone bool
}

const (
	// shortSecret is the length below which a secret must stand as a separate word.
	shortSecret = 8
	// cardDigits is the smallest number of digits of a card number.
	cardDigits = 12
	// longestEntity is a little more than the length of the longest character reference of HTML.
	longestEntity = 40
)

func newRedactor(secrets ...Secret) redactor {
	var r redactor
	for _, secret := range secrets {
		text := secret.Reveal()
		if text == "" {
			continue
		}
		p := pattern{plain: lower(text), decoded: decode(text).String()}
		p.alone = len(p.plain) < shortSecret
		digits := strings.NewReplacer(" ", "", "-", "").Replace(text)
		if len(digits) >= cardDigits && allDigits(digits) {
			p.digits = digits
		}
		r.secrets = append(r.secrets, p)
	}
	return r
}

// redact replaces each secret in a text by "[redacted]".
func (r redactor) redact(s string) string {
	found := r.find(s)
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, at := range found {
		if at.from >= end {
			b.WriteString(s[end:at.from])
			b.WriteString(redacted)
		}
		end = max(end, at.to)
	}
	b.WriteString(s[end:])
	return b.String()
}

// redactLine replaces secrets and then cuts the text to one line of a log. The order matters: half
// a secret would not be found.
func (r redactor) redactLine(s string, limit int) string { return sanitize(r.redact(s), limit) }

// clean removes secrets from all texts of an error.
func (r redactor) clean(e *Error) *Error {
	for i, d := range e.Errors {
		e.Errors[i] = ErrorDetail{Code: r.redact(d.Code), Message: r.redact(d.Message)}
	}
	e.RequestID = r.redact(e.RequestID)
	e.Note = r.redactLine(e.Note, 300)
	if e.cause != nil && r.holds(e.cause) {
		e.cause = &redactedError{text: r.redact(e.cause.Error()), is: matcher(e.cause)}
	}
	return e
}

// holds reports whether the text of an error, or of an error that it wraps, holds a secret.
func (r redactor) holds(err error) bool {
	if len(r.find(err.Error())) > 0 {
		return true
	}
	// An error of another transport may hold the request in a field, which %+v and %#v print. They
	// also print memory addresses, in which a short secret would be found by chance.
	long := redactor{slices.DeleteFunc(slices.Clone(r.secrets), func(p pattern) bool { return p.alone })}
	if len(long.find(fmt.Sprintf("%+v %#v", err, err))) > 0 {
		return true
	}
	switch wrapper := err.(type) { //nolint:errorlint // this checks one error; the recursion follows the chain
	case interface{ Unwrap() error }:
		inner := wrapper.Unwrap()
		return inner != nil && r.holds(inner)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(wrapper.Unwrap(), func(inner error) bool { return inner != nil && r.holds(inner) })
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

// A span is a part of a text, by its byte positions.
type span struct{ from, to int }

// find returns the positions of all secrets in a text.
func (r redactor) find(s string) []span {
	if len(r.secrets) == 0 || s == "" {
		return nil
	}
	var found []span
	plain := lower(s)
	for _, p := range r.secrets {
		for at := range occurrences(plain, p.plain, p.alone) {
			found = append(found, span{at, at + len(p.plain)})
		}
	}
	if !slices.ContainsFunc(r.secrets, func(p pattern) bool { return p.digits != "" }) && !strings.ContainsAny(s, `%\&+`) {
		return found // the text has no escapes, and no secret may be written in groups
	}
	decoded := decode(s)
	text := decoded.String()
	grouped := decoded.filter(isLetterOrDigit) // any separator of the groups, in ASCII or not
	joined := grouped.String()
	for _, p := range r.secrets {
		for at := range occurrences(text, p.decoded, p.alone) { // decoded is empty if the secret has only backslashes
			found = append(found, decoded.source(at, len(p.decoded)))
		}
		if p.digits == "" {
			continue
		}
		for at := range occurrences(joined, p.digits, false) {
			found = append(found, grouped.source(at, len(p.digits)))
		}
	}
	return found
}

// occurrences yields the positions of a word in a text. With alone it yields only those where the
// word stands separately.
func occurrences(text, word string, alone bool) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; word != ""; {
			i := strings.Index(text[from:], word)
			if i < 0 {
				return
			}
			begin := from + i
			end := begin + len(word)
			joined := begin > 0 && sameKind(text[begin-1], text[begin]) || end < len(text) && sameKind(text[end-1], text[end])
			if !(alone && joined) && !yield(begin) {
				return
			}
			from = begin + 1
		}
	}
}

// sameKind reports whether two neighboring characters belong to the same word or number.
func sameKind(a, b byte) bool {
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' || c == '_' || c >= 0x80 }
	return isDigit(a) && isDigit(b) || letter(a) && letter(b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isLetterOrDigit reports whether c is a digit or a lower-case letter of ASCII.
func isLetterOrDigit(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' }

// lower converts ASCII letters to lower case. It keeps every byte position, also in a text that is
// not UTF-8.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}
