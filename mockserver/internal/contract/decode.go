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

// maxDepth bounds how deep a body may nest. The contract needs five levels; the rest is for members that are ignored.
const maxDepth = 100

// largeBody is from how many bytes on a body is rare, and what was needed to decode it is not kept for the next one.
const largeBody = 64 << 10

// A decoder turns a body into the generic tree that kin-openapi checks and that the generated code binds from:
// nil, bool, string, json.Number, []any and map[string]any. Only what the contract looks at becomes part of the tree:
// other members are read past, and so are items beyond those that are allowed and whatever is in a value of the wrong
// type. All of it is held to the same form, which is stricter than that of encoding/json (D-47): duplicate members,
// trailing data and invalid UTF-8 are errors.
type decoder struct {
	json *jsontext.Decoder
	key  string // the API key, which no name of a member may reveal
	text []byte // scratch space for strings with escapes
	path []string
	decoded
}

// decoded is what a body holds.
type decoded struct {
	tree any
	// odd is set by what the contract refuses and kin-openapi does not see: a number with a fraction or an exponent, which
	// an integer may not have, and a string with characters that it may not have.
	odd     bool
	ignored Names
	unknown []Violation // one for each member that a closed object does not have, up to a limit
	more    int         // how many more there were
}

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var decoders = sync.Pool{New: func() any {
	return &decoder{json: jsontext.NewDecoder(new(bytes.Buffer))}
}}

// decode reads a body of the given shape.
func decode(body []byte, shape *shape, key string) (decoded, *Violations) {
	if isBlank(body) {
		return decoded{}, badFormat("it is empty")
	}
	if mark := byteOrderMark(body); mark != "" {
		return decoded{}, badFormat("it begins with a byte order mark of " + mark + "; send UTF-8 without one")
	}
	d, _ := decoders.Get().(*decoder)
	defer d.release(len(body))
	d.key = key
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
		{"\xef\xbb\xbf", "UTF-8"}, {"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"},
		{"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
	} {
		if bytes.HasPrefix(body, []byte(mark.octets)) {
			return mark.encoding
		}
	}
	return ""
}

func isBlank(body []byte) bool { return len(bytes.TrimLeft(body, " \t\r\n")) == 0 }

// release gives the decoder back without anything of the body in it. The library keeps the names of a large object, so
// that the decoder of a large body is not kept.
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
	d.key, d.text, d.path, d.decoded = "", d.text[:0], d.path[:0], decoded{}
}

var errTooDeep = fmt.Errorf("nested deeper than %d levels", maxDepth)

func (d *decoder) value(shape *shape) (any, error) {
	if d.json.StackDepth() > maxDepth {
		return nil, errTooDeep
	}
	switch d.json.PeekKind() {
	case '{':
		if !shape.object { // of the wrong type, and refused for that
			return map[string]any{}, d.skip()
		}
		return d.object(shape)
	case '[':
		if shape.items == nil {
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

// note keeps the name of a member that the contract does not have.
func (d *decoder) note(name string, shape *shape) {
	switch {
	case !shape.closed && len(d.ignored.Names) == maxUnknown: // the rest is only counted
		d.ignored.More++
	case shape.closed && len(d.unknown) == maxViolations:
		d.more++
	default:
		at := PlainName(name, d.key)
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
	items := []any{}
	for d.json.PeekKind() != ']' {
		if kept := uint64(len(items)); kept >= shape.most {
			if err := d.skip(); err != nil {
				return nil, err
			}
			if kept == shape.most { // stands for all that are too many
				items = append(items, nil)
			}
			continue
		}
		d.path = append(d.path, strconv.Itoa(len(items)))
		item, err := d.value(shape.items)
		if err != nil {
			return nil, err
		}
		d.path = d.path[:len(d.path)-1]
		items = append(items, item)
	}
	_, err := d.json.ReadToken()
	return items, err
}

// skip reads past a value, which is held to the same form as any other.
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

// explain says where a body stops being JSON and why. The library's own message is not used as it is: it begins with
// a prefix that differs from build to build, and the same body has to get the same answer.
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

// withoutCharacter leaves out the character that the library names, since it is part of a value.
func withoutCharacter(reason string) string {
	rest, found := strings.CutPrefix(reason, "invalid character ")
	if !found {
		return reason
	}
	quoted, _ := strconv.QuotedPrefix(rest)
	return "unexpected character" + rest[len(quoted):]
}

// position is where a byte stands, in lines and in columns of bytes, both from 1.
func position(body []byte, offset int64) string {
	before := body[:min(int(offset), len(body))]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
