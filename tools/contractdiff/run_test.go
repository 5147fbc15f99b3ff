// Package contractdiff_test tests the script that compares the contracts with the last release.
package contractdiff_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// document is a small contract: its version, what it says of a user, and the type of the user's id.
func document(version, description, kind string) (yaml, json string) {
	yaml = fmt.Sprintf(`openapi: 3.0.3
info:
  title: Users
  version: %s
paths:
  /user:
    get:
      operationId: getUser
      responses:
        "200":
          description: %s
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id:
                    type: %s
`, version, description, kind)
	json = fmt.Sprintf(`{"openapi":"3.0.3","info":{"title":"Users","version":%q},"paths":{"/user":{"get":{"operationId":"getUser",`+
		`"responses":{"200":{"description":%q,"content":{"application/json":{"schema":{"type":"object","required":["id"],`+
		`"properties":{"id":{"type":%q}}}}}}}}}}}`, version, description, kind)
	return yaml, json
}

// TestRun releases a contract, changes it, and compares.
func TestRun(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	script, err := filepath.Abs("run")
	if err != nil {
		t.Fatal(err)
	}
	oasdiff := filepath.Join(t.TempDir(), "oasdiff")
	run(t, ".", "go", "build", "-o", oasdiff, "github.com/oasdiff/oasdiff")
	for name, tc := range map[string]struct { // the subtests end before the folder of oasdiff goes
		tag, was, is      string
		description, kind string
		passes            bool
		says              string
	}{
		"no release":               {"", "0.2.0", "0.2.0", "Another.", "integer", true, "no tag yet"},
		"no change":                {"v0.1.0", "0.2.0", "0.2.0", "A user.", "integer", true, "certcentral 0.2.0 is as it was in v0.1.0"},
		"the version alone":        {"v0.1.0", "0.2.0", "0.2.1", "A user.", "integer", true, "is as it was"},
		"a text":                   {"v0.1.0", "0.2.0", "0.2.0", "Another.", "integer", false, "is 0.2.0 still"},
		"a text, told":             {"v0.1.0", "0.2.0", "0.2.1", "Another.", "integer", true, "0.2.0 then and 0.2.1 now"},
		"a break":                  {"v0.1.0", "0.2.0", "0.2.0", "A user.", "string", false, "is 0.2.0 still"},
		"a break as a repair":      {"v0.1.0", "0.2.0", "0.2.1", "A user.", "string", false, "move the second number"},
		"a break, told":            {"v0.1.0", "0.2.0", "0.3.0", "A user.", "string", true, "`type` changed from `integer` to `string`"},
		"a break after 1":          {"v1.0.0", "1.2.0", "1.3.0", "A user.", "string", false, "move the first number"},
		"a break after 1, told":    {"v1.0.0", "1.2.0", "2.0.0", "A user.", "string", true, "`type` changed from `integer` to `string`"},
		"numbers of two digits":    {"v0.1.0", "0.2.0", "0.20.0", "A user.", "string", true, "`type` changed from `integer` to `string`"},
		"a version that goes back": {"v0.1.0", "0.10.0", "0.9.0", "Another.", "integer", false, "went back"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, tc.was, "A user.", "integer")
			run(t, dir, "git", "init", "--quiet")
			run(t, dir, "git", "add", ".")
			run(t, dir, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first")
			if tc.tag != "" {
				run(t, dir, "git", "tag", tc.tag)
			}
			write(t, dir, tc.is, tc.description, tc.kind)
			command := exec.CommandContext(t.Context(), script)
			command.Dir, command.Env = dir, append(os.Environ(), "OASDIFF="+oasdiff)
			output, err := command.CombinedOutput()
			if (err == nil) != tc.passes || !strings.Contains(string(output), tc.says) {
				t.Errorf("passes: %v, want %v with %q; it says:\n%s", err == nil, tc.passes, tc.says, output)
			}
		})
	}
}

func write(t *testing.T, dir, version, description, kind string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "gen", "spec"), 0o700); err != nil {
		t.Fatal(err)
	}
	yaml, json := document(version, description, kind)
	for name, text := range map[string]string{"certcentral.yaml": yaml, "spec/certcentral.json": json} {
		if err := os.WriteFile(filepath.Join(dir, "gen", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
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
