package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestReadme runs the session of the README as it stands there, but for the address.
func TestReadme(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not installed (Debian: dash)")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- command -->\n```sh\n(.*?)```\n").FindSubmatch(text)
	const address = "http://127.0.0.1:8080"
	if len(block) == 0 || !strings.Contains(string(block[1]), address) {
		t.Fatalf("the README has no block that is marked command and names %s", address)
	}
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "openapi"), filepath.Join(dir, "openapi")); err != nil {
		t.Skip(err)
	}
	session := exec.CommandContext(t.Context(), "sh", "-ec", strings.ReplaceAll(string(block[1]), address, mock.URL))
	session.Dir = dir
	output, err := session.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	file, err := os.ReadFile(filepath.Join(dir, "ada.pem"))
	if err != nil || !strings.HasPrefix(string(file), "-----BEGIN CERTIFICATE-----") {
		t.Errorf("ada.pem holds %q, error %v", file, err)
	}
	if !strings.Contains(string(output), "\n843668399   issued ") {
		t.Errorf("the order is not in the list:\n%s", output)
	}
}

// The README names every command and every exit code.
func TestReadmeIsComplete(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.FromSlash("../../../README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## From the command line\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range []string{
		"certcentral order FILE`", "certcentral list`", "certcentral show ID`", "certcentral download ID`", "certcentral wait ID`",
		"certcentral whoami`",
	} {
		if !strings.Contains(section, "\n| `"+row) {
			t.Errorf("the README has no row for %s", row)
		}
	}
	for _, code := range regexp.MustCompile(`(?m)^  ([0-9]+) `).FindAllStringSubmatch(description, -1) {
		if !strings.Contains(section, "\n| "+code[1]+" |") && !strings.Contains(section, "\n| "+code[1]+", ") {
			t.Errorf("the README has no row for the exit code %s", code[1])
		}
	}
}
