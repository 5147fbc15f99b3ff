package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestTokenPIN checks the states in which the PIN of a token can be read: personalized, with a key of the
// mock, and not discarded (D-74).
func TestTokenPIN(t *testing.T) {
	t.Parallel()
	ownKey := step(func(a *account, id int64) { a.must(usingOwnKey(id)) })
	for title, tc := range map[string]struct {
		steps []step
		has   bool
	}{
		"personalized":        {leading(domain.TokenPersonalized), true},
		"installed":           {leading(domain.TokenInstalled), true},
		"ordered":             {leading(domain.TokenOrdered), false},
		"of a canceled order": {and(leading(domain.TokenDelivered), cancel), false},
		"with a key of its holder's own": {
			append([]step{ownKey}, leading(domain.TokenDelivered)...), false,
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			order := a.in(situation{steps: tc.steps})
			a.read(func(r domain.Reader) {
				pin, err := domain.TokenPIN(r, accountID, name(order.ID))
				if !tc.has {
					checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
					return
				}
				if want := domain.PIN(accountID, order.CertificateID); err != nil || pin != want {
					t.Errorf("a PIN of %d digits, %v", len(pin), err)
				}
			})
		})
	}
}

// TestCreateKey checks that only a user gets a key.
func TestCreateKey(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.mustPlace(today(), anOrder(withContacts(newContact(onVerified, "grace"))))
	before := a.snapshot()
	for _, id := range []int64{nextPerson, 1} { // a contact, and an id of no person
		err := a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.CreateKey(r, id, 0, "hash") })
		checkFaults(t, err, fault{domain.CodeInvalidUser, "user_id"})
	}
	if diff := cmp.Diff(before, a.snapshot()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
	if _, known := a.store.Owner(t.Context(), "hash"); known {
		t.Error("a key that was refused is known")
	}
	a.handOut(domain.SeedUser, "hash")
	if owner, _ := a.store.Owner(t.Context(), "hash"); owner.UserID != domain.SeedUser {
		t.Errorf("the key is of user %d", owner.UserID)
	}
}
