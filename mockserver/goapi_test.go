package mockserver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGoAPIGolden keeps what go doc says of each public package, so that a change of the Go API is
// seen where it is reviewed. `make apidiff` compares it with the last release. Of a generated
// package it keeps the list of its names, since the generated file is committed too.
func TestGoAPIGolden(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{
		"client": true, "client/limit": true, "mockserver": true, "mockserver/mocktest": true, "mockserver/control": false,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := []string{"doc"}
			if all {
				arguments = append(arguments, "-all")
			}
			command := exec.CommandContext(t.Context(), "go", append(arguments, module+"/"+name)...)
			got, err := command.Output()
			if err != nil {
				t.Fatalf("go doc: %v", err)
			}
			golden := filepath.Join("..", name, "testdata", "go_doc.golden")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got), -update writes it again:\n%s", golden, diff)
			}
		})
	}
}
