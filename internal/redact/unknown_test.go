package redact

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestUnknownSecrets pins what Text takes for the number of a card or a private key, without
// knowing any secret.
func TestUnknownSecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "",
		"card 4111111111111111.":               "card *.",
		"x4111111111111111x":                   "x*x",
		"4111 1111 1111 1111":                  "*",
		"4111-1111-1111-1111 12/31 333":        "* 12/31 333",
		"no 12, card 4111.1111.1111.1111":      "no 12, card *",
		"4111\u00a01111\u20131111\u00a01111":   "*",
		"41 11 11 11 11 11 11 11":              "*",
		"3782 822463 10005":                    "*",
		"3782+822463+10005":                    "*",
		"378282246310005":                      "*",
		"4222222222222":                        "*",
		"6304000000000000000":                  "*",
		"%34111 1111 1111 1111":                "*",
		`\u0034111111111111111`:                "*",
		"&#52;111111111111111":                 "*",
		"4111111111111112":                     "*", // the check digit is wrong
		"4111 1111 1111 1112":                  "*",
		"6304000000000000001":                  "6304000000000000001",             // and the length is not usual
		"1732352345678, 1732352345678901":      "1732352345678, 1732352345678901", // times
		"20261123093000, 2026112309300":        "20261123093000, 2026112309300",
		"2221 0000 0000 0009":                  "*",
		"41111111111111111111111111111111":     "41111111111111111111111111111111",
		"411111111111":                         "411111111111", // too short
		"843668399, 845503702":                 "843668399, 845503702",
		"2026-11-23 09:30:00, 2026-11-24":      "2026-11-23 09:30:00, 2026-11-24",
		"2026-11-23...2026-12-31":              "2026-11-23...2026-12-31",
		"+31 70 123 4567":                      "+31 70 123 4567",
		"4111 1111 x 1111 1111":                "4111 1111 x 1111 1111",
		"ab4111111111111111abcdefabcdefabcdef": "ab4111111111111111abcdefabcdefabcdef", // a hash
		"550e8400-e29b-411-41d1-111111111111":  "550e8400-e29b-411-41d1-111111111111",
		"-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\nrest":                           "*\nrest",
		"a -----BEGIN RSA PRIVATE KEY-----\\nMC4C":                                                     "a *",
		"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n":                               "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nM\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nM": "-----BEGIN CERTIFICATE-----\nM\n-----END CERTIFICATE-----\n*",
	} {
		if got := New().Text(text, "*"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := New("TEST_KEY_0123").Text("test_key_0123 and 4111 1111 1111 1111", "*"); got != "* and *" {
		t.Errorf("a known secret and a card: %q", got)
	}
	if got := New("key-0123").Text("key-01234111111111111111", "*"); got != "**" {
		t.Errorf("a card right after a known secret: %q", got)
	}
	if got := New("a key", "a+key").Text("a+key, a key", "*"); got != "*, *" {
		t.Errorf("a blank and a plus: %q", got)
	}
}

// TestCards checks with numbers of all lengths that a card is found in any grouping, and that a
// wrong check digit is not.
func TestCards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.IntRange(leastCard-2, mostCard-2).Draw(t, "length")
		digits := rapid.StringMatching("[3-9][0-9]{"+strconv.Itoa(length)+"}").Draw(t, "digits")
		check := 0
		for !luhn([]byte(digits + strconv.Itoa(check))) {
			check++
		}
		size := rapid.SampledFrom([]int{1, 2, 3, 4, 6, mostCard}).Draw(t, "size of groups")
		separator := rapid.SampledFrom([]string{" ", "-", ".", "_", "\u00a0", "\u2013", "%20", "+"}).Draw(t, "separator")
		write := func(number string) string {
			var text strings.Builder
			for i := range len(number) {
				if i > 0 && i%size == 0 {
					text.WriteString(separator)
				}
				text.WriteByte(number[i])
			}
			return "card " + text.String() + ", paid"
		}
		if number := digits + strconv.Itoa(check); size > 2 || len(number)%size == 0 {
			if got := New().Text(write(number), "*"); got != "card *, paid" {
				t.Fatalf("%q becomes %q", write(number), got)
			}
		}
		if wrong := digits + strconv.Itoa((check+1)%10); size == mostCard && len(wrong) > mostUsual {
			if got := New().Text(write(wrong), "*"); got != write(wrong) {
				t.Fatalf("%q becomes %q", write(wrong), got)
			}
		}
	})
}

// TestSuspects checks that Suspects says yes to every text in which a secret is found.
func TestSuspects(t *testing.T) {
	t.Parallel()
	ways := writings()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching("[ -~]{1,20}").Draw(t, "secret")
		var text strings.Builder
		for i := range len(secret) {
			text.WriteString(rapid.SampledFrom(ways).Draw(t, "way")(secret[i]))
		}
		r := New(secret)
		s := "a note: " + text.String()
		if r.Holds(s) && !r.Suspects([]byte(s)) {
			t.Fatalf("%q in %q", secret, s)
		}
	})
}

// BenchmarkSuspects measures the question that is asked about every text.
func BenchmarkSuspects(b *testing.B) {
	r, text := New("TEST_KEY_0123456789"), []byte("an ordinary note of some words, with +31 70 123 4567")
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Suspects(text)
	}
}
