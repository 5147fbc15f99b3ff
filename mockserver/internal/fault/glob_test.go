package fault

import (
	"regexp"
	"strings"
	"testing"
)

func fits(pattern, text string, slashes bool) bool {
	g := newGlob(pattern, slashes)
	return g.match(text)
}

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		glob, text      string
		path, plainText bool // whether it fits where slashes count, and where they do not
	}{
		{"/a", "/a", true, true},
		{"/a", "/ab", false, false},
		{"/a/", "/a", false, false},
		{"", "", true, true},
		{"", "a", false, false},
		{"*", "", true, true},
		{"*", "abc", true, true},
		{"*", "a/b", false, true},
		{"**", "a/b", true, true},
		{"/*", "/a/b", false, true},
		{"/**", "/a/b", true, true},
		{"/**", "/", true, true},
		{"/a/**/d", "/a/b/c/d", true, true},
		{"/a/**/d", "/a/d", false, false},
		{"/a/**d", "/a/d", true, true},
		{"/a/*/d", "/a/b/c/d", false, true},
		{"/**/b*c/d", "/x/b/c/bxc/d", true, true},
		{"/a?c", "/abc", true, true},
		{"/a?c", "/a/c", false, true},
		{"*a*b", "xaab", true, true},
		{"*a*b", "xaabx", false, false},
		{"**a*b", "a/a/ab", true, true},
		{"***", "a/b", true, true},
		{"[a]", "a", false, false},
		{"**x", strings.Repeat("y", maxGlobText+1) + "x", false, false},
	} {
		if got := fits(tc.glob, tc.text, true); got != tc.path {
			t.Errorf("path: %q on %.30q is %t", tc.glob, tc.text, got)
		}
		if got := fits(tc.glob, tc.text, false); got != tc.plainText {
			t.Errorf("text: %q on %.30q is %t", tc.glob, tc.text, got)
		}
	}
}

// FuzzGlob compares the globs with regular expressions.
func FuzzGlob(f *testing.F) {
	f.Add("/a/**/b*c", "/a/x/y/bzc", true)
	f.Add("*?*", "a/b", false)
	f.Fuzz(func(t *testing.T, glob, text string, slashes bool) {
		if len(text) > 50 || len(glob) > 20 || strings.ToValidUTF8(glob+text, "") != glob+text || strings.ContainsFunc(glob+text, func(r rune) bool { return r > '~' }) {
			t.Skip()
		}
		more, one := `[\s\S]*`, `[\s\S]`
		if slashes {
			more, one = `[^/]*`, `[^/]`
		}
		pattern := regexp.QuoteMeta(glob)
		pattern = regexp.MustCompile(`(\\\*){2,}`).ReplaceAllString(pattern, `<all>`)
		pattern = strings.NewReplacer(`\*`, more, `\?`, one, `<all>`, `[\s\S]*`).Replace(pattern)
		if strings.Contains(glob, "<all>") {
			t.Skip()
		}
		want := regexp.MustCompile(`\A(?:` + pattern + `)\z`).MatchString(text)
		if got := fits(glob, text, slashes); got != want {
			t.Errorf("%q on %q, slashes %t: %t, want %t", glob, text, slashes, got, want)
		}
	})
}
