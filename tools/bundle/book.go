package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A book is what the documents beside a contract say about it, as far as descriptions repeat it.
type book struct {
	text      []byte              // DECISIONS.md
	decisions map[string]decision // by id, from it
	codes     []refusal           // the codes of 400, in the order of the table of D-29
	sources   map[string]origin   // by operationId, from SOURCES.md
}

// A decision is an entry of DECISIONS.md.
type decision struct {
	id, title string
	anchor    string // of its heading
	weight    string // how well it is known, as the entry says it
}

// A refusal is a code of 400, from the table of D-29.
type refusal struct {
	code   string // its first word; some are followed by | and a path
	weight string
	when   string // when it is answered
	todo   string // what the client does then
}

// An origin is the page that an operation was read from, from SOURCES.md.
type origin struct {
	page   string // a link with the title of the page, in Markdown
	weight string // how well the operation is known
}

// readBook reads the documents in the folder of a contract.
func readBook(dir string) (*book, error) {
	decisions, err := os.ReadFile(filepath.Join(dir, "DECISIONS.md"))
	if err != nil {
		return nil, err
	}
	sources, err := os.ReadFile(filepath.Join(dir, "SOURCES.md"))
	if err != nil {
		return nil, err
	}
	return parseBook(string(decisions), string(sources))
}

var (
	entryHeading = regexp.MustCompile(`^## (D-[0-9]+) (.+)$`)
	entryWeight  = regexp.MustCompile(`^\* \*\*Weight:\*\* (.+)$`)
	codeRow      = regexp.MustCompile(`^\s*\| 400 \| ` + "`([a-z_]+)[^`]*`" + ` \|`)
	sourceRow    = regexp.MustCompile("^\\| `([A-Za-z]+)` \\|")
)

func parseBook(decisions, sources string) (*book, error) {
	b := &book{text: []byte(decisions), decisions: map[string]decision{}, sources: map[string]origin{}}
	var at *decision
	var problems []error
	for line := range strings.Lines(decisions) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "## ") {
			at = nil
			if match := entryHeading.FindStringSubmatch(line); match != nil {
				at = &decision{id: match[1], title: match[2], anchor: anchor(strings.TrimPrefix(line, "## "))}
			}
			continue
		}
		if match := entryWeight.FindStringSubmatch(line); match != nil && at != nil {
			at.weight = match[1]
			b.decisions[at.id] = *at
		}
		if match := codeRow.FindStringSubmatch(line); match != nil {
			row := cells(line)
			if len(row) != 5 {
				problems = append(problems, fmt.Errorf("DECISIONS.md: the row of %s has %d cells; write status, code, weight, when and what to do", match[1], len(row)))
				continue
			}
			b.codes = append(b.codes, refusal{code: match[1], weight: row[2], when: row[3], todo: row[4]})
		}
	}
	for line := range strings.Lines(sources) {
		if match := sourceRow.FindStringSubmatch(line); match != nil {
			if row := cells(strings.TrimSpace(line)); len(row) == 4 {
				b.sources[match[1]] = origin{page: row[1], weight: row[3]}
			}
		}
	}
	return b, errors.Join(problems...)
}

// cells splits a row of a table in Markdown. A bar with a backslash belongs to its cell.
func cells(row string) []string {
	const bar = "\x00"
	row = strings.ReplaceAll(strings.TrimSpace(row), `\|`, bar)
	parts := strings.Split(strings.Trim(row, "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(parts[i], bar, "|"))
	}
	return parts
}

// refusal returns the row of a code.
func (b *book) refusal(code string) (refusal, bool) {
	at := slices.IndexFunc(b.codes, func(known refusal) bool { return known.code == code })
	if at < 0 {
		return refusal{}, false
	}
	return b.codes[at], true
}

// anchor returns the fragment that leads to a heading of a document in Markdown: letters, digits,
// hyphens and low lines, with hyphens for blanks, as GitHub makes it.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, strings.TrimSpace(heading))
}

// mark says in a few words how well an entry is known: its first kind of weight, and the others as
// parts.
func (d decision) mark() string {
	kinds := []string{"documented", "recorded", "second hand", "inferred", "ours"}
	place := func(kind string) int { return strings.Index(strings.ToLower(d.weight), kind) }
	kinds = slices.DeleteFunc(kinds, func(kind string) bool { return place(kind) < 0 })
	slices.SortStableFunc(kinds, func(a, b string) int { return place(a) - place(b) })
	for i := 1; i < len(kinds); i++ {
		kinds[i] = "partly " + kinds[i]
	}
	return strings.Join(kinds, ", ")
}
