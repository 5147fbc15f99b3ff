package client_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// onToken is a key that can only be used, such as one on a token.
type onToken struct{ key crypto.Signer }

func (k onToken) Public() crypto.PublicKey { return k.key.Public() }

func (k onToken) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.key.Sign(random, digest, opts)
}

// TestCheckKey compares certificates with their own keys and with others, of each kind.
func TestCheckKey(t *testing.T) {
	t.Parallel()
	newKey := func(key crypto.Signer, err error) crypto.Signer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	small := newKey(rsa.GenerateKey(rand.Reader, 1024))
	large := newKey(rsa.GenerateKey(rand.Reader, 2048))
	otherLarge := newKey(rsa.GenerateKey(rand.Reader, 2048))
	curve := newKey(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer := signed(t, nil, ca("TSP CA"))
	for _, tt := range []struct {
		mine, other crypto.Signer
		want        string
	}{
		{large, small, "the certificate is for another key: it is for an RSA key of 2048 bits, and this is an RSA key of 1024 bits"},
		{large, otherLarge, "the certificate is for another key of the same kind"},
		{curve, edwards, "the certificate is for another key: it is for an ECDSA key on P-384, and this is an Ed25519 key"},
		{edwards, curve, "the certificate is for another key: it is for an Ed25519 key, and this is an ECDSA key on P-384"},
	} {
		template := x509.Certificate{SerialNumber: issuer.certificate.SerialNumber, NotBefore: noon, NotAfter: noon}
		der, err := x509.CreateCertificate(rand.Reader, &template, issuer.certificate, tt.mine.Public(), issuer.key)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		issued := certcentral.IssuedCertificate{Leaf: leaf}
		for _, key := range []any{tt.mine, tt.mine.Public(), onToken{tt.mine}, &onToken{tt.mine}} {
			if err := issued.CheckKey(key); err != nil {
				t.Errorf("its own key, as %T: %v", key, err)
			}
		}
		for _, key := range []any{tt.other, tt.other.Public(), onToken{tt.other}} {
			if err := issued.CheckKey(key); !errors.Is(err, certcentral.ErrOtherKey) || err.Error() != tt.want {
				t.Errorf("another key, as %T:\ngot  %v\nwant %s", key, err, tt.want)
			}
		}
		if err := issued.CheckCSR(newCSR(t, tt.mine)); err != nil {
			t.Errorf("its own CSR: %v", err)
		}
		if err := issued.CheckCSR(newCSR(t, tt.other)); !errors.Is(err, certcentral.ErrOtherKey) || err.Error() != tt.want {
			t.Errorf("another CSR: %v", err)
		}
		broken := newCSR(t, tt.mine)
		broken.Signature[len(broken.Signature)-1] ^= 1
		if err := issued.CheckCSR(broken); err == nil || errors.Is(err, certcentral.ErrOtherKey) {
			t.Errorf("a CSR with a wrong signature: %v", err)
		}
	}
}

func newCSR(t testing.TB, key crypto.Signer) *x509.CertificateRequest {
	t.Helper()
	template := x509.CertificateRequest{Subject: pkix.Name{CommonName: "Another name"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, &template, key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}
