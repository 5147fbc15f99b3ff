package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun runs the tests of small modules. The outputs are parts of what is printed, in this order.
func TestRun(t *testing.T) {
	t.Parallel()
	const good = "package a\n\nimport \"testing\"\n\nfunc TestGood(*testing.T) {}\n"
	skips := func(text string) string {
		return "package a\n\nimport \"testing\"\n\nfunc TestSkip(t *testing.T) { t.Skip(" + text + ") }\n"
	}
	for name, tc := range map[string]struct {
		modules []map[string]string // files by name
		passes  bool
		want    []string
	}{
		"all pass": {
			modules: []map[string]string{{"a/a_test.go": good}},
			passes:  true,
			want:    []string{"ok  \texample.org/m/a", "\n1 passed, 0 failed, 0 skipped\n"},
		},
		"tools are missing": {
			modules: []map[string]string{
				{"a/a_test.go": skips(`"openssl is not installed (Debian: openssl)"`), "b/b_test.go": skips(`"another reason"`)},
				{"a/a_test.go": skips(`"openssl is not installed (Debian: openssl)"`), "b/b_test.go": skips(`"vfyserv is not installed (Debian: libnss3-tools)"`)},
			},
			passes: true,
			want:   []string{"\n0 passed, 0 failed, 4 skipped; missing tools: openssl (2), vfyserv (1)\n"},
		},
		"a test does not compile, and the next module is tested": {
			modules: []map[string]string{{"a/a_test.go": good + "var x int = \"\"\n"}, {"a/a_test.go": good}},
			want:    []string{"cannot use \"\"", "FAIL\texample.org/m/a [build failed]", "ok  \texample.org/m/a", "\n1 passed, 1 failed, 0 skipped\n"},
		},
		"a test panics": {
			modules: []map[string]string{{"a/a_test.go": good + "\nfunc TestPanic(t *testing.T) { t.Log(\"before\"); panic(\"boom\") }\n"}},
			want:    []string{"a_test.go:7: before", "panic: boom", "FAIL\texample.org/m/a", "\n1 passed, 1 failed, 0 skipped\n"},
		},
		"a goroutine of a test panics": {
			modules: []map[string]string{{"a/a_test.go": good + "\nfunc TestPanic(t *testing.T) { go panic(\"boom\"); select {} }\n"}},
			want:    []string{"FAIL\texample.org/m/a", "did not end: example.org/m/a TestPanic\npanic: boom", "\n1 passed, 1 failed, 0 skipped\n"},
		},
		"a process ends too early": {
			modules: []map[string]string{{"a/a_test.go": good, "a/main_test.go": "package a\n\nimport (\n\"os\"\n\"testing\"\n)\n\nfunc TestMain(*testing.M) { os.Exit(3) }\n"}},
			want:    []string{"FAIL\texample.org/m/a", "\n0 passed, 1 failed, 0 skipped\n"},
		},
		"no tests": {
			modules: []map[string]string{{"a/a.go": "package a\n"}},
			want:    []string{": no test was run\n0 passed, 1 failed, 0 skipped\n"},
		},
		"no packages": {
			modules: []map[string]string{{}},
			want:    []string{"FAIL\t", "\n0 passed, 1 failed, 0 skipped\n"},
		},
		"no modules": {
			want: []string{"FAIL\tno folder of a module is given", "\n0 passed, 1 failed, 0 skipped\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{"-norace"}
			for _, files := range tc.modules {
				args = append(args, module(t, files))
			}
			var out bytes.Buffer
			if passes := run(t.Context(), args, &out); passes != tc.passes {
				t.Errorf("passes: %t, want %t", passes, tc.passes)
			}
			rest, found := "\n"+out.String(), true
			for _, want := range tc.want {
				if _, rest, found = strings.Cut(rest, want); !found {
					t.Errorf("printed:\n%s\nwant in it, in this order:\n%q", &out, tc.want)
					break
				}
			}
			if found && rest != "" {
				t.Errorf("%q follows the counts", rest)
			}
		})
	}
}

// module writes a module and returns its folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.org/m\n\ngo 1.26.0\n")
	for name, text := range files {
		write(name, text)
	}
	return dir
}
