package front

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestControlToken checks which clients may do what concerns the whole server.
func TestControlToken(t *testing.T) {
	t.Parallel()
	secret, err := NewControlToken("a-secret")
	if err != nil {
		t.Fatal(err)
	}
	listener := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	for name, test := range map[string]struct {
		token     ControlToken
		listening bool
		remote    string
		sent      string
		want      string // the code of the refusal
	}{
		"this machine":                 {ControlToken{}, true, "127.0.0.1:4711", "", ""},
		"this machine, IPv6":           {ControlToken{}, true, "[::1]:4711", "", ""},
		"this machine, mapped":         {ControlToken{}, true, "[::ffff:127.0.0.1]:4711", "", ""},
		"this machine, a needless one": {ControlToken{}, true, "127.0.0.1:4711", "x", ""},
		"no listener":                  {ControlToken{}, false, "192.0.2.1:1234", "", ""},
		"another machine":              {ControlToken{}, true, "192.0.2.1:4711", "x", "loopback_only"},
		"no address":                   {ControlToken{}, true, "@", "", "loopback_only"},
		"the token":                    {secret, true, "192.0.2.1:4711", "a-secret", ""},
		"the token, no listener":       {secret, false, "192.0.2.1:1234", "a-secret", ""},
		"another token":                {secret, true, "127.0.0.1:4711", "a-secre", "invalid_control_token"},
		"no token":                     {secret, true, "127.0.0.1:4711", "", "invalid_control_token"},
		"no token, no listener":        {secret, false, "192.0.2.1:1234", "", "invalid_control_token"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/_mock/accounts", http.NoBody)
		if test.listening {
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(listener)))
		}
		r.RemoteAddr = test.remote
		if test.sent != "" {
			r.Header.Set("X-Mock-Token", test.sent)
		}
		w := httptest.NewRecorder()
		admitted := test.token.admit(w, r)
		body := w.Body.String()
		if admitted != (test.want == "") || !strings.Contains(body, test.want) || strings.Contains(body, "secre\"") {
			t.Errorf("%s: admitted %t, %d %s; want %q", name, admitted, w.Code, body, test.want)
		}
	}
	for _, text := range []string{"", "two words", "ë", "line\n", strings.Repeat("x", maxTokenLength+1)} {
		if _, err := NewControlToken(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
