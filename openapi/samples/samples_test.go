// Package samples_test holds the samples in Go of the published contract, one function an operation, and runs every
// sample of every language that the contract has.
//
// The bundler writes the functions of *_samples_test.go into x-codeSamples, as programs. They are here so that the
// compiler and the linters see them.
package samples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// A sample is code in one language that calls an operation.
type sample struct {
	Lang, Label, Source string

	operation string
	dir       string   // where it runs, and where it writes its file
	env       []string // with the address of the mock and a key whose account is ready
}

// TestSamples runs every sample as it is printed, each in an account of its own.
func TestSamples(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	for language, run := range map[string]func(t *testing.T, samples []*sample) map[*sample]error{
		"Shell": shell, "Go": inGo, "Python": python, "TypeScript": node,
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			samples := published(t, language)
			for _, one := range samples {
				key := language + "-" + one.operation
				prepare(t, mock, key, one.operation)
				one.dir = t.TempDir()
				one.env = []string{"CERTCENTRAL_API_KEY=" + key, "CERTCENTRAL_BASE_URL=" + mock.BaseURL}
			}
			failed := run(t, samples)
			for _, one := range samples {
				t.Run(one.operation, func(t *testing.T) {
					t.Parallel()
					if err := failed[one]; err != nil {
						t.Fatalf("the sample fails: %v\n%s", err, one.Source)
					}
					files(t, one)
				})
			}
		})
	}
}

// published returns the samples of the published contract in a language. Every operation has one.
func published(t *testing.T, language string) []*sample {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal([]byte(gen.CertCentralYAML), &doc); err != nil {
		t.Fatal(err)
	}
	var all []*sample
	for path, item := range doc.Paths {
		for method, node := range item {
			var operation struct {
				OperationID string   `yaml:"operationId"`
				Samples     []sample `yaml:"x-codeSamples"`
			}
			if method == "parameters" || node.Kind != yaml.MappingNode {
				continue
			}
			if err := node.Decode(&operation); err != nil {
				t.Fatal(err)
			}
			found := false
			for _, one := range operation.Samples {
				if one.Lang == language {
					one.operation, found = operation.OperationID, true
					all = append(all, &one)
				}
			}
			if !found {
				t.Errorf("%s %s has no sample in %s", method, path, language)
			}
		}
	}
	return all
}

// files holds that a download is what its name says.
func files(t *testing.T, one *sample) {
	t.Helper()
	for name, start := range map[string]string{"certificate.pem": "-----BEGIN CERTIFICATE-----", "certificate.zip": "PK"} {
		content, err := os.ReadFile(filepath.Join(one.dir, name))
		written := err == nil
		if mentioned := strings.Contains(one.Source, name); mentioned != written {
			t.Errorf("%s is named: %t, and written: %t", name, mentioned, written)
		}
		if written && !strings.HasPrefix(string(content), start) {
			t.Errorf("%s begins with %.40q", name, content)
		}
	}
}

func installed(t *testing.T, tool, packageName string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed (Debian: %s)", tool, packageName)
	}
}

// run runs a program for one sample.
func (s *sample) run(ctx context.Context, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = s.dir
	command.Env = append(os.Environ(), s.env...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, out.String())
	}
	return nil
}

func shell(t *testing.T, samples []*sample) map[*sample]error {
	t.Helper()
	installed(t, "curl", "curl")
	failed := map[*sample]error{}
	for _, one := range samples {
		failed[one] = one.run(t.Context(), "sh", "-c", one.Source)
	}
	return failed
}

func python(t *testing.T, samples []*sample) map[*sample]error {
	t.Helper()
	installed(t, "python3", "python3")
	return interpreted(t, samples, ".py", "python3", "testdata/run.py")
}

// node runs the samples as JavaScript, which they are too: not every Node reads TypeScript. The types are checked by
// make conformance-generators.
func node(t *testing.T, samples []*sample) map[*sample]error {
	t.Helper()
	installed(t, "node", "nodejs")
	return interpreted(t, samples, ".mjs", "node", "testdata/run.mjs")
}

// interpreted runs all samples in one process, since an interpreter takes longer to start than the samples run.
func interpreted(t *testing.T, samples []*sample, extension string, command ...string) map[*sample]error {
	t.Helper()
	type task struct {
		File string   `json:"file"`
		Dir  string   `json:"dir"`
		Env  []string `json:"env"`
	}
	var tasks []task
	for _, one := range samples {
		file := filepath.Join(t.TempDir(), one.operation+extension)
		if err := os.WriteFile(file, []byte(one.Source), 0o600); err != nil {
			t.Fatal(err)
		}
		tasks = append(tasks, task{file, one.dir, one.env})
	}
	asked, err := json.Marshal(tasks)
	if err != nil {
		t.Fatal(err)
	}
	program, err := filepath.Abs(command[1])
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), command[0], program)
	run.Stdin = bytes.NewReader(asked)
	var complaints bytes.Buffer
	run.Stderr = &complaints
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, complaints.String())
	}
	// One line a sample: its complaint as JSON, empty for none.
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(samples) {
		t.Fatalf("%d lines for %d samples:\n%s", len(lines), len(samples), out)
	}
	failed := map[*sample]error{}
	for i, one := range samples {
		var complaint string
		if err := json.Unmarshal([]byte(lines[i]), &complaint); err != nil {
			t.Fatal(err)
		}
		if complaint != "" {
			failed[one] = fmt.Errorf("%s", complaint)
		}
	}
	return failed
}

// inGo compiles all samples as one program, which is faster than a program each. Their main functions get names of
// their own.
func inGo(t *testing.T, samples []*sample) map[*sample]error {
	t.Helper()
	installed(t, "go", "golang-go")
	imports := map[string]bool{`"os"`: true}
	var functions, cases strings.Builder
	for _, one := range samples {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, one.operation, one.Source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v", one.operation, err)
		}
		for _, spec := range file.Imports {
			imports[one.Source[set.Position(spec.Pos()).Offset:set.Position(spec.End()).Offset]] = true
		}
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				code := one.Source[set.Position(function.Pos()).Offset:set.Position(function.End()).Offset]
				functions.WriteString(strings.Replace(code, "func main()", "func main_"+one.operation+"()", 1) + "\n\n")
			}
		}
		fmt.Fprintf(&cases, "\tcase %q:\n\t\tmain_%s()\n", one.operation, one.operation)
	}
	var source strings.Builder
	source.WriteString("package main\n\nimport (\n")
	for spec := range imports {
		source.WriteString("\t" + spec + "\n")
	}
	fmt.Fprintf(&source, ")\n\nfunc main() {\n\tswitch os.Args[1] {\n%s\t}\n}\n\n%s", cases.String(), functions.String())
	dir := t.TempDir()
	file, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "samples.exe")
	if err := os.WriteFile(file, []byte(source.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	failed := map[*sample]error{}
	for _, one := range samples {
		failed[one] = one.run(t.Context(), program, one.operation)
	}
	return failed
}
