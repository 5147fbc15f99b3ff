package redact

import (
	"fmt"
	"strings"
	"testing"
)

const redacted = "[redacted]"

// writings are functions that escape a character in different ways.
func writings() []func(c byte) string {
	named := map[byte]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&apos;", '_': "&lowbar;", '+': "&plus;", ';': "&semi;"}
	percent := func(c byte) string { return fmt.Sprintf("%%%02X", c) }
	return []func(c byte) string{
		func(c byte) string { return string(c) },
		func(c byte) string { return strings.ToUpper(string(c)) },
		func(c byte) string { return strings.ToLower(string(c)) },
		percent,
		func(c byte) string { return fmt.Sprintf("%%%02x", c) },
		func(c byte) string { return fmt.Sprintf("%%25%02X", c) },
		func(c byte) string { return fmt.Sprintf("%%2525%02X", c) },
		func(c byte) string { return fmt.Sprintf(`\u%04x`, c) },
		func(c byte) string { return fmt.Sprintf(`\u%04X`, c) },
		func(c byte) string { return fmt.Sprintf(`\\u%04x`, c) },
		func(c byte) string { return fmt.Sprintf(`\x%02x`, c) },
		func(c byte) string { return fmt.Sprintf("&#%d;", c) },
		func(c byte) string { return fmt.Sprintf("&#%07d;", c) },
		func(c byte) string { return fmt.Sprintf("&#x%x;", c) },
		func(c byte) string { return fmt.Sprintf("&#X%04X;", c) },
		func(c byte) string { return fmt.Sprintf("&amp;#%d;", c) },
		func(c byte) string { return strings.ReplaceAll(percent(c), "%", "&#37;") },
		func(c byte) string {
			if name, ok := named[c]; ok {
				return name
			}
			return string(c)
		},
		func(c byte) string {
			if strings.IndexByte(`"'/\`, c) >= 0 {
				return `\` + string(c)
			}
			return string(c)
		},
	}
}

// TestRedactEscapes escapes a secret in every way, and mixes the ways.
func TestRedactEscapes(t *testing.T) {
	t.Parallel()
	ways := writings()
	for _, secret := range []string{
		"TEST_KEY_0123456789ABCDEF", `a/b\c"d'e&f<g>h+i;j`, "%41%42%43%44%45", "&amp;&lt;&#65;", "with a blank", "4111111111111111", "päss-wörd",
		"aaaaaaaaaa",
	} {
		r := New(secret)
		check := func(way int, text string) {
			t.Helper()
			// A backslash before the secret may stay.
			if got := strings.TrimLeft(strings.TrimPrefix(r.Replace("code|"+text+": end", redacted), "code|"), `\`); got != "[redacted]: end" {
				t.Errorf("%s, written in the way %d as %s, becomes %s", secret, way, text, got)
			}
		}
		for way, escape := range ways {
			var text strings.Builder
			for i := range len(secret) {
				if c := secret[i]; c < 0x80 {
					text.WriteString(escape(c))
				} else {
					text.WriteByte(c)
				}
			}
			check(way, text.String())
		}
		for first := range ways { // each character is escaped in another way
			var text strings.Builder
			for i := range len(secret) {
				if c := secret[i]; c < 0x80 && c != '\\' && c != '%' && c != '&' {
					text.WriteString(ways[(first+i)%len(ways)](c))
				} else {
					text.WriteByte(c)
				}
			}
			if got := r.Replace(text.String(), redacted); strings.Contains(strings.ToLower(decode(got).String()), decode(secret).String()) {
				t.Errorf("%s, mixed as %s, becomes %s", secret, text.String(), got)
			}
		}
	}
}

// TestRedactText pins the result for texts with and without secrets.
func TestRedactText(t *testing.T) {
	t.Parallel()
	r := New("TEST_KEY_0123456789ABCDEF", "4111 1111-1111 1111", "333", "")
	for text, want := range map[string]string{
		"":                                   "",
		"nothing":                            "nothing",
		"100% of 2&3; \\ + \xff":             "100% of 2&3; \\ + \xff",
		"test_key_0123456789abcdef":          "[redacted]",
		"xTEST_KEY_0123456789ABCDEFx":        "x[redacted]x",
		"TEST_KEY_0123456789ABCDE":           "TEST_KEY_0123456789ABCDE",
		"\xff\xfe TEST_KEY_0123456789ABCDEF": "\xff\xfe [redacted]",
		"İİ TEST_KEY_0123456789ABCDEF İ":     "İİ [redacted] İ", // a lower-case letter of this word is longer in UTF-8
		"a TEST_KEY_0123456789ABCDEF and TEST_KEY_0123456789ABCDEF": "a [redacted] and [redacted]",
		"card 4111111111111111":                   "card [redacted]",
		"card 4111 1111 1111 1111.":               "card [redacted].",
		"card 4111-1111-1111-1111":                "card [redacted]",
		"card 4111%201111%201111%201111":          "card [redacted]",
		"card 4111+1111+1111+1111":                "card [redacted]",
		"card 4111.1111.1111.1111":                "card [redacted]",
		"card 4111_1111/1111\t1111":               "card [redacted]",
		"card 4111\u00a01111\u20131111\u00a01111": "card [redacted]", // no-break spaces and a dash
		"card 4111&nbsp;1111&nbsp;11111111":       "card [redacted]",
		"card 4111 1111 x 1111 1111":              "card 4111 1111 x 1111 1111",
		"card ending in 1111":                     "card ending in 1111",
		"cvv 333":                                 "cvv [redacted]",
		"cvv=333&x":                               "cvv=[redacted]&x",
		"cvv333":                                  "cvv[redacted]",
		"cvv %33%33%33":                           "cvv [redacted]",
		"&#51;&#51;&#51;":                         "[redacted]",
		"1333 3330 order 843333668":               "1333 3330 order 843333668",
	} {
		if got := r.Replace(text, redacted); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := New().Replace("text", redacted); got != "text" {
		t.Errorf("without secrets: %q", got)
	}
	// A short key may be a part of the words of an error code.
	short := New("k")
	if got := short.Replace("token|k, k_k, key: 'K'", redacted); got != "token|[redacted], k_k, key: '[redacted]'" {
		t.Errorf("a short key: %q", got)
	}
}

// FuzzRedact puts a secret, with some characters escaped, into any text. The result must not
// contain the secret.
func FuzzRedact(f *testing.F) {
	f.Add("TEST_KEY_0123456789ABCDEF", "code|", "", []byte{0})
	f.Add("4111111111111111", "%4", "&#", []byte{3, 7, 11})
	f.Add(`a/b\c"d'e&f`, `\`, ";", []byte{5, 9, 15})
	ways := writings()
	f.Fuzz(func(t *testing.T, secret, before, after string, choice []byte) {
		if len(secret) < Short || len(choice) == 0 || strings.ContainsFunc(secret, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Skip("no key")
		}
		r := New(secret)
		got := r.Replace(before+secret+after, redacted)
		if strings.Contains(lower(got), lower(secret)) && !strings.Contains(lower(redacted), lower(secret)) {
			t.Errorf("%q is still in %q", secret, got)
		}
		if strings.ContainsAny(secret, `\%&;+`) {
			return // after the escaping it may look like another secret
		}
		var escaped strings.Builder
		for i := range len(secret) {
			escaped.WriteString(ways[int(choice[i%len(choice)])%len(ways)](secret[i]))
		}
		if got := strings.ReplaceAll(r.Replace("code|"+escaped.String()+"|", redacted), `\`, ""); got != "code|[redacted]|" {
			t.Errorf("%q, written as %q, becomes %q", secret, escaped.String(), got)
		}
	})
}
