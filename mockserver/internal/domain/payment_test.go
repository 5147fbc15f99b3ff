package domain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func aCard() domain.Card {
	return domain.Card{Number: "4111111111111234", ExpirationMonth: 12, ExpirationYear: 2029, CardholderName: "Jane Doe"}
}

func anAddress() domain.BillingAddress {
	return domain.BillingAddress{Address: "Kade 1", Address2: "b", City: "Delft", State: "ZH", Country: "nl", Zip: "2611 AA"}
}

func byCard(card domain.Card) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) {
		in.Payment = domain.Payment{Method: domain.PayByCard, Card: &card, Address: anAddress()}
	}
}

func byProfile(id *int64) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) {
		in.Payment = domain.Payment{Method: domain.PayByProfile, ProfileID: id}
	}
}

// TestBrands checks the brand by the first digits (ISO/IEC 7812).
func TestBrands(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"34": "amex", "37": "amex", "30": "diners", "36": "diners", "38": "diners", "4": "visa", "5": "mastercard", "22": "mastercard",
		"27": "mastercard", "6011": "discover", "65": "discover", "0": "unknown", "1": "unknown", "7": "unknown", "8": "unknown", "9": "unknown",
	} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			card := aCard()
			card.Number, card.Save = prefix+"111111119876", true
			a.mustPlace(today(), anOrder(byCard(card)))
			saved := a.snapshot().Profiles[1].Card
			if saved.Brand != want || saved.LastFour != "9876" {
				t.Errorf("got %+v, want %s", saved, want)
			}
		})
	}
}

func TestCardExpiry(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, tc := range []struct {
		month, year int
		now         time.Time
		expired     bool
	}{
		{11, 2026, at("2026-11-23T09:30:00Z"), false},
		{11, 2026, at("2026-11-30T23:59:59.999999999Z"), false},
		{11, 2026, at("2026-12-01T00:00:00Z"), true},
		{10, 2026, at("2026-11-01T00:00:00Z"), true},
		{12, 2026, at("2026-12-31T23:59:59Z"), false}, // the month after is in another year
		{12, 2026, at("2027-01-01T00:00:00Z"), true},
		{2, 2028, at("2028-02-29T23:59:59Z"), false},
		{2, 2028, at("2028-03-01T00:00:00Z"), true},
		{11, 2026, at("2026-12-01T00:30:00+01:00"), false}, // still November in UTC
		{11, 2026, at("2026-11-30T23:30:00-01:00"), true},  // December already
		{12, 2025, at("2026-11-23T09:30:00Z"), true},
		{1, 2027, at("2026-11-23T09:30:00Z"), false},
		{12, 9999, at("2026-11-23T09:30:00Z"), false},
		{1, 0, at("2026-11-23T09:30:00Z"), true},
	} {
		t.Run(fmt.Sprintf("%02d/%d at %s", tc.month, tc.year, tc.now.Format(time.RFC3339)), func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			card := aCard()
			card.ExpirationMonth, card.ExpirationYear, card.Save = tc.month, tc.year, true
			_, err := a.place(admin(), tc.now, anOrder(byCard(card)))
			if !tc.expired {
				checkFaults(t, err)
				return
			}
			checkFaults(t, err, fault{domain.CodeInvalidField, "credit_card.expiration_year"})
			if got := len(a.snapshot().Profiles); got != 1 {
				t.Errorf("a refused card is saved: %d profiles", got)
			}
		})
	}
}

// TestSavingCards checks the payment profiles of an account after orders with cards (D-42).
func TestSavingCards(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	before := a.snapshot().Profiles
	card := aCard()
	card.Default = true
	a.mustPlace(today(), anOrder(byCard(card)))
	if diff := cmp.Diff(before, a.snapshot().Profiles); diff != "" {
		t.Errorf("a card that is not to be saved changes the profiles, default or not:\n%s", diff)
	}
	card.Save, card.Default = true, false
	a.mustPlace(today(), anOrder(byCard(card)))
	second := domain.PaymentProfile{
		ID: 1002, Address: anAddress(),
		Card: domain.SavedCard{LastFour: "1234", Brand: "visa", ExpirationMonth: 12, ExpirationYear: 2029, CardholderName: "Jane Doe"},
	}
	if diff := cmp.Diff(append(before, second), a.snapshot().Profiles); diff != "" {
		t.Errorf("profiles (-want +got):\n%s", diff)
	}
	card.Default = true
	a.mustPlace(today(), anOrder(byCard(card)))
	var defaults []int64
	for _, profile := range a.snapshot().Profiles {
		if profile.Default {
			defaults = append(defaults, profile.ID)
		}
	}
	if diff := cmp.Diff([]int64{1003}, defaults); diff != "" {
		t.Errorf("default profiles (-want +got):\n%s", diff)
	}
}

// TestFirstCard checks that the first saved card becomes the default profile (D-42).
func TestFirstCard(t *testing.T) {
	t.Parallel()
	a := openAccountWithoutCards(t)
	card := aCard()
	card.Save = true
	a.mustPlace(today(), anOrder(byCard(card)))
	a.mustPlace(today(), anOrder(byProfile(nil)))
	if got := a.snapshot().Profiles; len(got) != 1 || !got[0].Default {
		t.Errorf("profiles: %+v", got)
	}
}

func openAccountWithoutCards(t *testing.T) *account {
	t.Helper()
	a := openAccount(t, unlimited())
	seed := domain.Seed(domain.DefaultSettings(), unlimited(), today())
	seed.PaymentProfiles = nil
	if err := a.store.Reset(t.Context(), accountID, func() domain.Changes { return seed }); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPaymentProfiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		id    *int64
		cards bool
		want  []fault
	}{
		"the default":            {nil, true, nil},
		"by id":                  {new(int64(1001)), true, nil},
		"unknown id":             {new(int64(1002)), true, []fault{{"invalid_field", "payment_profile.id"}}},
		"zero":                   {new(int64(0)), true, []fault{{"invalid_field", "payment_profile.id"}}},
		"no default":             {nil, false, []fault{{"missing_field", "payment_profile"}}},
		"unknown id and no card": {new(int64(1001)), false, []fault{{"invalid_field", "payment_profile.id"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			if !tc.cards {
				a = openAccountWithoutCards(t)
			}
			_, err := a.place(admin(), today(), anOrder(byProfile(tc.id)))
			checkFaults(t, err, tc.want...)
		})
	}
}

// TestRefund checks that a canceled or rejected order gives its price back only if the balance paid it
// (D-34, D-42).
func TestRefund(t *testing.T) {
	t.Parallel()
	profile := int64(domain.SeedPaymentProfile)
	for name, tc := range map[string]struct {
		change func(*domain.OrderRequest)
		back   bool
	}{
		"balance": {func(*domain.OrderRequest) {}, true},
		"card":    {byCard(aCard()), false},
		"profile": {byProfile(&profile), false},
		"default": {byProfile(nil), false},
	} {
		for ending, end := range map[string]func(int64) useCase{
			"canceled": canceling,
			"rejected": func(id int64) useCase { return moving(id, domain.StatusRejected) },
		} {
			a := openAccount(t, domain.Funds{Balance: 1000_00})
			order := a.mustPlace(today(), anOrder(tc.change))
			a.must(end(order.ID))
			after := a.snapshot()
			if want := map[bool]int{true: 2, false: 0}[tc.back]; after.Funds.Balance != 1000_00 || len(after.Adjustments) != want {
				t.Errorf("%s, %s: balance %v with adjustments %+v", name, ending, after.Funds.Balance, after.Adjustments)
			}
		}
	}
}
