package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pkio-tools/certcentral/gen"
)

var update = flag.Bool("update", false, "write the golden texts in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){name: main})
}

// TestScript runs the command as a user would. The scripts have these commands in addition to those
// of testscript:
//
//	exits CODE PROGRAM ARGS…   the program ends with that code
//	await FILE [OLD]           an address file appears that says neither http://127.0.0.1:1 nor OLD; sets $URL and $ADDR (host:port) from it
//	gone FILE                  a file disappears
//	signal NAME                sends INT, TERM or HUP to the programs in the background
//	hang                       sends half a request to $ADDR and leaves it open until the script ends
//	server STATUS              a server that answers everything with that status listens at $FAKE
//	freeport                   sets $FREE to a loopback address on which nothing listens
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0") // Every process would sleep for a second at its end.
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"await":    await,
			"gone":     gone,
			"signal":   signalAll,
			"hang":     hang,
			"server":   fakeServer,
			"freeport": freePort,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	poll(ts, path+" appears", func() bool {
		data, err := os.ReadFile(path)
		return err == nil && !slices.Contains(append(args[1:], "http://127.0.0.1:1"), strings.TrimSuffix(string(data), "\n"))
	})
	url := strings.TrimSuffix(ts.ReadFile(path), "\n")
	ts.Setenv("URL", url)
	ts.Setenv("ADDR", strings.TrimPrefix(url, "http://"))
}

func gone(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	poll(ts, path+" disappears", func() bool {
		_, err := os.Stat(path)
		return errors.Is(err, os.ErrNotExist)
	})
}

// poll waits for something that another process does.
func poll(ts *testscript.TestScript, what string, done func() bool) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-limit.C:
			ts.Fatalf("waited in vain until %s", what)
		}
	}
}

func signalAll(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(signals[args[0]]))
	}
}

func hang(ts *testscript.TestScript, _ bool, _ []string) {
	conn, err := net.Dial("tcp", ts.Getenv("ADDR"))
	ts.Check(err)
	ts.Defer(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /services/v2/organization HTTP/1.1\r\nHost: %s\r\nX-DC-DEVKEY: hang\r\n"+
		"Content-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n", ts.Getenv("ADDR"))
	ts.Check(err)
	// The server asks for the body once a handler reads it, so the request is under way from here
	// on.
	_, err = conn.Read(make([]byte, 1))
	ts.Check(err)
}

func fakeServer(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	ts.Defer(server.Close)
	ts.Setenv("FAKE", server.URL)
}

func freePort(ts *testscript.TestScript, _ bool, _ []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("FREE", listener.Addr().String())
	ts.Check(listener.Close())
}

// The greeting places the sample order, which can stand between single quotes.
func TestExampleOrder(t *testing.T) {
	t.Parallel()
	var got, want any
	if err := errors.Join(json.Unmarshal([]byte(exampleOrder()), &got), json.Unmarshal([]byte(gen.ExampleOrder), &want)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) || strings.Contains(exampleOrder(), "'") {
		t.Errorf("not the sample order, or with a single quote, which would end the shell's: %s", exampleOrder())
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"127.0.0.1:8080":     "127.0.0.1:8080",
		"localhost:8080":     "localhost:8080",
		"192.0.2.1:8080":     "192.0.2.1:8080",
		"[::1]:8080":         "[::1]:8080",
		"0.0.0.0:8080":       "127.0.0.1:8080",
		"[::]:8080":          "127.0.0.1:8080",
		":8080":              "127.0.0.1:8080",
		"no address, really": "no address, really",
	} {
		if got := reachable(addr); got != want {
			t.Errorf("reachable(%q) = %q, want %q", addr, got, want)
		}
	}
}

// Every setting has a variable, and a wrong value in it is reported under the variable's name.
func TestEverySettingHasAVariable(t *testing.T) {
	t.Parallel()
	wrong := map[string]string{
		"CERTCENTRAL_MOCK_WAIT_FOR_CAS":           "perhaps",
		"CERTCENTRAL_MOCK_ADDR":                   "8080",
		"CERTCENTRAL_MOCK_API_KEYS":               filepath.Join(t.TempDir(), "none"),
		"CERTCENTRAL_MOCK_BALANCE":                "1.234",
		"CERTCENTRAL_MOCK_NEGATIVE_BALANCE_LIMIT": "none",
		"CERTCENTRAL_MOCK_APPROVAL":               "perhaps",
		"CERTCENTRAL_MOCK_TOLERANCE":              "some",
		"CERTCENTRAL_MOCK_LIFE":                   "eternal",
		"CERTCENTRAL_MOCK_TOKEN_CHAIN":            "short",
		"CERTCENTRAL_MOCK_CONTROL_TOKEN":          "a secret",
		"CERTCENTRAL_MOCK_RATE_LIMIT":             "100",
		"CERTCENTRAL_MOCK_ALLOWED_HOSTS":          "http://mock.example.com",
		"CERTCENTRAL_MOCK_CHECK_RESPONSES":        "perhaps",
		"CERTCENTRAL_MOCK_MAX_ACCOUNTS":           "0",
		"CERTCENTRAL_MOCK_MAX_ORDERS":             "many",
		"CERTCENTRAL_MOCK_LOG_REQUESTS":           "perhaps",
		"CERTCENTRAL_MOCK_JOURNAL":                "perhaps",
		"CERTCENTRAL_MOCK_LOG_LEVEL":              "loud",
		"CERTCENTRAL_MOCK_LOG_FORMAT":             "xml",
		"CERTCENTRAL_MOCK_CA_PRESET":              "g5",
		"CERTCENTRAL_MOCK_CA_KEY":                 "dsa",
		"CERTCENTRAL_MOCK_TOKEN_KEY":              "rsa1024",
		"CERTCENTRAL_MOCK_QUICK_KEYS":             "perhaps",
		"CERTCENTRAL_MOCK_BASE_URL":               "mock.example.com",
	}
	var help bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, nil, &help, &help); code != exitOK {
		t.Fatalf("--help: exit code %d", code)
	}
	for variable, value := range wrong {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), nil, []string{variable + "=" + value}, &stdout, &stderr)
		if code != exitUsage || !strings.HasPrefix(stderr.String(), name+": "+variable+": must be ") ||
			strings.Count(stderr.String(), "\n") != 1 || stdout.Len() > 0 {
			t.Errorf("%s=%s: exit code %d, stdout %q, stderr %q", variable, value, code, &stdout, &stderr)
		}
	}
	if got, want := strings.Count(help.String(), "[$"+variablePrefix), len(wrong)+2; got != want { // An --addr-file and a --ca-dir can't look wrong.
		t.Errorf("help names %d variables, want %d", got, want)
	}
}

func TestReadKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i, test := range []struct {
		content, err string
		keys         []string
	}{
		{content: "# two keys\n\none\r\n  two  \n", keys: []string{"one", "two"}},
		{content: "\ufeffone", keys: []string{"one"}},
		{content: "invalid-1\n#one\n", keys: []string{"invalid-1"}},
		{content: "", err: "must be a file with one API key a line: the file holds none"},
		{content: " \n# nothing\n", err: "must be a file with one API key a line: the file holds none"},
		{content: "secret\n\nother\nsecret\n", err: "must be a file with each API key once: line 4 repeats line 1"},
		{content: "other\nsecret, secret\n", err: "must be a file with one API key a line, of at most 256 printable ASCII characters: line 2 holds something else"},
		{content: strings.Repeat("k", 257), err: "must be a file with one API key a line, of at most 256 printable ASCII characters: line 1 holds something else"},
		{content: "s\u00e9cret\n", err: "must be a file with one API key a line, of at most 256 printable ASCII characters: line 1 holds something else"},
	} {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		keys, err := readKeys(path)
		if test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("%q: error %v, want %s", test.content, err, test.err)
			}
		} else if err != nil || !reflect.DeepEqual(keys, test.keys) {
			t.Errorf("%q: %q, %v", test.content, keys, err)
		}
	}
	// A key that was given in place of a file stays out of the message.
	if _, err := readKeys(filepath.Join(dir, "secret")); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a file that is missing: %v", err)
	}
}

func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	env := environment([]string{
		"HOME=/", "CERTCENTRAL_MOCK_ADDR=:1", "CERTCENTRAL_MOCK_ADDRESS=:1", "CERTCENTRAL_MOCK_API_KEY=k", "CERTCENTRAL_API_KEY=k",
		"CERTCENTRAL_MOCK_HELP=1", "CERTCENTRAL_MOCK_SERVICE_HOST=10.0.0.1", "CERTCENTRAL_MOCK_PORT_8080_TCP=x", "odd",
	})
	want := []string{"CERTCENTRAL_MOCK_ADDRESS", "CERTCENTRAL_MOCK_API_KEY", "CERTCENTRAL_MOCK_HELP"}
	if got := unknownVariables(env); !reflect.DeepEqual(got, want) {
		t.Errorf("unknownVariables = %q, want %q", got, want)
	}
}
