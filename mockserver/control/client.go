package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// The headers of the API key and of the control token.
const (
	keyHeader   = "X-DC-DEVKEY"
	tokenHeader = "X-Mock-Token" //nolint:gosec // the name of a header
)

// New returns a client of the mock at this address, such as "http://127.0.0.1:8080". Refusals of
// the mock are errors of the type [*Error]. The client has no limit of time of its own, since some
// operations wait for the mock: give the context of a call one.
//
// Redirects are not followed, since they would take the API key to another host.
func New(address string, opts ...ClientOption) (*ClientWithResponses, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("control: the address is not a URL") // The error of Parse repeats the text, which may hold a password.
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.User != nil ||
		strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "" {
		return nil, errors.New(`control: the address must be a scheme and a host, such as "http://127.0.0.1:8080"`)
	}
	for i, option := range opts {
		if option == nil {
			return nil, fmt.Errorf("control: option %d is nil", i+1)
		}
	}
	client, err := NewClient(parsed.Scheme+"://"+parsed.Host, opts...)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if standard, ok := client.Client.(*http.Client); ok {
		client.Client = withoutRedirects(standard)
	}
	client.Client = refusals{client.Client}
	return &ClientWithResponses{client}, nil
}

// WithAPIKey names the account that operations act on by one of its API keys. A new key opens an
// account of its own.
func WithAPIKey(key string) ClientOption { return withHeader("API key", keyHeader, key) }

// WithToken sends the control token of the mock, which operations on the whole server need where the
// mock was started with one (--control-token; in Go: mockserver.WithControlToken).
func WithToken(token string) ClientOption { return withHeader("control token", tokenHeader, token) }

// withHeader sends a secret. Its value is in no error.
func withHeader(what, name, value string) ClientOption {
	return func(c *Client) error {
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("the %s must be visible ASCII characters without blanks", what)
		}
		return WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			request.Header.Set(name, value)
			return nil
		})(c)
	}
}

func withoutRedirects(client *http.Client) *http.Client {
	copied := *client
	copied.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &copied
}
