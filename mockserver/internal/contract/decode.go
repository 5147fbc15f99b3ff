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

// A decoder turns a body into the generic tree that kin-openapi checks and that the generated code binds from:
// nil, bool, string, json.Number, []any and map[string]any. It is stricter than encoding/json (D-47): duplicate
// members, trailing data and invalid UTF-8 are errors.
type decoder struct {
	names map[string]string
	json  *jsontext.Decoder
	text  []byte // scratch space for strings with escapes
	// inexact is set by a number with a fraction or an exponent, which an integer of the contract may not have.
	inexact bool
}

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var decoders = sync.Pool{New: func() any {
	return &decoder{json: jsontext.NewDecoder(new(bytes.Buffer))}
}}

// decode returns the tree of a body, and whether a number in it is written with a fraction or an exponent.
func (c *Contract) decode(body []byte) (tree any, inexact bool, refused *Violations) {
	if len(bytes.TrimLeft(body, " \t\r\n")) == 0 {
		return nil, false, badFormat("it is empty")
	}
	d, _ := decoders.Get().(*decoder)
	defer d.release()
	d.names = c.names
	d.json.Reset(bytes.NewBuffer(body))
	tree, err := d.value(0)
	if err == nil {
		if _, err = d.json.ReadToken(); err == nil || !errors.Is(err, io.EOF) {
			return nil, false, badFormat(position(body, d.json.InputOffset()) + ": data after the end of the value")
		}
		return tree, d.inexact, nil
	}
	return nil, false, badFormat(explain(body, err, d.json.InputOffset()))
}

// release gives the decoder back without anything of the body in it.
func (d *decoder) release() {
	clear(d.text[:cap(d.text)])
	d.json.Reset(new(bytes.Buffer))
	d.names, d.inexact = nil, false
	decoders.Put(d)
}

var errTooDeep = fmt.Errorf("nested deeper than %d levels", maxDepth)

func (d *decoder) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch d.json.PeekKind() {
	case '{':
		return d.object(depth)
	case '[':
		return d.array(depth)
	case '"':
		return d.string()
	case '0':
		raw, err := d.json.ReadValue()
		if err != nil {
			return nil, err
		}
		if bytes.ContainsAny(raw, ".eE") {
			d.inexact = true
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

func (d *decoder) object(depth int) (any, error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	members := make(map[string]any, 8)
	for d.json.PeekKind() != '}' {
		raw, err := d.json.ReadValue()
		if err != nil {
			return nil, err
		}
		name, known := d.names[string(raw[1:len(raw)-1])]
		if !known {
			if name, err = d.unquote(raw); err != nil {
				return nil, err
			}
		}
		if members[name], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := d.json.ReadToken()
	return members, err
}

func (d *decoder) array(depth int) (any, error) {
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	items := []any{}
	for d.json.PeekKind() != ']' {
		item, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := d.json.ReadToken()
	return items, err
}

func (d *decoder) string() (any, error) {
	raw, err := d.json.ReadValue()
	if err != nil {
		return nil, err
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
