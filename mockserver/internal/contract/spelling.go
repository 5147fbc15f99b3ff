package contract

import (
	"slices"
	"strings"
)

// nearest is the parameter of an operation's query that a name must have been meant for, or
// nothing. A parameter that is ignored returns everything, which a client would take for its answer
// (D-39).
func (op *Operation) nearest(name string) string {
	const longest = 64 // bytes of the names that are compared
	if len(name) > longest {
		return ""
	}
	words, known := plainWords(name), op.queryNames()
	if strings.Contains(name, "[") { // which a filter has
		slices.SortStableFunc(known, func(a, b string) int { return strings.Count(b, "[") - strings.Count(a, "[") })
	}
	for _, means := range []func(inner, whole string) bool{
		func(_, whole string) bool { return words == whole },
		func(inner, whole string) bool { return words == "filter"+inner && inner != whole },
		// filters[status] is also meant by plain status, and the other way around.
		func(inner, _ string) bool {
			return strings.TrimPrefix(strings.TrimPrefix(words, "filter"), "s") == inner || words == inner
		},
		// where[status], page[limit] and filters[status][eq] have the name in one of their brackets.
		func(inner, _ string) bool { return slices.Contains(bracketed(name), inner) },
		func(inner, whole string) bool {
			return isMisspelt(words, whole) || isMisspelt(words, inner) || isMisspelt(words, "filter"+inner)
		},
	} {
		for _, parameter := range known {
			if means(plainWords(strings.TrimPrefix(parameter, "filters[")), plainWords(parameter)) {
				return parameter
			}
		}
	}
	return ""
}

// bracketed are the words that stand in brackets.
func bracketed(name string) []string {
	var all []string
	for _, part := range strings.Split(name, "[")[1:] {
		if inner, _, closed := strings.Cut(part, "]"); closed {
			all = append(all, plainWords(inner))
		}
	}
	return all
}

// isMisspelt tells whether a name is one mistake away from a known one, or its plural. Short names
// are like too many others.
func isMisspelt(name, known string) bool {
	const short = 4
	return len(name) >= short-1 && len(known) >= short && (isOneMistakeAway(name, known) || name == known+"es")
}

func meant(known string) string {
	if known == "" {
		return ""
	}
	return "; did you mean " + known + "?"
}

// plainWords are the letters and digits of a name, in lower case.
func plainWords(name string) string {
	var words strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			words.WriteByte(c - 'A' + 'a')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			words.WriteByte(c)
		}
	}
	return words.String()
}

// isOneMistakeAway tells whether a text becomes another by one letter more, less or other, or by
// two that change places.
func isOneMistakeAway(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	rest := min(i+1, len(a))
	return a[rest:] == b[rest:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
