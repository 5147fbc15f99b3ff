package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A KeyKind is a public-key algorithm with a key size.
type KeyKind string

// The kinds of keys. A larger RSA key takes longer to make: about 0.1, 0.3 and 1 second.
const (
	RSA2048 KeyKind = "rsa2048"
	RSA3072 KeyKind = "rsa3072"
	RSA4096 KeyKind = "rsa4096"
	P256    KeyKind = "p256"
	P384    KeyKind = "p384"
)

// KeyKinds lists the kinds of keys.
func KeyKinds() []KeyKind { return []KeyKind{RSA2048, RSA3072, RSA4096, P256, P384} }

// ParseKeyKind returns the kind with this name.
func ParseKeyKind(name string) (KeyKind, error) {
	if kind := KeyKind(strings.ToLower(name)); slices.Contains(KeyKinds(), kind) {
		return kind, nil
	}
	return "", fmt.Errorf("key %q: must be one of %v", name, KeyKinds())
}

// Quick reports whether a key of this kind is made in less than a millisecond.
func (k KeyKind) Quick() bool { return k == P256 || k == P384 }

// GenerateKey makes a key. An RSA key can take seconds and cannot be canceled, so call it from a
// worker.
func GenerateKey(kind KeyKind) (crypto.Signer, error) {
	switch kind {
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case RSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		return nil, fmt.Errorf("ca: generate key: %q is not a kind of key", string(kind))
	}
}

// checkSubscriberKey returns an error for a subject public key that a CA must not certify.
func checkSubscriberKey(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 || bits > 8192 {
			return fmt.Errorf("RSA key of %d bits: must have 2048 to 8192", bits)
		}
		if key.E < 65537 || key.E%2 == 0 {
			return fmt.Errorf("RSA key with exponent %d: must be odd and at least 65537", key.E)
		}
		return nil
	case *ecdsa.PublicKey:
		if !slices.Contains([]elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()}, key.Curve) {
			return fmt.Errorf("elliptic-curve key on %s: must be on P-256, P-384 or P-521", key.Curve.Params().Name)
		}
		return nil
	case nil:
		return errors.New("no public key")
	default:
		return fmt.Errorf("key of type %T: must be RSA or ECDSA", public)
	}
}

// ecdsaAlgorithm returns the algorithm whose hash has the size of the curve, SHA-256 or SHA-384.
func ecdsaAlgorithm(key *ecdsa.PublicKey) x509.SignatureAlgorithm {
	if key.Curve.Params().BitSize > 256 {
		return x509.ECDSAWithSHA384
	}
	return x509.ECDSAWithSHA256
}

func keySize(public crypto.PublicKey) int {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen()
	case *ecdsa.PublicKey:
		return key.Curve.Params().BitSize
	default:
		return 0
	}
}
