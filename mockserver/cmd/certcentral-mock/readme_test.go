package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestReadmeSession runs the session of the README as it stands there, but for the address, and finds in what it prints
// the lines that the README promises, in their order.
func TestReadmeSession(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on this machine; .ci/run installs it", tool)
		}
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "<!-- session -->\n```sh\n")
	session, _, ended := strings.Cut(rest, "```\n")
	if !found || !ended {
		t.Fatal("the README has no session")
	}
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
	const address = "http://127.0.0.1:8080"
	if !strings.Contains(session, address) {
		t.Fatalf("the session does not name %s", address)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "openapi"), filepath.Join(dir, "openapi")); err != nil {
		t.Fatal(err)
	}
	printed := runSession(t.Context(), t, dir, strings.Replace(session, address, mock.URL(), 1))
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
	if promised < 8 {
		t.Errorf("the README promises only %d lines", promised)
	}
}

func runSession(ctx context.Context, t *testing.T, dir, script string) string {
	t.Helper()
	shell := exec.CommandContext(ctx, "bash", "-s")
	shell.Dir, shell.Stdin = dir, strings.NewReader(script)
	var out bytes.Buffer
	shell.Stdout, shell.Stderr = &out, &out
	_ = shell.Run() // its last command exits as it likes
	return out.String()
}
