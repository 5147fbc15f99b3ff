package redact

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Text returns a text with another one in the place of each known secret, and of what looks like
// the number of a card or a private key in PEM.
func (r Redactor) Text(s, by string) string {
	if !r.Suspects([]byte(s)) {
		return s
	}
	found := append(r.find(s), privateKeys(s)...)
	if countDigits(s) >= leastCard {
		found = append(found, cards(s)...)
	}
	text := replace(s, by, found)
	if len(found) > 0 && countDigits(text) >= leastCard { // a secret with digits at its end can have stood before a card
		text = replace(text, by, cards(text))
	}
	return text
}

// Suspects reports whether [Redactor.Text] may find something in a text. It is quick and allocates
// nothing. It is certain only where it reports false.
func (r Redactor) Suspects(s []byte) bool {
	digits, chain := 0, 0 // in the text, and of groups with separators between them
	for _, c := range s {
		switch {
		case isDigit(c):
			digits++
			chain++
			if chain >= leastCard {
				return true
			}
		case c == '%', c == '\\', c == '&':
			return true
		case !separates(c):
			chain = 0
		}
	}
	for i := range r.secrets {
		if r.secrets[i].within(s) || r.secrets[i].digits != "" && digits >= cardDigits {
			return true
		}
	}
	return len(s) > len(privateKey) && bytes.Contains(s, []byte(privateKey))
}

// within reports whether a text that has no escapes holds a secret. A plus can stand for a blank.
func (p *pattern) within(s []byte) bool {
	first := p.plain[0]
	for i := range len(s) - len(p.plain) + 1 {
		if s[i]|' ' != first|' ' && first != '+' && first != ' ' { // upper and lower case differ in this bit only
			continue
		}
		n := 0
		for n < len(p.plain) && same(p.plain[n], s[i+n]) {
			n++
		}
		if n == len(p.plain) {
			return true
		}
	}
	return false
}

func same(secret, c byte) bool {
	return secret == lowerByte(c) || (secret == ' ' || secret == '+') && (c == ' ' || c == '+')
}

// The numbers of digits of a card (ISO/IEC 7812; the shortest ones in use have 13), and of those of
// most brands.
const (
	leastCard, mostCard   = 13, 19
	leastUsual, mostUsual = 14, 16
)

// cards returns the positions of what can be the number of a card: 14 to 16 digits that begin as
// those of the large brands do, as a made-up number too does, or 13 to 19 digits with the right
// check digit. They stand together or in groups of one size, or of three digits and more but for
// the last one, so that dates and times are none. Hashes are none either.
func cards(s string) []span {
	text := decode(s)
	groups := digitGroups(text.bytes)
	var found []span
	for first := 0; first < len(groups); first++ {
		longest := -1
		for last := first; last < len(groups) && groups[last].chain == groups[first].chain; last++ {
			length := digitsOf(groups[first : last+1])
			if length > mostCard {
				break
			}
			if length >= leastCard && plausible(text.bytes, groups[first:last+1]) {
				longest = last
			}
		}
		if longest >= 0 {
			found = append(found, text.source(groups[first].from, groups[longest].to-groups[first].from))
			first = longest
		}
	}
	return found
}

// A group is a run of digits. Groups of one chain have only separators between them.
type group struct {
	span
	chain int
}

func digitGroups(text []byte) []group {
	var groups []group
	chain := 0
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if len(groups) == 0 || !separate(text[groups[len(groups)-1].to:i]) {
			chain++
		}
		groups = append(groups, group{span{i, end}, chain})
		i = end
	}
	return groups
}

// separates reports whether a byte may stand between the groups of a number: a character that is
// not in ASCII, a blank or the like. A plus is a blank in a URL.
func separates(c byte) bool {
	switch c {
	case ' ', '-', '.', '_', '/', '\t', '+':
		return true
	default:
		return c >= utf8.RuneSelf
	}
}

// separate reports whether a text separates the groups of one number: a blank, a dash, or the like,
// in ASCII or not.
func separate(between []byte) bool {
	const longest = 3 // bytes of a no-break blank or a long dash in UTF-8
	if len(between) > longest {
		return false
	}
	for _, c := range between {
		if !separates(c) {
			return false
		}
	}
	return true
}

func digitsOf(groups []group) int {
	n := 0
	for _, one := range groups {
		n += one.to - one.from
	}
	return n
}

func plausible(text []byte, groups []group) bool {
	const smallest = 3
	alike, large := true, true
	size := groups[0].to - groups[0].from
	for i, one := range groups {
		n := one.to - one.from
		alike = alike && n == size
		large = large && (n >= smallest || i == len(groups)-1)
	}
	from, to := groups[0].from, groups[len(groups)-1].to
	if len(groups) == 1 {
		return !isHash(text, from, to) && isCard(text[from:to])
	}
	joined := from > 0 && isLetterOrDigit(text[from-1]) || to < len(text) && isLetterOrDigit(text[to])
	return (alike || large) && !joined && isCard(text[from:to])
}

// isHash reports whether digits are a part of a long number in hexadecimal: a serial number, a
// thumbprint or a key id.
func isHash(text []byte, from, to int) bool {
	const least = 32
	isHex := func(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' }
	digits := to - from
	for from > 0 && isLetterOrDigit(text[from-1]) {
		from--
	}
	for to < len(text) && isLetterOrDigit(text[to]) {
		to++
	}
	for _, c := range text[from:to] {
		if !isHex(c) {
			return false
		}
	}
	return to-from >= least && to-from > digits
}

// isCard reports whether digits can be the number of a card. Numbers that begin with 0 or 1 or with
// a year of this century, such as times, are none.
func isCard(number []byte) bool {
	first, second := number[0], number[1]
	if !isDigit(second) {
		second = '0' // of a group of one digit; the check digit decides
	}
	switch {
	case first <= '1', first == '2' && (second < '2' || second > '7'):
		return false
	case first <= '6' && first >= '3':
		n := countDigits(string(number))
		return n >= leastUsual && n <= mostUsual || luhn(number)
	default:
		return luhn(number)
	}
}

// luhn checks the check digit of a card number (ISO/IEC 7812-1, annex B). Other characters than
// digits do not count.
func luhn(number []byte) bool {
	sum, double := 0, false
	for _, digit := range slices.Backward(number) {
		if !isDigit(digit) {
			continue
		}
		n := int(digit - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
		double = !double
	}
	return sum%10 == 0
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

const (
	pemBegin, pemEnd = "-----BEGIN ", "-----END "
	privateKey       = "PRIVATE KEY-----"
)

// privateKeys returns the positions of private keys in PEM (RFC 7468), up to the end of the block
// or of the text.
func privateKeys(s string) []span {
	var found []span
	for at := 0; ; {
		begin := strings.Index(s[at:], pemBegin)
		if begin < 0 {
			return found
		}
		begin += at
		at = begin + len(pemBegin)
		label, _, _ := strings.Cut(s[at:], "\n")
		if kind, _, found := strings.Cut(label, privateKey); !found || strings.Contains(kind, "-----") {
			continue
		}
		end := len(s)
		if last := strings.Index(s[at:], pemEnd); last >= 0 {
			if line := strings.Index(s[at+last:], privateKey); line >= 0 {
				end = at + last + line + len(privateKey)
			}
		}
		found = append(found, span{begin, end})
		at = end
	}
}
