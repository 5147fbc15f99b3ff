package mockserver_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

const domainDir = "internal/domain"

// TestDomainRefusals holds that the tests of the domain provoke every refusal: it runs them with
// coverage, and looks whether each statement ran that names a code of errors.go, or calls a
// function that does nothing else. A rule that no test of the domain breaks fails here.
func TestDomainRefusals(t *testing.T) {
	t.Parallel()
	profile := filepath.Join(t.TempDir(), "coverage")
	command := exec.CommandContext(t.Context(), "go", "test", "-coverprofile", profile, "./"+domainDir)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	blocks := readProfile(t, profile)
	files := token.NewFileSet()
	functions := functionsOf(t, files)
	refusing := builders(functions)
	refusals := 0
	for _, function := range functions {
		ast.Inspect(function.Body, func(node ast.Node) bool {
			if name, ok := node.(*ast.Ident); ok && (isCode(name.Name) || refusing[name.Name]) {
				refusals++
				if at := files.Position(name.Pos()); !ran(blocks, at) {
					t.Errorf("%s: no test of the domain makes %s refuse with %s", at, function.Name.Name, name.Name)
				}
			}
			return true
		})
	}
	if refusals == 0 {
		t.Error("found no refusal at all")
	}
}

// builders finds the functions that do nothing but build a refusal, such as notFound: a call of one
// is a refusal.
func builders(functions []*ast.FuncDecl) map[string]bool {
	found := map[string]bool{}
	for before := -1; before != len(found); {
		before = len(found)
		for _, function := range functions {
			if len(function.Body.List) != 1 {
				continue
			}
			ast.Inspect(function.Body, func(node ast.Node) bool {
				if name, ok := node.(*ast.Ident); ok && (isCode(name.Name) || found[name.Name]) {
					found[function.Name.Name] = true
				}
				return true
			})
		}
	}
	return found
}

// isCode tells whether a name is one of the constants of errors.go, such as CodeInvalidField.
func isCode(name string) bool {
	rest, found := strings.CutPrefix(name, "Code")
	return found && rest != ""
}

func functionsOf(t *testing.T, files *token.FileSet) []*ast.FuncDecl {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(domainDir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var functions []*ast.FuncDecl
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok {
				functions = append(functions, function)
			}
		}
	}
	return functions
}

// A block is a line of a coverage profile: a run of statements, and how often it ran.
type block struct {
	file               string
	fromLine, fromCol  int
	toLine, toCol      int
	statements, passes int
}

func readProfile(t *testing.T, path string) []block {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var blocks []block
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, rest, found := strings.Cut(lines.Text(), ".go:")
		if !found {
			continue // the mode, in the first line
		}
		b := block{file: filepath.Base(name) + ".go"}
		_, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &b.fromLine, &b.fromCol, &b.toLine, &b.toCol, &b.statements, &b.passes)
		if err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		blocks = append(blocks, b)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return blocks
}

// ran tells whether the statement at a position ran. Blocks do not overlap, except that those of a
// function within another one lie within its block; the innermost one counts, which begins last.
func ran(blocks []block, at token.Position) bool {
	var innermost block
	for _, b := range blocks {
		if b.file == filepath.Base(at.Filename) && !after(b.fromLine, b.fromCol, at) && after(b.toLine, b.toCol, at) &&
			(b.fromLine > innermost.fromLine || b.fromLine == innermost.fromLine && b.fromCol > innermost.fromCol) {
			innermost = b
		}
	}
	return innermost.passes > 0
}

// after tells whether a line and a column come after a position.
func after(line, column int, at token.Position) bool {
	return line > at.Line || line == at.Line && column > at.Column
}

// TestDomainRules holds that each code of x-domain-rules is answered by a vector of the operation.
// TestVectors holds the other way around: no vector is answered with another code.
func TestDomainRules(t *testing.T) {
	t.Parallel()
	answered := refusalsInVectors(t)
	for _, load := range []func() (*contract.Contract, error){contract.CertCentral, contract.Control} {
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range c.Operations() {
			for _, code := range op.DomainRules {
				if !answered[op.ID][code] {
					t.Errorf("%s: x-domain-rules names %s, and no vector is answered with it", op.ID, code)
				}
			}
		}
	}
}

// refusalsInVectors returns the codes of 400 in the vectors, without their details, by operation.
func refusalsInVectors(t *testing.T) map[string]map[string]bool {
	t.Helper()
	codes := map[string]map[string]bool{}
	eachAnswer(t, func(operation string, status int, response string) {
		if status != http.StatusBadRequest {
			return
		}
		if codes[operation] == nil {
			codes[operation] = map[string]bool{}
		}
		for _, match := range regexp.MustCompile(`"code": "(\w+)`).FindAllStringSubmatch(response, -1) {
			codes[operation][match[1]] = true
		}
	})
	return codes
}
