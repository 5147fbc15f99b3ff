package ca_test

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/mutant"
)

func TestIssue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		a := newAuthority(t, preset)
		for name, change := range map[string]func(*ca.Request){
			"plain":                      func(*ca.Request) {},
			"RSASSA-PSS":                 func(r *ca.Request) { r.PSS = true },
			"elliptic-curve key":         func(r *ca.Request) { r.PublicKey = ecKey().Public() },
			"no organization identifier": func(r *ca.Request) { r.Subject.OrganizationIdentifier = "" },
			"three years":                func(r *ca.Request) { r.Validity = ca.Validity{Years: 3} },
			"names with spaces around":   func(r *ca.Request) { r.Subject.GivenName, r.Subject.Organization = " Jan ", "\tExample " },
			"long names": func(r *ca.Request) {
				r.Subject.GivenName, r.Subject.Surname = strings.Repeat("ë", 63), strings.Repeat("x", 64)
			},
		} {
			r := request(usage)
			change(&r)
			certificate, parsed := issue(t, a, r)
			verify(t, a, usage, parsed)
			if certificate.Serial != ca.FormatSerial(parsed.SerialNumber) || len(certificate.Serial) != 38 {
				t.Errorf("%s: serial number %s", name, certificate.Serial)
			}
			if certificate.Algorithm != parsed.SignatureAlgorithm || certificate.CommonName != parsed.Subject.CommonName ||
				!certificate.NotAfter.Equal(parsed.NotAfter) || !certificate.NotBefore.Equal(parsed.NotBefore) {
				t.Errorf("%s: the certificate isn't as described: %+v", name, certificate)
			}
		}
	})
}

// verify builds the chain with crypto/x509.
func verify(t testing.TB, a *ca.Authority, usage ca.Usage, leaf *x509.Certificate) {
	t.Helper()
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, authority := range chain(t, a, usage) {
		if authority.Root() {
			roots.AddCert(parse(t, authority.DER))
		} else {
			intermediates.AddCert(parse(t, authority.DER))
		}
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, CurrentTime: leaf.NotBefore, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		t.Error(err)
	}
}

func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	for message, change := range map[string]func(*ca.Request){
		`"email" is not a usage`:                func(r *ca.Request) { r.Usage = "email" },
		"country: must be two letters":          func(r *ca.Request) { r.Subject.Country = "N1" },
		"given name: must not be empty":         func(r *ca.Request) { r.Subject.GivenName = " " },
		"surname: must not be longer than 64":   func(r *ca.Request) { r.Subject.Surname = strings.Repeat("x", 65) },
		"organization: must be text without":    func(r *ca.Request) { r.Subject.Organization = "a\x00b" },
		"identifier: must be 1 to 59":           func(r *ca.Request) { r.Subject.Identifier = "é" },
		"organization identifier: must be of":   func(r *ca.Request) { r.Subject.OrganizationIdentifier = "12345678" },
		"no public key":                         func(r *ca.Request) { r.PublicKey = nil },
		"must be RSA or ECDSA":                  func(r *ca.Request) { r.PublicKey = "key" },
		"validity: ends 2020-01-01, before":     func(r *ca.Request) { r.Validity.Date = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) },
		"outside the validity of the issuing":   func(r *ca.Request) { r.NotBefore = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"the clock is outside the validity of ": func(r *ca.Request) { r.NotBefore = time.Date(2070, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		r := request(ca.Authentication)
		change(&r)
		if _, err := a.Issue(t.Context(), r); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want %q", err, message)
		}
	}
	r := request(ca.Authentication)
	r.NotBefore = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := a.Issue(t.Context(), r); !errors.Is(err, ca.ErrClock) {
		t.Errorf("error %v, want ErrClock", err)
	}
}

func TestValidity(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 10, 20, 30, 400, time.UTC)
	then := func() time.Time { return from }
	h, err := ca.New(then, paths(), ca.WithCAKey(ca.RSA2048)) // the clock of the hierarchy, independent of today
	if err != nil {
		t.Fatal(err)
	}
	a := authorityAt(t, h, then)
	issuer := chain(t, a, ca.Encryption)[0]
	for name, test := range map[string]struct {
		validity ca.Validity
		from     time.Time
		want     time.Time
	}{
		"nothing":              {ca.Validity{}, from, time.Date(2027, 11, 23, 10, 20, 29, 0, time.UTC)},
		"three years":          {ca.Validity{Years: 3}, from, time.Date(2029, 11, 22, 10, 20, 29, 0, time.UTC)}, // 2028 has a leap day.
		"days beat years":      {ca.Validity{Years: 3, Days: 1}, from, time.Date(2026, 11, 24, 10, 20, 29, 0, time.UTC)},
		"a date beats both":    {ca.Validity{Years: 3, Days: 1, Date: time.Date(2027, 6, 9, 12, 0, 0, 0, time.UTC)}, from, time.Date(2027, 6, 9, 23, 59, 59, 0, time.UTC)},
		"capped at the issuer": {ca.Validity{Years: 3}, issuer.NotAfter.Add(-time.Hour), issuer.NotAfter},
	} {
		r := request(ca.Encryption)
		r.Validity, r.NotBefore = test.validity, test.from
		if certificate, _ := issue(t, a, r); !certificate.NotAfter.Equal(test.want) {
			t.Errorf("%s: ends %s, want %s", name, certificate.NotAfter, test.want)
		}
	}
}

// TestSerialNumbers: an authority does not repeat a serial number.
func TestSerialNumbers(t *testing.T) {
	t.Parallel()
	h := newHierarchy(ca.WithCAKey(ca.P256))
	a := authorityAt(t, h, time.Now)
	seen := map[string]bool{}
	for range 200 {
		r := request(ca.Authentication)
		r.PublicKey = ecKey().Public()
		certificate, err := a.Issue(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if seen[certificate.Serial] {
			t.Fatalf("%s comes twice", certificate.Serial)
		}
		seen[certificate.Serial] = true
	}
}

func TestParseSerial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0a:FF":                        strings.Repeat("0", 34) + "0AFF",
		strings.Repeat("Ab", 19):       strings.Repeat("AB", 19),
		"00" + strings.Repeat("1", 36): "00" + strings.Repeat("1", 36),
		strings.Repeat("7f", 20):       strings.Repeat("7F", 20), // another CA's
	} {
		if n, err := ca.ParseSerial(text); err != nil || ca.FormatSerial(n) != want {
			t.Errorf("%s: %v, %v", text, n, err)
		}
	}
	for _, text := range []string{"", "xyz", "ABC", strings.Repeat("AB", 21)} {
		if _, err := ca.ParseSerial(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// TestMutants: the checker finds the fault of each mutant. The test records what it finds.
func TestMutants(t *testing.T) {
	t.Parallel()
	said := map[string][]string{
		"PDS over http":                         {"leaf/qc-statements"},
		"bad language of the PDS":               {"leaf/qc-statements"},
		"QCStatements critical":                 {"leaf/critical"},
		"no key usage":                          {"leaf/extensions"},
		"key encipherment with nonrepudiation":  {"leaf/key-usage"},
		"digital signature with nonrepudiation": {"leaf/key-usage"},
		"QcCompliance twice":                    {"leaf/qc-statements"},
		"no QcType":                             {"leaf/qc-statements"},
		"no QcSSCD":                             {"leaf/qc-statements"},
		"QcType of a seal":                      {"leaf/qc-statements"},
		"no QCStatements":                       {"leaf/extensions"},
		"malformed organizationIdentifier":      {"leaf/name-organization-identifier"},
		"organizationIdentifier of no country":  {"leaf/name-organization-identifier"},
		"wrong semantics":                       {"leaf/qc-statements"},
		"no common name":                        {"leaf/name-order"},
		"no given name and surname":             {"leaf/name-order"},
		"two common names":                      {"leaf/name-order"},
		"no authority information":              {"leaf/extensions"},
		"no CRL address and no OCSP address":    {"leaf/authority-information", "leaf/extensions"},
		"no policies":                           {"leaf/extensions"},
		"policy of legal persons":               {"leaf/policies"},
		"policies critical":                     {"leaf/critical"},
		"extended key usage critical":           {"leaf/critical"},
		"country in lower case":                 {"leaf/name-country"},
		"common name of 65 characters":          {"leaf/name-common", "leaf/name-length"},
		"space behind the common name":          {"leaf/name-common", "leaf/name-spaces"},
		"empty serialNumber":                    {"leaf/alternative-names", "leaf/name-length", "leaf/says-test"},
		"email in the name":                     {"leaf/name-order", "leaf/name-type"},
		"otherName without [0]":                 {"leaf/alternative-names"},
		"RSA of 1024 bits":                      {"leaf/key-size"},
		"no QcPDS":                              {"leaf/qc-statements"},
		"country QQ":                            {"leaf/name-country"},
		"no serialNumber":                       {"leaf/alternative-names", "leaf/name-order", "leaf/says-test"},
		"no organization":                       {"leaf/name-order"},
		"small serial number":                   {"leaf/serial"},
		"validity of four years":                {"leaf/validity"},
	}
	for _, preset := range []ca.Preset{ca.G3, ca.G4} {
		t.Run(string(preset), func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t, preset)
			r := request(ca.Nonrepudiation)
			certificate, _ := issue(t, a, r)
			expected := want(t, a, r)
			clean, err := mutant.Clean(certificate.DER, rsaKey())
			if err != nil {
				t.Fatal(err)
			}
			if findings := expected.Certificate(clean); len(findings) > 0 {
				t.Fatalf("encoded again without a mutation: %v", findings)
			}
			mutants, err := mutant.Corpus(certificate.DER, rsaKey())
			if err != nil {
				t.Fatal(err)
			}
			if len(mutants) != 36 {
				t.Errorf("%d mutants, want 36", len(mutants))
			}
			for _, m := range mutants {
				if got := check.Rules(expected.Certificate(m.DER)); !slices.Equal(got, said[m.Name]) || len(got) == 0 {
					t.Errorf("%s: found %q, want %q", m.Name, got, said[m.Name])
				}
			}
		})
	}
}
