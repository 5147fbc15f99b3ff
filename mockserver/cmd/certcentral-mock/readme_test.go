package main

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// readmeAddress is where the mock listens in the README.
const readmeAddress = "http://127.0.0.1:8080"

// root is the folder of the project.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// readme returns the block of the README that is marked with this name.
func readme(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)<!-- " + name + " -->\n```[a-z]+\n(.*?)```\n").FindSubmatch(text)
	if found == nil {
		t.Fatalf("the README has no block that is marked %s", name)
	}
	return string(found[1])
}

// replace puts something in the place of what the README says, which must be there.
func replace(t *testing.T, text, old, replacement string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the block does not say %s:\n%s", old, text)
	}
	return strings.ReplaceAll(text, old, replacement)
}

func needTools(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%[1]s is not installed (Debian: %[1]s)", tool)
		}
	}
}

// A shellRun is what has become of a script.
type shellRun struct {
	code int
	out  string // standard output and standard error
}

// runShell runs a script in a folder, with a folder of its own for temporary files, which it has to
// leave empty.
func runShell(t *testing.T, shell, dir, script string, environ ...string) shellRun {
	t.Helper()
	temporary := t.TempDir()
	command := exec.CommandContext(t.Context(), shell, "-")
	command.Dir, command.Stdin = dir, strings.NewReader(script)
	command.Env = append(append(os.Environ(), "TMPDIR="+temporary), environ...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	if failed, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatalf("%s: %v %v", shell, err, failed)
	}
	if left := names(t, temporary); len(left) > 0 {
		t.Errorf("left behind in the folder for temporary files: %q", left)
	}
	return shellRun{command.ProcessState.ExitCode(), out.String()}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

// clone is a folder that looks like a clone to the sessions of the README, which have to leave it
// as it is.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root(t), "openapi"), filepath.Join(dir, "openapi")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left := names(t, dir); len(left) != 1 {
			t.Errorf("the session left files in the clone: %q", left)
		}
	})
	return dir
}

// TestReadmeSessions runs the sessions of the README as they stand there, but for the address, and
// finds in what they print the lines that the README promises, in their order.
func TestReadmeSessions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		shell    string
		promises int
	}{
		"curl":    {"bash", 1},
		"session": {"bash", 8},
		"trouble": {"bash", 10},
		"python":  {"python3", 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needTools(t, tc.shell, "curl", "openssl")
			authority, err := mockserver.NewCA(mockserver.CAKey(mockserver.RSA2048)) // for speed; everything else is as by default
			if err != nil {
				t.Fatal(err)
			}
			mock, err := mockserver.New(mockserver.WithCA(authority))
			if err != nil {
				t.Fatal(err)
			}
			if err := mock.Start("127.0.0.1:0"); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = mock.Close() })
			session := readme(t, name)
			printed := runShell(t, tc.shell, clone(t), replace(t, session, readmeAddress, mock.URL())).out
			promised := 0
			for line := range strings.Lines(session) {
				promise, is := strings.CutPrefix(strings.TrimSpace(line), "#> ")
				if !is {
					continue
				}
				promised++
				_, after, kept := strings.Cut(printed, promise)
				if !kept {
					t.Fatalf("%q is not printed where the README promises it; the session printed after the line before:\n%s", promise, printed)
				}
				printed = after
			}
			if promised < tc.promises {
				t.Errorf("the README promises only %d lines", promised)
			}
		})
	}
}

// TestReadmeCI runs the block for CI in the shells that CI systems have, in a folder where an
// earlier run has left its address file.
func TestReadmeCI(t *testing.T) {
	t.Parallel()
	const left = "http://127.0.0.1:9\n"
	const runner = "go test ./..."
	for _, shell := range []string{"bash", "sh"} {
		for name, tc := range map[string]struct {
			runner  string
			environ []string
			code    int
			check   func(t *testing.T, out string)
		}{
			"tests pass": {
				runner: `certcentral-mock healthcheck "$CERTCENTRAL_BASE_URL" && test -n "$CERTCENTRAL_API_KEY" && echo "ran at $CERTCENTRAL_BASE_URL"`,
				check:  ended,
			},
			"tests fail": {runner: `echo "ran at $CERTCENTRAL_BASE_URL"; sh -c 'exit 7'`, code: 7, check: ended},
			"tests end the mock": {
				runner: `kill "$mock"; wait "$mock"; echo "ran at $CERTCENTRAL_BASE_URL"; sh -c 'exit 7'`, code: 7, check: ended,
			},
			"the mock does not start": {
				runner: "echo ran", environ: []string{"CERTCENTRAL_MOCK_BALANCE=lots"}, code: 1,
				check: func(t *testing.T, out string) {
					t.Helper()
					if strings.Contains(out, "ran") || !strings.Contains(out, "CERTCENTRAL_MOCK_BALANCE: must be") {
						t.Errorf("printed %s", out)
					}
				},
			},
		} {
			t.Run(shell+"/"+name, func(t *testing.T) {
				t.Parallel()
				needTools(t, shell)
				dir := t.TempDir()
				stale := filepath.Join(dir, "mock.url")
				if err := os.WriteFile(stale, []byte(left), 0o600); err != nil {
					t.Fatal(err)
				}
				got := runShell(t, shell, dir, replace(t, readme(t, "ci"), runner, tc.runner), tc.environ...)
				if got.code != tc.code {
					t.Errorf("exit code %d, want %d; printed:\n%s", got.code, tc.code, got.out)
				}
				tc.check(t, got.out)
				if now, err := os.ReadFile(stale); err != nil || string(now) != left || len(names(t, dir)) != 1 {
					t.Errorf("the folder holds %q, the file of the earlier run %q, %v", names(t, dir), now, err)
				}
			})
		}
	}
}

// ended checks that the tests have run against a mock that is gone now.
func ended(t *testing.T, out string) {
	t.Helper()
	found := regexp.MustCompile(`ran at http://(\S+)`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("the tests did not run; printed:\n%s", out)
	}
	if connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", found[1]); err == nil {
		_ = connection.Close()
		t.Errorf("the mock still listens at %s", found[1])
	}
}

// TestReadmeProject follows the README in the module of a user: the commands that take the project
// from a clone, the program and the test as they stand there, and the block for CI around all
// tests.
func TestReadmeProject(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles a module of its own")
	}
	needTools(t, "sh")
	dir, bin := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("main.go", readme(t, "program"))
	write("main_test.go", `package main

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

`+readme(t, "test"))
	write("program_test.go", `package main

import "testing"

func TestProgram(t *testing.T) { main() } // which fails without the variables that the block for CI sets
`)
	// Offline: a machine that runs this test has downloaded what the module needs, and go.sum
	// vouches for it.
	sums, err := os.ReadFile(filepath.Join(root(t), "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write("go.sum", string(sums))
	environ := []string{
		"GOBIN=" + bin, "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOSUMDB=off",
		"PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
	}
	install := replace(t, readme(t, "install"), "../certcentral", root(t))
	if got := runShell(t, "sh", dir, "set -e\ngo mod init example.com/orders\n"+install, environ...); got.code != 0 {
		t.Fatalf("exit code %d; printed:\n%s", got.code, got.out)
	}
	if _, err := os.Stat(filepath.Join(bin, name)); err != nil {
		t.Errorf("the command was not installed: %v", err)
	}
	if got := runShell(t, "sh", dir, replace(t, readme(t, "ci"), "go test ./...", "go test -v ./..."), environ...); got.code != 0 ||
		!strings.Contains(got.out, "--- PASS: TestOrdering") || !strings.Contains(got.out, "843668399\n") {
		t.Errorf("exit code %d; printed:\n%s", got.code, got.out)
	}
}
