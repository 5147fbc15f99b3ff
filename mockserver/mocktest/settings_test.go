package mocktest_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestSettings shows what a client sees of both values of a setting, in an account that had the
// other value before.
func TestSettings(t *testing.T) {
	t.Parallel()
	short := anOrder()
	short.Validity = certcentral.Days(30)
	type choice struct {
		setting mocktest.Setting
		want    string
	}
	for name, one := range map[string]struct {
		choices [2]choice
		see     func(*testing.T, *mocktest.Server) string
	}{
		"validation": {
			[2]choice{{mocktest.Validation(mockserver.ValidationManual), "pending"}, {mocktest.Validation(mockserver.ValidationAuto), "active"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				submit(t, mock)
				return string(validation(t, mock, certcentral.ValidationEV).Status)
			},
		},
		"tolerance": {
			[2]choice{{mocktest.Tolerance(false), "400"}, {mocktest.Tolerance(true), "200"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				return strconv.Itoa(get(t, mock.BaseURL+"/order/certificate?limit=", mock.APIKey).StatusCode)
			},
		},
		"token chain": {
			[2]choice{{mocktest.TokenChain(mockserver.TokenChainEmpty), "0"}, {mocktest.TokenChain(mockserver.TokenChainFull), "4"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
				if err != nil {
					t.Fatal(err)
				}
				mock.Settle(t)
				chain, err := mock.Client.Certificates.Chain(t.Context(), placed.CertificateID)
				if err != nil {
					t.Fatal(err)
				}
				return strconv.Itoa(len(chain))
			},
		},
		"multi-year plans": {
			[2]choice{{mocktest.MultiYearPlans(false), "1 year"}, {mocktest.MultiYearPlans(true), "30 days"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				return validFor(t, mock, short)
			},
		},
		"short validity": {
			[2]choice{{mocktest.ShortValidity(false), "1 year"}, {mocktest.ShortValidity(true), "30 days"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				return validFor(t, mock, short)
			},
		},
		"required validation": {
			[2]choice{{mocktest.RequiredValidation(true), "refused"}, {mocktest.RequiredValidation(false), "placed"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				mock.MoveValidation(t, 1920073, "ov", "expired")
				_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
				if err == nil {
					return "placed"
				}
				refused(t, err, "organization_not_validated")
				return "refused"
			},
		},
		"refunds": {
			[2]choice{{mocktest.Refunds(false), "700.00"}, {mocktest.Refunds(true), "1000.00"}},
			func(t *testing.T, mock *mocktest.Server) string {
				t.Helper()
				mock.Set(t, mocktest.Balance("1000.00"), mocktest.Life(mockserver.LifeManual))
				if err := mock.Client.Orders.Cancel(t.Context(), place(t, mock), "Not needed."); err != nil {
					t.Fatal(err)
				}
				funds, err := mock.Client.Finance.GetBalance(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return string(funds.Balance)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys())
			for _, choice := range one.choices {
				mock.Set(t, choice.setting)
				if got := one.see(t, mock); got != choice.want {
					t.Errorf("got %s, want %s", got, choice.want)
				}
			}
		})
	}
}

// TestSetKeepsTheRest holds that a setting which Set does not name stays.
func TestSetKeepsTheRest(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	fresh := mock.Account(t)
	mock.Set(t, mocktest.Approval(mockserver.ApprovalOn), mocktest.Life(mockserver.LifeManual),
		mocktest.Validation(mockserver.ValidationManual), mocktest.NegativeBalanceLimit("5.00"),
		mocktest.RateLimit(mockserver.DefaultRateLimits()...), mocktest.Tolerance(false),
		mocktest.TokenChain(mockserver.TokenChainEmpty), mocktest.MultiYearPlans(false), mocktest.ShortValidity(false),
		mocktest.RequiredValidation(true), mocktest.Refunds(false))
	changed := mock.Account(t)
	if changed.Approval == fresh.Approval || changed.Life == fresh.Life || changed.Validation == fresh.Validation ||
		changed.NegativeBalanceLimit == fresh.NegativeBalanceLimit || string(changed.RateLimit) == string(fresh.RateLimit) ||
		changed.Tolerance == fresh.Tolerance || changed.TokenChain == fresh.TokenChain ||
		changed.MultiYearPlans == fresh.MultiYearPlans || changed.ShortValidity == fresh.ShortValidity ||
		changed.RequiredValidation == fresh.RequiredValidation || changed.Refunds == fresh.Refunds {
		t.Errorf("a setting is as it was: %+v", changed)
	}
	mock.Set(t, mocktest.Balance("12.50"))
	want := changed
	want.Balance = "12.50"
	if diff := cmp.Diff(want, mock.Account(t)); diff != "" {
		t.Errorf("another setting has changed (-want +got):\n%s", diff)
	}
}

// TestMoveValidation shows each state of a validation as a client sees it.
func TestMoveValidation(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	now := mock.Clock(t).Now()
	for _, to := range []certcentral.ValidationStatus{certcentral.ValidationPending, certcentral.ValidationActive, certcentral.ValidationExpired} {
		mock.MoveValidation(t, 1920073, "ov", string(to))
		got := validation(t, mock, certcentral.ValidationOV)
		if got.Status != to || got.ValidatedUntil.IsZero() != (to == certcentral.ValidationPending) {
			t.Errorf("moved to %s: %+v", to, got)
		}
		if after := got.ValidatedUntil.After(now); to != certcentral.ValidationPending && after != (to == certcentral.ValidationActive) {
			t.Errorf("%s until %v", to, got.ValidatedUntil)
		}
	}
}

// TestKeyRoles holds that a key may do what its role and its user allow, and nothing else.
func TestKeyRoles(t *testing.T) {
	t.Parallel()
	const administrator, standard = 4313813, 4313912
	for name, one := range map[string]struct {
		user, role                             int64
		orders, readsOrders, readsUsers, admin bool
	}{
		"no limit":           {administrator, 0, true, true, true, true},
		"orders":             {administrator, 100, true, true, false, false},
		"view only":          {administrator, 102, false, true, true, false},
		"users":              {administrator, 103, false, false, true, false},
		"a user with orders": {standard, 100, true, true, false, false},
		"a user, no limit":   {standard, 0, true, true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			user := mock.For(t, mock.Key(t, one.user, one.role)).Client
			_, err := user.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
			allowed(t, "order", err, one.orders)
			_, err = user.Orders.List(t.Context(), certcentral.OrderListOptions{})
			allowed(t, "list the orders", err, one.readsOrders)
			_, err = user.Users.List(t.Context(), certcentral.UserListOptions{})
			allowed(t, "list the users", err, one.readsUsers)
			allowed(t, "activate the organization", user.Organizations.Activate(t.Context(), 1920073), one.admin)
			if me, err := user.Users.GetCurrent(t.Context()); err != nil || me.ID != one.user {
				t.Errorf("the key is of the user %d: %v", me.ID, err)
			}
		})
	}
}

func allowed(t *testing.T, what string, err error, want bool) {
	t.Helper()
	if want && err != nil || !want && !errors.Is(err, certcentral.ErrForbidden) {
		t.Errorf("%s: allowed %v, got %v", what, want, err)
	}
}
