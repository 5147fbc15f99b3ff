package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// What [New] reads and assumes where no option says otherwise.
const (
	// EnvAPIKey names the environment variable of the API key.
	EnvAPIKey = "CERTCENTRAL_API_KEY"
	// EnvBaseURL names the environment variable of the base URL.
	EnvBaseURL = "CERTCENTRAL_BASE_URL"
	// DefaultRegion is the platform that is asked.
	DefaultRegion = RegionEU
	// DefaultUserAgent is what the client calls itself.
	DefaultUserAgent = "certcentral-go (+https://github.com/pkio-tools/certcentral)"
)

// A Client speaks to one CertCentral account. Make it with [New]. It is safe for use by several goroutines.
type Client struct {
	// Account reads the account itself.
	Account *AccountService
	// Orders places, reads, cancels and revokes orders, and has their certificates reissued.
	Orders *OrderService
	// Certificates downloads and revokes certificates.
	Certificates *CertificateService
	// Organizations keeps the organizations that the account orders for.
	Organizations *OrganizationService
	// Containers reads the divisions of the account.
	Containers *ContainerService
	// Products reads what can be ordered.
	Products *ProductService
	// Requests approves and rejects what waits for somebody of the account.
	Requests *RequestService
	// Users keeps who uses the account, people and programs.
	Users *UserService
	// Finance reads the money and the saved cards of the account.
	Finance *FinanceService

	raw       *api.Client
	baseURL   string
	key       Secret
	userAgent string
}

// New returns a client. It fails if there is no API key, neither in [WithAPIKey] nor in the environment variable
// CERTCENTRAL_API_KEY, and if an option or the base URL is wrong. It sends nothing.
func New(opts ...Option) (*Client, error) {
	cfg := config{userAgent: DefaultUserAgent}
	for _, opt := range opts {
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
	doer := retrier{
		doer:    withoutRedirects(cfg.httpClient),
		retries: cfg.retries,
		now:     time.Now, //nolint:forbidigo // the clock that deadlines of contexts go by
		sleep:   sleep,
	}
	raw, err := api.NewClient(baseURL, api.WithHTTPClient(doer))
	if err != nil {
		return nil, fmt.Errorf("certcentral: %w", err)
	}
	c := &Client{raw: raw, baseURL: baseURL, key: key, userAgent: cfg.userAgent}
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

// BaseURL returns where requests go, without a slash at the end.
func (c *Client) BaseURL() string { return c.baseURL }

// headerTimeout is how long a client without [WithHTTPClient] waits for the headers of an answer, once a request is sent.
const headerTimeout = time.Minute

// defaultHTTPClient is what sends requests where the program does not say. It takes proxies and connection limits from
// [http.DefaultTransport], but knows a time limit. A program that has put something else in the place of that keeps it.
func defaultHTTPClient() *http.Client {
	base, ok := http.DefaultTransport.(*http.Transport) //nolint:forbidigo // copied: this is where a client begins
	if !ok {
		return &http.Client{}
	}
	transport := base.Clone()
	transport.ResponseHeaderTimeout = cmp.Or(transport.ResponseHeaderTimeout, headerTimeout)
	return &http.Client{Transport: transport}
}

// withoutRedirects returns a copy of h that hands out a redirect rather than following it: net/http would send the
// header with the API key to whatever host the redirect names.
func withoutRedirects(h *http.Client) *http.Client {
	if h == nil {
		h = defaultHTTPClient()
	}
	c := *h
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

func (cfg *config) resolveAPIKey(env string) (Secret, error) {
	if !cfg.apiKey.IsZero() {
		return cfg.apiKey, nil
	}
	if env == "" {
		return Secret{}, errors.New("no API key: use WithAPIKey or set " + EnvAPIKey)
	}
	if err := checkHeaderValue(env); err != nil {
		return Secret{}, fmt.Errorf("the API key in %s %w", EnvAPIKey, err)
	}
	return NewSecret(env), nil
}
