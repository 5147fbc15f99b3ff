package ca

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// benchHierarchies have the default keys, which take seconds to make, so the benchmarks share them.
// In the ec preset only the issuing CA is measured. Its key is the same with and without WithCAKey.
var benchHierarchies = map[Preset]func() (*Hierarchy, error){
	G3: sync.OnceValues(func() (*Hierarchy, error) { return New(time.Now, Paths{Files: "/ca/", OCSP: "/ocsp"}, WithPreset(G3)) }),
	G4: sync.OnceValues(func() (*Hierarchy, error) { return New(time.Now, Paths{Files: "/ca/", OCSP: "/ocsp"}, WithPreset(G4)) }),
	EC: sync.OnceValues(func() (*Hierarchy, error) {
		return New(time.Now, Paths{Files: "/ca/", OCSP: "/ocsp"}, WithPreset(EC), WithCAKey(RSA2048))
	}),
}

// A benched is an authority that has issued a certificate, so that all its keys exist.
type benched struct {
	*Authority
	request     Request
	issuer      *issuer
	certificate *x509.Certificate
}

func newBenched(b *testing.B, preset Preset) benched {
	b.Helper()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	h, err := benchHierarchies[preset]()
	must(err)
	a, err := h.Authority("http://mock.example.com:8080", time.Now)
	must(err)
	key, err := GenerateKey(RSA3072)
	must(err)
	r := Request{
		Usage: Nonrepudiation, PublicKey: key.Public(), Validity: Validity{Years: 3},
		Subject: Subject{
			Country: "NL", Organization: "Example Organisation B.V.", GivenName: "Jané", Surname: "van der Doe",
			Identifier: "0000000021", OrganizationIdentifier: "NTRNL-12345678",
		},
	}
	issued, err := a.Issue(b.Context(), r)
	must(err)
	certificate, err := x509.ParseCertificate(issued.DER)
	must(err)
	i, err := a.issuer(b.Context(), issued.Issuer)
	must(err)
	return benched{a, r, i, certificate}
}

// BenchmarkIssue compares issuing with bare signatures by the same key. The difference is mostly
// the verification in x509.CreateCertificate, which is cheap for RSA and more expensive than the
// signature for ECDSA.
func BenchmarkIssue(b *testing.B) {
	opts := map[Preset]crypto.SignerOpts{
		G3: crypto.SHA256,
		G4: &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256},
		EC: crypto.SHA384,
	}
	for _, preset := range Presets() {
		b.Run(string(preset), func(b *testing.B) {
			a := newBenched(b, preset)
			compare(b, "issued", func() error {
				_, err := a.Issue(b.Context(), a.request)
				return err
			}, signing(a.issuer.key, opts[preset]))
		})
	}
}

// BenchmarkOCSP compares OCSP responses with bare signatures by the same key.
func BenchmarkOCSP(b *testing.B) {
	for _, preset := range Presets() {
		b.Run(string(preset), func(b *testing.B) {
			a := newBenched(b, preset)
			request, err := ocsp.CreateRequest(a.certificate, a.issuer.certificate, nil)
			if err != nil {
				b.Fatal(err)
			}
			key, err := a.hierarchy.responders[a.issuer.spec.name].get(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			compare(b, "answered", func() error {
				_, err := a.OCSP(b.Context(), request)
				return err
			}, signing(key, crypto.SHA256))
		})
	}
}

// signing returns a function that only signs a hash: the minimal cost of a certificate or a
// response.
func signing(key crypto.Signer, opts crypto.SignerOpts) func() error {
	digest := make([]byte, opts.HashFunc().Size())
	return func() error {
		_, err := key.Sign(rand.Reader, digest, opts)
		return err
	}
}

// compare runs do and floor alternately, and reports for each how often it runs in a second, and
// the ratio. The figures are medians.
func compare(b *testing.B, what string, do, floor func() error) {
	b.Helper()
	var rates, floors, ratios []float64
	for b.Loop() {
		var rate, bare float64
		if len(ratios)%2 == 0 {
			bare, rate = perSecond(b, floor), perSecond(b, do)
		} else {
			rate, bare = perSecond(b, do), perSecond(b, floor)
		}
		rates, floors, ratios = append(rates, rate), append(floors, bare), append(ratios, rate/bare)
	}
	b.ReportMetric(middle(floors), "floor/s")
	b.ReportMetric(middle(rates), what+"/s")
	b.ReportMetric(middle(ratios), what+"/floor")
	b.ReportMetric(0, "ns/op")
}

// perSecond runs do for a twentieth of a second and returns how often it runs in a second.
func perSecond(b *testing.B, do func() error) float64 {
	b.Helper()
	start, n := time.Now(), 0
	for time.Since(start) < time.Second/20 {
		if err := do(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds()
}

func middle(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}
