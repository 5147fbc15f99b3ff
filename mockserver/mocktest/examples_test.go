package mocktest_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestExamples holds that each exported function and method of this package has an Example that is
// run, and so has what is written by hand in package control.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "../control"} {
		run := map[string]bool{}
		var wanted []string
		for _, name := range goFiles(t, dir) {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case strings.HasSuffix(name, "_test.go"):
				for _, example := range doc.Examples(file) {
					run[example.Name] = example.Output != ""
				}
			case !strings.HasSuffix(name, ".gen.go"):
				wanted = append(wanted, exported(file)...)
			}
		}
		if len(wanted) == 0 {
			t.Errorf("%s: no exported function was found", dir)
		}
		for _, name := range wanted {
			// ExampleError shows the text of the error.
			if !run[name] && name != "Error_Error" {
				t.Errorf("%s: the function Example%s with an Output is missing", dir, name)
			}
		}
	}
}

// TestOperations holds that each operation of the control API has a method, which calls it.
func TestOperations(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	for _, name := range goFiles(t, ".") {
		if !strings.HasSuffix(name, "_test.go") {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(content)
		}
	}
	contract, err := spec.Load(spec.ControlJSON)
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range contract.Paths.Map() {
		for method, operation := range item.Operations() {
			id := operation.OperationID
			call := "." + strings.ToUpper(id[:1]) + id[1:] + "WithResponse("
			// Settle asks the server in the same process.
			if !strings.Contains(source.String(), call) && id != "settleAccount" {
				t.Errorf("%s %s: no method calls %s", method, path, call)
			}
		}
	}
}

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// exported returns the names of a file's exported functions and methods, as Examples have them.
func exported(file *ast.File) []string {
	var names []string
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || !function.Name.IsExported() {
			continue
		}
		if function.Recv == nil {
			names = append(names, function.Name.Name)
			continue
		}
		receiver := function.Recv.List[0].Type
		if pointer, isPointer := receiver.(*ast.StarExpr); isPointer {
			receiver = pointer.X
		}
		if of, isName := receiver.(*ast.Ident); isName && of.IsExported() {
			names = append(names, of.Name+"_"+function.Name.Name)
		}
	}
	return names
}
