package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// now has a zone and a fraction of a second. Answers show neither.
func now() time.Time {
	return time.Date(2026, 11, 23, 23, 30, 15, 999, time.FixedZone("", -2*3600))
}

func newKey() (string, domain.KeyHash) { return "key", "hash" }

// newAPI returns an API with one account, and a context of its user.
func newAPI(tb testing.TB) (*transport.API, context.Context) {
	tb.Helper()
	accounts := store.NewMemory(store.DefaultLimits())
	actor := domain.Actor{Account: "account", UserID: domain.SeedAdministrator}
	seed := func() domain.Changes {
		return domain.Seed(domain.DefaultSettings(), domain.Funds{Unlimited: true}, now())
	}
	if err := accounts.Open(tb.Context(), actor.Account, seed); err != nil {
		tb.Fatal(err)
	}
	return transport.New(accounts, nil, clock.Shared(now), newKey), domain.WithActor(tb.Context(), actor)
}

// request reads an order in the way of the generated server.
func request(tb testing.TB, text string) server.OrderPkioOrganisationPersonRequestObject {
	tb.Helper()
	var body api.OrderRequest
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		tb.Fatal(err)
	}
	return server.OrderPkioOrganisationPersonRequestObject{Body: &body}
}

const minimal = `{
	"certificate": {"signature_hash": "sha256", "profile_option": "encryption", "individual": {"id": "21"}},
	"csa_agreed_to": true, "cs_provisioning_method": "token", "payment_method": "balance",
	"ship_info": {"name": "n", "addr1": "1", "addr2": "", "city": "c", "state": "s", "zip": "z", "country": "c", "method": "STANDARD"},
	"organization": {"id": "1920073", "contacts": [{"contact_type": "verified_contact", "user_id": "4313813"}]}
}`

// TestMinimalOrder places an order without optional members, and reads it back.
func TestMinimalOrder(t *testing.T) {
	t.Parallel()
	a, ctx := newAPI(t)
	placed, err := a.OrderPkioOrganisationPerson(ctx, request(t, minimal))
	if err != nil {
		t.Fatal(err)
	}
	certificate := int64(845503702)
	if diff := cmp.Diff(server.OrderPkioOrganisationPerson201JSONResponse{ID: 843668399, CertificateID: &certificate}, placed); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	got, err := a.GetOrder(ctx, server.GetOrderRequestObject{OrderID: "843668399"})
	if err != nil {
		t.Fatal(err)
	}
	order, ok := got.(server.GetOrder200JSONResponse)
	if !ok {
		t.Fatalf("reply: %T", got)
	}
	if order.DateCreated != "2026-11-24T01:30:15+00:00" {
		t.Errorf("created %s", order.DateCreated)
	}
	if order.Price != 300 || order.ValidityYears != 1 || order.OrderValidity.Years == nil || *order.OrderValidity.Years != 1 ||
		order.OrderValidity.Days != nil || order.OrderValidity.CustomExpirationDate != nil {
		t.Errorf("price %v, validity %+v", order.Price, order.OrderValidity)
	}
	if diff := cmp.Diff(order.OrganizationContact, order.TechnicalContact); diff != "" {
		t.Errorf("without a technical contact, the organization's is shown:\n%s", diff)
	}
}

// TestTextThatNamesNoOrder checks that an order id of any form is looked up, and never invalid (D-38).
func TestTextThatNamesNoOrder(t *testing.T) {
	t.Parallel()
	a, ctx := newAPI(t)
	for _, id := range []string{"", " ", "x", "843668399", "-1", "9223372036854775808", "1e3", "0x1", "8F:3A", "1_000"} {
		_, err := a.GetOrder(ctx, server.GetOrderRequestObject{OrderID: id})
		if !errors.Is(err, &domain.Error{Code: domain.CodeOrderNotFound}) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// TestIDsThatAreTooLarge checks that an id above the largest integer names no entity, in every member.
func TestIDsThatAreTooLarge(t *testing.T) {
	t.Parallel()
	a, ctx := newAPI(t)
	const large = `"99999999999999999999"`
	in := request(t, `{
		"certificate": {"individual": {"id": `+large+`}}, "payment_method": "profile", "payment_profile": {"id": `+large+`},
		"organization": {"id": `+large+`, "contacts": []}, "technical_contact": {"user_id": `+large+`}
	}`)
	_, err := a.OrderPkioOrganisationPerson(ctx, in)
	for _, code := range []string{"invalid_individual", "invalid_organization", "invalid_user", "invalid_field"} {
		if !errors.Is(err, &domain.Error{Code: code}) {
			t.Errorf("%v does not have %s", err, code)
		}
	}
}

// brokenStore fails with an error that is no refusal.
type brokenStore struct{}

var errBroken = errors.New("the disk is full")

func (brokenStore) View(context.Context, domain.AccountID, func(domain.Reader) error) error {
	return errBroken
}

func (brokenStore) Update(context.Context, domain.AccountID, func(domain.Reader) (domain.Changes, error)) error {
	return errBroken
}

// TestBrokenStore checks that each operation returns the error of its store.
func TestBrokenStore(t *testing.T) {
	t.Parallel()
	a := transport.New(brokenStore{}, nil, clock.Shared(now), newKey)
	for name, call := range map[string]func(context.Context) (any, error){
		"order": func(ctx context.Context) (any, error) {
			return a.OrderPkioOrganisationPerson(ctx, request(t, minimal))
		},
		"get order": func(ctx context.Context) (any, error) {
			return a.GetOrder(ctx, server.GetOrderRequestObject{OrderID: "1"})
		},
		"orders": func(ctx context.Context) (any, error) { return a.ListOrders(ctx, server.ListOrdersRequestObject{}) },
		"organizations": func(ctx context.Context) (any, error) {
			return a.ListOrganizations(ctx, server.ListOrganizationsRequestObject{})
		},
		"organization": func(ctx context.Context) (any, error) {
			return a.GetOrganization(ctx, server.GetOrganizationRequestObject{})
		},
		"create": func(ctx context.Context) (any, error) {
			return a.CreateOrganization(ctx, server.CreateOrganizationRequestObject{Body: &api.OrganizationCreate{}})
		},
		"activate": func(ctx context.Context) (any, error) {
			return a.ActivateOrganization(ctx, server.ActivateOrganizationRequestObject{})
		},
		"deactivate": func(ctx context.Context) (any, error) {
			return a.DeactivateOrganization(ctx, server.DeactivateOrganizationRequestObject{})
		},
		"users": func(ctx context.Context) (any, error) { return a.ListUsers(ctx, server.ListUsersRequestObject{}) },
		"me": func(ctx context.Context) (any, error) {
			return a.GetCurrentUser(ctx, server.GetCurrentUserRequestObject{})
		},
		"balance": func(ctx context.Context) (any, error) { return a.GetBalance(ctx, server.GetBalanceRequestObject{}) },
		"profiles": func(ctx context.Context) (any, error) {
			return a.ListPaymentProfiles(ctx, server.ListPaymentProfilesRequestObject{})
		},
	} {
		if _, err := call(t.Context()); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSort checks that the store gets the sort keys of a query in their order, with their directions.
func TestSort(t *testing.T) {
	t.Parallel()
	a, ctx := newAPI(t)
	for range 3 {
		if _, err := a.OrderPkioOrganisationPerson(ctx, request(t, minimal)); err != nil {
			t.Fatal(err)
		}
	}
	for sort, want := range map[string][]int64{
		"":                        {843668399, 843668400, 843668401},
		"-order_id":               {843668401, 843668400, 843668399},
		"status,-order_id":        {843668401, 843668400, 843668399},
		"-order_id,order_id":      {843668401, 843668400, 843668399},
		"order_id,-order_id":      {843668399, 843668400, 843668401},
		"-status,-common_name":    {843668399, 843668400, 843668401},
		"validity_years,order_id": {843668399, 843668400, 843668401},
	} {
		got, err := a.ListOrders(ctx, server.ListOrdersRequestObject{Params: api.ListOrdersParams{Sort: &sort}})
		if err != nil {
			t.Fatal(err)
		}
		list, ok := got.(server.ListOrders200JSONResponse)
		if !ok {
			t.Fatalf("reply: %T", got)
		}
		var ids []int64
		for i := range list.Orders {
			ids = append(ids, list.Orders[i].ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sort, diff)
		}
	}
}
