package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is the maximum nesting of a body. The contract needs five levels; the others are for
// ignored members.
const maxDepth = 100

// largeBody is the size in bytes above which the decoder of a body is not put back into the pool.
const largeBody = 64 << 10

// A decoder decodes a body to a tree of nil, bool, string, json.Number, []any and map[string]any.
// kin-openapi validates the tree, and the generated code binds from it. The tree only contains
// values that the contract knows: unknown members, items beyond the maximum and the content of
// values of the wrong type are skipped. All of the body must be strict JSON (D-47): duplicate
// members, trailing data and invalid UTF-8 are errors, also in skipped values.
type decoder struct {
	json *jsontext.Decoder
	sent Secrets // the API key; a reported member name must not contain it
	text []byte  // buffer for strings with escapes
	path []string
	decoded
}

// decoded is the result of decoding a body.
type decoded struct {
	tree any
	// odd says that the body has something that kin-openapi does not check: a number with a fraction
	// or an exponent, which an integer must not have, or a string with characters that it must not
	// have.
	odd     bool
	ignored Names
	unknown []Violation // unknown members of closed objects, up to maxViolations
	more    int         // the number of unknown members above the limit
}

//nolint:gochecknoglobals // a pool has no state that a caller can see
var decoders = sync.Pool{New: func() any {
	return &decoder{json: jsontext.NewDecoder(new(bytes.Buffer))}
}}

// decode decodes a body of the given shape.
func decode(body []byte, shape *shape, sent Secrets) (decoded, *Violations) {
	if isBlank(body) {
		return decoded{}, badFormat("it is empty")
	}
	if mark := byteOrderMark(body); mark != "" {
		return decoded{}, badFormat("it begins with a byte order mark of " + mark + "; send UTF-8 without one")
	}
	d, _ := decoders.Get().(*decoder)
	defer d.release(len(body))
	d.sent = sent
	d.json.Reset(bytes.NewBuffer(body))
	var err error
	if d.tree, err = d.value(shape); err == nil {
		if _, err = d.json.ReadToken(); err == nil || !errors.Is(err, io.EOF) {
			return decoded{}, badFormat(position(body, d.json.InputOffset()) + ": data after the end of the value")
		}
		return d.decoded, nil
	}
	return decoded{}, badFormat(explain(body, err, d.json.InputOffset()))
}

// byteOrderMark is the encoding whose mark a body begins with, or nothing.
func byteOrderMark(body []byte) string {
	for _, mark := range []struct{ octets, encoding string }{
		{"\xef\xbb\xbf", "UTF-8"},
		{"\xff\xfe\x00\x00", "UTF-32"},
		{"\x00\x00\xfe\xff", "UTF-32"},
		{"\xff\xfe", "UTF-16"},
		{"\xfe\xff", "UTF-16"},
	} {
		if bytes.HasPrefix(body, []byte(mark.octets)) {
			return mark.encoding
		}
	}
	return ""
}

func isBlank(body []byte) bool { return len(bytes.TrimLeft(body, " \t\r\n")) == 0 }

// release puts the decoder back into the pool, without data of the body. The decoder of a large
// body is not put back, because jsontext keeps the member names of a large object in memory.
func (d *decoder) release(size int) {
	if size > largeBody {
		return
	}
	d.wipe()
	decoders.Put(d)
}

func (d *decoder) wipe() {
	clear(d.text[:cap(d.text)])
	clear(d.path[:cap(d.path)])
	d.json.Reset(new(bytes.Buffer))
	d.sent, d.text, d.path, d.decoded = Secrets{}, d.text[:0], d.path[:0], decoded{}
}

var errTooDeep = fmt.Errorf("nested deeper than %d levels", maxDepth)

func (d *decoder) value(shape *shape) (any, error) {
	if d.json.StackDepth() > maxDepth {
		return nil, errTooDeep
	}
	switch d.json.PeekKind() {
	case '{':
		if !shape.object && !shape.free { // the value has the wrong type; the schema refuses it
			return map[string]any{}, d.skip()
		}
		return d.object(shape)
	case '[':
		if shape.items == nil && !shape.free {
			return []any{}, d.skip()
		}
		return d.array(shape)
	case '"':
		value, err := d.string()
		d.odd = d.odd || !shape.text.admits(value, shape.filled)
		return value, err
	case '0':
		raw, err := d.json.ReadValue()
		if err != nil {
			return nil, err
		}
		if bytes.ContainsAny(raw, ".eE") {
			d.odd = true
		}
		return json.Number(raw), nil
	default:
		token, err := d.json.ReadToken()
		if err != nil {
			return nil, err
		}
		switch token.Kind() {
		case 't', 'f':
			return token.Bool(), nil
		default:
			return nil, nil
		}
	}
}

func (d *decoder) object(shape *shape) (any, error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	members := make(map[string]any, min(len(shape.members), 8))
	for d.json.PeekKind() != '}' {
		raw, err := d.json.ReadValue()
		if err != nil {
			return nil, err
		}
		known, there := shape.members[string(raw[1:len(raw)-1])]
		if !there {
			name, err := d.unquote(raw)
			if err != nil {
				return nil, err
			}
			if known, there = shape.members[name]; !there {
				known, there = d.other(name, shape)
			}
			if !there {
				d.note(name, shape)
				if err := d.skip(); err != nil {
					return nil, err
				}
				continue
			}
		}
		d.path = append(d.path, known.name)
		if members[known.name], err = d.value(known.shape); err != nil {
			return nil, err
		}
		d.path = d.path[:len(d.path)-1]
	}
	_, err := d.json.ReadToken()
	return members, err
}

// other returns a member of an object whose members may have any names. The name comes into the path
// of a violation, so that one that can be a secret is replaced: what reads the tree refuses it. Only
// the names of values that are not checked never come into a path.
func (d *decoder) other(name string, shape *shape) (member, bool) {
	switch {
	case shape.free:
		return member{name, shape}, true
	case shape.others == nil:
		return member{}, false
	case shape.others.free:
		return member{name, shape.others}, true
	default:
		return member{PlainName(name, d.sent), shape.others}, true
	}
}

// note records the name of an unknown member.
func (d *decoder) note(name string, shape *shape) {
	switch {
	case !shape.closed && len(d.ignored.Names) == maxUnknown: // further names are only counted
		d.ignored.More++
	case shape.closed && len(d.unknown) == maxViolations:
		d.more++
	default:
		at := PlainName(name, d.sent)
		if len(d.path) > 0 {
			at = render(d.path) + "." + at
		}
		if shape.closed {
			d.unknown = append(d.unknown, unknownField(at, shape.names()))
		} else {
			d.ignored.add(at)
		}
	}
}

func (d *decoder) array(shape *shape) (any, error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	items, each := []any{}, shape.items
	if shape.free {
		each = shape
	}
	for d.json.PeekKind() != ']' {
		if kept := uint64(len(items)); kept >= shape.most {
			if err := d.skip(); err != nil {
				return nil, err
			}
			if kept == shape.most { // one item represents all items above the maximum
				items = append(items, nil)
			}
			continue
		}
		d.path = append(d.path, strconv.Itoa(len(items)))
		item, err := d.value(each)
		if err != nil {
			return nil, err
		}
		d.path = d.path[:len(d.path)-1]
		items = append(items, item)
	}
	_, err := d.json.ReadToken()
	return items, err
}

// skip skips a value. It must be strict JSON too.
func (d *decoder) skip() error {
	for depth := d.json.StackDepth(); ; {
		if kind := d.json.PeekKind(); kind != '}' && kind != ']' && d.json.StackDepth() > maxDepth {
			return errTooDeep
		}
		if _, err := d.json.ReadToken(); err != nil {
			return err
		}
		if d.json.StackDepth() <= depth {
			return nil
		}
	}
}

func (d *decoder) string() (string, error) {
	raw, err := d.json.ReadValue()
	if err != nil {
		return "", err
	}
	return d.unquote(raw)
}

func (d *decoder) unquote(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(d.text[:0], raw)
	d.text = text
	return string(text), err
}

// explain returns the position and the reason of a JSON error. The message of jsontext cannot be
// used as it is: its prefix differs between builds, and the same body must get the same response.
func explain(body []byte, err error, offset int64) string {
	reason := err.Error()
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset, reason = syntax.ByteOffset, syntax.Err.Error()
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		reason = "a member stands twice in the same object"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		offset, reason = int64(len(body)), "it ends too early"
	case strings.Contains(reason, "UTF-8"):
		reason = "invalid UTF-8"
	case strings.Contains(reason, "escape"), strings.Contains(reason, "surrogate"):
		reason = "invalid escape sequence in a string"
	case offset < int64(len(body)) && body[offset] == ',':
		reason = "a comma with nothing after it"
	default:
		reason = withoutCharacter(reason)
	}
	return position(body, offset) + ": " + reason
}

// withoutCharacter removes the character from a message of jsontext, because it is part of a value.
func withoutCharacter(reason string) string {
	rest, found := strings.CutPrefix(reason, "invalid character ")
	if !found {
		return reason
	}
	quoted, _ := strconv.QuotedPrefix(rest)
	return "unexpected character" + rest[len(quoted):]
}

// position returns the line and the column of a byte. Both start at 1, and columns are counted in
// bytes.
func position(body []byte, offset int64) string {
	before := body[:min(int(offset), len(body))]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
