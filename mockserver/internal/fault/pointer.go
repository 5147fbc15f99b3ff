package fault

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// A pointer is a JSON Pointer (RFC 6901), as the names and indexes that it goes through.
type pointer []string

var errPointer = errors.New("must hold JSON Pointers: each is empty or begins with /, and ~ stands in ~0 and ~1 only")

func parsePointer(text string) (pointer, error) {
	if text == "" {
		return nil, nil
	}
	if text[0] != '/' {
		return nil, errPointer
	}
	steps := strings.Split(text[1:], "/")
	for i, step := range steps {
		plain := strings.NewReplacer("~0", "", "~1", "").Replace(step)
		if strings.Contains(plain, "~") {
			return nil, errPointer
		}
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	}
	return steps, nil
}

// find returns the value that a pointer leads to.
func (p pointer) find(value any) (any, bool) {
	for _, step := range p {
		switch at := value.(type) {
		case map[string]any:
			member, there := at[step]
			if !there {
				return nil, false
			}
			value = member
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index < 0 || index >= len(at) || strconv.Itoa(index) != step {
				return nil, false
			}
			value = at[index]
		default:
			return nil, false
		}
	}
	return value, true
}

// A wanted is a value that a body has to have.
type wanted struct {
	at    pointer
	value any
}

func (w *wanted) in(body any) bool {
	found, there := w.at.find(body)
	return there && reflect.DeepEqual(found, w.value)
}

// decodeJSON reads one JSON value, as strictly as the contract does (D-47).
func decodeJSON(data []byte) (value any, good bool) {
	err := json.Unmarshal(data, &value)
	return value, err == nil
}

// secretMember tells whether a member of a request has a value that a rule must not hold.
func secretMember(name string) bool {
	return name == "number" || name == "cvv" || name == "pin" || name == "init_code"
}

// holdsSecret tells whether a value belongs to a secret member, or holds one.
func holdsSecret(at pointer, value any) bool {
	if slices.ContainsFunc(at, secretMember) {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if secretMember(name) || holdsSecret(nil, member) {
				return true
			}
		}
	case []any:
		for _, item := range value {
			if holdsSecret(nil, item) {
				return true
			}
		}
	}
	return false
}
