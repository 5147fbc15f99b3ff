package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// clientPackage is what the samples in Go call the client.
const clientPackage = "certcentral"

// goSamples returns a program for each function of the Go files of a folder, by the name of the
// operation: func GetOrder calls getOrder. The functions are compiled and linted where they are.
func goSamples(dir string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*_samples_test.go"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no file with samples", dir)
	}
	programs := map[string]string{}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			id := strings.ToLower(function.Name.Name[:1]) + function.Name.Name[1:]
			if programs[id] != "" {
				return nil, fmt.Errorf("%s: %s is there twice", name, function.Name.Name)
			}
			code := string(source[set.Position(function.Type.Params.Pos()).Offset:set.Position(function.End()).Offset])
			if programs[id], err = goProgram(id, code, imports(file, function)); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return programs, nil
}

// imports returns the import specs that a function uses.
func imports(file *ast.File, function *ast.FuncDecl) []string {
	used := map[string]bool{}
	ast.Inspect(function, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if name, ok := selector.X.(*ast.Ident); ok {
				used[name.Name] = true
			}
		}
		return true
	})
	var specs []string
	for _, spec := range file.Imports {
		address, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has read it
		}
		name, prefix := path.Base(address), ""
		if spec.Name != nil {
			name, prefix = spec.Name.Name, spec.Name.Name+" "
		}
		if used[name] {
			specs = append(specs, prefix+spec.Path.Value)
		}
	}
	return specs
}

// goProgram returns a program that makes a client and calls a function, whose code begins with its
// parameters.
func goProgram(id, code string, specs []string) (string, error) {
	needed := map[string]bool{`"context"`: true, `"log"`: true}
	client := ""
	for _, spec := range specs {
		if strings.HasPrefix(spec, clientPackage+" ") {
			client = spec
		} else {
			needed[spec] = true
		}
	}
	if client == "" {
		return "", fmt.Errorf("the sample of %s does not use the client", id)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `package main

import (
	%s

	%s
)

func main() {
	cc, err := certcentral.New() // reads %s and %s
	if err != nil {
		log.Fatal(err)
	}
	if err := %s(context.Background(), cc); err != nil {
		log.Fatal(err)
	}
}

func %s%s
`, strings.Join(slices.Sorted(maps.Keys(needed)), "\n\t"), client, keyVariable, baseVariable, id, id, code)
	formatted, err := format.Source(out.Bytes())
	return string(formatted), err
}
