package mockserver_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pkio-tools/certcentral/mockserver"
)

var update = flag.Bool("update", false, "record what the mock answers as the expected responses and examples, and go doc of the public packages")

const (
	vectorDir  = "testdata/contract"
	exampleDir = "../openapi/examples"
)

// vectorClock is the time at which every vector runs.
func vectorClock() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

// TestVectors replays every case of testdata/contract, whose README describes their form.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, path := range vectorFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			replay(t, path)
		})
	}
}

func vectorFiles(tb testing.TB) []string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join(vectorDir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no vectors in %s: %v", vectorDir, err)
	}
	return paths
}

func replay(t *testing.T, path string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	options := []mockserver.Option{
		// CAs of its own, so that healthz does not report the keys that another test has made.
		mockserver.WithQuickKeys(), mockserver.WithCA(newCA(t, mockserver.CAClock(vectorClock), mockserver.CAKey(mockserver.P256))), mockserver.WithClock(vectorClock),
		mockserver.WithResponseCheck(func(err error) { t.Errorf("the answer breaks the contract: %v", err) }),
	}
	var server *mockserver.Server
	var answer *http.Response
	waits := true
	handedOut := map[string]string{} // by the placeholder that stands for it in a later request
	for i := range archive.Files {
		section := &archive.Files[i]
		kind, example, _ := strings.Cut(section.Name, " ")
		switch kind {
		case "server":
			options = append(options, serverOptions(t, string(section.Data))...)
			waits = !strings.Contains(string(section.Data), "no-settle")
		case "request":
			if server == nil {
				if server, err = mockserver.New(options...); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = server.Close() })
			}
			request := string(section.Data)
			for placeholder, value := range handedOut {
				request = strings.ReplaceAll(request, placeholder, value)
			}
			repeated, _ := strconv.Atoi(example) // nothing: once
			for range max(1, repeated) {
				answer = send(t, server, []byte(request))
			}
			body := peek(t, answer)
			for placeholder, form := range placeholders() {
				if match := form.FindStringSubmatch(body); match != nil {
					handedOut[placeholder] = match[1]
				}
			}
			if waits {
				settle(t, server, request, answer.StatusCode)
			}
			if answer.StatusCode == http.StatusBadRequest {
				checkRules(t, string(section.Data), body)
			}
		case "response":
			got := formatResponse(t, answer, section.Data)
			if *update {
				section.Data = got
			} else if diff := cmp.Diff(string(section.Data), string(got)); diff != "" {
				t.Errorf("section %d (-want +got):\n%s", i+1, diff)
			}
			if example != "" {
				checkExample(t, example, got)
			}
		default:
			t.Fatalf("section %d: %q is not server, request or response", i+1, section.Name)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// serverOptions reads lines such as "balance 0.00".
func serverOptions(t *testing.T, text string) []mockserver.Option {
	t.Helper()
	var options []mockserver.Option
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, _ := strconv.Atoi(value)
		switch name {
		case "balance":
			options = append(options, mockserver.WithBalance(value))
		case "negative-balance-limit":
			options = append(options, mockserver.WithNegativeBalanceLimit(value))
		case "ca-preset":
			options = append(options, mockserver.WithCA(newCA(t, mockserver.CAClock(vectorClock), mockserver.CAPreset(mockserver.Preset(value)), mockserver.CAKey(mockserver.P256))))
		case "token-key":
			options = append(options, mockserver.WithTokenKey(mockserver.KeyKind(value)))
		case "life":
			options = append(options, mockserver.WithLife(mockserver.Life(value)))
		case "approval":
			options = append(options, mockserver.WithApproval(mockserver.Approval(value)))
		case "tolerance":
			options = append(options, mockserver.WithTolerance(value == "on"))
		case "validation":
			options = append(options, mockserver.WithValidation(mockserver.Validation(value)))
		case "clock":
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				t.Fatal(err)
			}
			options = append(options, mockserver.WithStartTime(at))
		case "control-token":
			options = append(options, mockserver.WithControlToken(value))
		case "rate-limit":
			options = append(options, mockserver.WithRateLimit(mockserver.RateLimit{Requests: n, Window: 5 * time.Second}))
		case "max-accounts":
			options = append(options, mockserver.WithMaxAccounts(n))
		case "max-orders":
			options = append(options, mockserver.WithMaxOrders(n))
		case "allowed-hosts":
			options = append(options, mockserver.WithAllowedHosts(strings.Split(value, ",")...))
		case "journal":
			options = append(options, mockserver.WithJournal(value != "false"))
		case "no-settle": // a setting of this test, not of the mock
		case "api-keys":
			options = append(options, mockserver.WithAPIKeys(strings.Fields(value)...))
		default:
			t.Fatalf("unknown option %q", name)
		}
	}
	return options
}

// send sends a request in the form: a line with method and path, headers, an empty line, the body.
func send(t *testing.T, handler http.Handler, text []byte) *http.Response {
	t.Helper()
	head, body, _ := bytes.Cut(text, []byte("\n\n"))
	lines := bufio.NewScanner(bytes.NewReader(head))
	lines.Scan()
	method, target, ok := strings.Cut(lines.Text(), " ")
	if !ok {
		t.Fatalf("request line %q", lines.Text())
	}
	// A body of blanks stands for one that is too large to write down.
	if filler, found := bytes.CutPrefix(body, []byte("@blanks ")); found {
		n, err := strconv.Atoi(strings.TrimSpace(string(filler)))
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.Repeat([]byte(" "), n)
	}
	// As it would arrive at a mock that listens on the loopback interface.
	local := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080})
	r := httptest.NewRequestWithContext(local, method, target, bytes.NewReader(body))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// madeKey is the form of the API keys that the mock makes, which are random.
func madeKey() *regexp.Regexp { return regexp.MustCompile(`mock-[0-9a-f]{32}`) }

// placeholders are names in a request for values of an earlier answer.
func placeholders() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"{{key}}":        regexp.MustCompile(`"(mock-[0-9a-f]{32})"`),
		"{{serial}}":     regexp.MustCompile(`"serial_number":\s*"([0-9A-F]{38})"`),
		"{{thumbprint}}": regexp.MustCompile(`"thumbprint":\s*"([0-9A-F]{40})"`),
		"{{init_code}}":  regexp.MustCompile(`"init_code":\s*"([0-9a-f]{16})"`),
		"{{pin}}":        regexp.MustCompile(`"pin":\s*"([0-9]{8})"`),
	}
}

// settle waits until the background work of a request is done, so that the next request has one
// possible answer.
func settle(t *testing.T, server *mockserver.Server, request string, status int) {
	t.Helper()
	if strings.HasPrefix(request, "GET ") || status/100 != 2 {
		return
	}
	key := regexp.MustCompile(`(?m)^X-DC-DEVKEY: (\S+)$`).FindStringSubmatch(request)
	if key == nil {
		return
	}
	answer := send(t, server, []byte("POST /_mock/settle?timeout=100\nX-DC-DEVKEY: "+key[1]+"\n"))
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusConflict {
		t.Fatal("the account has not settled")
	}
}

// peek returns the body of an answer and leaves it to be read again.
func peek(t *testing.T, answer *http.Response) string {
	t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return string(body)
}

// checkRules holds a refusal to what the contract lets expect of the operation: codes that every
// broken schema has, and those of its x-domain-rules, by which a reader or a test tool tells a
// domain rule from a fault of the mock.
func checkRules(t *testing.T, request, body string) {
	t.Helper()
	line, _, _ := strings.Cut(request, "\n")
	op := findOperation(t, line)
	if op == nil {
		return
	}
	var envelope struct {
		Errors []struct {
			Code string `json:"code"`
		} `json:"errors"`
	}
	if err := json.Unmarshal([]byte(body), &envelope); err != nil {
		t.Fatal(err)
	}
	known := append([]string{"missing_field", "invalid_field", "unknown_field", "too_many_errors", "bad_request_format"}, op.DomainRules...)
	for _, one := range envelope.Errors {
		if code, _, _ := strings.Cut(one.Code, "|"); !slices.Contains(known, code) {
			t.Errorf("%s refuses with %s, which is none of its x-domain-rules", op.ID, code)
		}
	}
}

// formatResponse writes an answer as the vector would: the status, the headers that the vector
// names and always the content type, an empty line, and the body with its members sorted. Keys that
// the mock made are all zeros there.
func formatResponse(t *testing.T, answer *http.Response, expected []byte) []byte {
	t.Helper()
	if answer == nil {
		t.Fatal("a response without a request before it")
	}
	defer answer.Body.Close()
	var out bytes.Buffer
	fmt.Fprintln(&out, answer.StatusCode)
	headers := map[string]bool{"Content-Type": true, "Allow": true, "X-Mock-Fault": true}
	head, _, _ := bytes.Cut(expected, []byte("\n\n"))
	for line := range strings.Lines(string(head)) {
		if name, _, ok := strings.Cut(line, ": "); ok {
			headers[name] = true
		}
	}
	names := make([]string, 0, len(headers))
	for name := range headers {
		if answer.Header.Get(name) != "" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&out, "%s: %s\n", name, answer.Header.Get(name))
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		out.WriteByte('\n')
		out.Write(formatBody(t, answer.Header.Get("Content-Type"), body))
	}
	return out.Bytes()
}

// formatBody writes a body as a vector does. What chance decides, and what is secret, is replaced:
// the digits of keys, serial numbers, thumbprints and PINs by zeros, and what stands between the
// lines of a PEM block. A file that is no text is only named, an archive with its files.
func formatBody(t *testing.T, kind string, body []byte) []byte {
	t.Helper()
	switch kind {
	case "application/json":
		body = indented(t, body)
	case "text/csv", "application/x-pem-file", "application/x-pkcs7-certificates":
	case "application/zip":
		archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"@zip"}
		for _, file := range archive.File {
			names = append(names, file.Name)
		}
		return []byte(strings.Join(names, " ") + "\n")
	default:
		return []byte("@octets\n")
	}
	body = regexp.MustCompile(`certcentral-mock/[^"]+`).ReplaceAll(body, []byte("certcentral-mock/v0.0.0"))
	body = madeKey().ReplaceAll(body, []byte("mock-"+strings.Repeat("0", 32)))
	body = regexp.MustCompile(`"pin": "[0-9]{8}"`).ReplaceAll(body, []byte(`"pin": "00000000"`))
	body = regexp.MustCompile(`\b[0-9A-F]{38}(?:[0-9A-F]{2})?\b`).ReplaceAllFunc(body, func(number []byte) []byte {
		return bytes.Repeat([]byte("0"), len(number))
	})
	return regexp.MustCompile(`(-----BEGIN [A-Z0-9 ]+-----)[^-]*(-----END)`).ReplaceAllFunc(body, func(block []byte) []byte {
		newline := "\n"
		if kind == "application/json" {
			newline = `\n`
		}
		return regexp.MustCompile(`-----[^-]*-----E`).ReplaceAll(block, []byte("-----"+newline+"MII..."+newline+"-----E"))
	})
}

func indented(t *testing.T, body []byte) []byte {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("the body is not JSON: %v\n%s", err, body)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// checkExample holds an example of the contract to what the mock answered.
func checkExample(t *testing.T, name string, response []byte) {
	t.Helper()
	path := filepath.Join(exampleDir, name+".response.json")
	_, body, _ := bytes.Cut(response, []byte("\n\n"))
	if len(body) == 0 {
		t.Fatalf("example %s: the answer has no body to make an example of; take the name out of the vector", name)
	}
	if *update {
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(body)); diff != "" {
		t.Errorf("example %s (-want +got):\n%s", name, diff)
	}
}
