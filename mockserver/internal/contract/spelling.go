package contract

import "strings"

// nearest is the parameter of an operation's query that a name must have been meant for, or nothing. A parameter that is
// ignored returns everything, which a client would take for its answer (D-39).
func (op *Operation) nearest(name string) string {
	const (
		short   = 4  // a name of fewer letters is like too many others
		longest = 64 // of the names that are compared
	)
	if len(name) > longest {
		return ""
	}
	words := plainWords(name)
	for _, known := range op.queryNames() {
		// filters[status] is also meant by filter[status], Filters.Status and plain status.
		inner := plainWords(strings.TrimPrefix(known, "filters["))
		if words == plainWords(known) || words == inner || words == "filter"+inner || words == "filters"+inner {
			return known
		}
	}
	if len(words) < short {
		return ""
	}
	for _, known := range op.queryNames() {
		inner := plainWords(strings.TrimPrefix(known, "filters["))
		for _, spelled := range []string{plainWords(known), inner, "filter" + inner} {
			if len(spelled) >= short && isOneMistakeAway(words, spelled) {
				return known
			}
		}
	}
	return ""
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

// isOneMistakeAway tells whether a text becomes another by one letter more, less or other, or by two that change places.
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
