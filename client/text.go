package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// This file refuses texts that are not UTF-8, such as a name in Latin-1. encoding/json replaces each
// wrong byte by the escape \ufffd and reports no error: the certificate would be for another name, and
// no order would be found by an alternative id with such a byte.

// replacement is what encoding/json writes in place of a byte that is not UTF-8. It writes the
// character U+FFFD of a valid text without an escape.
const replacement = `\ufffd`

// A bodyError is the error of a body that must not be sent.
type bodyError struct{ *ArgumentError }

// checkBody refuses the body of a request whose texts were not all UTF-8.
func checkBody(r *http.Request) error {
	if r.GetBody == nil || !changing(r.Method) {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return err
	}
	_, err = io.Copy(textCheck{}, body)
	return err
}

// A textCheck checks a body that is written to it at once, as bytes.Reader does. It saves a copy.
type textCheck struct{}

// Write checks the body.
func (textCheck) Write(body []byte) (int, error) {
	if replaced(body) {
		return 0, bodyError{&ArgumentError{Path: strings.TrimPrefix(replacedIn(body, ""), "."), Reason: "is not UTF-8"}}
	}
	return len(body), nil
}

// replaced reports whether JSON holds the replacement. A backslash in front of it is one of a text.
func replaced(text []byte) bool {
	for {
		i := bytes.Index(text, []byte(replacement))
		if i < 0 {
			return false
		}
		before := text[:i]
		if backslashes := len(before) - len(bytes.TrimRight(before, `\`)); backslashes%2 == 0 {
			return true
		}
		text = text[i+len(replacement):]
	}
}

// replacedIn returns the path of the first text with the replacement, or an empty text.
func replacedIn(value json.RawMessage, path string) string {
	if !replaced(value) {
		return ""
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) == nil {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if found := replacedIn(members[name], path+"."+name); found != "" {
				return found
			}
		}
	}
	var items []json.RawMessage
	if json.Unmarshal(value, &items) == nil {
		for i, item := range items {
			if found := replacedIn(item, fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	}
	return path
}
