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

// An event is one line of go test -json (go doc cmd/test2json; build-output is described in go help buildjson).
type event struct {
	Action  string `json:"Action"`
	Package string `json:"Package"`
	Test    string `json:"Test"`
	Output  string `json:"Output"`
}

// A summary counts what became of tests, and prints what go test would print without -v: the line of each package, and
// everything that a failing test has said.
type summary struct {
	out                     io.Writer
	passed, failed, skipped int
	missing                 map[string]int      // skipped tests by the tool that they want
	said                    map[string][]string // by package and test, until the test ends
	broken                  map[string]bool     // packages with a test that failed
}

func newSummary(out io.Writer) *summary {
	return &summary{out: out, missing: map[string]int{}, said: map[string][]string{}, broken: map[string]bool{}}
}

// read takes the events of one run.
func (s *summary) read(events io.Reader) error {
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
	name := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		s.say(e.Output)
	case e.Test == "" && e.Action == "output":
		if e.Output != "PASS\n" {
			s.say(e.Output)
		}
	case e.Test == "": // the package as a whole, whose line has been printed
		if e.Action == "fail" && !s.broken[e.Package] {
			s.failed++ // It did not compile, or its process has died.
		}
	case e.Action == "output":
		if !strings.HasPrefix(e.Output, "=== ") { // that a test runs, pauses or goes on
			s.said[name] = append(s.said[name], e.Output)
		}
	case e.Action == "pass":
		s.passed++
		delete(s.said, name)
	case e.Action == "skip":
		s.skipped++
		if tool := missingTool(s.said[name]); tool != "" {
			s.missing[tool]++
		}
		delete(s.said, name)
	case e.Action == "fail":
		s.failed++
		s.broken[e.Package] = true
		s.say(s.said[name]...)
		delete(s.said, name)
	}
}

// missingTool is the tool that a test wants, which it names when it skips itself: "TOOL is not installed (Debian: …)".
func missingTool(said []string) string {
	found := regexp.MustCompile(`(\S+) is not installed \(Debian: `).FindStringSubmatch(strings.Join(said, ""))
	if found == nil {
		return ""
	}
	return found[1]
}

// print writes the last lines. What tests have said that never ended, because their process died, comes first.
func (s *summary) print() {
	for _, name := range sorted(s.said) {
		s.say("did not end: " + name + "\n")
		s.say(s.said[name]...)
	}
	if len(s.missing) > 0 {
		var parts []string
		for _, tool := range sorted(s.missing) {
			parts = append(parts, fmt.Sprintf("%s (%d)", tool, s.missing[tool]))
		}
		s.say("skipped, since a tool is not installed: " + strings.Join(parts, ", ") + "\n")
	}
	s.say(fmt.Sprintf("%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped))
}

func (s *summary) say(texts ...string) {
	_, _ = io.WriteString(s.out, strings.Join(texts, "")) // where nothing can be printed, the exit status says enough
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
