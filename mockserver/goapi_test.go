package mockserver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGoAPIGolden keeps what go doc says of each public package, so that a change of the Go API is
// seen where it is reviewed. `make apidiff` compares it with the last release.
func TestGoAPIGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"client", "client/limit", "mockserver", "mockserver/mocktest"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), "go", "doc", "-all", module+"/"+name)
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
