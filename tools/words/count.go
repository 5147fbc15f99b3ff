package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func isRiddle(word string) bool {
	return slices.Contains([]string{
		"who", "whom", "whoever", "nobody", "somebody", "meanwhile", "likewise", "besides", "elsewhere", "anew", "himself",
	}, strings.ToLower(word))
}

// A riddle is a riddle word in a comment.
type riddle struct {
	position string // file:line
	word     string
}

// Figures are the results of a package.
type figures struct {
	folder  string
	words   int // of all comments
	riddles []riddle
}

func (f figures) String() string {
	return fmt.Sprintf("%d in %d words, %.2f per 1,000", len(f.riddles), f.words, float64(len(f.riddles))*1000/float64(max(f.words, 1)))
}

// count returns the figures of the packages below a folder, sorted by folder. It skips hidden
// folders, node_modules and generated files.
func count(root string) ([]figures, error) {
	packages := map[string]figures{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if name := entry.Name(); path != root && (strings.HasPrefix(name, ".") || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		case filepath.Ext(path) != ".go":
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(name))
		found, err := countFile(path, filepath.ToSlash(name))
		p := packages[folder]
		packages[folder] = figures{folder, p.words + found.words, append(p.riddles, found.riddles...)}
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []figures
	for _, p := range packages {
		if p.words > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b figures) int { return cmp.Compare(a.folder, b.folder) })
	return all, nil
}

// countFile returns the figures of a file. name is its name in positions.
func countFile(path, name string) (figures, error) {
	var f figures
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
	if err != nil || ast.IsGenerated(file) {
		return f, err
	}
	word := regexp.MustCompile(`[A-Za-z']+`)
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if isDirective(comment.Text) {
				continue
			}
			line := files.Position(comment.Pos()).Line
			for text := range strings.Lines(comment.Text) {
				for _, w := range word.FindAllString(text, -1) {
					f.words++
					if isRiddle(w) {
						f.riddles = append(f.riddles, riddle{fmt.Sprintf("%s:%d", name, line), w})
					}
				}
				line++
			}
		}
	}
	return f, nil
}

// isDirective reports whether a comment is an instruction to a tool, such as //go:embed. The reason
// after //nolint is written for readers.
func isDirective(comment string) bool {
	return regexp.MustCompile(`^//[a-z0-9]+:[a-z0-9]`).MatchString(comment) && !strings.HasPrefix(comment, "//nolint:")
}
