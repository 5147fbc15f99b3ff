package client_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestRequests pins what each method sends.
func TestRequests(t *testing.T) {
	t.Parallel()
	const organization = `{"address":"","city":"","country":"","name":"Voorbeeld B.V.","state":"","telephone":"","zip":""}`
	for _, tt := range []struct {
		name, answer string
		call         func(context.Context, *certcentral.Client) error
		want         recorded
	}{
		{
			"Finance.GetBalance", `{"balance":"1.00"}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Finance.GetBalance(ctx)
				return err
			}, recorded{Method: "GET", Path: "/finance/balance"},
		},
		{
			"Finance.PaymentProfiles", `{"profiles":[]}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{Limit: 3, Offset: 4})
				return err
			}, recorded{Method: "GET", Path: "/finance/payment-profile", Query: "limit=3&offset=4"},
		},
		{
			"Orders.Get", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Orders.Get(ctx, 843668399)
				return err
			}, recorded{Method: "GET", Path: "/order/certificate/843668399"},
		},
		{
			"Orders.List", `{"orders":[]}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Orders.List(ctx, certcentral.OrderListOptions{})
				return err
			}, recorded{Method: "GET", Path: "/order/certificate"},
		},
		{
			"Orders.List with everything", `{"orders":[]}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Orders.List(ctx, certcentral.OrderListOptions{
					Limit: 50, Offset: 100, Sort: "-date_created,order_id", Status: certcentral.AnyOf(certcentral.OrderPending),
					OrganizationID: certcentral.IDs(1920073), ProductNameID: certcentral.Exactly("pkio_organisation_person"),
				})
				return err
			},
			recorded{
				Method: "GET", Path: "/order/certificate",
				Query: "filters[organization_id]=1920073&filters[product_name_id]=pkio_organisation_person&" +
					"filters[status]=pending&limit=50&offset=100&sort=-date_created,order_id",
			},
		},
		{
			"Organizations.List", `{"organizations":[]}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Organizations.List(ctx, certcentral.OrganizationListOptions{
					Limit: 1, Offset: 2, Sort: "-name", Status: certcentral.AnyOf(certcentral.OrganizationActive),
				})
				return err
			}, recorded{Method: "GET", Path: "/organization", Query: "filters[status]=active&limit=1&offset=2&sort=-name"},
		},
		{
			"Organizations.Get", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Organizations.Get(ctx, 1920073)
				return err
			}, recorded{Method: "GET", Path: "/organization/1920073"},
		},
		{
			"Organizations.Create", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{
					Details: certcentral.OrganizationDetails{Name: "Voorbeeld B.V."},
				})
				return err
			}, recorded{Method: "POST", Path: "/organization", Body: organization},
		},
		{"Organizations.Activate", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Activate(ctx, 1920073)
		}, recorded{Method: "PUT", Path: "/organization/1920073/activate"}},
		{"Organizations.Deactivate", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Deactivate(ctx, 1920073)
		}, recorded{Method: "PUT", Path: "/organization/1920073/deactivate"}},
		{
			"Users.List", `{"users":[]}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Users.List(ctx, certcentral.UserListOptions{Limit: 1, Offset: 2})
				return err
			}, recorded{Method: "GET", Path: "/user", Query: "limit=1&offset=2"},
		},
		{
			"Users.GetCurrent", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
				_, err := c.Users.GetCurrent(ctx)
				return err
			}, recorded{Method: "GET", Path: "/user/me"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkSent(t, tt.answer, tt.call, tt.want)
		})
	}
}

// checkSent calls a method and compares its request with want. The answer to the request is JSON,
// or status 204 if the text is empty; the answer of a list gets a member page. The query of want is
// decoded and sorted, and its path has no base path.
func checkSent(t *testing.T, answer string, call func(context.Context, *certcentral.Client) error, want recorded) {
	t.Helper()
	status := http.StatusOK
	switch {
	case answer == "":
		status = http.StatusNoContent
	case want.Method != http.MethodGet:
		status = http.StatusCreated
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		answerJSON(status, strings.Replace(answer, `[]}`, `[],`+emptyPageFor(r)+`}`, 1))(w, r)
	}
	checkSentTo(t, handler, "application/json", call, want)
}

// checkSentTo does the same with any answer and any header Accept.
func checkSentTo(
	t *testing.T, handler http.HandlerFunc, accept string, call func(context.Context, *certcentral.Client) error,
	want recorded,
) {
	t.Helper()
	c, s := start(t, handler)
	if err := call(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	got := s.only(t)
	checkHeaders(t, got, accept)
	values, err := url.ParseQuery(got.Query)
	if err != nil {
		t.Fatal(err)
	}
	if got.Query, err = url.QueryUnescape(values.Encode()); err != nil {
		t.Fatal(err)
	}
	got.Header = nil
	want.Path = basePath + want.Path
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}
