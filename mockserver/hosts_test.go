package mockserver_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestHosts sends each form of Host, as it is, to a mock that listens on loopback.
func TestHosts(t *testing.T) {
	t.Parallel()
	w := dial(t, startMock(t, mockserver.WithQuickKeys(), mockserver.WithBaseURL("http://Base.example:8080/mock"),
		mockserver.WithAllowedHosts("Mock.Example.", "*.sub.example"), mockserver.WithAllowedHosts("under_score.example")))
	for host, status := range map[string]int{
		"localhost": 200, "LocalHost:80": 200, "localhost.": 200, "localhost:": 200, "a.localhost": 200, "a.b.LOCALHOST.:1": 200,
		"127.0.0.1": 200, "127.0.0.1.:8080": 200, "0.0.0.0:8080": 200, "192.0.2.1": 200,
		"[::1]": 200, "[::1]:8080": 200, "[2001:db8::1]": 200, "[fe80::1%eth0]:80": 200, "[fe80::1%25eth0]": 200, "::1": 200,
		"[::ffff:127.0.0.1]": 200,
		"mock.example":       200, "MOCK.example.:8080": 200, "base.example": 200, "BASE.EXAMPLE:9": 200, "under_score.example": 200,
		"a.sub.example": 200, "a.b.sub.example:80": 200,

		"evil.example": 421, "evil.example:8080": 421, "sub.example": 421, "xsub.example": 421, "mock.example.evil.example": 421,
		"localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "evillocalhost": 421, "localhost..": 421, ".localhost": 421,
		"a..localhost": 421, "localhost:80:80": 421, "localhost:evil": 421, "[::1]evil.example": 421, "[::1": 421, "[evil.example]": 421, "[127.0.0.1]": 421, "2130706433": 421,
		"127.1": 421, "0x7f.0.0.1": 421, "": 421, ".": 421, ":8080": 421, "*": 421, "mock": 421, strings.Repeat("a.", 200) + "localhost": 421,
	} {
		w.say("GET /_mock/healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
		checkHost(t, w, "Host: "+host, status)
	}
	for target, status := range map[string]int{
		"http://localhost/_mock/healthz": 200, "http://user:password@localhost:1/_mock/healthz": 200, "http://evil.example/_mock/healthz": 421,
		"http://localhost@evil.example/_mock/healthz": 421, "http://mock.example/_mock/healthz": 200,
	} {
		for _, host := range []string{"localhost", "evil.example"} { // the target counts (RFC 9112, 3.2.2)
			w.say("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
			checkHost(t, w, target, status)
		}
	}
	w.say("GET /_mock/healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	checkHost(t, w, "no Host", 421)
	w.say("GET /_mock/healthz HTTP/1.0\r\nConnection: keep-alive\r\nHost: localhost\r\n\r\n")
	checkHost(t, w, "HTTP/1.0", 200)
}

func checkHost(t *testing.T, w *wire, what string, status int) {
	t.Helper()
	answer, body := w.hear(http.MethodGet)
	if answer.StatusCode != status {
		t.Errorf("%.60s: got %s, want %d", what, answer.Status, status)
	}
	checkStamp(t, answer.Header)
	if answer.StatusCode == http.StatusMisdirectedRequest {
		checkRefusal(t, answer.Header, body)
		if code := codes(t, body)[0]; code != "misdirected_request" {
			t.Errorf("%s: %s", what, code)
		}
		if strings.Contains(string(body), "@") || strings.Contains(string(body), "password") {
			t.Errorf("%s: the answer repeats what is no host name: %s", what, body)
		}
	}
}

// TestHostOfAddr holds that a server answers to the name that it was told to listen on.
func TestHostOfAddr(t *testing.T) {
	t.Parallel()
	for _, ip := range []string{"127.0.0.1", "::1"} {
		names, _ := net.DefaultResolver.LookupAddr(t.Context(), ip)
		for _, name := range names {
			mock := newMock(t)
			if name == "localhost" || mock.Start(net.JoinHostPort(name, "0")) != nil {
				continue
			}
			t.Cleanup(func() { _ = mock.Close() })
			w := dial(t, mock)
			w.say("GET /_mock/healthz HTTP/1.1\r\nHost: " + strings.ToUpper(name) + ":1\r\n\r\n")
			checkHost(t, w, name, http.StatusOK)
			w.say("GET /_mock/healthz HTTP/1.1\r\nHost: x" + name + "\r\n\r\n")
			checkHost(t, w, "x"+name, http.StatusMisdirectedRequest)
			return
		}
	}
	t.Skip("loopback has no name but localhost on this machine")
}

// TestOtherAddresses pins where a request may name any host.
func TestOtherAddresses(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for name, tc := range map[string]struct {
		local  any // under http.LocalAddrContextKey
		secure bool
		status int
	}{
		"loopback":            {&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, false, http.StatusMisdirectedRequest},
		"loopback in full":    {&net.TCPAddr{IP: net.IPv4(127, 255, 0, 9)}, false, http.StatusMisdirectedRequest},
		"IPv6 loopback":       {&net.TCPAddr{IP: net.IPv6loopback}, false, http.StatusMisdirectedRequest},
		"mapped loopback":     {&net.TCPAddr{IP: net.ParseIP("::ffff:127.0.0.1")}, false, http.StatusMisdirectedRequest},
		"other kind of addr":  {address("[::ffff:127.0.0.1]:80"), false, http.StatusMisdirectedRequest},
		"another address":     {&net.TCPAddr{IP: net.IPv4(172, 17, 0, 2)}, false, http.StatusOK},
		"another kind's addr": {address("192.0.2.1:80"), false, http.StatusOK},
		"socket of a file":    {&net.UnixAddr{Name: "/run/mock", Net: "unix"}, false, http.StatusOK},
		"TLS":                 {&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, true, http.StatusOK},
		"no listener":         {nil, false, http.StatusOK},
	} {
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, tc.local), http.MethodGet, "/_mock/healthz", http.NoBody)
		r.Host = "anything.example"
		if tc.secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if w.Code != tc.status {
			t.Errorf("%s: got %d, want %d", name, w.Code, tc.status)
		}
	}
}

// TestHostsWithUser sends what net/http refuses by itself, and other servers may not.
func TestHostsWithUser(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	local := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	for _, host := range []string{"localhost@evil.example", "evil.example@localhost", "evil.example:80@localhost", "evil.example/.localhost", "é.localhost"} {
		r := httptest.NewRequestWithContext(local, http.MethodGet, "/_mock/healthz", http.NoBody)
		r.Host = host
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if w.Code != http.StatusMisdirectedRequest || strings.Contains(w.Body.String(), "evil") {
			t.Errorf("%s: got %d %s", host, w.Code, w.Body)
		}
	}
}

// address is the address of a listener that isn't of the net package.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

// TestOtherServers holds that a mock that another HTTP server calls is as careful as one that
// listens by itself.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newMock(t))
	t.Cleanup(server.Close)
	for host, status := range map[string]int{"": http.StatusOK, "evil.example": http.StatusMisdirectedRequest} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_mock/healthz", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%q: got %s, want %d", host, answer.Status, status)
		}
	}
}

// TestOrigins pins what a browser may send for which page.
func TestOrigins(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for name, tc := range map[string]struct {
		method, target string
		headers        []string
		status         int
	}{
		"program":              {http.MethodPost, "/_mock/reset", nil, 204},
		"own page":             {http.MethodPost, "/_mock/reset", []string{"Sec-Fetch-Site", "same-origin"}, 204},
		"typed by a person":    {http.MethodPost, "/_mock/reset", []string{"Sec-Fetch-Site", "none"}, 204},
		"own page, old":        {http.MethodPost, "/_mock/reset", []string{"Origin", "http://example.com"}, 204},
		"other site":           {http.MethodPost, "/_mock/reset", []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example"}, 403},
		"other port":           {http.MethodPost, "/_mock/reset", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://example.com:3000"}, 403},
		"other site, old":      {http.MethodPost, "/_mock/reset", []string{"Origin", "http://evil.example"}, 403},
		"no origin to tell":    {http.MethodPost, "/_mock/reset", []string{"Origin", "null"}, 403},
		"unknown value":        {http.MethodPost, "/_mock/reset", []string{"Sec-Fetch-Site", "new-value"}, 403},
		"PUT":                  {http.MethodPut, "/_mock/account", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"DELETE":               {http.MethodDelete, "/services/v2/organization/1920073", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"unknown method":       {"BREW", "/services/v2/user", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"order":                {http.MethodPost, orderPath, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"OCSP":                 {http.MethodPost, "/_mock/ocsp", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"reading":              {http.MethodGet, "/services/v2/user/me", []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example"}, 200},
		"asking for options":   {http.MethodOptions, orderPath, []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example"}, 405},
		"reading the contract": {http.MethodHead, "/openapi.json", []string{"Sec-Fetch-Site", "cross-site"}, 200},
	} {
		got := ask(t, mock, tc.method, tc.target, "", tc.headers...)
		if got.Code != tc.status {
			t.Errorf("%s: got %d %s, want %d", name, got.Code, got.Body, tc.status)
		}
		if got.Code == http.StatusForbidden && codes(t, got.Body.Bytes())[0] != "cross_origin_request" {
			t.Errorf("%s: %s", name, got.Body)
		}
		if allowed := got.Header().Get("Access-Control-Allow-Origin"); allowed != "" {
			t.Errorf("%s: %s may read it", name, allowed)
		}
		checkStamp(t, got.Header())
	}
}
