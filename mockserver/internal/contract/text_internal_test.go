package contract

import "testing"

// TestTexts: what is a blank, a control and a format character is Unicode's answer (D-81).
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		value              string
		line, lines, words bool // whether each kind of text may be it, when it must not be empty
	}{
		{"Jan", true, true, true},
		{"Jan Jansen", true, true, false},
		{"Ĳsbrand Çelik 李", true, true, false},
		{"Jan\u00a0Jansen", true, true, false},
		{"Jan\u3000Jansen", true, true, false},
		{"Jan\nJansen", false, true, false},
		{"Jan\x00", false, false, false},
		{"Jan\x7f", false, false, false},
		{"Jan\u0085", false, false, false},
		{"Jan\u200b", false, true, false},
		{"Jan\u202e", false, true, false},
		{"Jan\u00ad", false, true, false},
		{"Jan\ufeff", false, true, false},
		{"Jan\u2028", false, true, false},
		{" ", false, false, false},
		{"\u00a0\u2007", false, false, false},
		{"\u200b", false, false, false},
		{"Jan\ufffe", false, true, false},
		{"Jan\u3164", true, true, false},
		{"葛\U000e0100", true, true, false}, // a variant of the character
		{"\u3164\u115f\uffa0", false, false, false},
		{"\u2800", false, false, false},
		{"\u034f\ufe0f", false, false, false},
		{"\ue000", false, false, false},           // for private use
		{"\U000a5eef", true, true, true},          // not assigned yet
		{"\U000e0fff\ufff0", false, false, false}, // not assigned, and never to be seen
		{"", true, true, true},                    // minLength refuses it
	} {
		for rule, want := range map[text]bool{line: tc.line, lines: tc.lines, word: tc.words} {
			if got := rule.admits(tc.value, true); got != want {
				t.Errorf("%s %q: got %v", rule, tc.value, got)
			}
		}
	}
	if !line.admits(" ", false) || !text("").admits("\x00", true) {
		t.Error("a text that may be empty may be blank, and one without a rule anything")
	}
}

// TestOneMistake: one letter more, less or other, or two that change places, and no more.
func TestOneMistake(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		sent string
		want bool
	}{
		{"limit", true},
		{"limt", true},
		{"limmit", true},
		{"limits", true},
		{"lumit", true},
		{"ilmit", true},
		{"limti", true},
		{"imlit", false},
		{"lim", false},
		{"unlimit", false},
	} {
		if isOneMistakeAway(tc.sent, "limit") != tc.want || isOneMistakeAway("limit", tc.sent) != tc.want {
			t.Errorf("%s: want %v", tc.sent, tc.want)
		}
	}
}

// TestPadDates: a digit that stands alone gets a zero, and nothing else changes.
func TestPadDates(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"2026-11-2+7:4:9...2026-1-28T19:5:3+1:00": "2026-11-02+07:04:09...2026-01-28T19:05:03+01:00",
		">2026-1-1":   ">2026-01-01",
		"2026-11-22":  "2026-11-22",
		"":            "",
		"1":           "01",
		"2026-011-22": "2026-011-22",
	} {
		if got := padDates(sent); got != want {
			t.Errorf("%s: got %s, want %s", sent, got, want)
		}
	}
}
