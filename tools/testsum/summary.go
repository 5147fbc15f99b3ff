package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// An event is one line of go test -json (see go doc cmd/test2json, and go help buildjson for build-output).
type event struct {
	Action  string `json:"Action"`
	Package string `json:"Package"`
	Test    string `json:"Test"`
	Output  string `json:"Output"`
}

// A summary counts the results of tests and prints the same as go test without -v: one line for each package, and the
// output of failed tests.
type summary struct {
	out                     io.Writer
	passed, failed, skipped int
	missing                 map[string]int     // skipped tests, by the missing tool
	running                 map[string]outputs // of tests that have not ended, by package
	broken                  map[string]bool    // packages with a failed test
	// order lists the packages that have not been printed whole. go test -json runs packages at the same time and mixes
	// their events, so the output of a package waits for that of the packages before it.
	order   []string
	waiting map[string]string // output, by package
	ended   map[string]bool   // packages
}

// Outputs are the output lines of tests, by the name of the test.
type outputs map[string][]string

func newSummary(out io.Writer) *summary {
	return &summary{
		out: out, waiting: map[string]string{}, ended: map[string]bool{}, missing: map[string]int{}, running: map[string]outputs{}, broken: map[string]bool{},
	}
}

// ran is the number of tests that have ended.
func (s *summary) ran() int { return s.passed + s.failed + s.skipped }

// read reads the events of one run.
func (s *summary) read(events io.Reader) error {
	defer s.flush()
	for decoder := json.NewDecoder(events); ; {
		var e event
		switch err := decoder.Decode(&e); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		s.take(e)
	}
}

func (s *summary) take(e event) {
	switch {
	case e.Action == "build-output":
		s.say(e.Output)
	case e.Test == "" && e.Action == "output":
		if e.Output != "PASS\n" {
			s.sayOf(e.Package, e.Output)
		}
	case e.Test == "" && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip"): // the result of a package
		if e.Action == "fail" && !s.broken[e.Package] {
			s.failed++ // The package did not compile, or its process has ended too early.
		}
		s.unended(e.Package)
		s.end(e.Package)
	case e.Test == "": // the start of a package, or a failed build, whose package has a result too
	case e.Action == "run":
		s.keep(e)
	case e.Action == "output":
		if !strings.HasPrefix(e.Output, "=== ") { // lines such as "=== RUN", which go test prints with -v only
			s.keep(e, e.Output)
		}
	case e.Action == "pass":
		s.passed++
		delete(s.running[e.Package], e.Test)
	case e.Action == "skip":
		s.skipped++
		if tool := missingTool(s.running[e.Package][e.Test]); tool != "" {
			s.missing[tool]++
		}
		delete(s.running[e.Package], e.Test)
	case e.Action == "fail":
		s.failed++
		s.broken[e.Package] = true
		s.sayOf(e.Package, s.running[e.Package][e.Test]...)
		delete(s.running[e.Package], e.Test)
	}
}

// keep keeps lines of a test until it ends.
func (s *summary) keep(e event, lines ...string) {
	if s.running[e.Package] == nil {
		s.running[e.Package] = outputs{}
	}
	s.running[e.Package][e.Test] = append(s.running[e.Package][e.Test], lines...)
}

// unended prints the output of the tests of a package that have not ended when its process did, such as after a panic.
func (s *summary) unended(name string) {
	for _, test := range sorted(s.running[name]) {
		s.sayOf(name, "did not end: "+name+" "+test+"\n")
		s.sayOf(name, s.running[name][test]...)
	}
	delete(s.running, name)
}

// sayOf prints lines of a package, at once or after the packages before it.
func (s *summary) sayOf(name string, lines ...string) {
	if at := slices.Index(s.order, name); at > 0 {
		s.waiting[name] += strings.Join(lines, "")
		return
	}
	s.say(lines...)
}

// end prints the packages that have waited for this one.
func (s *summary) end(name string) {
	s.ended[name] = true
	for len(s.order) > 0 && s.ended[s.order[0]] {
		s.order = s.order[1:]
		if len(s.order) > 0 {
			s.say(s.waiting[s.order[0]])
			delete(s.waiting, s.order[0])
		}
	}
}

// flush prints all that waits, because the run has ended.
func (s *summary) flush() {
	for _, name := range s.order {
		s.say(s.waiting[name])
	}
	s.order, s.waiting, s.ended = nil, map[string]string{}, map[string]bool{}
}

// missingTool returns the tool in the message of a skipped test: "TOOL is not installed (Debian: …)".
func missingTool(said []string) string {
	found := regexp.MustCompile(`(\S+) is not installed \(Debian: `).FindStringSubmatch(strings.Join(said, ""))
	if found == nil {
		return ""
	}
	return found[1]
}

// print prints the counts in one line. Before it, it prints the output of tests whose package has no result, because
// the run was canceled.
func (s *summary) print() {
	for _, name := range sorted(s.running) {
		s.unended(name)
	}
	line := fmt.Sprintf("%d passed, %d failed, %d skipped", s.passed, s.failed, s.skipped)
	if len(s.missing) > 0 {
		var parts []string
		for _, tool := range sorted(s.missing) {
			parts = append(parts, fmt.Sprintf("%s (%d)", tool, s.missing[tool]))
		}
		line += "; missing tools: " + strings.Join(parts, ", ")
	}
	s.say(line + "\n")
}

func (s *summary) say(texts ...string) {
	_, _ = io.WriteString(s.out, strings.Join(texts, "")) // The exit status shows the result if the output cannot be written.
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
