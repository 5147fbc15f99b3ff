package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pkio-tools/certcentral/mockserver"
)

var update = flag.Bool("update", false, "write the golden texts in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){name: main})
}

// secretKey is the API key of the scripts. No output may have it.
const secretKey = "the-secret-key-of-the-scripts"

// TestScript runs the command as a user would, against a mock. The scripts have these commands in
// addition to those of testscript:
//
//	mock [HOST…]                      starts a mock, which also answers to these host names; sets
//	                                  $MOCK (its address), $CERTCENTRAL_BASE_URL and $CERTCENTRAL_API_KEY
//	exits CODE PROGRAM ARGS…          the program ends with that code, and its output has no secret
//	control METHOD PATH [BODY [FILE]] sends a request to the control API; FILE gets the answer
//	called OPERATION N                the mock was called so often for the operation
//	orders N                          the account has so many orders
//	signaled CODE SIGNAL OPERATION N PROGRAM ARGS…
//	                                  the program gets INT, TERM or KILL once the mock was called N times for the
//	                                  operation, and ends with that code; the file signaled has its output
func TestScript(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Abs(filepath.FromSlash("../../../openapi/examples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", "atexit_sleep_ms=0") // Every process would sleep for a second at its end.
			env.Setenv("EXAMPLES", filepath.Join(examples, "orderPkioOrganisationPerson"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mock":     startMock,
			"exits":    exits,
			"control":  control,
			"called":   called,
			"orders":   orders,
			"signaled": signaled,
		},
	})
}

func startMock(ts *testscript.TestScript, _ bool, hosts []string) {
	options := []mockserver.Option{mockserver.WithQuickKeys()}
	if len(hosts) > 0 {
		options = append(options, mockserver.WithAllowedHosts(hosts...))
	}
	mock, err := mockserver.New(options...)
	ts.Check(err)
	ts.Check(mock.Start("127.0.0.1:0"))
	ts.Defer(func() { ts.Check(mock.Close()) })
	ts.Setenv("MOCK", mock.URL())
	ts.Setenv("CERTCENTRAL_BASE_URL", mock.URL())
	ts.Setenv("CERTCENTRAL_API_KEY", secretKey)
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	err := ts.Exec(args[1], args[2:]...)
	checkCode(ts, args[0], err)
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), secretKey) {
			ts.Fatalf("%s has the API key", stream)
		}
	}
}

func checkCode(ts *testscript.TestScript, want string, err error) {
	got := 0
	if err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if strconv.Itoa(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

func control(ts *testscript.TestScript, _ bool, args []string) {
	body := ""
	if len(args) > 2 {
		body = args[2]
	}
	answer := ask(ts, args[0], args[1], body)
	if len(args) > 3 {
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), answer, 0o600))
	}
}

// ask sends a request to the mock with the key of the scripts.
func ask(ts *testscript.TestScript, method, path, body string) []byte {
	request, err := http.NewRequest(method, ts.Getenv("MOCK")+path, strings.NewReader(body))
	ts.Check(err)
	request.Header.Set("X-DC-DEVKEY", secretKey)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	ts.Check(err)
	if response.StatusCode >= http.StatusMultipleChoices {
		ts.Fatalf("%s %s: %s: %s", method, path, response.Status, answer)
	}
	return answer
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func called(ts *testscript.TestScript, _ bool, args []string) {
	var answer struct {
		Count int `json:"count"`
	}
	ts.Check(json.Unmarshal(ask(ts, http.MethodGet, "/_mock/journal/count?operation="+url.QueryEscape(args[0]), ""), &answer))
	if want := number(ts, args[1]); answer.Count != want {
		ts.Fatalf("%s was called %d times, want %d", args[0], answer.Count, want)
	}
}

func orders(ts *testscript.TestScript, _ bool, args []string) {
	var answer struct {
		Page struct {
			Total int `json:"total"`
		} `json:"page"`
	}
	ts.Check(json.Unmarshal(ask(ts, http.MethodGet, "/services/v2/order/certificate", ""), &answer))
	if want := number(ts, args[0]); answer.Page.Total != want {
		ts.Fatalf("the account has %d orders, want %d", answer.Page.Total, want)
	}
}

func signaled(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}
	program, err := exec.LookPath(args[4])
	ts.Check(err)
	var output bytes.Buffer
	command := exec.Command(program, args[5:]...)
	command.Dir, command.Stdout, command.Stderr = ts.MkAbs("."), &output, &output
	command.Env = append(os.Environ(),
		"CERTCENTRAL_BASE_URL="+ts.Getenv("CERTCENTRAL_BASE_URL"), "CERTCENTRAL_API_KEY="+ts.Getenv("CERTCENTRAL_API_KEY"))
	ts.Check(command.Start())
	ask(ts, http.MethodGet, fmt.Sprintf("/_mock/journal/wait?operation=%s&count=%d&timeout=20s", args[2], number(ts, args[3])), "")
	ts.Check(command.Process.Signal(signals[args[1]]))
	checkCode(ts, args[0], command.Wait())
	ts.Check(os.WriteFile(ts.MkAbs("signaled"), output.Bytes(), 0o600))
}

// The text of --help lists what there is.
func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, nil, &help, &help); code != exitOK {
		t.Fatalf("--help: exit code %d", code)
	}
	words := strings.Fields(help.String())
	for _, command := range []string{"order", "list", "show", "download", "wait", "whoami"} {
		if !slices.Contains(words, command) {
			t.Errorf("--help does not name %s", command)
		}
	}
}
