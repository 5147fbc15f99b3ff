// Package redact finds secrets in texts: known ones, however they are escaped, and what looks like
// the number of a card or a private key. The client keeps secrets out of its errors with it, the
// mock out of its journal.
//
// Not covered are a known secret that is encoded as a whole (base64, a hash), a reversed secret,
// and a part of a secret.
package redact

import (
	"slices"
	"strings"
)

// A Redactor finds known secrets in texts. Any character of a secret may be escaped as in URLs,
// JSON or HTML, also several times. Upper and lower case make no difference, since media types and
// host names are often rewritten.
type Redactor struct{ secrets []pattern }

// A pattern is a secret that a Redactor looks for, in lower case.
type pattern struct {
	plain   string
	decoded string // the secret after decode
	digits  string // of a card number, which a text may write in groups
	// alone means that the secret must stand as a separate word. A short secret may be a part of
	// other words by chance.
	alone bool
}

const (
	// Short is the length in bytes below which a secret must stand as a separate word to be found.
	Short = 8
	// cardDigits is the smallest number of digits of a known card number.
	cardDigits = 12
	// longestEntity is a little more than the length of the longest character reference of HTML.
	longestEntity = 40
	// escapes are the characters without which decode only changes the case of a text.
	escapes = `%\&+`
)

// New returns a Redactor of these secrets. An empty one is none.
func New(secrets ...string) Redactor {
	var r Redactor
	for _, text := range secrets {
		if text == "" {
			continue
		}
		p := pattern{plain: lower(text), alone: len(text) < Short}
		p.decoded = p.plain
		if strings.ContainsAny(text, escapes) {
			p.decoded = decode(text).String()
		}
		if countDigits(text) >= cardDigits {
			digits := strings.NewReplacer(" ", "", "-", "").Replace(text)
			if strings.Trim(digits, "0123456789") == "" {
				p.digits = digits
			}
		}
		r.secrets = append(r.secrets, p)
	}
	return r
}

// Long returns a Redactor of the secrets that are not [Short]. Short ones occur by chance where a
// text is not made of words.
func (r Redactor) Long() Redactor {
	return Redactor{slices.DeleteFunc(slices.Clone(r.secrets), func(p pattern) bool { return p.alone })}
}

// Holds reports whether a text holds a known secret.
func (r Redactor) Holds(s string) bool { return len(r.find(s)) > 0 }

// Replace returns a text with another one in the place of each known secret.
func (r Redactor) Replace(s, by string) string { return replace(s, by, r.find(s)) }

// replace replaces parts of a text.
func replace(s, by string, found []span) string {
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, at := range found {
		if at.from >= end {
			b.WriteString(s[end:at.from])
			b.WriteString(by)
		}
		end = max(end, at.to)
	}
	b.WriteString(s[end:])
	return b.String()
}

// A span is a part of a text, by its byte positions.
type span struct{ from, to int }

// find returns the positions of all known secrets in a text.
func (r Redactor) find(s string) []span {
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
	if !slices.ContainsFunc(r.secrets, func(p pattern) bool { return p.digits != "" }) && !strings.ContainsAny(s, escapes) {
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
	for i := range len(s) {
		if lowerByte(s[i]) == s[i] {
			continue
		}
		b := []byte(s)
		for i, c := range b {
			b[i] = lowerByte(c)
		}
		return string(b)
	}
	return s
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}
