package mockserver_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/tools/txtar"

	"github.com/pkio-tools/certcentral/gen/spec"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestCoverage prints the table operation x declared response x (vectors, examples, client method). A response
// without a vector, a body without an example or an operation without a client method is a gap, and fails.
func TestCoverage(t *testing.T) {
	t.Parallel()
	vectors := countVectors(t)
	methods := clientMethods(t)
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "operation\tresponse\tvectors\texamples\tclient method")
	gaps := 0
	for _, doc := range []struct {
		json     string
		contract func() (*contract.Contract, error)
		vendor   bool
	}{{spec.CertCentralJSON, contract.CertCentral, true}, {spec.ControlJSON, contract.Control, false}} {
		parsed, err := spec.Load(doc.json)
		if err != nil {
			t.Fatal(err)
		}
		checked, err := doc.contract()
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range checked.Operations() {
			for _, status := range op.Statuses() {
				response := parsed.Paths.Value(op.Path).GetOperation(op.Method).Responses.Status(status).Value
				examples := 0
				shown := false // files have no examples
				for name, media := range response.Content {
					examples += len(media.Examples)
					shown = shown || name == "application/json"
				}
				method := methods[op.ID]
				if !doc.vendor {
					method = "(gen/control)"
				}
				n := vectors[op.ID][status]
				if code, only := onlyCode(response); only && code == "mock_stopping" {
					n = 1 // no vector can stop the server that it asks; TestShutdownEndsWaiting shows the answer
				}
				mark := ""
				if n == 0 || shown && examples == 0 || method == "" {
					gaps++
					mark = "  <- gap"
				}
				fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s%s\n", op.ID, status, n, examples, method, mark)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table.String())
	if gaps > 0 {
		t.Errorf("%d gaps in the table above", gaps)
	}
}

// onlyCode is the code of the error that a response has as its only example.
func onlyCode(response *openapi3.Response) (code string, only bool) {
	media := response.Content["application/json"]
	if media == nil || len(media.Examples) != 1 {
		return "", false
	}
	for name := range media.Examples {
		code = name
	}
	return code, true
}

// countVectors counts the answers of all vectors by operation and status.
func countVectors(t *testing.T) map[string]map[int]int {
	t.Helper()
	counts := map[string]map[int]int{}
	for _, path := range vectorFiles(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		operation := ""
		for _, section := range archive.Files {
			line, _, _ := strings.Cut(string(section.Data), "\n")
			switch kind, _, _ := strings.Cut(section.Name, " "); kind {
			case "request":
				operation = operationOf(t, line)
			case "response":
				if status, err := strconv.Atoi(line); err == nil && operation != "" {
					if counts[operation] == nil {
						counts[operation] = map[int]int{}
					}
					counts[operation][status]++
				}
			}
		}
	}
	return counts
}

// operationOf is the id of the operation of a request line, or nothing for a request that belongs to none.
func operationOf(t *testing.T, line string) string {
	t.Helper()
	if op := findOperation(t, line); op != nil {
		return op.ID
	}
	return ""
}

func findOperation(t *testing.T, line string) *contract.Operation {
	t.Helper()
	method, target, _ := strings.Cut(line, " ")
	target, _, _ = strings.Cut(target, "?")
	target = strings.TrimSuffix(target, "/")
	for _, load := range []func() (*contract.Contract, error){contract.CertCentral, contract.Control} {
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		operations := c.Operations()
		// A literal path comes before the one with a parameter beside it.
		slices.SortStableFunc(operations, func(a, b *contract.Operation) int {
			return strings.Count(a.Path, "{") - strings.Count(b.Path, "{")
		})
		for _, op := range operations {
			if op.Method == method && matches(op.Path, strings.TrimPrefix(target, "/services/v2")) {
				return op
			}
		}
	}
	return nil
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// clientMethods reads which client method serves which operation. Each method names its operation in its comment, as
// "Operation: listOrders".
func clientMethods(t *testing.T) map[string]string {
	t.Helper()
	methods := map[string]string{}
	const dir = "../client"
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, path), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok || function.Recv == nil || function.Doc == nil || !function.Name.IsExported() {
				continue
			}
			if _, rest, found := strings.Cut(function.Doc.Text(), "Operation:"); found {
				operation := strings.TrimRight(strings.Fields(rest)[0], ".")
				if methods[operation] == "" { // a page comes before the iterator over all pages
					methods[operation] = receiver(function) + "." + function.Name.Name
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return methods
}

func receiver(function *ast.FuncDecl) string {
	if pointer, ok := function.Recv.List[0].Type.(*ast.StarExpr); ok {
		if name, ok := pointer.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}
