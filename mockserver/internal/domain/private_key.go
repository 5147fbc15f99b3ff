package domain

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
)

// A PrivateKey is a private key, PKCS#8 in DER. It is redacted wherever it is printed, logged or
// encoded, also as part of another value; only [PrivateKey.Reveal] returns it. The zero value is no
// key.
type PrivateKey struct {
	reveal func() []byte // a function, because fmt prints the bytes of unexported fields
}

// NewPrivateKey returns a key, or no key for no bytes.
func NewPrivateKey(der []byte) PrivateKey {
	if len(der) == 0 {
		return PrivateKey{}
	}
	return PrivateKey{func() []byte { return der }}
}

// Reveal returns the key in PKCS#8, or nil for no key.
func (k PrivateKey) Reveal() []byte {
	if k.reveal == nil {
		return nil
	}
	return k.reveal()
}

// Equal tells whether both are the same key.
func (k PrivateKey) Equal(other PrivateKey) bool { return bytes.Equal(k.Reveal(), other.Reveal()) }

const redacted = "[redacted]"

// String returns a text without the key.
func (PrivateKey) String() string { return redacted }

// Format writes a text without the key, for every verb.
func (PrivateKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns a text without the key.
func (PrivateKey) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns a text without the key.
func (PrivateKey) MarshalText() ([]byte, error) { return []byte(redacted), nil }
