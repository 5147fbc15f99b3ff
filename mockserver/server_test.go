package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pkio-tools/certcentral/mockserver"
)

func TestMain(m *testing.M) {
	// net/http waits half a second before it closes the connection of a body that was too large,
	// and Close does not wait for that.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"),
		// Making an RSA key cannot be stopped; nothing waits for it once its server is closed.
		goleak.IgnoreAnyFunction("github.com/pkio-tools/certcentral/mockserver/internal/ca.GenerateKey"))
}

const patience = 10 * time.Second // the limit for events that a sound server causes at once

// ask sends a request to a handler. Headers come in pairs; there is a key and a content type unless
// they say otherwise.
func ask(tb testing.TB, handler http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, strings.NewReader(body))
	r.Header.Set("X-DC-DEVKEY", "test")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func newMock(tb testing.TB, opts ...mockserver.Option) *mockserver.Server {
	tb.Helper()
	checked := mockserver.WithResponseCheck(func(err error) { tb.Errorf("the answer breaks the contract: %v", err) })
	mock, err := mockserver.New(append([]mockserver.Option{mockserver.WithQuickKeys(), mockserver.WithClock(vectorClock), checked}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return mock
}

// codes reads the codes of an error envelope.
func codes(tb testing.TB, body []byte) []string {
	tb.Helper()
	var envelope struct {
		Errors []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || len(envelope.Errors) == 0 {
		tb.Fatalf("no error envelope (%v): %.300s", err, body)
	}
	var all []string
	for _, one := range envelope.Errors {
		if one.Code == "" || one.Message == "" {
			tb.Errorf("an error without code or message: %.300s", body)
		}
		all = append(all, one.Code)
	}
	return all
}

// A wire is a connection that is spoken to in plain text. Nothing on it takes longer than patience.
type wire struct {
	testing.TB
	net.Conn
	in *bufio.Reader
}

func dial(tb testing.TB, mock *mockserver.Server) *wire {
	tb.Helper()
	connection, err := new(net.Dialer).DialContext(tb.Context(), "tcp", strings.TrimPrefix(mock.URL(), "http://"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		tb.Fatal(err)
	}
	return &wire{tb, connection, bufio.NewReader(connection)}
}

// say writes text; that the other side has closed its end already is no fault of the test.
func (w *wire) say(text string) {
	w.Helper()
	_, _ = io.WriteString(w.Conn, text)
}

// An answer is one whose body has been read.
type answer struct {
	Status     string
	StatusCode int
	Header     http.Header
	Close      bool
}

// hear reads the next answer with its whole body. Method is that of the request.
func (w *wire) hear(method string) (answer, []byte) {
	w.Helper()
	read, err := http.ReadResponse(w.in, &http.Request{Method: method})
	if err != nil {
		w.Fatalf("no answer: %v", err)
	}
	defer read.Body.Close()
	body, err := io.ReadAll(read.Body)
	if err != nil {
		w.Fatalf("half an answer: %v", err)
	}
	return answer{read.Status, read.StatusCode, read.Header, read.Close}, body
}

// orderHead is the head of an order whose body has n bytes.
func orderHead(n int, more string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n", orderPath, n, more)
}

// begin starts an order on a connection and returns when the server waits for its body.
func begin(tb testing.TB, mock *mockserver.Server, body []byte) *wire {
	tb.Helper()
	w := dial(tb, mock)
	w.say(orderHead(len(body), "Expect: 100-continue\r\n"))
	if answer, _ := w.hear(http.MethodPost); answer.StatusCode != http.StatusContinue {
		tb.Fatalf("got %s, want 100 Continue", answer.Status)
	}
	return w
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	if got := mock.URL(); got != "" {
		t.Errorf("URL before Start: %q", got)
	}
	if err := errors.Join(mock.Close(), mock.Shutdown(t.Context())); err != nil {
		t.Errorf("Close before Start: %v", err)
	}
	if got := ask(t, mock, http.MethodGet, "/services/v2/user/me", ""); got.Code != http.StatusOK {
		t.Errorf("ServeHTTP without Start: %d", got.Code)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if url := mock.URL(); !strings.HasPrefix(url, "http://127.0.0.1:") || strings.HasSuffix(url, ":0") || mock.BaseURL() != url+"/services/v2" {
		t.Errorf("URL %q, base URL %q", url, mock.BaseURL())
	}
	if err := mock.Start("127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "started before") {
		t.Errorf("second Start: %v", err)
	}
	w := dial(t, mock)
	w.say("GET /services/v2/user/me HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: test\r\n\r\n")
	if answer, _ := w.hear(http.MethodGet); answer.StatusCode != http.StatusOK {
		t.Errorf("after a second Start: %s", answer.Status)
	}
	for range 2 {
		if err := mock.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(mock.URL(), "http://")); err == nil {
		t.Error("still listening after Close")
	}
	if err := mock.Start("127.0.0.1:0"); err == nil {
		t.Error("Start after Close is no error")
	}
	if err := mock.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown after Close: %v", err)
	}
	if got := ask(t, mock, http.MethodGet, "/services/v2/user/me", ""); got.Code != http.StatusOK {
		t.Errorf("ServeHTTP after Close: %d", got.Code)
	}
}

func TestStartErrors(t *testing.T) {
	t.Parallel()
	first, second := startMock(t), newMock(t)
	address := strings.TrimPrefix(first.URL(), "http://")
	err := second.Start(address)
	if err == nil || !strings.HasPrefix(err.Error(), "mockserver: start: ") || !strings.Contains(err.Error(), address) {
		t.Errorf("a port that is taken: %v", err)
	}
	for _, wrong := range []string{"nonsense", "127.0.0.1:port", "127.0.0.1:99999", "256.0.0.1:0"} {
		if err := second.Start(wrong); err == nil || !strings.HasPrefix(err.Error(), "mockserver: start: ") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if second.URL() != "" {
		t.Errorf("URL after a failed Start: %q", second.URL())
	}
	if err := second.Start("127.0.0.1:0"); err != nil {
		t.Errorf("Start after a failed one: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

// TestShutdownWaits shuts down while a request is under way: that request is answered, and new
// connections are refused.
func TestShutdownWaits(t *testing.T) {
	t.Parallel()
	mock, body := startMock(t), vendorOrder(t)
	w := begin(t, mock, body)
	stopped := make(chan error, 1)
	go func() { stopped <- mock.Shutdown(t.Context()) }()
	address := w.RemoteAddr().String()
	for deadline := time.Now().Add(patience); ; {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			break // it listens no more
		}
		_ = connection.Close()
		if time.Now().After(deadline) {
			t.Fatal("still listening")
		}
	}
	select {
	case err := <-stopped:
		t.Fatalf("Shutdown did not wait: %v", err)
	default:
	}
	w.say(string(body))
	if answer, text := w.hear(http.MethodPost); answer.StatusCode != http.StatusCreated {
		t.Errorf("got %s: %s", answer.Status, text)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// TestShutdownGivesUp: Shutdown returns when its context ends before the requests under way, and
// Close ends them.
func TestShutdownGivesUp(t *testing.T) {
	t.Parallel()
	mock := startMock(t)
	w := begin(t, mock, vendorOrder(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := mock.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if err := mock.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := w.in.ReadByte(); err == nil {
		t.Error("the connection is still open")
	}
}

// TestLifecycleRaces calls everything at once; the race detector is the judge.
func TestLifecycleRaces(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { _ = mock.Start("127.0.0.1:0") })
		group.Go(func() { _ = mock.URL() + mock.BaseURL() })
		group.Go(func() { _ = mock.Close() })
	}
	group.Wait()
	if err := mock.Close(); err != nil {
		t.Error(err)
	}
}

// TestWrongOptions pins that a wrong value is refused, and that the message says which one.
func TestWrongOptions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		option mockserver.Option
		want   string
	}{
		"nil option":           {nil, "options: option 2 is nil"},
		"nil clock":            {mockserver.WithClock(nil), "clock: "},
		"nil logger":           {mockserver.WithLogger(nil), "logger: "},
		"no keys":              {mockserver.WithAPIKeys(), "API keys: "},
		"empty key":            {mockserver.WithAPIKeys("a", ""), "API keys: key 2 "},
		"key with a blank":     {mockserver.WithAPIKeys("a b"), "API keys: key 1 "},
		"key with a newline":   {mockserver.WithAPIKeys("a", "b", "c\n"), "API keys: key 3 "},
		"key beyond ASCII":     {mockserver.WithAPIKeys("é"), "API keys: key 1 "},
		"long key":             {mockserver.WithAPIKeys(strings.Repeat("k", 257)), "API keys: key 1 "},
		"key twice":            {mockserver.WithAPIKeys("SECRET", "other", "SECRET"), "API keys: key 3 "},
		"empty balance":        {mockserver.WithBalance(""), "balance: "},
		"balance of words":     {mockserver.WithBalance("much"), "balance: "},
		"balance of a comma":   {mockserver.WithBalance("1,00"), "balance: "},
		"balance of mills":     {mockserver.WithBalance("1.000"), "balance: "},
		"balance beyond":       {mockserver.WithBalance("99999999999999"), "balance: "},
		"unlimited balance":    {mockserver.WithBalance(mockserver.Unlimited), "balance: "},
		"empty limit":          {mockserver.WithNegativeBalanceLimit(""), "negative balance limit: "},
		"limit of words":       {mockserver.WithNegativeBalanceLimit("none"), "negative balance limit: "},
		"limit below zero":     {mockserver.WithNegativeBalanceLimit("-0.01"), "negative balance limit: "},
		"Unlimited":            {mockserver.WithNegativeBalanceLimit("Unlimited"), "negative balance limit: "},
		"no accounts":          {mockserver.WithMaxAccounts(0), "maximum of accounts: "},
		"less than no account": {mockserver.WithMaxAccounts(-1), "maximum of accounts: "},
		"no orders":            {mockserver.WithMaxOrders(0), "maximum of orders: "},
		"less than no order":   {mockserver.WithMaxOrders(-5), "maximum of orders: "},
		"host with a scheme":   {mockserver.WithAllowedHosts("good.example", "http://mock.example"), "allowed hosts: "},
		"host with a port":     {mockserver.WithAllowedHosts("mock.example:8080"), "allowed hosts: "},
		"host with a secret":   {mockserver.WithAllowedHosts("SECRET@mock.example"), "allowed hosts: "},
		"every host":           {mockserver.WithAllowedHosts("*"), "allowed hosts: "},
		"no host":              {mockserver.WithAllowedHosts(""), "allowed hosts: "},
		"host beyond ASCII":    {mockserver.WithAllowedHosts("möck.example"), "allowed hosts: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := mockserver.New(mockserver.WithBalance("1"), tc.option, mockserver.WithMaxOrders(1))
			if server != nil || err == nil || !strings.HasPrefix(err.Error(), "mockserver: "+tc.want) {
				t.Errorf("got %v, want an error that begins with %q", err, "mockserver: "+tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the message repeats a key: %v", err)
			}
			wrong, ok := errors.AsType[*mockserver.OptionError](err)
			if !ok || !strings.HasPrefix(tc.want, wrong.Option+": ") {
				t.Errorf("%#v is not the error of that option", wrong)
			}
			if judged := mockserver.Validate(mockserver.WithBalance("1"), tc.option); judged == nil || judged.Error() != err.Error() {
				t.Errorf("Validate: %v, and New: %v", judged, err)
			}
		})
	}
	_, err := mockserver.New(mockserver.WithBalance("x"), mockserver.WithMaxOrders(0), mockserver.WithClock(nil))
	for _, want := range []string{"balance: ", "maximum of orders: ", "clock: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("all wrong options at once: %v does not name %q", err, want)
		}
	}
}

func TestGoodOptions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		options []mockserver.Option
		want    string // in the answer to GET finance/balance
	}{
		"none":                 {nil, `"balance":"0.00"`},
		"balance":              {[]mockserver.Option{mockserver.WithBalance("-12.5")}, `"balance":"-12.50"`},
		"limit":                {[]mockserver.Option{mockserver.WithNegativeBalanceLimit("10")}, `"total_available_funds":"10.00"`},
		"the last one counts":  {[]mockserver.Option{mockserver.WithNegativeBalanceLimit("10"), mockserver.WithNegativeBalanceLimit("unlimited")}, `"unlimited_negative_balance":true`},
		"a key of 256":         {[]mockserver.Option{mockserver.WithAPIKeys("test", strings.Repeat("~", 256))}, `"balance"`},
		"invalid, but on list": {[]mockserver.Option{mockserver.WithAPIKeys("invalid-one", "test")}, `"balance"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, newMock(t, tc.options...), http.MethodGet, "/services/v2/finance/balance", "")
			if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), tc.want) {
				t.Errorf("%d %s does not contain %s", got.Code, got.Body, tc.want)
			}
		})
	}
}
