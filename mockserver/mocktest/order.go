package mocktest

import (
	"fmt"
	"net/http"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/control"
)

// A Step is an option of [Server.Move] and of the moves of a [Token].
type Step func(*step)

type step struct{ reason *string }

// Reason says why an order or a token moves. It becomes a note of the order.
func Reason(text string) Step { return func(s *step) { s.reason = &text } }

func reason(steps []Step) *string {
	var all step
	for _, apply := range steps {
		apply(&all)
	}
	return all.reason
}

// Move moves an order to another state, along an arrow of openapi/LIFE.md.
// [certcentral.OrderIssued] goes the whole way, and [certcentral.OrderExpired] sets the clock of the
// account past the end of the certificate.
func (s *Server) Move(tb testing.TB, orderID int64, to certcentral.OrderStatus, steps ...Step) {
	tb.Helper()
	in := control.TransitionInput{To: control.OrderStateInput(to), Reason: reason(steps)}
	s.call(tb, "move the order", http.MethodPost, fmt.Sprintf("/orders/%d/transition", orderID), in, nil)
}

// MoveValidation moves a validation of an organization, such as "ov", to "pending", "active" or
// "expired".
func (s *Server) MoveValidation(tb testing.TB, organizationID int64, kind, to string) {
	tb.Helper()
	path := fmt.Sprintf("/organizations/%d/validations/%s/transition", organizationID, kind)
	s.call(tb, "move the validation", http.MethodPost, path, control.ValidationTransitionInput{To: control.ValidationStep(to)}, nil)
}

// A Token is the token of an order.
type Token struct {
	tb   testing.TB
	s    *Server
	path string
}

// Token returns the token of an order of the account.
func (s *Server) Token(tb testing.TB, orderID int64) Token {
	tb.Helper()
	return Token{tb: tb, s: s, path: fmt.Sprintf("/orders/%d/token", orderID)}
}

// Deliver moves the token to its user, through the states before.
func (t Token) Deliver(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepDelivered, steps)
}

// Lose loses the token.
func (t Token) Lose(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepLost, steps)
}

// Lock locks the token for good, as five wrong PINs do.
func (t Token) Lock(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepLocked, steps)
}

// Status returns the state of the token, such as "delivered".
func (t Token) Status() string {
	t.tb.Helper()
	return string(t.get().Status)
}

// Redeem unlocks the token with its init code and its PIN. It returns what is on the token: the
// private key, the certificate and its chain, as PKCS#12, and the PIN, which is the password. That
// can be done once.
func (t Token) Redeem() (pkcs12 []byte, pin string) {
	t.tb.Helper()
	token := t.get()
	if token.InitCode == nil {
		t.tb.Fatalf("mocktest: redeem the token: it is %s and has no init code", token.Status)
	}
	var secret control.TokenPIN
	t.s.call(t.tb, "read the PIN", http.MethodGet, t.path+"/pin", nil, &secret)
	in := control.RedemptionInput{InitCode: *token.InitCode, Pin: secret.Pin}
	t.s.call(t.tb, "redeem the token", http.MethodPost, t.path+"/redeem", in, &pkcs12)
	return pkcs12, secret.Pin
}

func (t Token) get() control.Token {
	t.tb.Helper()
	var token control.Token
	t.s.call(t.tb, "read the token", http.MethodGet, t.path, nil, &token)
	return token
}

func (t Token) move(to control.TokenStep, steps []Step) {
	t.tb.Helper()
	in := control.TokenTransitionInput{To: to, Reason: reason(steps)}
	t.s.call(t.tb, "move the token", http.MethodPost, t.path+"/transition", in, nil)
}
