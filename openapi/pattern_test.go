package openapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wantEngines makes a missing engine a failure.
var wantEngines = flag.Bool("engines", false, "fail when Python, Node or Java is missing, instead of skipping what needs it")

// patterns keeps to what ECMA 262, RE2, Python and Java read alike. Classes such as \s and \d are
// larger sets in some of them, groups that begin with ? are spelled differently, and the point
// leaves out other line ends in each. Some engines look for a pattern anywhere in a text, some at
// its start, and some want all of it: with ^ and $ around the whole, they cannot differ.
func patterns(t *testing.T, c contract) {
	t.Helper()
	odd := regexp.MustCompile(`\(\?|\[:|\\[^xtnrf.\\/^$*+?()\[\]{}|-]|\\x(?:[^0-9A-F]|.[^0-9A-F])`)
	classes := regexp.MustCompile(`\\.|\[(\\.|[^\]\\])*\]`)
	for pattern := range c.patterns() {
		if _, err := regexp.Compile(pattern); err != nil {
			t.Errorf("pattern %s: %v", pattern, err)
		}
		if found := odd.FindString(pattern); found != "" {
			t.Errorf("pattern %s: %s does not mean the same in every language; spell out the characters", pattern, found)
		}
		rest := classes.ReplaceAllString(pattern, "")
		if strings.Contains(rest, ".") {
			t.Errorf("pattern %s: the point does not mean the same in every language; spell out the characters", pattern)
		}
		if !enclosed(rest) {
			t.Errorf("pattern %s: begin it with ^ and end it with $, around all alternatives: some engines look for a pattern "+
				"anywhere in a text, and some at its start only", pattern)
		}
	}
}

// enclosed tells whether a pattern, without its classes and escapes, stands between ^ and $ as a
// whole.
func enclosed(pattern string) bool {
	inside, opened := strings.CutPrefix(pattern, "^")
	inside, closed := strings.CutSuffix(inside, "$")
	if !opened || !closed || strings.ContainsAny(inside, "^$") {
		return false
	}
	depth := 0
	for _, letter := range inside {
		switch letter {
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				return false
			}
		}
	}
	return depth == 0
}

// patterns returns every pattern of the contract, with texts that it is tried on: the examples
// beside it.
func (c contract) patterns() map[string][]string {
	all := map[string][]string{}
	walk(c.raw, func(node object) {
		if pattern := text(node, "pattern"); pattern != "" {
			all[pattern] = append(all[pattern], words(node, "example")...)
		}
	})
	return all
}

// TestPatternRule holds the rule against patterns that break it.
func TestPatternRule(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{
		"": false, "[0-9]": false, "^[0-9]": false, "[0-9]$": false, "a|b": false, "^a|b$": false, "^$|^a$": false,
		"^a$": true, "^(a|b)$": true, "^(a)|(b)$": false, "^((a|b)c)?$": true,
	} {
		if got := enclosed(pattern); got != want {
			t.Errorf("%q: enclosed is %t, want %t", pattern, got, want)
		}
	}
}

// samples are texts that every pattern is tried on, in addition to its own examples. No text ends
// with a line end: before one, the $ of Python and Java holds too, and no spelling of it is read by
// all four.
func samples() []string {
	return []string{
		"", "0", "1", "-1", "12", "123", "1234", "999999999999999", "1234567890123456", "4111111111111111",
		"+31 70 000 0000", "(070) 000 00 00", "tel. 1\nroom 2", "no digit", "١٢٣", "1\u20282", "\u00851", " 1", "1 ",
		"nl", "NL", "N", "Nld", "n1", "ſK", "a@b", "@b", "a@", "a b@c", "a@b@c", "jöhn@example.com", "a\u00a0b@c", "a\n@b",
		"01", "13", "404", "4xx", "5s", "61s", "500ms", "2029", "12.00", "-0.50", "12.0", ".50", "12x00", "09 JUN 2031", "9 JUN 2031", "09 Jun 2031", "32 JAN 2031",
		"<5", ">5", "1...5", "5...", "2026-11-22", "<2026-11-22T07:04:09Z", "2026-11-22 07:04:09", "2026-11-22+07:04",
		"2026-01-01...2026-12-31", "2026-1-1", "id", "-id", "+name", "id,-date", "id,", "order_id", "-date_created,status",
		"root.cer", "issuing-ca.crl", "root.CER", "../root.cer", "john.doe+test@example.com", "john doe", "john\u200bdoe",
		"fault-1", "fault-0", "server-fault-12", "server-1", "300ms", "1.5s", "1m30s", "/services/**", "2026-11-23T10:00:00Z",
		"a\x00b", "a]b", "a[b", "😀", "😀1", "e\u03011", "|", "^", "$", "\\",
	}
}

// TestPatternEngines runs every pattern on the same texts in the languages that clients are
// generated for, each in the ways that their generated code does.
func TestPatternEngines(t *testing.T) {
	t.Parallel()
	type question struct {
		Pattern string   `json:"pattern"`
		Texts   []string `json:"texts"`
	}
	texts := map[string][]string{}
	for _, c := range contracts(t) {
		for pattern, examples := range c.patterns() {
			texts[pattern] = append(texts[pattern], examples...)
		}
	}
	var questions []question
	var want [][]bool
	for _, pattern := range slices.Sorted(maps.Keys(texts)) {
		own := texts[pattern]
		slices.Sort(own)
		asked := question{pattern, append(slices.Compact(own), samples()...)}
		compiled := regexp.MustCompile(pattern)
		answers := make([]bool, len(asked.Texts))
		for i, text := range asked.Texts {
			answers[i] = compiled.MatchString(text)
		}
		if !slices.Contains(answers, true) || !slices.Contains(answers, false) {
			t.Errorf("pattern %s: no sample is taken, or none is refused; add one to samples", pattern)
		}
		questions, want = append(questions, asked), append(want, answers)
	}
	asked, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string][]string{
		"Python": {"python3", "testdata/patterns.py"},
		"Node":   {"node", "testdata/patterns.mjs"},
		"Java":   {"java", "testdata/Patterns.java"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(command[0]); err != nil {
				if *wantEngines {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			run := exec.CommandContext(t.Context(), command[0], command[1:]...)
			run.Stdin = bytes.NewReader(asked)
			var complaints bytes.Buffer
			run.Stderr = &complaints
			out, err := run.Output()
			if err != nil {
				t.Fatalf("%v: %v\n%s", command, err, complaints.String())
			}
			// One line a pattern and way of matching: the way, and a 1 or 0 for each text.
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if len(lines)%len(questions) != 0 || len(lines) == 0 {
				t.Fatalf("%d lines for %d patterns", len(lines), len(questions))
			}
			ways := len(lines) / len(questions)
			for i, line := range lines {
				way, verdicts, _ := strings.Cut(line, " ")
				at := i / ways
				if len(verdicts) != len(want[at]) {
					t.Fatalf("line %d has %d verdicts, want %d: %s", i, len(verdicts), len(want[at]), line)
				}
				for j, taken := range want[at] {
					if (verdicts[j] == '1') != taken {
						t.Errorf("%s: pattern %s and the text %q: Go says %t, and %s does not", way, questions[at].Pattern, questions[at].Texts[j], taken, name)
					}
				}
			}
		})
	}
}
