package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MaxPINAttempts is how many wrong PINs lock a token for good, as on the vendor's real ones (D-74).
const MaxPINAttempts = 5

// TokenStatus is the state of a token. Nobody has seen what the vendor calls these (D-74).
type TokenStatus string

// The states of a token, as it passes through them, and the two in which it ends before its time.
const (
	TokenOrdered      TokenStatus = "ordered"
	TokenPersonalized TokenStatus = "personalised"
	TokenShipped      TokenStatus = "shipped"
	TokenDelivered    TokenStatus = "delivered"
	TokenInitialized  TokenStatus = "initialized"
	TokenInstalled    TokenStatus = "installed"
	TokenLocked       TokenStatus = "locked"
	TokenLost         TokenStatus = "lost"
)

// A Token stands in for the hardware that the vendor ships. It keeps the key of its holder until somebody shows the init
// code and the PIN, and hands it over once. Neither of them is kept: see [InitCode] and [PIN].
type Token struct {
	Status    TokenStatus
	Key       PrivateKey // none before it is made, and once it has been handed over or destroyed
	PublicKey []byte     // SubjectPublicKeyInfo in DER, of a token of the holder's own; nil where the mock makes the key
	Attempts  int        // wrong PINs so far
	Redeemed  bool
}

// AttemptsLeft is how often somebody can still try to open the token.
func (t Token) AttemptsLeft() int {
	if t.Status == TokenLocked {
		return 0
	}
	return MaxPINAttempts - t.Attempts
}

func (t Token) dead() bool { return t.Status == TokenLocked || t.Status == TokenLost }

// InitCode names the token of a certificate when it is unlocked. Like the PIN it depends on nothing but the account and
// the certificate, so that the same calls have the same answers (D-74).
func InitCode(account AccountID, certificate int64) string {
	digest := tokenDigest(account, certificate)
	return hex.EncodeToString(digest[:8])
}

// PIN opens the token of a certificate: eight digits. It goes into the one answer that hands it over, and nowhere else.
func PIN(account AccountID, certificate int64) string {
	digest := tokenDigest(account, certificate)
	digits := digest[8:16]
	for i := range digits {
		digits[i] = '0' + digits[i]%10
	}
	return string(digits)
}

func tokenDigest(account AccountID, certificate int64) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "token of certificate %d of account %s", certificate, account))
}

// A TokenTransition is one step of a token.
type TokenTransition struct {
	From, To TokenStatus
	Event    string
}

// TokenTransitions are the steps of a token (D-74).
func TokenTransitions() []TokenTransition {
	return []TokenTransition{
		{TokenOrdered, TokenPersonalized, "key and certificate put on it"},
		{TokenPersonalized, TokenShipped, "handed to the carrier"},
		{TokenShipped, TokenDelivered, "handed to the holder"},
		{TokenShipped, TokenLost, "lost"},
		{TokenDelivered, TokenInitialized, "unlocked with init code and PIN"},
		{TokenDelivered, TokenLocked, "five wrong PINs"},
		{TokenDelivered, TokenLost, "lost"},
		{TokenInitialized, TokenInstalled, "certificate installed"},
		{TokenInitialized, TokenLocked, "five wrong PINs"},
		{TokenInitialized, TokenLost, "lost"},
		{TokenInstalled, TokenLocked, "five wrong PINs"},
		{TokenInstalled, TokenLost, "lost"},
	}
}

// Next lists the states that a token can go to from this one.
func (s TokenStatus) Next() []TokenStatus {
	next := []TokenStatus{}
	for _, transition := range TokenTransitions() {
		if transition.From == s {
			next = append(next, transition.To)
		}
	}
	return next
}

// FindToken returns an order with the certificate whose token is meant: the one of the reissue that is under way, or
// the one of the order.
func FindToken(r Reader, name string) (Order, Certificate, error) {
	order, err := FindOrderNamed(r, name)
	if err != nil {
		return Order{}, Certificate{}, err
	}
	id := order.CertificateID
	if order.ReissueID != 0 {
		id = order.ReissueID
	}
	certificate, there := r.Certificate(id)
	if !there {
		return Order{}, Certificate{}, tokenConflict("the order has no token: it is " + string(order.Status))
	}
	return order, certificate, nil
}

// MoveToken moves the token of an order on, and the order with it. Personalizing only says that the key and the
// certificate are to be made, which happens elsewhere and takes time: see [Assignments].
func MoveToken(r Reader, now time.Time, name string, to TokenStatus) (Changes, error) {
	order, certificate, err := FindToken(r, name)
	if err != nil {
		return Changes{}, err
	}
	token := &certificate.Token
	if certificate.Discarded || !slices.Contains(token.Status.Next(), to) {
		return Changes{}, noStep(order, certificate, to)
	}
	plan := newPlan(r)
	switch to {
	case TokenPersonalized:
		certificate.Awaited = true
		if order.Status == StatusPending {
			order.moveTo(StatusProcessing, now)
		}
	case TokenShipped:
		token.Status = to
		if order.Status == StatusProcessing {
			order.moveTo(StatusWaitingPickup, now)
		}
	case TokenInstalled:
		if err := plan.install(&order, &certificate, now); err != nil {
			return Changes{}, err
		}
	case TokenLocked, TokenLost:
		token.Status, token.Key = to, PrivateKey{}
	case TokenOrdered, TokenDelivered, TokenInitialized:
		token.Status = to
	}
	plan.keep(certificate)
	plan.changes.Orders = append(plan.changes.Orders, order)
	return plan.finish(), nil
}

func noStep(order Order, certificate Certificate, to TokenStatus) error {
	from := certificate.Token.Status
	if certificate.Discarded {
		return tokenConflict("the token cannot become " + string(to) + ": its order was canceled or rejected")
	}
	var next []string
	for _, status := range from.Next() {
		next = append(next, string(status))
	}
	can := "which is final; " + remedy(order)
	if len(next) > 0 {
		can = "from which it can go to " + strings.Join(next, ", ")
	}
	return tokenConflict(fmt.Sprintf("the token cannot become %s: it is %s, %s", to, from, can))
}

// remedy is what helps when the token of an order is of no use any more.
func remedy(order Order) string {
	switch order.Status {
	case StatusIssued:
		return "reissue the order for a new one"
	case StatusReissuePending:
		return "cancel the reissue, and reissue the order for a new one"
	default:
		return "cancel the order"
	}
}

func tokenConflict(message string) error { return &Error{Code: CodeTokenConflict, Message: message} }

// TokenPIN returns the PIN of a token that has one: the letter in which it comes.
func TokenPIN(r Reader, account AccountID, name string) (string, error) {
	_, certificate, err := FindToken(r, name)
	switch {
	case err != nil:
		return "", err
	case certificate.Discarded:
		return "", tokenConflict("the token has no PIN any more: its order was canceled or rejected")
	case certificate.Token.PublicKey != nil:
		return "", tokenConflict("the token has no PIN here: its key is on a token of the holder's own")
	case certificate.Made == nil:
		return "", tokenConflict("the token has no PIN until it is personalized")
	default:
		return PIN(account, certificate.ID), nil
	}
}

// UseOwnKey has the certificate issued for a key on a token of the holder's own, given as SubjectPublicKeyInfo in DER.
func UseOwnKey(r Reader, name string, publicKey []byte) (Changes, error) {
	_, certificate, err := FindToken(r, name)
	switch {
	case err != nil:
		return Changes{}, err
	case certificate.Discarded:
		return Changes{}, tokenConflict("the token takes no key any more: its order was canceled or rejected")
	case certificate.Awaited || certificate.Token.Status != TokenOrdered:
		return Changes{}, tokenConflict("the token takes no other key any more: the mock makes one, or has made it; " +
			"in an account whose life is manual it does so only once the token is personalized")
	}
	certificate.Token.PublicKey = publicKey
	return Changes{Certificates: []Certificate{certificate}}, nil
}

// A Redemption is what came of an attempt to open a token. An attempt that fails changes the token too, which is why
// its refusal is no error of the use case.
type Redemption struct {
	Refusal error // nil when the token opened
	Key     PrivateKey
	Made    Made
}

// RedeemToken hands the key of a token over, once. A wrong PIN counts, and the last one locks the token and destroys
// the key; a wrong init code counts for nothing, since it names another token (D-74).
func RedeemToken(r Reader, account AccountID, name, initCode, pin string) (Redemption, Changes, error) {
	order, certificate, err := FindToken(r, name)
	if err != nil {
		return Redemption{}, Changes{}, err
	}
	token := &certificate.Token
	if token.Status == TokenLocked {
		return Redemption{}, Changes{}, &Error{Code: CodeTokenLocked, Message: "the token is locked; " + remedy(order)}
	}
	if reason := token.shut(certificate); reason != "" {
		return Redemption{}, Changes{}, tokenConflict("the token hands nothing over: " + reason)
	}
	if !same(initCode, InitCode(account, certificate.ID)) {
		return Redemption{}, Changes{}, &Error{
			Code: CodeInvalidInitCode, Message: "the init code is not the one of this token; GET /_mock/orders/{order_id}/token shows it",
		}
	}
	if !same(pin, PIN(account, certificate.ID)) {
		var refusal error
		certificate.Token, refusal = token.wrongPIN(order)
		return Redemption{Refusal: refusal}, Changes{Certificates: []Certificate{certificate}}, nil
	}
	opened := Redemption{Key: token.Key, Made: *certificate.Made}
	token.Key, token.Redeemed = PrivateKey{}, true
	if token.Status == TokenDelivered {
		token.Status = TokenInitialized
	}
	return opened, Changes{Certificates: []Certificate{certificate}}, nil
}

// shut tells why the token hands nothing over, or nothing.
func (t Token) shut(certificate Certificate) string {
	switch {
	case certificate.Discarded:
		return "its order was canceled or rejected"
	case t.Redeemed:
		return "it has done so before, and does it once"
	case t.PublicKey != nil:
		return "its key is on a token of the holder's own"
	case t.Status == TokenDelivered, t.Status == TokenInitialized, t.Status == TokenInstalled:
		return ""
	default:
		return "it is " + string(t.Status) + ", and the holder does not have it"
	}
}

// wrongPIN returns the token after a wrong PIN, and the refusal.
func (t Token) wrongPIN(order Order) (Token, error) {
	t.Attempts++
	if t.AttemptsLeft() > 0 {
		return t, &Error{Code: CodeInvalidPIN, Message: fmt.Sprintf("the PIN is wrong; attempts left: %d", t.AttemptsLeft())}
	}
	t.Status, t.Key = TokenLocked, PrivateKey{}
	return t, &Error{Code: CodeTokenLocked, Message: "the PIN is wrong, and the token is locked now; " + remedy(order)}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
