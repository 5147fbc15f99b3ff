package ca_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// stored makes a hierarchy in a directory and returns both.
func stored(t *testing.T) (string, *ca.Authority) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ca")
	a := authorityAt(t, newHierarchy(ca.WithDirectory(dir), ca.WithPreset(ca.G4), ca.WithCAKey(ca.P256)), time.Now)
	if _, err := a.CAs(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir, a
}

// TestDirectory: the next run has the same CAs and the same address, and recognizes the
// certificates of the previous run.
func TestDirectory(t *testing.T) {
	t.Parallel()
	dir, first := stored(t)
	r := request(ca.Nonrepudiation)
	certificate, err := first.Issue(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ca.New(time.Now, paths(), ca.WithDirectory(dir))
	if err != nil {
		t.Fatal(err)
	}
	if again.Preset() != ca.G4 || again.Base() != base {
		t.Errorf("preset %s and base %s", again.Preset(), again.Base())
	}
	second, err := again.Authority("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	sameCAs(t, first, second, true)
	if err := second.Revoke(t.Context(), ca.KeyCompromise, certificate.Serial); err != nil {
		t.Errorf("a certificate of the first run: %v", err)
	}

	// An authority with another address has new intermediates below the same root. The directory
	// now holds these.
	moved, err := again.Authority("http://other.example.com", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	sameCAs(t, first, moved, false)
	third, err := ca.New(time.Now, paths(), ca.WithDirectory(dir), ca.WithPreset(ca.G4), ca.WithCAKey(ca.P256))
	if err != nil {
		t.Fatal(err)
	}
	if third.Base() != "http://other.example.com" {
		t.Errorf("base %s", third.Base())
	}
	back, err := third.Authority("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	sameCAs(t, moved, back, true)
}

func sameCAs(t *testing.T, one, two *ca.Authority, intermediates bool) {
	t.Helper()
	left, err := one.CAs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	right, err := two.CAs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		if same := bytes.Equal(left[i].DER, right[i].DER); same != (intermediates || left[i].Root()) {
			t.Errorf("%s: the same certificate: %t", left[i].Name, same)
		}
	}
}

// TestDirectoryIsPrivate: other users than the owner may neither read the keys nor write to the
// directory.
func TestDirectoryIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	dir, _ := stored(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%d files, want one: %v", len(entries), entries)
	}
	file := filepath.Join(dir, entries[0].Name())
	for _, name := range []string{dir, file} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %s", name, info.Mode())
		}
	}
	for name, mode := range map[string]os.FileMode{file: 0o640, dir: 0o755} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ca.New(time.Now, paths(), ca.WithDirectory(dir)); err == nil || !strings.Contains(err.Error(), "others can read it") {
			t.Errorf("%s with mode %s: error %v", name, mode, err)
		}
		if err := os.Chmod(name, info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDirectoryRefuses: a wrong file is not changed. The error names the file and does not contain
// its keys.
func TestDirectoryRefuses(t *testing.T) {
	t.Parallel()
	dir, _ := stored(t)
	file := filepath.Join(dir, "hierarchy.json")
	original, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(change func(map[string]any, []any)) []byte {
		var content map[string]any
		if err := json.Unmarshal(original, &content); err != nil {
			t.Fatal(err)
		}
		change(content, content["cas"].([]any))
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	member := func(cas []any, i int) map[string]any { return cas[i].(map[string]any) }
	for message, test := range map[string]struct {
		content []byte
		opts    []ca.Option
	}{
		"not a hierarchy that this program has written": {content: original[:len(original)/2]},
		"version 2 of the format":                       {content: edit(func(c map[string]any, _ []any) { c["version"] = 2 })},
		`CA preset "g9"`:                                {content: edit(func(c map[string]any, _ []any) { c["preset"] = "g9" })},
		"root-g4-eutl is missing":                       {content: edit(func(_ map[string]any, cas []any) { member(cas, 0)["name"] = "other" })},
		"root-g4-eutl: the key is not PEM":              {content: edit(func(_ map[string]any, cas []any) { member(cas, 0)["key"] = "" })},
		"root-g4-eutl: the key is not a private key":    {content: edit(func(_ map[string]any, cas []any) { member(cas, 0)["key"] = member(cas, 0)["certificate"] })},
		"root-g4-eutl: the certificate is not PEM":      {content: edit(func(_ map[string]any, cas []any) { delete(member(cas, 0), "certificate") })},
		"root-g4-eutl: the key doesn't belong":          {content: edit(func(_ map[string]any, cas []any) { member(cas, 0)["key"] = member(cas, 1)["key"] })},
		"intermediate-g4-eutl: the certificate wasn't": {content: edit(func(_ map[string]any, cas []any) {
			member(cas, 1)["certificate"], member(cas, 1)["key"] = member(cas, 4)["certificate"], member(cas, 4)["key"]
		})},
		"holds a hierarchy of preset g4, and g3 was":     {content: original, opts: []ca.Option{ca.WithPreset(ca.G3)}},
		"holds a hierarchy with p256 keys, and rsa4096 ": {content: original, opts: []ca.Option{ca.WithCAKey(ca.RSA4096)}},
	} {
		if err := os.WriteFile(file, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ca.New(time.Now, paths(), append(test.opts, ca.WithDirectory(dir))...)
		if err == nil || !strings.Contains(err.Error(), message) || strings.Contains(err.Error(), "PRIVATE") {
			t.Errorf("error %v, want %q", err, message)
		}
		if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, test.content) {
			t.Errorf("%s: the file was changed", message)
		}
	}
	if _, err := ca.New(time.Now, paths(), ca.WithDirectory(file)); err == nil {
		t.Error("a file is no directory")
	}
}

// TestDirectoryFileIsAFile: a file that is not regular is neither read, since the read could block
// forever, nor replaced.
func TestDirectoryFileIsAFile(t *testing.T) {
	t.Parallel()
	source, _ := stored(t)
	for name, make := range map[string]func(file string) error{
		"directory": func(file string) error { return os.Mkdir(file, 0o700) },
		"link":      func(file string) error { return os.Symlink(filepath.Join(source, "hierarchy.json"), file) },
		"dangling":  func(file string) error { return os.Symlink("nowhere", file) },
		"device":    func(file string) error { return os.Symlink(os.DevNull, file) },
	} {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "hierarchy.json")
		if err := make(file); err != nil {
			t.Logf("%s: %v", name, err) // On Windows most users cannot make links.
			continue
		}
		before, err := os.Lstat(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ca.New(time.Now, paths(), ca.WithDirectory(dir)); err == nil || !strings.Contains(err.Error(), "must be a regular file") {
			t.Errorf("%s: error %v", name, err)
		}
		if after, err := os.Lstat(file); err != nil || !os.SameFile(before, after) {
			t.Errorf("%s: is another one now, %v", name, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s: %v, %v", name, entries, err)
		}
	}
}

// TestDirectoryThroughALink: the directory may be a symbolic link.
func TestDirectoryThroughALink(t *testing.T) {
	t.Parallel()
	dir, first := stored(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	again, err := newHierarchy(ca.WithDirectory(link)).Authority("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	sameCAs(t, first, again, true)
}

// TestDirectoryChanged: a file that another program has replaced or removed stays as it is.
func TestDirectoryChanged(t *testing.T) {
	t.Parallel()
	other, _ := stored(t)
	replacement, err := os.ReadFile(filepath.Join(other, "hierarchy.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range [][]byte{nil, replacement, []byte("notes of the user")} {
		dir, _ := stored(t)
		file := filepath.Join(dir, "hierarchy.json")
		hierarchy, err := ca.New(time.Now, paths(), ca.WithDirectory(dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if content != nil {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		moved, err := hierarchy.Authority("http://other.example.com", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := moved.CAs(t.Context()); err == nil || !strings.Contains(err.Error(), "hierarchy.json: ") {
			t.Errorf("error %v", err)
		}
		if now, err := os.ReadFile(file); content != nil && (err != nil || !bytes.Equal(now, content)) || content == nil && err == nil {
			t.Errorf("the file holds %d bytes, %v", len(now), err)
		}
	}
}

// TestDirectoryOfTwo: two processes that start at the same time in an empty directory use the same
// hierarchy.
func TestDirectoryOfTwo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ca")
	authorities := make([]*ca.Authority, 4)
	for i := range authorities {
		authorities[i] = authorityAt(t, newHierarchy(ca.WithDirectory(dir), ca.WithCAKey(ca.P256)), time.Now)
	}
	var wait sync.WaitGroup
	for _, a := range authorities {
		wait.Go(func() {
			if _, err := a.CAs(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	root := chain(t, authorities[0], ca.Encryption)[2]
	for _, a := range authorities {
		if !bytes.Equal(chain(t, a, ca.Encryption)[2].DER, root.DER) {
			t.Error("the roots differ")
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// TestDirectoryGone: if the file cannot be written, that is the error, and no partial file is left.
func TestDirectoryGone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ca")
	a := authorityAt(t, newHierarchy(ca.WithDirectory(dir), ca.WithCAKey(ca.P256)), time.Now)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := a.CAs(t.Context()); err == nil || !strings.Contains(err.Error(), "ca: directory: ") {
		t.Errorf("error %v", err)
	}
}
