package client_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
)

const (
	testKey = "TEST_KEY_0123456789ABCDEF"
	// basePath has a segment before the usual path, to test that it is kept.
	basePath = "/gateway/services/v2"
)

// A recorded is a request that the test server got, with its body.
type recorded struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// service is a test server that records its requests.
type service struct {
	url string

	mu       sync.Mutex
	requests []recorded
}

func (s *service) all() []recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]recorded(nil), s.requests...)
}

func (s *service) only(t *testing.T) recorded {
	t.Helper()
	all := s.all()
	if len(all) != 1 {
		t.Fatalf("the service was asked %d times, want once", len(all))
	}
	return all[0]
}

// start starts a test server with handler, and returns a client of it.
func start(t *testing.T, handler http.HandlerFunc) (*certcentral.Client, *service) {
	t.Helper()
	s := &service{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the request: %v", err)
		}
		s.mu.Lock()
		s.requests = append(s.requests, recorded{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), sortedMembers(body)})
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return newClient(t, certcentral.WithBaseURL(srv.URL+basePath)), s
}

// sortedMembers returns a body with the members of its objects sorted by name. The order of members
// has no meaning for the service.
func sortedMembers(body []byte) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return string(body)
	}
	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // A value that was decoded from JSON can be encoded as JSON.
	}
	return strings.TrimSuffix(sorted.String(), "\n")
}

// newClient returns a client with connections of its own. If it used http.DefaultTransport, its
// requests could fail: each httptest server that ends closes the idle connections of
// http.DefaultTransport, of all tests.
func newClient(t testing.TB, opts ...certcentral.Option) *certcentral.Client {
	t.Helper()
	defaults := []certcentral.Option{
		certcentral.WithAPIKey(testKey), certcentral.WithHTTPClient(&http.Client{Transport: newTransport(t)}),
	}
	c, err := certcentral.New(append(defaults, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newTransport(t testing.TB) http.RoundTripper {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// answer returns a handler that always sends the same answer.
func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		} else {
			w.Header()["Content-Type"] = nil // so that net/http does not set one
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func answerJSON(status int, body string) http.HandlerFunc {
	return answer(status, "application/json", body)
}

// roundTripper is an HTTP transport without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {contentType}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

// offline returns a client without a network. Each request gets the same answer.
func offline(t testing.TB, status int, contentType, body string) *certcentral.Client {
	t.Helper()
	return newClient(t, certcentral.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return response(status, contentType, body), nil
		}),
	}))
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// reading is a call that returns a value, with its operation.
type reading struct {
	operation string
	call      func(context.Context, *certcentral.Client, ...certcentral.RequestOption) (any, error)
}

// reads are the calls whose answer is JSON.
var reads = []reading{
	{"getBalance", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Finance.GetBalance(ctx, o...)
	}},
	{"listPaymentProfiles", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{}, o...)
	}},
	{"listOrders", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.List(ctx, certcentral.OrderListOptions{}, o...)
	}},
	{"orderPkioOrganisationPerson", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.PlacePKIoOrganisationPerson(ctx, simpleOrder(), o...)
	}},
	{"getOrder", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.Get(ctx, 843668399, o...)
	}},
	{"listOrganizations", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Organizations.List(ctx, certcentral.OrganizationListOptions{}, o...)
	}},
	{"createOrganization", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{}, o...)
	}},
	{"getOrganization", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Organizations.Get(ctx, 1920073, o...)
	}},
	{"listUsers", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.List(ctx, certcentral.UserListOptions{}, o...)
	}},
	{"getCurrentUser", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.GetCurrent(ctx, o...)
	}},
	{"getAccount", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Account.Get(ctx, o...)
	}},
	{"getBalanceHistory", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Finance.BalanceHistory(ctx, certcentral.BalanceHistoryOptions{}, o...)
	}},
	{"listStatusChanges", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.StatusChanges(ctx, certcentral.Last(time.Hour), o...)
	}},
	{"listAlternateOrders", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.ByAlternativeID(ctx, "my-order-1", o...)
	}},
	{"listOrderNotes", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.Notes(ctx, 843668399, o...)
	}},
	{"addOrderNote", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.AddNote(ctx, 843668399, "Called the holder.", o...)
	}},
	{"listValidations", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Organizations.Validations(ctx, 1920073, o...)
	}},
	{"listPotentialApprovers", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Organizations.PotentialApprovers(ctx, o...)
	}},
	{"listProducts", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Products.List(ctx, o...)
	}},
	{"getProduct", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Products.Get(ctx, "pkio_organisation_person", o...)
	}},
	{"listRequests", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Requests.List(ctx, certcentral.RequestListOptions{}, o...)
	}},
	{"getRequest", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Requests.Get(ctx, 1, o...)
	}},
	{"getUser", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.Get(ctx, 4313813, o...)
	}},
	{"createUser", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.Create(ctx, certcentral.UserCreateRequest{}, o...)
	}},
	{"listContainers", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Containers.List(ctx, o...)
	}},
	{"getContainer", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Containers.Get(ctx, 4, o...)
	}},
	{"listServiceUsers", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.ListServiceUsers(ctx, certcentral.ServiceUserListOptions{}, o...)
	}},
	{"listAPIRoles", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Users.APIKeyRoles(ctx, o...)
	}},
	{"getCertificateChain", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.Chain(ctx, 845503702, o...)
	}},
	{"listIntermediates", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.Intermediates(ctx, o...)
	}},
	{"revokeCertificate", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.Revoke(ctx, 845503702, certcentral.RevokeOptions{}, o...)
	}},
	{"revokeOrderCertificates", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.Revoke(ctx, 843668399, certcentral.RevokeOptions{}, o...)
	}},
	{"reissueCertificate", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.Reissue(ctx, 843668399, certcentral.ReissueOptions{}, o...)
	}},
	{"listReissues", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.Reissues(ctx, 843668399, o...)
	}},
}

// createServiceUser is the second call of the operation createUser.
func createServiceUser(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
	created, err := c.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{
		Limit: certcentral.LimitedTo(certcentral.KeyRoleOrders),
	}, o...)
	return fmt.Sprintf("%d %s", created.ID, created.APIKey.Reveal()), err
}

// emptyPage is the member page of an empty list.
const emptyPage = `"page":{"total":0,"limit":1000,"offset":0}`

// emptyPageFor returns emptyPage with the offset of a request.
func emptyPageFor(r *http.Request) string {
	return strings.Replace(emptyPage, `"offset":0`, `"offset":`+cmp.Or(r.FormValue("offset"), "0"), 1)
}

// changes reports whether an operation changes anything, by its method in the contract.
func changes(t testing.TB, operation string) bool {
	t.Helper()
	contract, ok := api.OperationByID(operation)
	if !ok {
		t.Fatalf("the contract has no operation %s", operation)
	}
	return contract.Method != http.MethodGet
}

// successInJSON returns the status of success whose answer is JSON.
func successInJSON(t testing.TB, operation string) int {
	t.Helper()
	contract, _ := api.OperationByID(operation)
	for _, success := range contract.Success {
		if slices.Contains(success.MediaTypes, "application/json") {
			return success.Status
		}
	}
	t.Fatalf("%s is not answered with JSON", operation)
	return 0
}

// simpleOrder is an order with only the required fields.
func simpleOrder() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization:  certcentral.ExistingOrganization(1920073),
		Payment:       certcentral.PayByBalance(),
		AgreedToCSA:   true,
	}
}
