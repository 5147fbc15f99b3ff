package redact

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"
)

// A decoded is a text without escapes, in lower case, with the position that each of its bytes has
// in the original text.
type decoded struct {
	bytes []byte
	spans []span
}

// decode replaces the escapes of URLs (%41, and + for a blank), of JSON and Go (\u0041, \x41, \")
// and of HTML (&#65;, &#x41;, &amp;). The result of one escape may complete another one: %2541
// becomes %41, and then A. All backslashes are removed, so that it does not matter which of them
// are escapes.
func decode(s string) *decoded {
	d := &decoded{bytes: make([]byte, 0, len(s)), spans: make([]span, 0, len(s))}
	for i := range len(s) {
		d.push(s[i], span{i, i + 1})
	}
	for i, c := range d.bytes {
		if 'A' <= c && c <= 'Z' {
			d.bytes[i] = c + ('a' - 'A')
		}
	}
	return d.filter(func(c byte) bool { return c != '\\' })
}

// push adds a byte. If the byte completes an escape, push replaces the escape.
func (d *decoded) push(c byte, at span) {
	if c == '+' {
		c = ' '
	}
	d.bytes, d.spans = append(d.bytes, c), append(d.spans, at)
	length, text := escape(d.bytes)
	if length == 0 {
		return
	}
	begin := len(d.bytes) - length
	at = d.source(begin, length)
	d.bytes, d.spans = d.bytes[:begin], d.spans[:begin]
	for i := range len(text) {
		d.push(text[i], at)
	}
}

// escape returns the length of the escape at the end of a text and its replacement, or 0 if there
// is none.
func escape(b []byte) (length int, text string) {
	n := len(b)
	if n >= 3 && b[n-3] == '%' {
		if v, err := strconv.ParseUint(string(b[n-2:]), 16, 8); err == nil {
			return 3, string([]byte{byte(v)})
		}
	}
	if n >= 4 && b[n-4] == '\\' && b[n-3] == 'x' {
		if v, err := strconv.ParseUint(string(b[n-2:]), 16, 8); err == nil {
			return 4 + backslashes(b[:n-4]), string([]byte{byte(v)})
		}
	}
	if n >= 6 && b[n-6] == '\\' && b[n-5] == 'u' {
		if v, err := strconv.ParseUint(string(b[n-4:]), 16, 16); err == nil {
			return 6 + backslashes(b[:n-6]), string(rune(v))
		}
	}
	if b[n-1] == ';' {
		return entity(b[max(0, n-longestEntity):])
	}
	return 0, ""
}

// backslashes counts the backslashes at the end of a text. A text that was escaped twice has
// several of them before an escape.
func backslashes(b []byte) int { return len(b) - len(bytes.TrimRight(b, `\`)) }

// entity does what escape does, for a text that ends with a semicolon, which may complete a
// character reference of HTML.
func entity(b []byte) (length int, text string) {
	begin := bytes.LastIndexByte(b, '&')
	if begin < 0 {
		return 0, ""
	}
	name := string(b[begin:])
	text = html.UnescapeString(name)
	if text == name || text != ";" && strings.HasSuffix(text, ";") { // otherwise only its beginning was a character reference
		return 0, ""
	}
	return len(name), text
}

// source returns the position of a part of the decoded text in the original text.
func (d *decoded) source(at, length int) span { return span{d.spans[at].from, d.spans[at+length-1].to} }

// filter returns the decoded text with the bytes that keep accepts.
func (d *decoded) filter(keep func(byte) bool) *decoded {
	if !slices.ContainsFunc(d.bytes, func(c byte) bool { return !keep(c) }) {
		return d
	}
	out := &decoded{}
	for i, c := range d.bytes {
		if keep(c) {
			out.bytes, out.spans = append(out.bytes, c), append(out.spans, d.spans[i])
		}
	}
	return out
}

// String returns the text.
func (d *decoded) String() string { return string(d.bytes) }
