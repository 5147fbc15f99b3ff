package contract

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// maxUnknown is how many names of members and parameters that the contract does not have are told.
const maxUnknown = 20

// Remarks are what the sender of a request should know, also when it is refused for something else.
type Remarks struct {
	// Ignored names what the request has and the contract does not, so that it counts for nothing (D-36).
	Ignored Names
	// Tolerated names what was taken although the contract has another form for it (D-78).
	Tolerated Names
}

// Names are members of a body, by their paths, and parameters of a query. There is no value in them.
type Names struct {
	Names []string // each once, in printable ASCII, at most 20
	More  int      // how many more there were
}

// None tells whether there is no name.
func (i *Names) None() bool { return len(i.Names) == 0 }

func (i *Names) add(name string) {
	switch {
	case slices.Contains(i.Names, name):
	case len(i.Names) == maxUnknown:
		i.More++
	default:
		i.Names = append(i.Names, name)
	}
}

func (i *Names) join(more Names) {
	for _, name := range more.Names {
		i.add(name)
	}
	i.More += more.More
}

// Redacted stands for a name that is no plain word. A secret at the wrong place, such as a card number for a name, is
// not repeated.
const Redacted = "(redacted)"

// PlainName returns a name as it was sent when it reads like one, and [Redacted] when it does not: it begins with a
// letter, has at most 64 letters, digits and some marks, few digits of which at most three together, and nothing of the
// API key of the request.
func PlainName(name, key string) string {
	if !isPlain(name) || Reveals(name, key) {
		return Redacted
	}
	return name
}

func isPlain(name string) bool {
	const maxLength, maxRun, maxDigits = 64, 3, 6
	if name == "" || len(name) > maxLength || !isLetter(name[0]) {
		return false
	}
	digits, run := 0, 0
	for i := range len(name) {
		switch c := name[i]; {
		case '0' <= c && c <= '9':
			digits++
			run++
			if digits > maxDigits || run > maxRun {
				return false
			}
			continue
		case !isLetter(c) && !strings.ContainsRune("-.[]", rune(c)):
			return false
		}
		run = 0
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

// Reveals tells whether a text has something of a key in it. A short key is no more than a word that others use too.
func Reveals(text, key string) bool {
	const telling = 8
	return key != "" && (text == key ||
		len(key) >= telling && strings.Contains(text, key) ||
		len(text) >= telling && strings.Contains(key, text))
}

// unknownField refuses what a closed contract does not have, and says what it has.
func unknownField(path string, known []string) Violation {
	list := "none"
	if len(known) > 0 {
		list = strings.Join(known, ", ")
	}
	return Violation{Code: "unknown_field|" + path, Message: path + " is not known; known: " + list}
}

// unknownParameters looks for parameters of the query that an operation does not have. Those that look like a filter are
// refused by every operation, and so are those that look like a known one (D-39). The others are refused in a closed
// contract, and ignored in an open one.
func (op *Operation) unknownParameters(values url.Values, key string, ignored *Names) []Violation {
	var list []Violation
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if op.hasParameter(name) {
			continue
		}
		shown := PlainName(name, key)
		switch {
		case op.contract.closed:
			list = append(list, unknownField(shown, op.queryNames()))
		case op.hasQuery && strings.HasPrefix(name, "filters"):
			if shown == Redacted {
				shown = "filters"
			}
			list = append(list, invalid(shown, "is not a filter of "+op.ID+"; known: "+op.knownFilters()+meant(op.nearest(name))))
		default:
			nearest := op.nearest(name)
			if nearest == "" || shown == Redacted {
				ignored.add(shown)
				continue
			}
			list = append(list, invalid(shown, "is not a parameter of "+op.ID+meant(nearest)))
		}
	}
	return list
}

func (op *Operation) queryNames() []string {
	var names []string
	for _, parameter := range op.parameters {
		if parameter.In == inQuery {
			names = append(names, parameter.Name)
		}
	}
	return names
}
