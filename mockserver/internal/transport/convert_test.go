package transport

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestPaymentIn checks that the card and the address of an order that another method pays are dropped (D-16).
func TestPaymentIn(t *testing.T) {
	t.Parallel()
	body := api.OrderInput{
		PaymentMethod:  api.PaymentMethodInput(domain.PayByBalance),
		CreditCard:     &api.CreditCard{Number: "4111111111111111", ExpirationMonth: "12", ExpirationYear: "2055"},
		BillingAddress: &api.BillingAddressInput{Address: "Kade 1"},
	}
	if diff := cmp.Diff(domain.Payment{Method: domain.PayByBalance}, paymentIn(&body)); diff != "" {
		t.Errorf("by balance (-want +got):\n%s", diff)
	}
	body.PaymentMethod = api.PaymentMethodInput(domain.PayByCard)
	got := paymentIn(&body)
	if got.Card == nil || got.Card.ExpirationYear != 2055 || got.Address.Address != "Kade 1" {
		t.Errorf("by card: %+v", got)
	}
}

// TestValidationDates checks that a finished validation has its dates also after it has expired, and that a
// pending one has none (D-60).
func TestValidationDates(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	organization := domain.Organization{Validations: []domain.Validation{
		{Type: domain.ValidationOV, DateCreated: end.AddDate(-1, 0, 0), ValidatedUntil: end},
		{Type: domain.ValidationEV},
	}}
	for _, now := range []time.Time{end, end.Add(time.Second)} {
		got := validationsOut(nil, organization, now)
		if value(got[0].DateCreated) != "2025-01-02T00:00:00+00:00" || value(got[0].ValidatedUntil) != "2026-01-02T00:00:00+00:00" {
			t.Errorf("at %v: %+v", now, got[0])
		}
		if got[1].DateCreated != nil || got[1].ValidatedUntil != nil {
			t.Errorf("pending: %+v", got[1])
		}
	}
}
