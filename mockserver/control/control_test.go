package control_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// TestNew holds that what cannot work is refused at once, and that no error repeats a secret.
func TestNew(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		address string
		option  control.ClientOption
		want    string
	}{
		"no URL":          {"http://[secret", nil, "the address is not a URL"},
		"no scheme":       {"127.0.0.1:8080", nil, "the address"},
		"another scheme":  {"ftp://127.0.0.1", nil, "a scheme and a host"},
		"no host":         {"http://", nil, "a scheme and a host"},
		"base URL":        {"http://127.0.0.1/services/v2", nil, "a scheme and a host"},
		"query":           {"http://127.0.0.1/?a=b", nil, "a scheme and a host"},
		"password":        {"http://user:secret@127.0.0.1", nil, "a scheme and a host"},
		"nil option":      {"http://127.0.0.1", nil, "option 1 is nil"},
		"empty key":       {"http://127.0.0.1", control.WithAPIKey(""), "the API key must be"},
		"key with blanks": {"http://127.0.0.1", control.WithAPIKey("a secret"), "the API key must be"},
		"token of lines":  {"http://127.0.0.1", control.WithToken("secret\r\nX: y"), "the control token must be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := control.New(one.address, one.option)
			if err == nil || !strings.Contains(err.Error(), one.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %s", err, one.want)
			}
		})
	}
}

// TestHeaders holds that each request carries the key and the token, and goes to the control API
// also where the address ends with a slash.
func TestHeaders(t *testing.T) {
	t.Parallel()
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	mock, err := control.New(server.URL+"/", control.WithAPIKey("my-key"), control.WithToken("my-token"), control.WithHTTPClient(server.Client()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mock.ResetAccountWithResponse(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got.URL.Path != "/_mock/reset" || got.Header.Get("X-Dc-Devkey") != "my-key" || got.Header.Get("X-Mock-Token") != "my-token" {
		t.Errorf("sent %s %v", got.URL, got.Header)
	}
}

// TestRedirect holds that the key goes to no other host.
func TestRedirect(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the redirect was followed")
	}))
	t.Cleanup(other.Close)
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	for _, options := range [][]control.ClientOption{nil, {control.WithHTTPClient(server.Client())}} {
		mock, err := control.New(server.URL, append(options, control.WithAPIKey("my-key"))...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = mock.GetClockWithResponse(t.Context())
		if refusal, ok := errors.AsType[*control.Error](err); !ok || refusal.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("got %v", err)
		}
	}
}

// TestForeignAnswer holds that an answer of another server is an error that says so.
func TestForeignAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	mock, err := control.New(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, err = mock.GetHealthWithResponse(t.Context())
	if err == nil || !strings.Contains(err.Error(), "GET /_mock/healthz: 404: ") || !strings.Contains(err.Error(), "is there a mock") {
		t.Errorf("got %v", err)
	}
	server.Close()
	if _, err = mock.GetHealthWithResponse(t.Context()); err == nil {
		t.Error("a server that is gone has answered")
	}
}
