package client

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"reflect"
)

// ErrOtherKey means that a certificate is for another key: see [IssuedCertificate.CheckKey].
var ErrOtherKey = errors.New("the certificate is for another key")

// CheckKey checks that the certificate is for a key. The key is a public key, a private key, or any
// [crypto.Signer] or [crypto.Decrypter], such as one on a token. If it is another key, the error is
// [ErrOtherKey]. If it is no key, the error is an [*ArgumentError].
func (c IssuedCertificate) CheckKey(key any) error {
	if c.Leaf == nil {
		return &ArgumentError{Path: "Leaf", Reason: "is nil"}
	}
	if v := reflect.ValueOf(key); key == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return &ArgumentError{Path: "key", Reason: "is nil"}
	}
	public := crypto.PublicKey(key)
	if private, ok := key.(ed25519.PrivateKey); ok && len(private) != ed25519.PrivateKeySize {
		return &ArgumentError{Path: "key", Reason: fmt.Sprintf("is an Ed25519 key of %d bytes, not %d", len(private), ed25519.PrivateKeySize)}
	}
	if private, ok := key.(interface{ Public() crypto.PublicKey }); ok {
		public = private.Public()
	}
	if _, ok := public.(interface{ Equal(crypto.PublicKey) bool }); !ok || keyKind(public) == "" {
		return &ArgumentError{Path: "key", Reason: fmt.Sprintf(
			"is of the type %T: give an RSA, ECDSA or Ed25519 key, a crypto.Signer or a crypto.Decrypter", key)}
	}
	mine, ok := c.Leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return fmt.Errorf("%w: the one of the certificate is of a kind that crypto/x509 does not know", ErrOtherKey)
	}
	if mine.Equal(public) {
		return nil
	}
	if a, b := keyKind(c.Leaf.PublicKey), keyKind(public); a != b {
		return fmt.Errorf("%w: it is for %s, and this is %s", ErrOtherKey, a, b)
	}
	return fmt.Errorf("%w of the same kind", ErrOtherKey)
}

// CheckCSR checks that the certificate is for the key of a certificate signing request, and that
// the request is signed by this key. If the certificate is for another key, the error is
// [ErrOtherKey]. The names in the request are not compared: a CA takes only the key from it.
func (c IssuedCertificate) CheckCSR(csr *x509.CertificateRequest) error {
	if csr == nil {
		return &ArgumentError{Path: "csr", Reason: "is nil"}
	}
	if err := csr.CheckSignature(); err != nil {
		return fmt.Errorf("the signature of the CSR: %w", err)
	}
	return c.CheckKey(csr.PublicKey)
}

// keyKind names the kind of a public key. It is empty for what is no such key.
func keyKind(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key.N == nil {
			return ""
		}
		return fmt.Sprintf("an RSA key of %d bits", key.N.BitLen())
	case *ecdsa.PublicKey:
		if key.Curve == nil {
			return ""
		}
		return "an ECDSA key on " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "an Ed25519 key"
	default:
		return ""
	}
}
