package fault

const maxGlobText = 4 << 10 // bytes

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
