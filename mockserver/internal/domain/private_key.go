package domain

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
)

// A PrivateKey is a private key, PKCS#8 in DER. However it is printed, logged or encoded, by itself or in what holds it,
// it doesn't show; only [PrivateKey.Reveal] gives it. The zero value is no key.
type PrivateKey struct {
	reveal func() []byte // fmt reads unexported fields without asking, and cannot look into a function
}

// NewPrivateKey returns a key, or none for nothing.
func NewPrivateKey(der []byte) PrivateKey {
	if len(der) == 0 {
		return PrivateKey{}
	}
	return PrivateKey{func() []byte { return der }}
}

// Reveal returns the key in PKCS#8, or nil where there is none.
func (k PrivateKey) Reveal() []byte {
	if k.reveal == nil {
		return nil
	}
	return k.reveal()
}

// Equal tells whether both are the same key.
func (k PrivateKey) Equal(other PrivateKey) bool { return bytes.Equal(k.Reveal(), other.Reveal()) }

const redacted = "[redacted]"

// String says nothing about the key.
func (PrivateKey) String() string { return redacted }

// Format says nothing about the key, whatever the verb.
func (PrivateKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue says nothing about the key.
func (PrivateKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText says nothing about the key.
func (PrivateKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }
