package domain_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// tokenStatuses are all states of a token.
func tokenStatuses() []domain.TokenStatus {
	return []domain.TokenStatus{
		domain.TokenOrdered, domain.TokenPersonalized, domain.TokenShipped, domain.TokenDelivered, domain.TokenInitialized,
		domain.TokenInstalled, domain.TokenLocked, domain.TokenLost,
	}
}

// TestTokenTransitionsGolden compares the table with a file, so that a review shows each change of
// it.
func TestTokenTransitionsGolden(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "from\tto\tevent")
	for _, transition := range domain.TokenTransitions() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", transition.From, transition.To, transition.Event)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/token_transitions.golden", table.String())
}

// leading are the steps from an ordered token to a state.
func leading(to domain.TokenStatus) []step {
	path := []domain.TokenStatus{domain.TokenPersonalized, domain.TokenShipped, domain.TokenDelivered, domain.TokenInitialized, domain.TokenInstalled}
	if to == domain.TokenLocked || to == domain.TokenLost {
		path = append(path[:3:3], to)
	}
	var steps []step
	for _, status := range path[:slices.Index(path, to)+1] {
		steps = append(steps, token(status))
		if status == domain.TokenPersonalized {
			steps = append(steps, work)
		}
	}
	return steps
}

// stands is the state of an order whose token is in a state. An order with a reissue is
// reissue_pending until the new certificate is installed.
func stands(status domain.TokenStatus, reissue bool) domain.Status {
	switch {
	case status == domain.TokenInstalled:
		return domain.StatusIssued
	case reissue:
		return domain.StatusReissuePending
	case status == domain.TokenOrdered:
		return domain.StatusPending
	case status == domain.TokenPersonalized:
		return domain.StatusProcessing
	default:
		return domain.StatusWaitingPickup
	}
}

// tokens calls a test with a token in every state, the one of an order and the one of a reissue.
func tokens(t *testing.T, test func(t *testing.T, a *account, order int64, from domain.TokenStatus, reissues bool)) {
	t.Helper()
	for _, reissues := range []bool{false, true} {
		for _, from := range tokenStatuses() {
			a := openAccount(t, unlimited())
			var steps []step
			if reissues {
				steps = and(leading(domain.TokenInstalled), reissue)
			}
			id := a.in(situation{steps: and(steps, leading(from)...)}).ID
			if got := a.order(id).Status; got != stands(from, reissues) {
				t.Errorf("the token is %s, and the order %s", from, got)
			}
			test(t, a, id, from, reissues)
		}
	}
}

// TestMoveToken moves a token from every state to every state, and the order with it.
func TestMoveToken(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	for _, to := range tokenStatuses() {
		tokens(t, func(t *testing.T, a *account, id int64, from domain.TokenStatus, reissues bool) {
			t.Helper()
			before := a.order(id)
			err := a.decide(func(r domain.Reader) (domain.Changes, error) {
				return domain.MoveToken(r, later, domain.TokenMove{Order: name(id), To: to})
			})
			way := tokenWay(from, to)
			if len(way) == 0 {
				checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
				for _, next := range from.Next() {
					if !strings.Contains(err.Error(), string(next)) {
						t.Errorf("%s to %s: the refusal does not name %s: %v", from, to, next, err)
					}
				}
				return
			}
			if err != nil {
				t.Errorf("%s to %s: %v", from, to, err)
				return
			}
			order, certificate := a.tokenOf(id)
			want, status := to, stands(to, reissues)
			dead := to == domain.TokenLocked || to == domain.TokenLost
			if dead {
				status = before.Status
			}
			if from == domain.TokenOrdered { // it becomes personalized with the issuance, and goes on after that
				want, status, dead = domain.TokenOrdered, stands(domain.TokenPersonalized, reissues), false
			} else if dead && slices.Contains(way, domain.TokenShipped) {
				status = stands(domain.TokenShipped, reissues)
			}
			if certificate.Token.Status != want || certificate.Pending != (from == domain.TokenOrdered) || order.Status != status {
				t.Errorf("%s to %s: got %+v, and the order is %s", from, to, certificate, order.Status)
			}
			if keeps := certificate.Material != nil && !dead; keeps != (keyIn(certificate.Token) != nil) {
				t.Errorf("%s to %s: the key is kept: %v", from, to, keyIn(certificate.Token) != nil)
			}
			if moved := order.Status != before.Status; moved != order.StatusChanged.Equal(later) {
				t.Errorf("%s to %s: the order became %s at %v", from, to, order.Status, order.StatusChanged)
			}
		})
	}
}

// tokenOf returns the token of an order, and the order.
func (a *account) tokenOf(order int64) (found domain.Order, certificate domain.Certificate) {
	a.Helper()
	a.read(func(r domain.Reader) {
		var err error
		if found, certificate, err = domain.FindToken(r, name(order)); err != nil {
			a.Fatal(err)
		}
	})
	return found, certificate
}

// TestNoToken checks that an order without a certificate has no token, and that the token of a
// discarded certificate cannot be moved.
func TestNoToken(t *testing.T) {
	t.Parallel()
	everywhere(t, func(a *account, s situation, order domain.Order) {
		a.read(func(r domain.Reader) {
			_, certificate, err := domain.FindToken(r, name(order.ID))
			if order.CertificateID == 0 {
				checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
			} else if want := max(order.CertificateID, order.ReissueID); err != nil || certificate.ID != want {
				t.Errorf("%s: got %d, %v, want %d", s.name, certificate.ID, err, want)
			}
		})
		if order.Status != domain.StatusCanceled && order.Status != domain.StatusRejected {
			return
		}
		for _, to := range tokenStatuses() {
			checkFaults(t, a.decide(movingToken(order.ID, to)), fault{domain.CodeTokenConflict, ""})
		}
	})
	a := openAccount(t, unlimited())
	checkFaults(t, a.decide(movingToken(1, domain.TokenShipped)), fault{domain.CodeOrderNotFound, ""})
	checkFaults(t, a.decide(usingOwnKey(1)), fault{domain.CodeOrderNotFound, ""})
}

// TestPersonalizeTwice checks that a second call changes nothing while the issuance is pending.
func TestPersonalizeTwice(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.in(situation{steps: []step{token(domain.TokenPersonalized)}}).ID
	before := a.snapshot()
	a.must(movingToken(id, domain.TokenPersonalized))
	unchanged(t, before, a.snapshot())
}

// TestOrderMovesItsToken checks that a step of the order also moves its token.
func TestOrderMovesItsToken(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.mustPlace(today(), anOrder()).ID
	for _, next := range []struct {
		step step
		want domain.TokenStatus
	}{
		{work, domain.TokenOrdered},
		{move(domain.StatusProcessing), domain.TokenOrdered},
		{work, domain.TokenPersonalized},
		{move(domain.StatusWaitingPickup), domain.TokenDelivered},
		{move(domain.StatusIssued), domain.TokenInstalled},
		{move(domain.StatusReissuePending), domain.TokenOrdered}, // the token of the reissue
		{work, domain.TokenPersonalized},
		{move(domain.StatusIssued), domain.TokenInstalled},
	} {
		next.step(a, id)
		if _, certificate := a.tokenOf(id); certificate.Token.Status != next.want {
			t.Errorf("got %s, want %s", certificate.Token.Status, next.want)
		}
	}
}

// TestDeadTokens checks that the certificate on a locked or lost token cannot be installed, and
// that its order or reissue can be canceled.
func TestDeadTokens(t *testing.T) {
	t.Parallel()
	for _, dead := range []domain.TokenStatus{domain.TokenLocked, domain.TokenLost} {
		for _, reissues := range []bool{false, true} {
			a := openAccount(t, unlimited())
			var steps []step
			if reissues {
				steps = and(leading(domain.TokenInstalled), reissue)
			}
			id := a.in(situation{steps: and(steps, leading(dead)...)}).ID
			checkFaults(t, a.decide(moving(id, domain.StatusIssued)), fault{domain.CodeOrderStatusConflict, ""})
			a.must(canceling(id))
		}
	}
}

// TestOwnKey checks in which states a token takes the holder's own key, and that the issuance job
// has it.
func TestOwnKey(t *testing.T) {
	t.Parallel()
	tokens(t, func(t *testing.T, a *account, id int64, from domain.TokenStatus, _ bool) {
		t.Helper()
		err := a.decide(usingOwnKey(id))
		if from != domain.TokenOrdered {
			checkFaults(t, err, fault{domain.CodeTokenConflict, ""})
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		a.must(func(r domain.Reader) (domain.Changes, error) { return domain.UseOwnKey(r, name(id), []byte("another")) })
		a.must(movingToken(id, domain.TokenPersonalized))
		checkFaults(t, a.decide(usingOwnKey(id)), fault{domain.CodeTokenConflict, ""}) // the issuance is pending
		job := a.job()
		if job.PublicKey != "another" {
			t.Errorf("the key is %q", job.PublicKey)
		}
		a.makeAll()
		if _, certificate := a.tokenOf(id); certificate.Token.Status != domain.TokenPersonalized || keyIn(certificate.Token) != nil {
			t.Errorf("token %+v", certificate.Token.Status)
		}
	})
}

// TestCodes checks that the codes depend only on the account and the certificate, and that neither
// can be computed from the other.
func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, of := range []domain.AccountID{accountID, "another"} {
		for certificate := range int64(50) {
			code, pin := domain.InitCode(of, certificate), domain.PIN(of, certificate)
			if code != domain.InitCode(of, certificate) || pin != domain.PIN(of, certificate) {
				t.Errorf("certificate %d of %s: not the same twice", certificate, of)
			}
			if len(code) != 16 || strings.Trim(code, "0123456789abcdef") != "" || len(pin) != 8 || strings.Trim(pin, "0123456789") != "" {
				t.Errorf("certificate %d of %s: the forms are wrong", certificate, of)
			}
			told, _ := hex.DecodeString(code) // the digits of the PIN, if it were computed from the init code
			for i := range told {
				told[i] = '0' + told[i]%10
			}
			if seen[code] || seen[pin] || strings.Contains(code, pin) || string(told) == pin {
				t.Errorf("certificate %d of %s: not its own", certificate, of)
			}
			seen[code], seen[pin] = true, true
		}
	}
}
