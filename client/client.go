package client

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// The environment variables that [New] reads, and its defaults.
const (
	// EnvAPIKey is the environment variable with the API key.
	EnvAPIKey = "CERTCENTRAL_API_KEY"
	// EnvBaseURL is the environment variable with the base URL.
	EnvBaseURL = "CERTCENTRAL_BASE_URL"
	// DefaultRegion is the platform that requests go to.
	DefaultRegion = RegionEU
	// DefaultUserAgent is the header User-Agent of the requests.
	DefaultUserAgent = "certcentral-go (+https://github.com/pkio-tools/certcentral)"
)

// A Client sends requests to one CertCentral account. [New] makes one. Several goroutines may use
// it at the same time.
type Client struct {
	// Account reads the account.
	Account *AccountService
	// Orders places, reads, cancels, reissues and revokes orders.
	Orders *OrderService
	// Certificates downloads and revokes certificates.
	Certificates *CertificateService
	// Organizations manages the organizations of the account, which its certificates are issued
	// for.
	Organizations *OrganizationService
	// Containers reads the divisions of the account.
	Containers *ContainerService
	// Products reads the products that the account can order.
	Products *ProductService
	// Requests approves and rejects what waits for an approval, such as a new order.
	Requests *RequestService
	// Users manages the users of the account: persons, and programs with an API key (service
	// users).
	Users *UserService
	// Finance reads the balance and the saved cards of the account.
	Finance *FinanceService

	raw          *api.Client
	doer         Doer    // the middleware around sender
	sender       *sender // the innermost Doer
	baseURL      string
	insecureHTTP bool
	key          keySource
	userAgent    string
	timeout      time.Duration
	retries      retries
	clock        Clock
}

// New returns a client. It fails without an API key, from [WithAPIKey], [WithAPIKeySource] or the
// environment variable CERTCENTRAL_API_KEY, and it fails if an option is nil or wrong, or the base URL is
// wrong. It sends no request.
func New(opts ...Option) (*Client, error) {
	cfg := config{userAgent: DefaultUserAgent, clock: systemClock{}}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("certcentral: opts[%d] is nil: leave it out", i)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("certcentral: %w", err)
		}
	}
	baseURL, err := cfg.resolveBaseURL(os.Getenv(EnvBaseURL))
	if err != nil {
		return nil, fmt.Errorf("certcentral: %w", err)
	}
	key, err := cfg.resolveAPIKey(os.Getenv(EnvAPIKey))
	if err != nil {
		return nil, fmt.Errorf("certcentral: %w", err)
	}
	innermost := &sender{client: withoutRedirects(cfg.httpClient)}
	doer, err := chain(innermost, cfg.middleware)
	if err != nil {
		return nil, fmt.Errorf("certcentral: %w", err)
	}
	raw, err := api.NewClient(baseURL, api.WithHTTPClient(doer))
	if err != nil {
		return nil, fmt.Errorf("certcentral: %w", err)
	}
	c := &Client{
		raw: raw, doer: doer, sender: innermost, baseURL: baseURL, insecureHTTP: cfg.insecureHTTP, key: key,
		userAgent: cfg.userAgent, timeout: cfg.timeout, retries: newRetries(cfg.retries, cfg.clock), clock: cfg.clock,
	}
	c.Account = &AccountService{client: c}
	c.Orders = &OrderService{client: c}
	c.Certificates = &CertificateService{client: c}
	c.Organizations = &OrganizationService{client: c}
	c.Containers = &ContainerService{client: c}
	c.Products = &ProductService{client: c}
	c.Requests = &RequestService{client: c}
	c.Users = &UserService{client: c}
	c.Finance = &FinanceService{client: c}
	return c, nil
}

// BaseURL returns the base URL of the requests, without a slash at its end.
func (c *Client) BaseURL() string { return c.baseURL }

// headerTimeout is how long a client without [WithHTTPClient] waits for the headers of an answer
// after it has sent the request.
const headerTimeout = time.Minute

// defaultHTTPClient is the HTTP client that is used without [WithHTTPClient]. Its transport is a
// copy of [http.DefaultTransport], with its proxies and connection limits, plus a time limit. If
// the program has replaced http.DefaultTransport by another type, that one is used as it is.
func defaultHTTPClient() *http.Client {
	base, ok := http.DefaultTransport.(*http.Transport) //nolint:forbidigo // only copied, as the default of a new client
	if !ok {
		return &http.Client{}
	}
	transport := base.Clone()
	transport.ResponseHeaderTimeout = cmp.Or(transport.ResponseHeaderTimeout, headerTimeout)
	return &http.Client{Transport: transport}
}

// withoutRedirects returns a copy of h that returns a redirect as the answer. If net/http followed
// the redirect, it would send the API key to the host that the redirect names.
func withoutRedirects(h *http.Client) *http.Client {
	if h == nil {
		h = defaultHTTPClient()
	}
	c := *h
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}
