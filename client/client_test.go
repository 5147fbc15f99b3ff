package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func TestNewBaseURL(t *testing.T) {
	t.Parallel()
	const vendor = "https://certcentral.digicert.eu/services/v2"
	for _, tt := range []struct {
		name string
		opts []certcentral.Option
		want string
	}{
		{"default", nil, vendor},
		{"eu", []certcentral.Option{certcentral.WithRegion(certcentral.RegionEU)}, vendor},
		{"us", []certcentral.Option{certcentral.WithRegion(certcentral.RegionUS)}, "https://www.digicert.com/services/v2"},
		{"no path", base("https://host.example"), "https://host.example/services/v2"},
		{"a slash", base("https://host.example/"), "https://host.example/services/v2"},
		{"the path", base("https://host.example/services/v2"), "https://host.example/services/v2"},
		{"the path and a slash", base("https://host.example/services/v2/"), "https://host.example/services/v2"},
		{"another path", base("https://host.example:8443/a%2Fb/c/"), "https://host.example:8443/a%2Fb/c"},
		{"loopback", base("http://127.0.0.1:8080"), "http://127.0.0.1:8080/services/v2"},
		{"loopback, IPv6", base("http://[::1]:8080"), "http://[::1]:8080/services/v2"},
		{"localhost", base("http://localhost:8080"), "http://localhost:8080/services/v2"},
		{
			"plain HTTP", append(base("http://host.example"), certcentral.WithInsecureHTTP()),
			"http://host.example/services/v2",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := newClient(t, tt.opts...).BaseURL(); got != tt.want {
				t.Errorf("base URL %s, want %s", got, tt.want)
			}
		})
	}
}

func base(baseURL string) []certcentral.Option {
	return []certcentral.Option{certcentral.WithBaseURL(baseURL)}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		opts []certcentral.Option
		want string
	}{
		{"empty key", []certcentral.Option{certcentral.WithAPIKey("")}, "the API key is empty"},
		{
			"key with a newline",
			[]certcentral.Option{certcentral.WithAPIKey(testKey + "\n")},
			"the API key begins or ends with white space",
		},
		{
			"key with a control character",
			[]certcentral.Option{certcentral.WithAPIKey("a\x01b")},
			"the API key holds a character that is not printable ASCII",
		},
		{"empty URL", base(""), "the base URL is empty"},
		{"malformed URL", base("https://user:hunter2@host:port"), "the base URL is malformed"},
		{"user in the URL", base("https://user:hunter2@host.example"), "the base URL must not hold a user or a password"},
		{"no scheme", base("host.example/services/v2"), "the base URL must begin with https:// (or http://)"},
		{"another scheme", base("ftp://host.example"), "the base URL must begin with https:// (or http://)"},
		{"no host", base("https:///services/v2"), "the base URL has no host"},
		{"query", base("https://host.example/?a=b"), "the base URL must not have a query or a fragment"},
		{"dots", base("https://host.example/a/../services/v2"), "the base URL must not have segments of dots alone"},
		{"plain HTTP", base("http://host.example"), "the base URL uses plain http to another machine"},
		{"plain HTTP to a lookalike", base("http://localhost.example"), "the base URL uses plain http to another machine"},
		{"unknown region", []certcentral.Option{certcentral.WithRegion("mars")}, `unknown region "mars"`},
		{
			"region and URL", append(base("https://host.example"), certcentral.WithRegion(certcentral.RegionEU)),
			"WithBaseURL and WithRegion exclude each other",
		},
		{"nil option", []certcentral.Option{certcentral.WithUserAgent("a"), nil}, "opts[2] is nil: leave it out"},
		{"no HTTP client", []certcentral.Option{certcentral.WithHTTPClient(nil)}, "the HTTP client is nil"},
		{"no time", []certcentral.Option{certcentral.WithTimeout(0)}, "the timeout must be positive"},
		{"no source of the key", []certcentral.Option{certcentral.WithAPIKeySource(nil)}, "the source of the API key is nil"},
		{
			"two keys",
			[]certcentral.Option{certcentral.WithAPIKeySource(func(context.Context) (string, error) { return "", nil })},
			"WithAPIKey and WithAPIKeySource exclude each other",
		},
		{"nil middleware", []certcentral.Option{certcentral.WithMiddleware(nil)}, "middleware[0] is nil: leave it out"},
		{
			"middleware that returns nothing",
			[]certcentral.Option{certcentral.WithMiddleware(func(certcentral.Doer) certcentral.Doer { return nil })},
			"middleware[0] returned a nil Doer",
		},
		{"negative retries", []certcentral.Option{certcentral.WithRetries(-1)}, "the number of retries must be from 0 to 10"},
		{"retries without end", []certcentral.Option{certcentral.WithRetries(11)}, "the number of retries must be from 0 to 10"},
		{"empty user agent", []certcentral.Option{certcentral.WithUserAgent("")}, "the user agent is empty"},
		{
			"malformed user agent",
			[]certcentral.Option{certcentral.WithUserAgent("a\r\nb")},
			"the user agent holds a character that is not printable ASCII",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := certcentral.New(append([]certcentral.Option{certcentral.WithAPIKey(testKey)}, tt.opts...)...)
			if c != nil || err == nil || !strings.HasPrefix(err.Error(), "certcentral: "+tt.want) {
				t.Fatalf("New: %v, %v; want an error that begins with %q", c, err, tt.want)
			}
			if s := err.Error(); strings.Contains(s, testKey) || strings.Contains(s, "hunter2") {
				t.Errorf("the error holds a secret: %s", s)
			}
		})
	}
}

func TestNewEnvironment(t *testing.T) {
	t.Setenv(certcentral.EnvAPIKey, "")
	t.Setenv(certcentral.EnvBaseURL, "")
	if _, err := certcentral.New(); err == nil || !strings.Contains(err.Error(), "no API key: use WithAPIKey or set CERTCENTRAL_API_KEY") {
		t.Errorf("without a key: %v", err)
	}

	t.Setenv(certcentral.EnvAPIKey, testKey+"\n")
	if _, err := certcentral.New(); err == nil || !strings.Contains(err.Error(), "the API key in CERTCENTRAL_API_KEY begins or ends with white space") {
		t.Errorf("with a newline: %v", err)
	}

	t.Setenv(certcentral.EnvAPIKey, "from-the-environment")
	t.Setenv(certcentral.EnvBaseURL, "http://127.0.0.1:1")
	var key string
	transport := certcentral.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			key = r.Header.Get("X-DC-DEVKEY")
			return response(200, "application/json", `{"balance":"1.00"}`), nil
		}),
	})
	for _, tt := range []struct {
		name          string
		opts          []certcentral.Option
		wantURL, want string
	}{
		{"environment", nil, "http://127.0.0.1:1/services/v2", "from-the-environment"},
		{"options", append(base("http://127.0.0.1:2"), certcentral.WithAPIKey(testKey)), "http://127.0.0.1:2/services/v2", testKey},
		{
			"region",
			[]certcentral.Option{certcentral.WithRegion(certcentral.RegionUS)},
			certcentral.RegionUS.BaseURL(), "from-the-environment",
		},
	} {
		c, err := certcentral.New(append(tt.opts, transport)...)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if _, err := c.Finance.GetBalance(t.Context()); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if c.BaseURL() != tt.wantURL || key != tt.want {
			t.Errorf("%s: URL %s and key %s, want %s and %s", tt.name, c.BaseURL(), key, tt.wantURL, tt.want)
		}
	}

	t.Setenv(certcentral.EnvBaseURL, "http://host.example")
	if _, err := certcentral.New(); err == nil || !strings.Contains(err.Error(), "the base URL in CERTCENTRAL_BASE_URL uses plain http") {
		t.Errorf("with plain HTTP: %v", err)
	}
}

func TestHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	h := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return response(200, "application/json", `{"balance":"1.00"}`), nil
	})}
	c := newClient(t, certcentral.WithHTTPClient(h))
	if h.CheckRedirect != nil {
		t.Error("New edited the caller's client")
	}
	h.Transport = nil
	if _, err := c.Finance.GetBalance(t.Context()); err != nil {
		t.Errorf("after the caller edited its client: %v", err)
	}
}

// TestRetries uses a service that answers with status 429 for a minute of simulated time.
func TestRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin, posts := time.Now(), 0
		c := newClient(t, certcentral.WithRetries(10), certcentral.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					posts++
				}
				if time.Since(begin) < time.Minute {
					refusal := response(429, "application/json", envelope("request_limit_exceeded"))
					refusal.Header.Set("Retry-After", "7")
					return refusal, nil
				}
				return response(200, "application/json", `{"balance":"1.00"}`), nil
			}),
		}))
		_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
		if e, ok := errors.AsType[*certcentral.Error](err); !ok || e.RetryAfter != 7*time.Second || e.Attempts != 1 {
			t.Errorf("an order: %#v", err)
		}
		if !errors.Is(err, certcentral.ErrRateLimited) || posts != 1 || time.Since(begin) != 0 {
			t.Errorf("an order: %v after %d requests and %v", err, posts, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err = c.Finance.GetBalance(ctx)
		if !errors.Is(err, certcentral.ErrRateLimited) || time.Since(begin) != 7*time.Second {
			t.Errorf("with little time: %v after %v", err, time.Since(begin))
		}
		var resp *http.Response
		_, err = c.Finance.GetBalance(t.Context(), certcentral.WithResponseInto(&resp))
		if err != nil || resp.StatusCode != http.StatusOK || time.Since(begin) != 63*time.Second {
			t.Errorf("with time: %v after %v", err, time.Since(begin))
		}
	})
}

func checkHeaders(t *testing.T, r recorded, accept string) {
	t.Helper()
	want := map[string]string{
		"X-DC-DEVKEY": testKey,
		"Accept":      accept,
		"User-Agent":  certcentral.DefaultUserAgent,
	}
	if r.Method == http.MethodPost {
		want["Content-Type"] = "application/json"
	}
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("header %s: %q, want %q", name, got, value)
		}
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	_, s := start(t, answerJSON(200, `{"balance":"1.00"}`))
	c := newClient(t, certcentral.WithBaseURL(s.url), certcentral.WithUserAgent("renewer/1.0"))
	if _, err := c.Finance.GetBalance(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.only(t).Header.Get("User-Agent"); got != "renewer/1.0" {
		t.Errorf("User-Agent %q", got)
	}
}
