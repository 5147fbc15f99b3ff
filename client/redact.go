package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// This file keeps the API key, and the card of an order, out of errors. What a server, a gateway or a transport says may
// repeat the request, plainly or escaped. Every text of an [Error] that is not our own passes through here.
//
// Not covered are a secret that was encoded as a whole (base64, a hash), one that was turned around, and a part of one.

// A redactor finds secrets in texts: as they are, and with any of their characters escaped as in URLs, JSON or HTML, even
// several times over. Capitals count as small letters, since media types and hosts are often rewritten.
type redactor struct{ secrets []pattern }

// A pattern is a secret to be looked for, in small letters.
type pattern struct {
	plain   string
	decoded string // the same as decode writes it
	digits  string // of a card number, which may be written in groups
	// alone is whether the secret counts only as a word of its own. A short one is part of many an innocent word.
	alone bool
}

const (
	// shortSecret is the length below which a secret counts only as a word of its own.
	shortSecret = 8
	// cardDigits is how many digits a card number has at least.
	cardDigits = 12
	// longestEntity is a bit more than the longest name of a character in HTML has.
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
		if digits := strings.NewReplacer(" ", "", "-", "").Replace(text); len(digits) >= cardDigits && strings.Trim(digits, "0123456789") == "" {
			p.digits = digits
		}
		r.secrets = append(r.secrets, p)
	}
	return r
}

// whole returns a text with "[redacted]" in the place of each secret.
func (r redactor) whole(s string) string {
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

// text does the same, and then cuts the text short for one line of a log: half a secret would not be found any more.
func (r redactor) text(s string, limit int) string { return sanitize(r.whole(s), limit) }

// clean removes secrets from all that an error tells.
func (r redactor) clean(e *Error) *Error {
	for i, d := range e.Errors {
		e.Errors[i] = ErrorDetail{Code: r.whole(d.Code), Message: r.whole(d.Message)}
	}
	e.RequestID = r.whole(e.RequestID)
	e.Note = r.text(e.Note, 300)
	if e.cause != nil && r.holds(e.cause) {
		e.cause = &redactedError{text: r.whole(e.cause.Error()), is: matcher(e.cause)}
	}
	return e
}

// holds reports whether an error tells a secret, or one that it wraps does.
func (r redactor) holds(err error) bool {
	if len(r.find(err.Error())) > 0 {
		return true
	}
	// An error of a foreign transport may keep the request. A short secret would be found in any address of memory.
	long := redactor{slices.DeleteFunc(slices.Clone(r.secrets), func(p pattern) bool { return p.alone })}
	if len(long.find(fmt.Sprintf("%+v %#v", err, err))) > 0 {
		return true
	}
	switch wrapper := err.(type) { //nolint:errorlint // each error of the chain on its own
	case interface{ Unwrap() error }:
		inner := wrapper.Unwrap()
		return inner != nil && r.holds(inner)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(wrapper.Unwrap(), func(inner error) bool { return inner != nil && r.holds(inner) })
	default:
		return false
	}
}

// A redactedError stands for an error that holds a secret. It is the same for [errors.Is], but cannot be taken apart.
type redactedError struct {
	text string
	is   func(error) bool // a function, which no printer looks into
}

func (e *redactedError) Error() string { return e.text }

// Is reports whether the error that this one stands for is target.
func (e *redactedError) Is(target error) bool { return e.is(target) }

func matcher(err error) func(error) bool {
	return func(target error) bool { return errors.Is(err, target) }
}

// A span is a part of a text.
type span struct{ from, to int }

// find returns where the secrets are.
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
		return found // nothing is escaped, nothing can be in groups
	}
	decoded := decode(s)
	text := decoded.String()
	grouped := decoded.only(isLetterOrDigit) // whatever stands between the groups, in ASCII or not
	joined := grouped.String()
	for _, p := range r.secrets {
		for at := range occurrences(text, p.decoded, p.alone) { // none of a secret of backslashes alone
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

// occurrences yields where a word is in a text, or where it stands alone.
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

// sameKind reports whether two characters side by side belong to one word, or to one number.
func sameKind(a, b byte) bool {
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' || c == '_' || c >= 0x80 }
	return isDigit(a) && isDigit(b) || letter(a) && letter(b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isLetterOrDigit is for ASCII in small letters.
func isLetterOrDigit(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' }

// lower writes the capitals of ASCII small. Every position stays what it was, in a text that is no UTF-8 too.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}
