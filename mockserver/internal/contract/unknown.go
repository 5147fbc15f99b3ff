package contract

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// maxUnknown is the maximum number of names in [Names].
const maxUnknown = 20

// Remarks say which parts of a request the contract does not have, or has in another form.
type Remarks struct {
	Ignored   Names // unknown parts, which are ignored (D-36)
	Tolerated Names // parts in a form of x-tolerates (D-80)
}

// Names holds the names of members of a body, by their path, and of query parameters. It contains
// no values.
type Names struct {
	Names []string // without repetition, in printable ASCII, at most 20
	More  int      // the number of further names
}

// None reports whether there is no name.
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

// Redacted replaces a name that does not look like a name, such as a card number. It can be a
// secret at the wrong place.
const Redacted = "(redacted)"

// PlainName returns the name, or [Redacted] if it can be a secret. A plain name begins with a
// letter and has at most 64 letters, digits, dots, hyphens and brackets, at most six digits and at
// most three in a row. It contains nothing of the secrets of the request.
func PlainName(name string, sent Secrets) string {
	if !isPlain(name) || sent.In(name) {
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

// unknownField returns the violation of an unknown member or parameter, with the known ones.
func unknownField(path string, known []string) Violation {
	list := "none"
	if len(known) > 0 {
		list = strings.Join(known, ", ")
	}
	return Violation{Code: "unknown_field|" + path, Message: path + " is not known; known: " + list}
}

// unknownParameters finds unknown query parameters. Every operation with a query refuses those that
// look like a filter, or like a parameter that it has (D-39). A closed contract refuses the others
// too, an open one ignores them.
func (op *Operation) unknownParameters(values url.Values, sent Secrets, ignored *Names) []Violation {
	var list []Violation
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if op.hasParameter(name) {
			continue
		}
		shown := PlainName(name, sent)
		switch {
		case op.contract.closed:
			list = append(list, unknownField(shown, op.queryNames()))
		case op.hasQuery && strings.HasPrefix(name, "filters"):
			if shown == Redacted {
				shown = "filters"
			}
			hint := meant(op.nearest(name))
			if hint == "" {
				hint = "; known: " + op.knownFilters()
			}
			list = append(list, invalid(shown, "is not a filter of "+op.ID+hint))
		default:
			nearest := op.nearest(name)
			switch {
			case nearest == "":
				ignored.add(shown)
			case shown == Redacted: // such as the name with a blank
				list = append(list, invalid(nearest, "is spelled in another way"+meant(nearest)))
			default:
				list = append(list, invalid(shown, "is not a parameter of "+op.ID+meant(nearest)))
			}
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
