package main

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAddressFileOfAnother: a file that a user or another mock writes to the path while a mock
// starts stays as it is, both before the mock has claimed the path and after.
func TestAddressFileOfAnother(t *testing.T) {
	t.Parallel()
	const ours, theirs, gone = "http://127.0.0.1:2", "http://127.0.0.1:3\n", "http://127.0.0.1:1\n"
	for name, content := range map[string]string{"mock": theirs, "user": "precious\n", "empty": ""} {
		for before, left := range map[string]string{"free": "", "stale": gone} {
			t.Run(name+"/"+before, func(t *testing.T) {
				t.Parallel()
				put := func(path, content string) {
					if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				started := func() *addressFile {
					file := &addressFile{path: filepath.Join(t.TempDir(), "addr")}
					if left != "" {
						put(file.path, left)
					}
					if err := file.check(t.Context()); err != nil {
						t.Fatal(err)
					}
					return file
				}
				early := started()
				put(early.path, content)
				if err := early.claim(); err == nil || !strings.Contains(err.Error(), early.path) {
					t.Errorf("claiming what was written before: %v", err)
				}
				late := started()
				if err := late.claim(); err != nil {
					t.Fatal(err)
				}
				put(late.path, content)
				if err := late.write(ours); err == nil || !strings.Contains(err.Error(), "another program has written "+late.path) {
					t.Errorf("writing over what was written before: %v", err)
				}
				for _, file := range []*addressFile{early, late} {
					file.remove(slog.New(slog.DiscardHandler))
					text, err := os.ReadFile(file.path)
					entries, _ := os.ReadDir(filepath.Dir(file.path))
					if err != nil || string(text) != content || len(entries) != 1 {
						t.Errorf("the file holds %q, error %v, beside %v", text, err, entries)
					}
				}
			})
		}
	}
}

// TestAddressFileOfBusyMock: a mock that takes the connection and does not answer may be alive, so
// that its file stays.
func TestAddressFileOfBusyMock(t *testing.T) {
	t.Parallel()
	busy, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	file := &addressFile{path: filepath.Join(t.TempDir(), "addr")}
	if err := os.WriteFile(file.path, []byte("http://"+busy.Addr().String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := file.check(t.Context()); err == nil || !strings.Contains(err.Error(), "has not said within 1s whether it still runs") {
		t.Errorf("check: %v", err)
	}
}
