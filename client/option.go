package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// An Option configures a client. [New] fails if an option is nil or has a wrong value.
type Option func(*config) error

type config struct {
	apiKey       Secret
	keySource    func(context.Context) (string, error)
	baseURL      string
	region       Region
	insecureHTTP bool
	httpClient   *http.Client
	middleware   []func(next Doer) Doer
	userAgent    string
	timeout      time.Duration
	retries      int
	clock        Clock
}

// A Region is a CertCentral platform. An account belongs to one of them.
type Region string

// The platforms.
const (
	// RegionEU is CertCentral Europe, the only platform that sells PKIoverheid certificates.
	RegionEU Region = "eu"
	// RegionUS is CertCentral in the United States.
	RegionUS Region = "us"
)

// servicesPath is the path of the base URL on every platform.
const servicesPath = "/services/v2"

// BaseURL returns the base URL of the Services API on the platform. It is empty for an unknown
// region.
func (r Region) BaseURL() string {
	switch r {
	case RegionEU:
		return "https://certcentral.digicert.eu" + servicesPath
	case RegionUS:
		return "https://www.digicert.com" + servicesPath
	default:
		return ""
	}
}

// WithAPIKey sets the API key. The key belongs to a user of the account and has the permissions of
// this user. It overrides the environment variable CERTCENTRAL_API_KEY.
func WithAPIKey(key string) Option {
	return func(cfg *config) error {
		if key == "" {
			return errors.New("the API key is empty")
		}
		if err := checkHeaderValue(key); err != nil {
			return fmt.Errorf("the API key %w", err)
		}
		cfg.apiKey = NewSecret(key)
		return nil
	}
}

// WithAPIKeySource sets a function that returns the API key, for keys that are rotated or kept in a
// secret store. It is called before each request, also before each retry, and by several goroutines
// at the same time; a slow source keeps a copy of the key. Its context is the one of the call, with
// the time limit of the request. If it fails, or returns no usable key, nothing is sent and the call
// fails with an [*Error] that wraps its error; so do [OrderService.PlaceOnce] and waits of days. A
// source that may fail for a while tries again itself. It overrides the environment variable
// CERTCENTRAL_API_KEY and cannot be combined with [WithAPIKey].
func WithAPIKeySource(source func(ctx context.Context) (string, error)) Option {
	return func(cfg *config) error {
		if source == nil {
			return errors.New("the source of the API key is nil")
		}
		cfg.keySource = source
		return nil
	}
}

// WithBaseURL sets the base URL of the requests, for example of a mock server. A URL without a path
// gets the path /services/v2; any other path is kept. A slash at the end makes no difference.
// WithBaseURL overrides the environment variable CERTCENTRAL_BASE_URL and cannot be combined with
// [WithRegion].
func WithBaseURL(baseURL string) Option {
	return func(cfg *config) error {
		if baseURL == "" {
			return errors.New("the base URL is empty")
		}
		cfg.baseURL = baseURL
		return nil
	}
}

// WithRegion sets the platform of the account. The default is [DefaultRegion]. It overrides the
// environment variable CERTCENTRAL_BASE_URL.
func WithRegion(region Region) Option {
	return func(cfg *config) error {
		if region.BaseURL() == "" {
			return fmt.Errorf("unknown region %q", string(region))
		}
		cfg.region = region
		return nil
	}
}

// WithInsecureHTTP allows a base URL with plain HTTP to another machine. Every machine on the way
// can then read the API key and the card. Without this option, plain HTTP is allowed to localhost
// and loopback addresses only.
func WithInsecureHTTP() Option {
	return func(cfg *config) error {
		cfg.insecureHTTP = true
		return nil
	}
}

// WithHTTPClient sets the HTTP client that sends the requests, with its transport, timeout and
// cookies. New copies it and does not change it. Its CheckRedirect is not used, since no redirect
// is followed. The default HTTP client waits 60 seconds for the headers of an answer and takes
// everything else from [http.DefaultTransport]. An HTTP client that is set here has only the time
// limit that it brings.
func WithHTTPClient(h *http.Client) Option {
	return func(cfg *config) error {
		if h == nil {
			return errors.New("the HTTP client is nil")
		}
		cfg.httpClient = h
		return nil
	}
}

// WithUserAgent sets the header User-Agent of the requests. The default is [DefaultUserAgent].
func WithUserAgent(userAgent string) Option {
	return func(cfg *config) error {
		if userAgent == "" {
			return errors.New("the user agent is empty")
		}
		if err := checkHeaderValue(userAgent); err != nil {
			return fmt.Errorf("the user agent %w", err)
		}
		cfg.userAgent = userAgent
		return nil
	}
}

// WithTimeout sets the time limit of each request, from asking for a connection to the last byte of
// the answer. A retry ([WithRetries]) has the same time again; the deadline of the context limits all
// of them together. The default is no limit, apart from the one of the HTTP client
// ([WithHTTPClient]). A request that changes something and runs out of time has [ErrOutcomeUnknown].
// The error wraps [context.DeadlineExceeded]. [WithRequestTimeout] sets the limit for one call.
func WithTimeout(d time.Duration) Option {
	return func(cfg *config) error {
		if d <= 0 {
			return errors.New("the timeout must be positive")
		}
		cfg.timeout = d
		return nil
	}
}

// checkHeaderValue refuses a value that cannot stand in a header, such as an API key with the
// newline of the file that it was read from. The error continues a sentence ("the API key ...") and
// does not repeat the value.
func checkHeaderValue(s string) error {
	if strings.TrimSpace(s) != s {
		return errors.New("begins or ends with white space")
	}
	for _, r := range s {
		if r < ' ' || r > '~' {
			return errors.New("holds a character that is not printable ASCII")
		}
	}
	return nil
}

// resolveBaseURL returns the base URL from the options, from env, which is the value of the
// environment variable, or from the default. The result has no slash at its end. Errors never
// repeat the URL, since it may hold a password.
func (cfg *config) resolveBaseURL(env string) (string, error) {
	switch {
	case cfg.baseURL != "" && cfg.region != "":
		return "", errors.New("WithBaseURL and WithRegion exclude each other")
	case cfg.baseURL != "":
		return normalizeBaseURL(cfg.baseURL, "the base URL", cfg.insecureHTTP)
	case cfg.region != "":
		return cfg.region.BaseURL(), nil
	case env != "":
		return normalizeBaseURL(env, "the base URL in "+EnvBaseURL, cfg.insecureHTTP)
	default:
		return DefaultRegion.BaseURL(), nil
	}
}

func normalizeBaseURL(s, what string, insecureHTTP bool) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s is malformed", what)
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%s must begin with https:// (or http://)", what)
	case u.Hostname() == "":
		return "", fmt.Errorf("%s has no host", what)
	case u.User != nil:
		return "", fmt.Errorf("%s must not hold a user or a password", what)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", fmt.Errorf("%s must not have a query or a fragment", what)
	case u.Scheme == "http" && !insecureHTTP && !isLoopback(u.Hostname()):
		return "", fmt.Errorf("%s uses plain http to another machine, which would show the API key to everybody on the "+
			"way: use https or WithInsecureHTTP", what)
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return "", fmt.Errorf("%s must not have segments of dots alone", what)
		}
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" {
		path = servicesPath
	}
	return u.Scheme + "://" + u.Host + path, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
