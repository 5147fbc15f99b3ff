package ca

import (
	"crypto"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// MaxPINAttempts is how many wrong PINs in a row lock a token for good, as on the vendor's real ones.
const MaxPINAttempts = 5

const pinDigits = 8

// Refusals of a token.
var (
	// ErrInitCode is the answer to an init code that isn't the token's. It doesn't count as an attempt.
	ErrInitCode = errors.New("token: the init code is wrong")
	// ErrPIN is the answer to a wrong PIN.
	ErrPIN = errors.New("token: the PIN is wrong")
	// ErrLocked is the answer of a token that has seen [MaxPINAttempts] wrong PINs. Only a reissue helps.
	ErrLocked = errors.New("token: locked after too many wrong PINs")
	// ErrRedeemed is the answer of a token whose key has been handed over.
	ErrRedeemed = errors.New("token: the key has been handed over; it is given out once")
)

// A SoftToken stands in for the hardware that the vendor ships: it keeps a person's key until somebody shows the init
// code and the PIN, and hands it over once. It is a value: what changes it returns a new one, so that it can be part of
// a transaction. It shows nothing of itself when it is printed, logged or marshaled.
type SoftToken struct {
	initCode string
	pin      [sha256.Size]byte // with the init code as a salt
	key      crypto.Signer
	attempts int
	locked   bool
	redeemed bool
}

// NewSoftToken puts a key on a token. Init code and PIN come from random, so that a seed repeats them. The PIN is
// returned beside the token because the token doesn't know it: it is for the one answer that hands it over.
func NewSoftToken(random io.Reader, key crypto.Signer) (token SoftToken, pin string, err error) {
	octets := make([]byte, 8+pinDigits)
	if _, err := io.ReadFull(random, octets); err != nil {
		return SoftToken{}, "", fmt.Errorf("token: randomness: %w", err)
	}
	digits := octets[8:]
	for i := range digits {
		digits[i] = '0' + digits[i]%10
	}
	pin = string(digits)
	token = SoftToken{initCode: hex.EncodeToString(octets[:8]), key: key}
	token.pin = token.hash(pin)
	return token, pin, nil
}

func (t SoftToken) hash(pin string) [sha256.Size]byte {
	return sha256.Sum256([]byte(t.initCode + " " + pin))
}

// InitCode names the token when it is redeemed.
func (t SoftToken) InitCode() string { return t.initCode }

// PublicKey is what the certificate is issued for; nil once the key is gone.
func (t SoftToken) PublicKey() crypto.PublicKey {
	if t.key == nil {
		return nil
	}
	return t.key.Public()
}

// AttemptsLeft is how many more wrong PINs the token bears.
func (t SoftToken) AttemptsLeft() int { return MaxPINAttempts - t.attempts }

// Locked tells whether too many wrong PINs have been tried.
func (t SoftToken) Locked() bool { return t.locked }

// Redeemed tells whether the key has been handed over.
func (t SoftToken) Redeemed() bool { return t.redeemed }

// Redeem hands the key over. The token that it returns is to be kept in place of this one, after a refusal too: a wrong
// PIN counts, and the last one locks the token and destroys the key.
func (t SoftToken) Redeem(initCode, pin string) (SoftToken, crypto.Signer, error) {
	switch {
	case subtle.ConstantTimeCompare([]byte(initCode), []byte(t.initCode)) != 1 || t.initCode == "":
		return t, nil, ErrInitCode
	case t.locked:
		return t, nil, ErrLocked
	case t.redeemed:
		return t, nil, ErrRedeemed
	}
	if given := t.hash(pin); subtle.ConstantTimeCompare(given[:], t.pin[:]) != 1 {
		t.attempts++
		if t.attempts >= MaxPINAttempts {
			t.locked, t.key = true, nil
			return t, nil, ErrLocked
		}
		return t, nil, ErrPIN
	}
	key := t.key
	t.key, t.redeemed = nil, true
	return t, key, nil
}

// String says nothing about the token.
func (t SoftToken) String() string { return "token" }

// GoString says nothing about the token.
func (t SoftToken) GoString() string { return "token" }

// LogValue says nothing about the token.
func (t SoftToken) LogValue() slog.Value { return slog.StringValue("token") }
