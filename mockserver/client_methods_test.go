package mockserver_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// A clientMethod is a method of the client that carries out an operation, as its source shows it.
type clientMethod struct {
	name      string   // such as Users.Get: the field of the client, and the method of the service there
	operation string   // the operationId that its comment names, or nothing
	combines  []string // the operationIds that its comment names, if it calls other methods for them
	pages     []string // the pages of the vendor that its comment links to
	sends     []string // the operations that its body sends by the generated client
	arguments bool     // whether it takes more than a context and options of the call
}

// A clientSource is the source of package client, with its tests.
type clientSource struct {
	methods  []clientMethod
	examples map[string]string // a method by its name -> an Example with an Output that calls it
	refused  map[string]bool   // methods that the tests of wrong arguments call
	sent     map[string]bool   // methods that other tests call
}

func readClient(t *testing.T) clientSource {
	t.Helper()
	paths, err := filepath.Glob("../client/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no source of the client: %v", err)
	}
	var files, tests []*ast.File
	testPaths := map[*ast.File]string{}
	source := clientSource{examples: map[string]string{}, refused: map[string]bool{}, sent: map[string]bool{}}
	services := map[string]string{} // a field of the client by the type of its service
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			tests = append(tests, file)
			testPaths[file] = filepath.Base(path)
		} else {
			files = append(files, file)
			maps.Copy(services, servicesIn(file))
		}
	}
	for _, file := range files {
		source.methods = append(source.methods, methodsIn(file, services)...)
	}
	for file, path := range testPaths {
		for _, name := range callsIn(file, services) {
			switch {
			case strings.HasPrefix(path, "argument_"):
				source.refused[name] = true
			case !strings.HasPrefix(path, "example_"):
				source.sent[name] = true
			}
		}
	}
	for _, example := range doc.Examples(tests...) {
		if example.Output == "" && !example.EmptyOutput {
			continue // go test compiles it and does not run it
		}
		for _, name := range callsIn(example.Code, services) {
			source.examples[name] = "Example" + example.Name
		}
	}
	return source
}

// servicesIn finds the services of the client: the fields of the struct Client that point to one.
func servicesIn(file *ast.File) map[string]string {
	services := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		declared, ok := node.(*ast.TypeSpec)
		if !ok || declared.Name.Name != "Client" {
			return true
		}
		if fields, ok := declared.Type.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				if service := pointedTo(field.Type); strings.HasSuffix(service, "Service") && len(field.Names) == 1 {
					services[service] = field.Names[0].Name
				}
			}
		}
		return false
	})
	return services
}

// methodsIn finds the exported methods of the services.
func methodsIn(file *ast.File, services map[string]string) []clientMethod {
	var methods []clientMethod
	for _, decl := range file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || function.Recv == nil || !function.Name.IsExported() {
			continue
		}
		service := services[pointedTo(function.Recv.List[0].Type)]
		if service == "" {
			continue
		}
		text := function.Doc.Text()
		method := clientMethod{
			name:  service + "." + function.Name.Name,
			pages: regexp.MustCompile(`https://dev\.digicert\.com/\S+`).FindAllString(text, -1),
			sends: sentBy(function.Body),
		}
		if _, rest, found := strings.Cut(text, "Operation:"); found {
			method.operation = strings.TrimRight(strings.Fields(rest)[0], ".")
		}
		if _, rest, found := strings.Cut(text, "Operations:"); found {
			method.combines = strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" ,.\n", r) })
		}
		for _, parameter := range function.Type.Params.List {
			_, variadic := parameter.Type.(*ast.Ellipsis)
			selector, _ := parameter.Type.(*ast.SelectorExpr)
			method.arguments = method.arguments || !variadic && (selector == nil || selector.Sel.Name != "Context")
		}
		methods = append(methods, method)
	}
	return methods
}

// sentBy finds the operations that a body sends: it calls them by their names, as methods of a
// field that is called raw.
func sentBy(body ast.Node) []string {
	var operations []string
	ast.Inspect(body, func(node ast.Node) bool {
		if outer, inner := selected(node); outer == "raw" {
			operations = append(operations, inner)
		}
		return true
	})
	return operations
}

// callsIn finds which methods of services are called, as in cc.Users.Get(ctx, 1).
func callsIn(node ast.Node, services map[string]string) []string {
	fields := slices.Collect(maps.Values(services))
	var calls []string
	ast.Inspect(node, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if field, method := selected(call.Fun); slices.Contains(fields, field) {
			calls = append(calls, field+"."+method)
		}
		return true
	})
	return calls
}

// selected returns the last two names of x.outer.inner.
func selected(node ast.Node) (outer, inner string) {
	selector, ok := node.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if field, ok := selector.X.(*ast.SelectorExpr); ok {
		return field.Sel.Name, selector.Sel.Name
	}
	return "", ""
}

func pointedTo(expression ast.Expr) string {
	if pointer, ok := expression.(*ast.StarExpr); ok {
		if name, ok := pointer.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}

// byOperation returns the method of each operation, a page before the iterator over all pages, and
// an Example of it.
func (s clientSource) byOperation() (methods, examples map[string]string) {
	methods, examples = map[string]string{}, map[string]string{}
	for _, method := range s.methods {
		if method.operation == "" {
			continue
		}
		if methods[method.operation] == "" {
			methods[method.operation] = method.name
		}
		if example := s.examples[method.name]; example != "" && examples[method.operation] == "" {
			examples[method.operation] = example
		}
	}
	return methods, examples
}

// TestClientMethods holds the comments and the tests of the client's methods to the contract.
func TestClientMethods(t *testing.T) {
	t.Parallel()
	parsed, err := spec.Load(spec.CertCentralJSON)
	if err != nil {
		t.Fatal(err)
	}
	operations := map[string]*openapi3.Operation{}
	for _, item := range parsed.Paths.Map() {
		for _, operation := range item.Operations() {
			operations[operation.OperationID] = operation
		}
	}
	source := readClient(t)
	if len(source.methods) < len(operations) {
		t.Fatalf("found %d methods for %d operations", len(source.methods), len(operations))
	}
	for _, method := range source.methods {
		t.Run(method.name, func(t *testing.T) {
			t.Parallel()
			for _, id := range method.combines {
				if operations[id] == nil {
					t.Errorf("its comment names the operation %q, which the contract does not have", id)
				}
			}
			operation := operations[method.operation]
			switch {
			case len(method.combines) > 1: // the methods that it calls link to the pages
			case operation == nil:
				t.Fatalf("its comment names the operation %q; write \"Operation: \" and an operationId of the contract, "+
					"or \"Operations: \" and those of all methods that it calls", method.operation)
			case !slices.Equal(method.pages, []string{operation.ExternalDocs.URL}):
				t.Errorf("its comment links to %q; link to the page of %s in the contract, %s",
					method.pages, method.operation, operation.ExternalDocs.URL)
			}
			for _, sent := range method.sends {
				if !strings.EqualFold(sent, method.operation) {
					t.Errorf("its comment names the operation %s, and it sends %s", method.operation, sent)
				}
			}
			if !source.sent[method.name] {
				t.Error("no test pins what it sends; add a row to a table in client/send_*test.go")
			}
			if method.arguments && !source.refused[method.name] {
				t.Errorf("it takes arguments; add a row with a wrong one to a table in client/argument_*test.go")
			}
		})
	}
}
