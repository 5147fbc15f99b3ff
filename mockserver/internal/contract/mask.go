package contract

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pkio-tools/certcentral/internal/redact"
)

// A Masker removes secrets from what a request sends and gets. It learns the secrets of a request
// from its members with x-secret, and finds them in its other texts too. The zero value knows no
// secret. It is not safe for concurrent use.
type Masker struct {
	// Orders are the ids of the orders in the answer, as the links of the contract find them.
	Orders []int64

	key      string // the API key; a name that is shown must have no part of it
	known    []string
	redactor redact.Redactor
	answers  redact.Redactor // of the secrets that can be looked for in an answer
}

// NewMasker returns a Masker for a request with an API key, which may be empty, and with other
// secrets.
func NewMasker(key string, secrets ...string) Masker {
	var m Masker
	m.Reset(key, secrets...)
	return m
}

// Reset forgets a request and begins with another one, as [NewMasker] does.
func (m *Masker) Reset(key string, secrets ...string) {
	clear(m.known)
	*m = Masker{key: key, known: m.known[:0]}
	m.add(key)
	for _, secret := range secrets {
		m.add(secret)
	}
	m.redactor = redact.New(m.known...)
	m.answers = m.redactor
}

// know learns a secret.
func (m *Masker) know(secret string) {
	before := len(m.known)
	m.add(secret)
	if len(m.known) > before {
		m.redactor = redact.New(m.known...)
	}
}

// add notes a secret. One that is only as long as a state or a flag is none.
func (m *Masker) add(secret string) {
	const shortest = 3
	if secret != "" && (secret == m.key || len(secret) >= shortest) && !slices.Contains(m.known, secret) {
		m.known = append(m.known, secret)
	}
}

// Text returns a text of the request with [Redacted] in the place of each secret.
func (m *Masker) Text(s string) string { return m.redactor.Text(s, Redacted) }

// AnswerText returns a text of the answer with [Redacted] in the place of each secret. The short
// secrets of a body, such as a CVV, stand in answers by chance only.
func (m *Masker) AnswerText(s string) string { return m.answers.Text(s, Redacted) }

// Hides tells whether a number of the request has, or can be, a secret.
func (m *Masker) Hides(number []byte) bool { return hides(&m.redactor, number) }

func hides(texts *redact.Redactor, number []byte) bool {
	return len(number) >= redact.Short && texts.Suspects(number) && texts.Text(string(number), "") != string(number)
}

// Name returns a name that the contract does not declare, or [Redacted] if it can be a secret.
func (m *Masker) Name(name string) string {
	if m.redactor.Holds(name) {
		return Redacted
	}
	return PlainName(name, Secrets{key: m.key})
}

// Label returns a name like Name, as one of an object, whose names that are not shown are numbered:
// each name stands once. hidden counts them.
func (m *Masker) Label(name string, hidden *int) string {
	if name = m.Name(name); name != Redacted {
		return name
	}
	*hidden++
	if *hidden == 1 {
		return name
	}
	return name + " " + strconv.Itoa(*hidden)
}

// ErrMasked is the error for a body that cannot be shown, because it is not one JSON value.
var ErrMasked = errors.New("contract: the body is not JSON")

// MaskRequest appends the body of a request for an operation to dst, as compact JSON in which each
// secret is [Redacted], and what the contract does not declare is only described: its type and its
// length. A body that CheckRequest has found valid need not be checked again.
func (m *Masker) MaskRequest(dst, body []byte, op *Operation, valid bool) ([]byte, error) {
	if !valid && !jsontext.Value(body).IsValid() {
		return dst, ErrMasked
	}
	var shown *mask
	if known := op.contract.register().operations[op.ID]; known != nil {
		shown = known.request
	}
	before := len(m.known)
	c := copier{masker: m, texts: &m.redactor, learn: true}
	out := c.copy(dst, body, shown)
	if len(m.known) == before {
		return out, nil
	}
	m.answers = redact.New(slices.DeleteFunc(slices.Clone(m.known), func(secret string) bool {
		return len(secret) < redact.Short && secret != m.key
	})...)
	c.learn = false // a text before the secret can hold it too
	return c.copy(dst, body, shown), nil
}

// MaskResponse does the same for the body of an answer. c is the contract of an API that refuses
// requests which belong to none of its operations; op can be nil.
func (m *Masker) MaskResponse(dst, body []byte, c *Contract, op *Operation, status int) ([]byte, error) {
	if !jsontext.Value(body).IsValid() {
		return dst, ErrMasked
	}
	copier := copier{masker: m, texts: &m.answers}
	return copier.copy(dst, body, c.register().response(op, status)), nil
}

// A copier copies JSON through a mask. What it copies is valid, so that it only has to find where
// values end: a tokenizer that checks them once more would take twice as long.
type copier struct {
	in     []byte
	at     int
	out    []byte
	masker *Masker
	texts  *redact.Redactor
	learn  bool // whether secrets are new
}

func (c *copier) copy(dst, body []byte, shown *mask) []byte {
	c.in, c.at, c.out = body, 0, dst
	c.value(shown)
	return c.out
}

// peek skips what has no meaning, and returns the first character of what comes then; 0 at the end.
func (c *copier) peek() byte {
	for ; c.at < len(c.in); c.at++ {
		switch c.in[c.at] {
		case ' ', '\t', '\n', '\r', ',', ':':
		default:
			return c.in[c.at]
		}
	}
	return 0
}

// scalar returns a text, a number or a literal, as it is written.
func (c *copier) scalar() []byte {
	begin := c.at
	if c.in[begin] != '"' {
		for c.at++; c.at < len(c.in); c.at++ {
			switch c.in[c.at] {
			case ' ', '\t', '\n', '\r', ',', '}', ']':
				return c.in[begin:c.at]
			}
		}
		return c.in[begin:]
	}
	for c.at++; c.at < len(c.in); {
		end := bytes.IndexByte(c.in[c.at:], '"')
		if end < 0 {
			break
		}
		if escape := bytes.IndexByte(c.in[c.at:c.at+end], '\\'); escape >= 0 {
			c.at += escape + 2
			continue
		}
		c.at += end + 1
		return c.in[begin:c.at]
	}
	return c.in[begin:]
}

func (c *copier) value(shown *mask) {
	kind := c.peek()
	switch {
	case shown == nil:
		c.describe(kind)
	case shown.secret:
		c.secret(kind)
	case kind == '{' && shown.object:
		c.object(shown)
	case kind == '[' && shown.items != nil:
		c.array(shown)
	case kind == 'n':
		c.out = append(c.out, c.scalar()...)
	case !shown.scalar || kind == '{' || kind == '[':
		c.describe(kind)
	case kind == '"':
		c.text(shown)
	default:
		c.number(shown)
	}
}

func (c *copier) object(shown *mask) {
	c.at++
	c.out = append(c.out, '{')
	hidden := 0
	for first := true; c.peek() == '"'; first = false {
		raw := c.scalar()
		if !first {
			c.out = append(c.out, ',')
		}
		member, declared := shown.members[string(raw[1:len(raw)-1])]
		if declared {
			c.out = append(append(c.out, raw...), ':')
		} else {
			member = c.name(unquoted(raw), shown, &hidden)
		}
		c.value(member)
	}
	c.at++
	c.out = append(c.out, '}')
}

// name writes a name that is not declared as it stands: it may be one with escapes, and is unknown
// otherwise.
func (c *copier) name(name string, shown *mask, hidden *int) *mask {
	member, declared := shown.members[name]
	if !declared {
		name = c.masker.Label(name, hidden)
	}
	c.out = append(AppendQuoted(c.out, name), ':')
	return member
}

func (c *copier) array(shown *mask) {
	c.at++
	c.out = append(c.out, '[')
	for first := true; ; first = false {
		if end := c.peek(); end == ']' || end == 0 {
			break
		}
		if !first {
			c.out = append(c.out, ',')
		}
		c.value(shown.items)
	}
	c.at++
	c.out = append(c.out, ']')
}

func (c *copier) text(shown *mask) {
	raw := c.scalar()
	if shown.order {
		c.order(raw[1 : len(raw)-1])
	}
	if c.texts.Suspects(raw) {
		c.out = AppendQuoted(c.out, c.texts.Text(unquoted(raw), Redacted))
	} else {
		c.out = append(c.out, raw...)
	}
}

// number writes a number or a boolean, unless it is a secret: one that is long enough for a card or
// a key.
func (c *copier) number(shown *mask) {
	raw := c.scalar()
	if shown.order {
		c.order(raw)
	}
	if hides(c.texts, raw) {
		c.out = append(c.out, `"`+Redacted+`"`...)
	} else {
		c.out = append(c.out, raw...)
	}
}

func (c *copier) order(digits []byte) {
	if id, err := strconv.ParseInt(string(digits), 10, 64); err == nil && !slices.Contains(c.masker.Orders, id) {
		c.masker.Orders = append(c.masker.Orders, id)
	}
}

// secret skips a value, and learns the texts and numbers in it.
func (c *copier) secret(kind byte) {
	c.skip(kind, func(raw []byte) {
		switch {
		case !c.learn:
		case raw[0] == '"':
			c.masker.know(unquoted(raw))
		case raw[0] != 't' && raw[0] != 'f' && raw[0] != 'n':
			c.masker.know(string(raw))
		}
	})
	c.out = append(c.out, `"`+Redacted+`"`...)
}

// describe writes the type and the length of a value instead of it: the characters of a text or a
// number, the members of an object, the items of an array.
func (c *copier) describe(kind byte) {
	var last []byte
	values := c.skip(kind, func(raw []byte) { last = raw })
	switch kind {
	case '{':
		c.out = append(c.out, Described("object", values/2)...) // names and values
	case '[':
		c.out = append(c.out, Described("array", values)...)
	case '"':
		c.out = append(c.out, Described("string", utf8.RuneCountInString(unquoted(last)))...)
	case 'n':
		c.out = append(c.out, `{"type":"null"}`...)
	case 't', 'f':
		c.out = append(c.out, `{"type":"boolean"}`...)
	default:
		c.out = append(c.out, Described("number", len(last))...)
	}
}

// skip skips a value, and visits the texts, names, numbers and literals in it. It returns how many
// values and names an object or an array has.
func (c *copier) skip(kind byte, visit func(raw []byte)) (values int) {
	for depth := 0; kind != 0; kind = c.peek() {
		switch kind {
		case '{', '[':
			if depth == 1 {
				values++
			}
			depth++
			c.at++
		case '}', ']':
			depth--
			c.at++
		default:
			if depth == 1 {
				values++
			}
			visit(c.scalar())
		}
		if depth == 0 {
			break
		}
	}
	return values
}

// AppendQuoted appends a text as a JSON string.
func AppendQuoted(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, strings.ToValidUTF8(text, "\uFFFD")) // which is its only error
	return dst
}

// Described returns the JSON that stands for a value that is not shown.
func Described(kind string, length int) string {
	return `{"type":"` + kind + `","length":` + strconv.Itoa(length) + `}`
}

// unquoted returns what a JSON string stands for.
func unquoted(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	text, _ := jsontext.AppendUnquote(nil, raw) // valid, as all that a copier reads
	return string(text)
}
