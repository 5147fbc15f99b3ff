package ca_test

import (
	"crypto"
	"crypto/x509"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
)

const base = "http://mock.example.com:8080"

// Keys take time to make, so tests share hierarchies and the keys of persons.
var (
	hierarchies = map[ca.Preset]func() *ca.Hierarchy{
		ca.G3: sync.OnceValue(func() *ca.Hierarchy { return newHierarchy(ca.WithPreset(ca.G3), ca.WithCAKey(ca.RSA2048)) }),
		ca.G4: sync.OnceValue(func() *ca.Hierarchy { return newHierarchy(ca.WithPreset(ca.G4), ca.WithCAKey(ca.RSA2048)) }),
		ca.EC: sync.OnceValue(func() *ca.Hierarchy { return newHierarchy(ca.WithPreset(ca.EC), ca.WithCAKey(ca.RSA2048)) }),
	}
	rsaKey = sync.OnceValue(func() crypto.Signer { return newKey(ca.RSA2048) })
	ecKey  = sync.OnceValue(func() crypto.Signer { return newKey(ca.P256) })
)

func paths() ca.Paths { return ca.Paths{Files: "/ca/", OCSP: "/ocsp"} }

func newHierarchy(opts ...ca.Option) *ca.Hierarchy {
	h, err := ca.New(time.Now, paths(), opts...)
	if err != nil {
		panic(err)
	}
	return h
}

func newKey(kind ca.KeyKind) crypto.Signer {
	key, err := ca.GenerateKey(kind)
	if err != nil {
		panic(err)
	}
	return key
}

func jane() ca.Subject {
	return ca.Subject{
		Country: "nl", Organization: "Example Organisation B.V.", GivenName: "Jané", Surname: "van der Doe",
		Identifier: "0000000021", OrganizationIdentifier: "NTRNL-12345678",
	}
}

// newAuthority returns an authority of the shared hierarchy of a preset, with its own revocations.
func newAuthority(t testing.TB, preset ca.Preset) *ca.Authority {
	t.Helper()
	return authorityAt(t, hierarchies[preset](), time.Now)
}

func authorityAt(t testing.TB, h *ca.Hierarchy, now func() time.Time) *ca.Authority {
	t.Helper()
	a, err := h.Authority(base, now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func request(usage ca.Usage) ca.Request {
	return ca.Request{Usage: usage, Subject: jane(), PublicKey: rsaKey().Public(), Validity: ca.Validity{Years: 1}}
}

// issue issues a certificate and runs the profile checker on it.
func issue(t testing.TB, a *ca.Authority, r ca.Request) (ca.Certificate, *x509.Certificate) {
	t.Helper()
	certificate, err := a.Issue(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range want(t, a, r).Certificate(certificate.DER) {
		t.Errorf("%s %s: %s", a.Preset(), r.Usage, finding)
	}
	return certificate, parse(t, certificate.DER)
}

func parse(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// want returns the expected profile of a certificate.
func want(t testing.TB, a *ca.Authority, r ca.Request) check.Leaf {
	t.Helper()
	issuing := chain(t, a, r.Usage)[0]
	leaf := check.Leaf{Generation: check.G3, Usage: string(r.Usage), Issuer: issuing.DER, Signature: check.PKCS1SHA256}
	if a.Preset() == ca.G4 {
		leaf.Generation = check.G4
	}
	switch key := parse(t, issuing.DER).PublicKeyAlgorithm; {
	case key == x509.ECDSA:
		leaf.Signature = check.ECDSASHA384
	case r.PSS, a.Preset() == ca.G4:
		leaf.Signature = check.PSSSHA256
	}
	return leaf
}

func chain(t testing.TB, a *ca.Authority, usage ca.Usage) []ca.CA {
	t.Helper()
	cas, err := a.Chain(t.Context(), usage)
	if err != nil {
		t.Fatal(err)
	}
	return cas
}

// each runs a test for every preset and usage.
func each(t *testing.T, test func(t *testing.T, preset ca.Preset, usage ca.Usage)) {
	t.Helper()
	for _, preset := range ca.Presets() {
		for _, usage := range ca.Usages() {
			t.Run(string(preset)+"/"+string(usage), func(t *testing.T) {
				t.Parallel()
				test(t, preset, usage)
			})
		}
	}
}

// A clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
