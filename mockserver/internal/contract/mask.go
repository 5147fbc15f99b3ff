package contract

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	m := Masker{key: key}
	m.know(append(secrets, key)...)
	m.answers = m.redactor
	return m
}

// know adds secrets. One that is only as long as a state or a flag is none.
func (m *Masker) know(secrets ...string) {
	const shortest = 3
	for _, secret := range secrets {
		if secret != "" && (secret == m.key || len(secret) >= shortest) && !slices.Contains(m.known, secret) {
			m.known = append(m.known, secret)
		}
	}
	m.redactor = redact.New(m.known...)
}

// Text returns a text of the request with [Redacted] in the place of each secret.
func (m *Masker) Text(s string) string { return m.redactor.Text(s, Redacted) }

// AnswerText returns a text of the answer with [Redacted] in the place of each secret. The short
// secrets of a body, such as a CVV, stand in answers by chance only.
func (m *Masker) AnswerText(s string) string { return m.answers.Text(s, Redacted) }

// Name returns a name that the contract does not declare, or [Redacted] if it can be a secret.
func (m *Masker) Name(name string) string {
	if m.redactor.Holds(name) {
		return Redacted
	}
	return PlainName(name, m.key)
}

// ErrMasked is the error for a body that cannot be shown, because it is not one JSON value.
var ErrMasked = errors.New("contract: the body is not JSON")

// MaskRequest appends the body of a request for an operation to dst, as compact JSON in which each
// secret is [Redacted], and what the contract does not declare is only described: its type and its
// length.
func (m *Masker) MaskRequest(dst, body []byte, op *Operation) ([]byte, error) {
	var shown *mask
	if known := op.contract.register().operations[op.ID]; known != nil {
		shown = known.request
	}
	before := len(m.known)
	c := newCopier(m, &m.redactor)
	defer c.release()
	c.learn = true
	out, err := c.copy(dst, body, shown)
	if len(m.known) == before {
		return out, err
	}
	m.answers = redact.New(slices.DeleteFunc(slices.Clone(m.known), func(secret string) bool {
		return len(secret) < redact.Short && secret != m.key
	})...)
	if err != nil {
		return out, err
	}
	c.learn = false // a text before the secret can hold it too
	return c.copy(dst, body, shown)
}

// MaskResponse does the same for the body of an answer. c is the contract of an API that refuses
// requests which belong to none of its operations; op can be nil.
func (m *Masker) MaskResponse(dst, body []byte, c *Contract, op *Operation, status int) ([]byte, error) {
	copier := newCopier(m, &m.answers)
	defer copier.release()
	return copier.copy(dst, body, c.register().response(op, status))
}

// A copier copies JSON through a mask.
type copier struct {
	json   *jsontext.Decoder
	source bytes.Buffer
	out    []byte
	masker *Masker
	texts  *redact.Redactor
	learn  bool // whether secrets are new
}

//nolint:gochecknoglobals // a pool has no state that a caller can see
var copiers = sync.Pool{New: func() any { return &copier{json: jsontext.NewDecoder(new(bytes.Buffer))} }}

func newCopier(m *Masker, texts *redact.Redactor) *copier {
	c, _ := copiers.Get().(*copier)
	c.masker, c.texts, c.learn = m, texts, false
	return c
}

func (c *copier) release() {
	c.source = bytes.Buffer{}
	c.json.Reset(&c.source)
	c.out, c.masker, c.texts = nil, nil, nil
	copiers.Put(c)
}

func (c *copier) copy(dst, body []byte, shown *mask) ([]byte, error) {
	c.source = *bytes.NewBuffer(body)
	c.json.Reset(&c.source)
	c.out = dst
	if err := c.value(shown); err != nil {
		return dst, ErrMasked
	}
	if _, err := c.json.ReadToken(); !errors.Is(err, io.EOF) {
		return dst, ErrMasked
	}
	return c.out, nil
}

func (c *copier) value(shown *mask) error {
	if c.json.StackDepth() > maxDepth {
		return errTooDeep
	}
	kind := c.json.PeekKind()
	switch {
	case shown == nil:
		return c.describe()
	case shown.secret:
		return c.secret()
	case kind == '{' && shown.object:
		return c.object(shown)
	case kind == '[' && shown.items != nil:
		return c.array(shown)
	case kind == 'n':
		return c.verbatim()
	case !shown.scalar || kind == '{' || kind == '[':
		return c.describe()
	case kind == '"':
		return c.string(shown)
	case kind == '0':
		return c.number(shown)
	default:
		return c.verbatim()
	}
}

func (c *copier) object(shown *mask) error {
	if _, err := c.json.ReadToken(); err != nil {
		return err
	}
	c.out = append(c.out, '{')
	hidden := 0
	for first := true; c.json.PeekKind() != '}'; first = false {
		raw, err := c.json.ReadValue()
		if err != nil {
			return err
		}
		if !first {
			c.out = append(c.out, ',')
		}
		member, declared := shown.members[string(raw[1:len(raw)-1])]
		if declared {
			c.out = append(append(c.out, raw...), ':')
		} else if member, err = c.name(raw, shown, &hidden); err != nil {
			return err
		}
		if err := c.value(member); err != nil {
			return err
		}
	}
	_, err := c.json.ReadToken()
	c.out = append(c.out, '}')
	return err
}

// name writes a name that is not declared as it stands: it may be one with escapes, and is unknown
// otherwise. Names that are not shown are numbered, since each stands once in an object.
func (c *copier) name(raw []byte, shown *mask, hidden *int) (*mask, error) {
	name, err := unquoted(raw)
	if err != nil {
		return nil, err
	}
	member, declared := shown.members[name]
	if !declared {
		if name = c.masker.Name(name); name == Redacted {
			if *hidden++; *hidden > 1 {
				name += " " + strconv.Itoa(*hidden)
			}
		}
	}
	c.out, err = jsontext.AppendQuote(c.out, name)
	c.out = append(c.out, ':')
	return member, err
}

func (c *copier) array(shown *mask) error {
	if _, err := c.json.ReadToken(); err != nil {
		return err
	}
	c.out = append(c.out, '[')
	for first := true; c.json.PeekKind() != ']'; first = false {
		if !first {
			c.out = append(c.out, ',')
		}
		if err := c.value(shown.items); err != nil {
			return err
		}
	}
	_, err := c.json.ReadToken()
	c.out = append(c.out, ']')
	return err
}

func (c *copier) verbatim() error {
	raw, err := c.json.ReadValue()
	c.out = append(c.out, raw...)
	return err
}

func (c *copier) string(shown *mask) error {
	raw, err := c.json.ReadValue()
	if err != nil {
		return err
	}
	if shown.order {
		c.order(raw[1 : len(raw)-1])
	}
	if !c.texts.Suspects(raw) {
		c.out = append(c.out, raw...)
		return nil
	}
	text, err := unquoted(raw)
	if err != nil {
		return err
	}
	c.out, err = jsontext.AppendQuote(c.out, c.texts.Text(text, Redacted))
	return err
}

// number writes a number, unless it is a secret: one that is long enough for a card or a key.
func (c *copier) number(shown *mask) error {
	raw, err := c.json.ReadValue()
	if err != nil {
		return err
	}
	if shown.order {
		c.order(raw)
	}
	if len(raw) >= redact.Short && c.texts.Suspects(raw) && c.texts.Text(string(raw), "") != string(raw) {
		c.out = append(c.out, `"`+Redacted+`"`...)
		return nil
	}
	c.out = append(c.out, raw...)
	return nil
}

func (c *copier) order(digits []byte) {
	if id, err := strconv.ParseInt(string(digits), 10, 64); err == nil && !slices.Contains(c.masker.Orders, id) {
		c.masker.Orders = append(c.masker.Orders, id)
	}
}

// secret skips a value, and learns the texts and numbers in it.
func (c *copier) secret() error {
	for depth := c.json.StackDepth(); ; {
		kind := c.json.PeekKind()
		if kind != '}' && kind != ']' && c.json.StackDepth() > maxDepth {
			return errTooDeep
		}
		token, err := c.json.ReadToken()
		if err != nil {
			return err
		}
		if c.learn && (kind == '"' || kind == '0') {
			c.masker.know(token.String())
		}
		if c.json.StackDepth() <= depth {
			break
		}
	}
	c.out = append(c.out, `"`+Redacted+`"`...)
	return nil
}

// describe writes the type and the length of a value instead of it: the characters of a text or a
// number, the members of an object, the items of an array.
func (c *copier) describe() error {
	kind := c.json.PeekKind()
	switch kind {
	case '{', '[':
		length, err := c.count(kind)
		c.describeAs(map[jsontext.Kind]string{'{': "object", '[': "array"}[kind], length)
		return err
	}
	raw, err := c.json.ReadValue()
	if err != nil {
		return err
	}
	switch kind {
	case '"':
		text, err := unquoted(raw)
		c.describeAs("string", utf8.RuneCountInString(text))
		return err
	case '0':
		c.describeAs("number", len(raw))
	case 'n':
		c.out = append(c.out, `{"type":"null"}`...)
	default:
		c.out = append(c.out, `{"type":"boolean"}`...)
	}
	return nil
}

func (c *copier) describeAs(kind string, length int) {
	c.out = append(c.out, Described(kind, length)...)
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

// count skips an object or an array, and counts its members or items.
func (c *copier) count(kind jsontext.Kind) (int, error) {
	depth, values := c.json.StackDepth(), 0
	for {
		if next := c.json.PeekKind(); next != '}' && next != ']' && c.json.StackDepth() > maxDepth {
			return 0, errTooDeep
		}
		if c.json.StackDepth() == depth+1 {
			values++
		}
		if _, err := c.json.ReadToken(); err != nil {
			return 0, err
		}
		if c.json.StackDepth() <= depth {
			break
		}
	}
	values-- // the end
	if kind == '{' {
		values /= 2 // names and values
	}
	return values, nil
}

func unquoted(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), err
}
