package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestConsumer builds another module that imports the client, and checks the packages that this
// compiles.
func TestConsumer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	// The test builds a copy, since the go command changes its go.mod. The build works offline: the
	// modules that it needs are those of this module, which are downloaded before this test can
	// run.
	dir := t.TempDir()
	for source, name := range map[string]string{
		filepath.Join("testdata", "consumer", "go.mod"):  "go.mod",
		filepath.Join("testdata", "consumer", "main.go"): "main.go",
		filepath.Join("..", "go.sum"):                    "go.sum",
	} {
		b, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), "=> ../../..", "=> "+root)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOSUMDB=off")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		}
		return string(out)
	}

	const module = "github.com/pkio-tools/certcentral"
	run("build", "-o", filepath.Join(dir, "consumer"), ".")
	deps := strings.Fields(run("list", "-deps", "."))
	found := false
	for _, dep := range deps {
		found = found || dep == module+"/client"
		for _, forbidden := range []string{
			"github.com/getkin/", module + "/gen/server", module + "/gen/spec", module + "/gen/control", module + "/mockserver",
		} {
			if strings.HasPrefix(dep, forbidden) {
				t.Errorf("the client brings %s with it", dep)
			}
		}
	}
	if !found {
		t.Errorf("the consumer does not import the client: %s", deps)
	}
}
