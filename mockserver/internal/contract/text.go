package contract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// A text says which characters a string may have (x-text). A pattern can say it of the first 256
// characters only, since languages write the others of Unicode in different ways.
type text string

const (
	line  text = "line"  // no control and no format characters, such as zero-width blanks and bidirectional marks
	lines text = "lines" // the same, but line breaks, tabs and format characters may be there
	word  text = "word"  // nothing that cannot be seen
)

// textOf is the rule of a schema; empty where it has none.
func textOf(schema *openapi3.Schema) text {
	rule, _ := schema.Extensions["x-text"].(string)
	return text(rule)
}

// admits tells whether a string keeps to the rule. One that must not be empty needs a character
// that can be seen.
func (t text) admits(value string, mustNotBeEmpty bool) bool {
	if t == "" {
		return true
	}
	visible := false
	for i := 0; i < len(value); {
		r, size := rune(value[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(value[i:])
		}
		i += size
		switch {
		case r > ' ' && r < 0x7f:
			visible = true
		case !t.has(r):
			return false
		case isVisible(r):
			visible = true
		}
	}
	return visible || !mustNotBeEmpty || value == "" // which minLength refuses by itself
}

func (t text) has(r rune) bool {
	switch {
	case t == lines:
		return !unicode.IsControl(r) || r == '\t' || r == '\n' || r == '\r'
	case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point):
		return false
	default:
		return t != word || isVisible(r)
	}
}

// isVisible tells whether a character leaves a mark of its own. Fillers and selectors of variants
// are letters, signs or marks by their category, and yet nothing is to be seen of them. A code point
// that Go's version of Unicode has not assigned may be a character of a later version: it is visible.
func isVisible(r rune) bool {
	const brailleBlank = '\u2800'
	return r != brailleBlank && !unicode.IsSpace(r) &&
		!unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs,
			unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// inWords says what the rule asks for, behind the length.
func (t text) inWords(mustNotBeEmpty bool) string {
	var words []string
	switch t {
	case line:
		words = append(words, "on one line", "without control or format characters")
	case lines:
		words = append(words, "without control characters")
	case word:
		words = append(words, "without blanks, control or format characters")
	default:
		return ""
	}
	if mustNotBeEmpty && t != word {
		words = append(words, "and not blank")
	}
	return ", " + strings.Join(words, ", ")
}

// textExpectation says what a string has to be like whose characters are refused.
func textExpectation(schema *openapi3.Schema) string {
	if own := errorMessage(schema); own != "" {
		return own + textOf(schema).inWords(schema.MinLength > 0)
	}
	return expectation(schema)
}
