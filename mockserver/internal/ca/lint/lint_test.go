package lint

import (
	"crypto"
	stdx509 "crypto/x509"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/mutant"
	"github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	"github.com/zmap/zlint/v3/lint"
	"golang.org/x/crypto/ocsp"
)

const base = "http://mock.example.com:8080"

// rules are the lints of the RFCs, of ETSI and of the community, without those of the browsers.
var rules = sync.OnceValues(func() (lint.Registry, error) {
	return lint.GlobalRegistry().Filter(lint.FilterOptions{IncludeSources: lint.SourceList{
		lint.RFC5280, lint.RFC3279, lint.RFC5480, lint.RFC6960, lint.EtsiEsi, lint.Community,
	}})
})

var (
	rsaKey = sync.OnceValues(func() (crypto.Signer, error) { return ca.GenerateKey(ca.RSA2048) })
	ecKey  = sync.OnceValues(func() (crypto.Signer, error) { return ca.GenerateKey(ca.P256) })
)

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// findings returns the lints that did not pass, with their severity.
func findings(set *zlint.ResultSet) []string {
	var found []string
	for name, result := range set.Results {
		if result.Status > lint.Pass {
			found = append(found, fmt.Sprintf("%s (%s) %s", name, result.Status, result.Details))
		}
	}
	slices.Sort(found)
	return found
}

func lintCertificate(t *testing.T, der []byte) []string {
	t.Helper()
	registry := must[lint.Registry](t)(rules())
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return []string{fmt.Sprintf("parse error: %v", err)}
	}
	return findings(zlint.LintCertificateEx(parsed, registry))
}

func paths() ca.Paths { return ca.Paths{Files: "/ca/", OCSP: "/ocsp"} }

func newAuthority(t *testing.T, preset ca.Preset, keys ca.KeyKind) *ca.Authority {
	t.Helper()
	h := must[*ca.Hierarchy](t)(ca.New(time.Now, paths(), ca.WithPreset(preset), ca.WithCAKey(keys)))
	return must[*ca.Authority](t)(h.Authority(base, time.Now))
}

func request(usage ca.Usage, key crypto.Signer) ca.Request {
	return ca.Request{
		Usage: usage, PublicKey: key.Public(), Validity: ca.Validity{Years: 3},
		Subject: ca.Subject{
			Country: "nl", Organization: "Example Organisation B.V.", GivenName: "Jané", Surname: "van der Doe",
			Identifier: "0000000021", OrganizationIdentifier: "NTRNL-12345678",
		},
	}
}

// TestZlint: no lint fails on a certificate, a CRL or an OCSP response of any preset.
func TestZlint(t *testing.T) {
	t.Parallel()
	registry := must[lint.Registry](t)(rules())
	if n := len(registry.Names()); n < 180 {
		t.Errorf("only %d lints", n)
	}
	for _, preset := range ca.Presets() {
		for _, keys := range []ca.KeyKind{ca.RSA2048, ca.P256} {
			t.Run(fmt.Sprintf("%s/%s", preset, keys), func(t *testing.T) {
				t.Parallel()
				a := newAuthority(t, preset, keys)
				for _, authority := range must[[]ca.CA](t)(a.CAs(t.Context())) {
					report(t, authority.Name, lintCertificate(t, authority.DER))
				}
				for _, name := range a.Names() {
					lintCRL(t, a, name)
				}
				lintPeople(t, a)
				for _, name := range a.Names() {
					lintCRL(t, a, name)
				}
			})
		}
	}
}

func report(t *testing.T, what string, found []string) {
	t.Helper()
	for _, f := range found {
		t.Errorf("%s: %s", what, f)
	}
}

func lintPeople(t *testing.T, a *ca.Authority) {
	t.Helper()
	revoked := 0
	for _, usage := range ca.Usages() {
		for _, key := range []crypto.Signer{must[crypto.Signer](t)(rsaKey()), must[crypto.Signer](t)(ecKey())} {
			for _, identifier := range []string{"NTRNL-12345678", ""} {
				for _, pss := range []bool{false, true} {
					r := request(usage, key)
					r.PSS, r.Subject.OrganizationIdentifier = pss, identifier
					certificate := must[ca.Certificate](t)(a.Issue(t.Context(), r))
					report(t, fmt.Sprintf("%s, %T, PSS %t", usage, key, pss), lintCertificate(t, certificate.DER))
					lintOCSP(t, a, certificate)
					if pss { // so that the CRL has entries with every reason
						reason := ca.Reasons()[revoked%len(ca.Reasons())]
						if err := a.Revoke(t.Context(), reason, certificate.Serial); err != nil {
							t.Fatal(err)
						}
						revoked++
						lintOCSP(t, a, certificate)
					}
				}
			}
		}
	}
}

func lintCRL(t *testing.T, a *ca.Authority, name string) {
	t.Helper()
	crl := must[ca.CRL](t)(a.CRL(t.Context(), name))
	parsed := must[*x509.RevocationList](t)(x509.ParseRevocationList(crl.DER))
	report(t, "CRL of "+name, findings(zlint.LintRevocationListEx(parsed, must[lint.Registry](t)(rules()))))
}

// lintOCSP lints an OCSP response and the certificate of its responder.
func lintOCSP(t *testing.T, a *ca.Authority, certificate ca.Certificate) {
	t.Helper()
	cas := must[[]ca.CA](t)(a.ChainOf(t.Context(), certificate.Issuer))
	issuer := must[*stdx509.Certificate](t)(stdx509.ParseCertificate(cas[0].DER))
	leaf := must[*stdx509.Certificate](t)(stdx509.ParseCertificate(certificate.DER))
	answer := must[ca.OCSPResponse](t)(a.OCSP(t.Context(), must[[]byte](t)(ocsp.CreateRequest(leaf, issuer, nil))))
	response := must[*ocsp.Response](t)(ocsp.ParseResponse(answer.DER, issuer))
	report(t, "OCSP responder", lintCertificate(t, response.Certificate.Raw))
	report(t, "OCSP response", findings(zlint.LintOcspResponseEx(response, must[lint.Registry](t)(rules()))))
}

// TestMutants: zlint or the checker of this repository detects each mutant. The list of those that
// zlint detects is fixed, so that the test shows when a new version detects more or fewer.
func TestMutants(t *testing.T) {
	t.Parallel()
	for _, preset := range []ca.Preset{ca.G3, ca.G4} {
		a := newAuthority(t, preset, ca.RSA2048)
		key := must[crypto.Signer](t)(rsaKey())
		certificate := must[ca.Certificate](t)(a.Issue(t.Context(), request(ca.Nonrepudiation, key)))
		issuer := must[[]ca.CA](t)(a.ChainOf(t.Context(), certificate.Issuer))[0]
		expected := check.Leaf{Generation: check.G3, Usage: "nonrepudiation", Signature: check.PKCS1SHA256, Issuer: issuer.DER}
		if preset == ca.G4 {
			expected.Generation, expected.Signature = check.G4, check.PSSSHA256
		}
		clean := must[[]byte](t)(mutant.Clean(certificate.DER, key))
		report(t, "without mutation", lintCertificate(t, clean))
		mutants := must[[]mutant.Mutant](t)(mutant.Corpus(certificate.DER, key))
		if len(mutants) != 36 {
			t.Errorf("%d mutants, want 36", len(mutants))
		}
		var seen []string
		for _, m := range mutants {
			found := lintCertificate(t, m.DER)
			if len(found) > 0 {
				seen = append(seen, m.Name)
			}
			if len(found) == 0 && len(expected.Certificate(m.DER)) == 0 {
				t.Errorf("%s: neither zlint nor the checker detects it", m.Name)
			}
			t.Logf("%s %s: %v", preset, m.Name, found)
		}
		slices.Sort(seen)
		if want := detectedByZlint(); !slices.Equal(seen, want) {
			t.Errorf("%s: zlint detects\n%q, want\n%q", preset, seen, want)
		}
	}
}

func detectedByZlint() []string {
	return []string{
		"PDS over http", "QCStatements critical", "QcCompliance twice", "bad language of the PDS", "common name of 65 characters",
		"country in lower case", "digital signature with nonrepudiation", "email in the name", "empty serialNumber",
		"key encipherment with nonrepudiation", "no key usage", "otherName without [0]", "space behind the common name",
	}
}
