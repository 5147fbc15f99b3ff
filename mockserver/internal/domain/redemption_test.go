package domain_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// unchanged checks that an account has not changed.
func unchanged(tb testing.TB, before, after snapshot) {
	tb.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		tb.Errorf("something has changed (-before +after):\n%s", diff)
	}
}

// redeem opens the token of an order with a PIN.
func (a *account) redeem(order int64, initCode, pin string) (opened domain.Redemption, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		opened, changes, err = domain.RedeemToken(r, accountID, name(order), initCode, pin)
		return changes, err
	})
	return opened, err
}

// codes are the init code and the PIN of the token of an order.
func (a *account) codes(order int64) (initCode, pin string) {
	a.Helper()
	_, certificate := a.tokenOf(order)
	return domain.InitCode(accountID, certificate.ID), domain.PIN(accountID, certificate.ID)
}

// TestRedeem redeems a token in every state, twice.
func TestRedeem(t *testing.T) {
	t.Parallel()
	tokens(t, func(t *testing.T, a *account, id int64, from domain.TokenStatus, _ bool) {
		t.Helper()
		initCode, pin := a.codes(id)
		before := a.snapshot()
		opened, err := a.redeem(id, initCode, pin)
		becomes := from
		switch from {
		case domain.TokenLocked:
			checkFaults(t, err, fault{domain.CodeTokenLocked, ""})
			unchanged(t, before, a.snapshot())
			return
		case domain.TokenOrdered, domain.TokenPersonalized, domain.TokenShipped, domain.TokenLost:
			checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
			unchanged(t, before, a.snapshot())
			return
		case domain.TokenDelivered:
			becomes = domain.TokenInitialized
		case domain.TokenInitialized, domain.TokenInstalled:
		}
		order, certificate := a.tokenOf(id)
		if err != nil || opened.Refusal != nil || !bytes.Equal(keyFrom(opened), keyOf(certificate.ID)) {
			t.Fatalf("%s: got %v, %v", from, err, opened.Refusal)
		}
		if diff := cmp.Diff(*certificate.Material, opened.Material); diff != "" {
			t.Errorf("%s: %s", from, diff)
		}
		if token := certificate.Token; token.Status != becomes || keyIn(token) != nil || !token.Redeemed || token.AttemptsLeft() != domain.MaxPINAttempts {
			t.Errorf("%s: the token is %+v", from, token)
		}
		if before := before.Orders[0].Status; order.Status != before {
			t.Errorf("%s: the order is %s, and was %s", from, order.Status, before)
		}
		before = a.snapshot()
		for _, with := range []string{pin, "wrong"} { // also with a wrong PIN, which does not count any more
			_, err = a.redeem(id, initCode, with)
			checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
		}
		unchanged(t, before, a.snapshot())
	})
}

// TestWrongPINs checks that wrong PINs lock a token permanently and destroy its key. A wrong init code
// does not count.
func TestWrongPINs(t *testing.T) {
	t.Parallel()
	for _, status := range []domain.TokenStatus{domain.TokenDelivered, domain.TokenInitialized, domain.TokenInstalled} {
		a := openAccount(t, unlimited())
		id := a.in(situation{steps: leading(status)}).ID
		initCode, pin := a.codes(id)
		before := a.snapshot()
		for range 2 * domain.MaxPINAttempts {
			for _, code := range []string{"", "wrong", pin, initCode + "0", initCode[1:]} {
				_, err := a.redeem(id, code, pin)
				checkFaults(t, err, fault{domain.CodeInvalidInitCode, ""})
				_, err = a.redeem(id, code, "wrong")
				checkFaults(t, err, fault{domain.CodeInvalidInitCode, ""})
			}
		}
		unchanged(t, before, a.snapshot())
		for attempt, wrong := range []string{"", pin + "0", pin[1:], initCode} {
			opened, err := a.redeem(id, initCode, wrong)
			if err != nil || keyFrom(opened) != nil || opened.Material.DER != nil {
				t.Fatalf("attempt %d: %v, with a key: %v", attempt, err, keyFrom(opened) != nil)
			}
			checkFaults(t, opened.Refusal, fault{domain.CodeInvalidPIN, ""})
			_, certificate := a.tokenOf(id)
			if token := certificate.Token; token.AttemptsLeft() != 4-attempt || token.Status != status || keyIn(token) == nil {
				t.Errorf("attempt %d: the token is %v, %d attempts left", attempt, token, token.AttemptsLeft())
			}
		}
		opened, err := a.redeem(id, initCode, "wrong")
		if err != nil || keyFrom(opened) != nil {
			t.Fatalf("the last one: %v, with a key: %v", err, keyFrom(opened) != nil)
		}
		checkFaults(t, opened.Refusal, fault{domain.CodeTokenLocked, ""})
		order, certificate := a.tokenOf(id)
		if token := certificate.Token; token.Status != domain.TokenLocked || keyIn(token) != nil || token.AttemptsLeft() != 0 || token.Redeemed {
			t.Errorf("the token is %v, %d attempts left", token, token.AttemptsLeft())
		}
		if order.Status != before.Orders[0].Status {
			t.Errorf("the order is %s, and was %s", order.Status, before.Orders[0].Status)
		}
		before = a.snapshot()
		_, err = a.redeem(id, initCode, pin)
		checkFaults(t, err, fault{domain.CodeTokenLocked, ""})
		unchanged(t, before, a.snapshot())
	}
}

// TestSomeWrongPINs checks that the right PIN opens a token after some wrong ones.
func TestSomeWrongPINs(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.in(situation{steps: leading(domain.TokenDelivered)}).ID
	initCode, pin := a.codes(id)
	for range domain.MaxPINAttempts - 1 {
		if opened, err := a.redeem(id, initCode, "wrong"); err != nil || opened.Refusal == nil {
			t.Fatal(err)
		}
	}
	if opened, err := a.redeem(id, initCode, pin); err != nil || opened.Refusal != nil {
		t.Errorf("got %v, %v", err, opened.Refusal)
	}
}

// TestRedeemOwnKey checks that there is no key to redeem when the key is on the holder's own token.
func TestRedeemOwnKey(t *testing.T) {
	t.Parallel()
	for _, status := range []domain.TokenStatus{domain.TokenOrdered, domain.TokenDelivered, domain.TokenInstalled} {
		a := openAccount(t, unlimited())
		own := step(func(a *account, id int64) { a.must(usingOwnKey(id)) })
		id := a.in(situation{steps: append([]step{own}, leading(status)...)}).ID
		before := a.snapshot()
		initCode, pin := a.codes(id)
		for _, with := range []string{pin, "wrong"} {
			_, err := a.redeem(id, initCode, with)
			checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
		}
		unchanged(t, before, a.snapshot())
	}
}

// TestRedeemReissue checks that a reissue has a token with its own codes, and that the former codes
// become invalid.
func TestRedeemReissue(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	initCode, pin := a.codes(order.ID)
	a.reissued(order.ID)
	_, err := a.redeem(order.ID, initCode, pin)
	checkFaults(t, err, fault{domain.CodeInvalidInitCode, ""})
	initCode, pin = a.codes(order.ID)
	opened, err := a.redeem(order.ID, initCode, pin)
	if err != nil || opened.Refusal != nil || !bytes.Equal(keyFrom(opened), keyOf(order.CertificateID+1)) {
		t.Errorf("got %v, %v", err, opened.Refusal)
	}
}

// TestRedeemInAutomaticLife redeems an installed token.
func TestRedeemInAutomaticLife(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	order := a.mustPlace(today(), anOrder())
	initCode, pin := a.codes(order.ID)
	_, err := a.redeem(order.ID, initCode, pin)
	checkFaults(t, err, fault{domain.CodeTokenConflict, ""}) // too early
	a.makeAll()
	if opened, err := a.redeem(order.ID, initCode, pin); err != nil || opened.Refusal != nil || keyFrom(opened) == nil {
		t.Errorf("got %v, %v", err, opened.Refusal)
	}
}

// TestRedeemWhatIsGivenUp checks that the token of a discarded certificate hands no key over.
func TestRedeemWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.in(situation{steps: and(leading(domain.TokenDelivered), cancel)}).ID
	initCode, pin := a.codes(id)
	_, err := a.redeem(id, initCode, pin)
	checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
	_, err = a.redeem(1, initCode, pin)
	checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
}
