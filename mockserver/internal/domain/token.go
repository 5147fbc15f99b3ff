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

// MaxPINAttempts is the number of wrong PINs that lock a token permanently, as on the vendor's real
// tokens (D-74).
const MaxPINAttempts = 5

// TokenStatus is the state of a token. The names of the vendor for these states are unknown (D-74).
type TokenStatus string

// The states of a token in their usual order, and the two in which it becomes unusable.
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

// A Token is the mock's form of the hardware device that the vendor ships. It keeps the private key
// and hands it over once, for the init code and the PIN. The mock does not store these two: see
// [InitCode] and [PIN].
type Token struct {
	Status    TokenStatus
	Key       PrivateKey // none before the issuance, and after the key was handed over or destroyed
	PublicKey []byte     // SubjectPublicKeyInfo in DER, of the holder's own token; nil when the mock makes the key
	Attempts  int        // wrong PINs so far
	Redeemed  bool
}

// AttemptsLeft is the number of further wrong PINs that lock the token.
func (t Token) AttemptsLeft() int {
	if t.Status == TokenLocked {
		return 0
	}
	return MaxPINAttempts - t.Attempts
}

// unusable tells whether the certificate on the token can never be installed.
func (t Token) unusable() bool { return t.Status == TokenLocked || t.Status == TokenLost }

// InitCode returns the code that names the token of a certificate when it is unlocked. Like the PIN
// it depends only on the account and the certificate, so that the same calls have the same answers
// (D-74).
func InitCode(account AccountID, certificate int64) string {
	digest := tokenDigest(account, certificate)
	return hex.EncodeToString(digest[:8])
}

// PIN returns the PIN of the token of a certificate: eight digits. Only the answer of the operation
// that hands it over may contain it.
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

// Next returns the states that a token can go to from this one.
func (s TokenStatus) Next() []TokenStatus {
	next := []TokenStatus{}
	for _, transition := range TokenTransitions() {
		if transition.From == s {
			next = append(next, transition.To)
		}
	}
	return next
}

// FindToken returns an order and the certificate on its token: that of the pending reissue, if
// there is one, or that of the order.
func FindToken(r Reader, name string) (Order, Certificate, error) {
	order, err := FindOrderByReference(r, name)
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

// wayTo returns the states through which a token goes to another one, that one last; none where no
// way leads there. No state has two ways to another one of the same length.
func (s TokenStatus) wayTo(to TokenStatus) []TokenStatus {
	ways := [][]TokenStatus{{s}}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		for _, next := range way[len(way)-1].Next() {
			longer := append(slices.Clip(way), next)
			if next == to {
				return longer[1:]
			}
			ways = append(ways, longer)
		}
	}
	return nil
}

// A TokenMove asks for another state of the token of an order.
type TokenMove struct {
	Order  string
	To     TokenStatus
	Reason string // becomes a note on the order; none without a text
}

// MoveToken moves the token of an order to another state, through all states in between, and the
// order with it. To personalize a token only starts the issuance of its certificate, which takes
// time (see [IssuanceJobs]): the rest of the way is a second move.
func MoveToken(r Reader, now time.Time, move TokenMove) (Changes, error) {
	order, certificate, err := FindToken(r, move.Order)
	if err != nil {
		return Changes{}, err
	}
	way := certificate.Token.Status.wayTo(move.To)
	if certificate.Discarded || len(way) == 0 {
		return Changes{}, tokenStepRefused(order, certificate, move.To)
	}
	plan := newPlan(r)
	for _, to := range way {
		if err := plan.moveToken(&order, &certificate, to, now); err != nil {
			return Changes{}, err
		}
		if certificate.Pending {
			break
		}
	}
	plan.putCertificate(certificate)
	_, changes, err := plan.finishMove(order, move.Reason)
	return changes, err
}

// moveToken moves a token by one step of the table, with its order.
func (p *plan) moveToken(order *Order, certificate *Certificate, to TokenStatus, now time.Time) error {
	token := &certificate.Token
	switch to {
	case TokenPersonalized:
		certificate.Pending = true
		if order.Status == StatusPending {
			order.moveTo(StatusProcessing, now)
		}
	case TokenShipped:
		token.Status = to
		if order.Status == StatusProcessing {
			order.moveTo(StatusWaitingPickup, now)
		}
	case TokenInstalled:
		return p.install(order, certificate, now)
	case TokenLocked, TokenLost:
		token.Status, token.Key = to, PrivateKey{}
	case TokenOrdered, TokenDelivered, TokenInitialized:
		token.Status = to
	}
	return nil
}

// tokenStepRefused is the refusal of a step that the state of a token does not allow.
func tokenStepRefused(order Order, certificate Certificate, to TokenStatus) error {
	from := certificate.Token.Status
	if certificate.Discarded {
		return tokenConflict("the token cannot become " + string(to) + ": its order was canceled or rejected")
	}
	var next []string
	for _, status := range from.Next() {
		next = append(next, string(status))
	}
	can := "which is final; " + replacementAdvice(order)
	if len(next) > 0 {
		can = "from which it can go to " + strings.Join(next, ", ")
	}
	return tokenConflict(fmt.Sprintf("the token cannot become %s: it is %s, %s", to, from, can))
}

// replacementAdvice says how to get another token for an order whose token is unusable.
func replacementAdvice(order Order) string {
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

// TokenPIN returns the PIN of the token of an order, in the place of the vendor's letter with the
// PIN.
func TokenPIN(r Reader, account AccountID, name string) (string, error) {
	_, certificate, err := FindToken(r, name)
	switch {
	case err != nil:
		return "", err
	case certificate.Discarded:
		return "", tokenConflict("the token has no PIN any more: its order was canceled or rejected")
	case certificate.Token.PublicKey != nil:
		return "", tokenConflict("the token has no PIN here: its key is on a token of the holder's own")
	case certificate.Material == nil:
		return "", tokenConflict("the token has no PIN until it is personalized")
	default:
		return PIN(account, certificate.ID), nil
	}
}

// UseOwnKey makes the certificate of an order one for the key on the holder's own token, given as
// SubjectPublicKeyInfo in DER.
func UseOwnKey(r Reader, name string, publicKey []byte) (Changes, error) {
	_, certificate, err := FindToken(r, name)
	switch {
	case err != nil:
		return Changes{}, err
	case certificate.Discarded:
		return Changes{}, tokenConflict("the token takes no key any more: its order was canceled or rejected")
	case certificate.Pending || certificate.Token.Status != TokenOrdered:
		return Changes{}, tokenConflict("the token takes no other key any more: the mock makes one, or has made it; " +
			"in an account whose life is manual it does so only once the token is personalized")
	}
	certificate.Token.PublicKey = publicKey
	return Changes{Certificates: []Certificate{certificate}}, nil
}

// A Redemption is the result of an attempt to open a token. A wrong PIN changes the token, so that
// its refusal is part of the result and not an error, which would drop the changes.
type Redemption struct {
	Refusal  error // nil when the token opened
	Key      PrivateKey
	Material IssuedMaterial
}

// RedeemToken hands the key of a token over, once. Each wrong PIN counts, and the last one locks
// the token and destroys the key. A wrong init code does not count, because it names another token
// (D-74).
func RedeemToken(r Reader, account AccountID, name, initCode, pin string) (Redemption, Changes, error) {
	order, certificate, err := FindToken(r, name)
	if err != nil {
		return Redemption{}, Changes{}, err
	}
	token := &certificate.Token
	if token.Status == TokenLocked {
		return Redemption{}, Changes{}, &Error{Code: CodeTokenLocked, Message: "the token is locked; " + replacementAdvice(order)}
	}
	if reason := token.keepsKey(certificate); reason != "" {
		return Redemption{}, Changes{}, tokenConflict("the token hands nothing over: " + reason)
	}
	if !equalSecrets(initCode, InitCode(account, certificate.ID)) {
		return Redemption{}, Changes{}, &Error{
			Code: CodeInvalidInitCode, Message: "the init code is not the one of this token", Hint: HintShowToken,
		}
	}
	if !equalSecrets(pin, PIN(account, certificate.ID)) {
		var refusal error
		certificate.Token, refusal = token.wrongPIN(order)
		return Redemption{Refusal: refusal}, Changes{Certificates: []Certificate{certificate}}, nil
	}
	opened := Redemption{Key: token.Key, Material: *certificate.Material}
	token.Key, token.Redeemed = PrivateKey{}, true
	if token.Status == TokenDelivered {
		token.Status = TokenInitialized
	}
	return opened, Changes{Certificates: []Certificate{certificate}}, nil
}

// keepsKey returns the reason for which the token does not hand its key over, or an empty text.
func (t Token) keepsKey(certificate Certificate) string {
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
	return t, &Error{Code: CodeTokenLocked, Message: "the PIN is wrong, and the token is locked now; " + replacementAdvice(order)}
}

func equalSecrets(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
