// Package apidiff_test tests the script that compares the public Go API with the last release.
package apidiff_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	released = "package client\n\n// A User is a user.\ntype User struct{ ID int64 }\n\n// Old is old.\nfunc Old() {}\n"
	extended = released + "\n// Rename renames.\nfunc (*User) Rename() {}\n"
	reduced  = "package client\n\n// A User is a user.\ntype User struct{ ID int64 }\n"
)

// TestRun releases a small module, changes it and runs the script.
func TestRun(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed (Debian: git)")
	}
	script, err := filepath.Abs("run")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		tag, source, changelog string
		passes                 bool
		says                   string
	}{
		"no release":           {"", extended, "", true, "no tag yet"},
		"no change":            {"v0.1.0", released, "", true, "client is as it was in v0.1.0"},
		"an addition":          {"v0.1.0", extended, "", false, "CHANGELOG.md does not tell of (*User).Rename in client"},
		"an addition, told":    {"v0.1.0", extended, "- `Users.Rename` renames.\n", true, "(*User).Rename: added"},
		"only mentioned":       {"v0.1.0", extended, "- Rename.\n", false, "does not tell of (*User).Rename"},
		"a removal":            {"v0.1.0", reduced, "", false, "does not tell of Old"},
		"a removal, told":      {"v0.1.0", reduced, "- `Old` is gone.\n", true, "Old: removed"},
		"a removal after 1":    {"v1.0.0", reduced, "- `Old` is gone.\n", false, "only a new major version may have"},
		"no entry in the log":  {"v0.2.0", released, "", false, "no entry \"## 0.2.0\""},
		"tags of another kind": {"latest", extended, "", true, "no tag yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "go.mod", "module example.org/m\n\ngo 1.26.0\n")
			write(t, dir, "client/client.go", released)
			write(t, dir, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n")
			run(t, dir, "git", "init", "--quiet")
			run(t, dir, "git", "add", ".")
			run(t, dir, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first")
			if tc.tag != "" {
				run(t, dir, "git", "tag", tc.tag)
			}
			write(t, dir, "client/client.go", tc.source)
			write(t, dir, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n"+tc.changelog+"\n## 1.0.0\n\n## 0.1.0\n\n- `Rename`, `Old`.\n")
			command := exec.CommandContext(t.Context(), script, "client")
			command.Dir = dir
			output, err := command.CombinedOutput()
			if (err == nil) != tc.passes || !strings.Contains(string(output), tc.says) {
				t.Errorf("passes: %v, want %v with %q; it says:\n%s", err == nil, tc.passes, tc.says, output)
			}
		})
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, output)
	}
}
