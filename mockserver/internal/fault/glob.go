package fault

import "strings"

const maxGlobText = 4 << 10 // bytes

// A glob is a pattern of [globMatch], with what it begins and ends with before the first and after
// the last character that does not stand for itself. Most texts differ there.
type glob struct {
	pattern        string
	prefix, suffix string
	slashes        bool
}

func newGlob(pattern string, slashes bool) glob {
	const special = "*?"
	g := glob{pattern: pattern, prefix: pattern, suffix: pattern, slashes: slashes}
	if first := strings.IndexAny(pattern, special); first >= 0 {
		g.prefix, g.suffix = pattern[:first], pattern[strings.LastIndexAny(pattern, special)+1:]
	}
	return g
}

func (g *glob) match(text string) bool {
	return strings.HasPrefix(text, g.prefix) && strings.HasSuffix(text, g.suffix) && globMatch(g.pattern, text, g.slashes)
}

// globMatch tells whether a text fits a pattern, in which ? stands for one character and * for any
// text. Where slashes count, both stand for text without a slash, and ** for any text. All other
// characters stand for themselves. It allocates nothing. Longer texts than maxGlobText fit nothing:
// the steps can grow with the square of the length.
func globMatch(pattern, text string, slashes bool) bool {
	if len(text) > maxGlobText {
		return false
	}
	// The last * and the last **, and how much of the text they stand for so far. When the rest does
	// not fit, the latest of them that can takes one character more.
	type star struct{ pattern, text int }
	none := star{-1, 0}
	one, all := none, none
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			if slashes && !(p+1 < len(pattern) && pattern[p+1] == '*') {
				p++
				one = star{p, t}
				continue
			}
			for p < len(pattern) && pattern[p] == '*' {
				p++
			}
			one, all = none, star{p, t}
		case p < len(pattern) && (pattern[p] == text[t] || pattern[p] == '?' && !(slashes && text[t] == '/')):
			p, t = p+1, t+1
		case one != none && text[one.text] != '/':
			one.text++
			p, t = one.pattern, one.text
		case all != none:
			all.text++
			one = none
			p, t = all.pattern, all.text
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
