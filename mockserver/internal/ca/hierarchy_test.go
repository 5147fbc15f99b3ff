package ca_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
)

// TestHierarchies checks the certificates of all CAs.
func TestHierarchies(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		t.Run(string(preset), func(t *testing.T) {
			t.Parallel()
			checkCAs(t, newAuthority(t, preset))
		})
	}
}

func checkCAs(t *testing.T, a *ca.Authority) {
	t.Helper()
	cas, err := a.CAs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]ca.CA{}
	for _, authority := range cas {
		byName[authority.Name] = authority
		issuer := authority
		if !authority.Root() {
			issuer = byName[authority.Issuer]
		}
		parsed := parse(t, authority.DER)
		if err := parsed.CheckSignatureFrom(parse(t, issuer.DER)); err != nil {
			t.Errorf("%s: %v", authority.Name, err)
		}
		expected := check.Authority{Generation: check.G3, Signature: check.PKCS1SHA256, Issuer: issuer.DER}
		if a.Preset() == ca.G4 {
			expected.Generation, expected.Signature, expected.Use = check.G4, check.PSSSHA512, "priv"
			if strings.HasSuffix(authority.Name, "-eutl") {
				expected.Use = "eutl"
			}
		}
		switch {
		case authority.Root():
			expected.Level = check.Root
		case strings.HasPrefix(authority.Name, "tsp-"):
			expected.Level = check.Issuing
		default:
			expected.Level = check.Intermediate
		}
		for _, finding := range expected.Certificate(authority.DER) {
			t.Errorf("%s: %s", authority.Name, finding)
		}
	}
}

// TestDefaultKeys is the only test with the default keys. The smallest RSA keys are enough for a
// test PKI: no verifier asks for larger ones.
func TestDefaultKeys(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("RSA keys take a second")
	}
	a := authorityAt(t, newHierarchy(), time.Now)
	checkCAs(t, a)
	r := request(ca.Nonrepudiation)
	r.PublicKey = newKey(ca.RSA3072).Public()
	_, leaf := issue(t, a, r)
	verify(t, a, r.Usage, leaf)
	for _, authority := range chain(t, a, ca.Nonrepudiation) {
		if key, ok := parse(t, authority.DER).PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() != 2048 {
			t.Errorf("%s doesn't have an RSA key of 2048 bits", authority.Name)
		}
	}
}

// TestECKeys: if the keys of the CAs are elliptic-curve keys, all signatures are ECDSA, in every
// preset and with is_rsassa_pss.
func TestECKeys(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		a := authorityAt(t, newHierarchy(ca.WithPreset(preset), ca.WithCAKey(ca.P256)), time.Now)
		r := request(ca.Authentication)
		r.PSS = true
		certificate, err := a.Issue(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if certificate.Algorithm != x509.ECDSAWithSHA256 {
			t.Errorf("%s: signed with %s", preset, certificate.Algorithm)
		}
		verify(t, a, r.Usage, parse(t, certificate.DER))
	}
}

// TestSharing: authorities of one hierarchy have the same roots. Everything below is their own.
func TestSharing(t *testing.T) {
	t.Parallel()
	h := newHierarchy(ca.WithCAKey(ca.P256))
	if h.Progress() != ca.NotMade {
		t.Error("made before a key was needed")
	}
	one, err := h.Authority("http://127.0.0.1:1001/", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.Authority("http://127.0.0.1:1002", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	above, below := chain(t, one, ca.Authentication), chain(t, two, ca.Authentication)
	if !bytes.Equal(above[2].DER, below[2].DER) {
		t.Error("the roots differ")
	}
	if bytes.Equal(above[0].DER, below[0].DER) {
		t.Error("the issuing CAs are the same, although they name different servers")
	}
	if h.Progress() != ca.Ready || !one.Ready() || h.Preset() != ca.G3 || one.Base() != "http://127.0.0.1:1001" {
		t.Error("not ready, or not as configured")
	}
	certificate, err := one.Issue(t.Context(), request(ca.Authentication))
	if err != nil {
		t.Fatal(err)
	}
	leaf := parse(t, certificate.DER)
	if leaf.OCSPServer[0] != "http://127.0.0.1:1001"+paths().OCSP ||
		leaf.CRLDistributionPoints[0] != "http://127.0.0.1:1001"+paths().CRL("tsp-g3") ||
		leaf.IssuingCertificateURL[0] != "http://127.0.0.1:1001"+paths().Certificate("tsp-g3") {
		t.Errorf("addresses: %v %v %v", leaf.OCSPServer, leaf.CRLDistributionPoints, leaf.IssuingCertificateURL)
	}
	if err := two.Revoke(t.Context(), ca.Superseded, certificate.Serial); !errors.Is(err, ca.ErrUnknownSerial) {
		t.Errorf("another server's certificate: error %v, want ErrUnknownSerial", err)
	}
}

// TestWaiting: a caller that gives up does not stop the keys of other callers. A call with an
// unknown name does not wait.
func TestWaiting(t *testing.T) {
	t.Parallel()
	a := authorityAt(t, newHierarchy(ca.WithCAKey(ca.RSA3072)), time.Now)
	if _, err := a.CA(t.Context(), "root-g9"); !errors.Is(err, ca.ErrUnknownCA) || a.Ready() {
		t.Errorf("error %v, want ErrUnknownCA", err)
	}
	hurried, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Issue(hurried, request(ca.Authentication)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if _, err := a.Issue(t.Context(), request(ca.Authentication)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if _, err := a.Issue(hurried, request(ca.Authentication)); err != nil {
		t.Errorf("keys are there, and the context doesn't matter: %v", err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for message, opt := range map[string]ca.Option{
		`CA preset "g5": must be one of [g3 g4 ec]`: ca.WithPreset("g5"),
		`key "rsa1024": must be one of`:             ca.WithCAKey("rsa1024"),
		"CA directory: the name is empty":           ca.WithDirectory(""),
	} {
		if _, err := ca.New(time.Now, paths(), opt); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want %q", err, message)
		}
	}
	h := newHierarchy()
	for _, address := range []string{"", "ftp://mock", "http://", "http://a?b", "http://mock/\u00e9", "http://u@mock", "mock:8080", "%"} {
		if _, err := h.Authority(address, time.Now); err == nil || !strings.Contains(err.Error(), "ca: base address: ") {
			t.Errorf("base %q: error %v", address, err)
		}
	}
	for _, name := range []string{"g4", "EC"} {
		if _, err := ca.ParsePreset(name); err != nil {
			t.Error(err)
		}
	}
}
