package mocktest

import (
	"strconv"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Token is the token of an order.
type Token struct {
	tb      testing.TB
	control *control.ClientWithResponses
	order   control.OrderID
}

// Token returns the token of an order of the account.
func (s *Server) Token(tb testing.TB, orderID int64) Token {
	tb.Helper()
	return Token{tb: tb, control: s.control, order: strconv.FormatInt(orderID, 10)}
}

// Personalize has the key and the certificate made and put on the token.
func (t Token) Personalize(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepPersonalised, steps)
}

// Ship sends the token off, after the steps before.
func (t Token) Ship(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepShipped, steps)
}

// Deliver moves the token to its user, through the states before.
func (t Token) Deliver(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepDelivered, steps)
}

// Initialize unlocks the token with its init code, after the steps before.
func (t Token) Initialize(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepInitialized, steps)
}

// Install puts the token to use, after the steps before. The order is issued then.
func (t Token) Install(steps ...Step) {
	t.tb.Helper()
	t.move(control.TokenStepInstalled, steps)
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

// State returns the token as the mock keeps it: its state and the next ones, whether its key was
// handed over, and how many attempts to open it are left.
func (t Token) State() control.Token {
	t.tb.Helper()
	token, err := t.control.GetTokenWithResponse(background(), t.order)
	check(t.tb, "read the token", err)
	return *token.JSON200
}

// Status returns the state of the token, such as "delivered".
func (t Token) Status() string {
	t.tb.Helper()
	return string(t.State().Status)
}

// InitCode returns the code that names the token when it is unlocked. It fails the test for a token
// that is not personalized.
func (t Token) InitCode() string {
	t.tb.Helper()
	token := t.State()
	if token.InitCode == nil {
		t.tb.Fatalf("mocktest: read the init code: the token is %s and has none", token.Status)
	}
	return *token.InitCode
}

// PIN returns the PIN of a token that is personalized.
func (t Token) PIN() string {
	t.tb.Helper()
	secret, err := t.control.GetTokenPINWithResponse(background(), t.order)
	check(t.tb, "read the PIN", err)
	return secret.JSON200.Pin
}

// SubmitCSR has the certificate issued for the key of a PKCS#10 request in PEM, which is on a token
// of the user's own.
func (t Token) SubmitCSR(csr string) {
	t.tb.Helper()
	_, err := t.control.SubmitCSRWithResponse(background(), t.order, control.CSRInput{Csr: csr})
	check(t.tb, "submit the CSR", err)
}

// Redeem unlocks the token with its init code and its PIN. It returns what is on the token: the
// private key, the certificate and its chain, as PKCS#12, and the PIN, which is the password. That
// can be done once.
func (t Token) Redeem() (pkcs12 []byte, pin string) {
	t.tb.Helper()
	in := control.RedemptionInput{InitCode: t.InitCode(), Pin: t.PIN()}
	content, err := t.control.RedeemTokenWithResponse(background(), t.order, in)
	check(t.tb, "redeem the token", err)
	return content.Body, in.Pin
}

func (t Token) move(to control.TokenStep, steps []Step) {
	t.tb.Helper()
	in := control.TokenTransitionInput{To: to, Reason: reason(steps)}
	_, err := t.control.MoveTokenWithResponse(background(), t.order, nil, in)
	check(t.tb, "move the token", err)
}
