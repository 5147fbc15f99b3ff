package ca_test

import (
	"crypto/rand"
	"crypto/x509"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
)

// FuzzOCSP: every request, malformed or not, gets a response that a client can parse.
func FuzzOCSP(f *testing.F) {
	a := authorityAt(f, newHierarchy(ca.WithCAKey(ca.P256)), time.Now)
	certificate, err := a.Issue(f.Context(), request(ca.Authentication))
	if err != nil {
		f.Fatal(err)
	}
	good, err := ocsp.CreateRequest(parse(f, certificate.DER), parse(f, chain(f, a, ca.Authentication)[0].DER), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("hello"))
	f.Fuzz(func(t *testing.T, request []byte) {
		answer, err := a.OCSP(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ocsp.ParseResponse(answer.DER, nil); err != nil && answer.NextUpdate.IsZero() != isRefusal(err) {
			t.Fatal(err)
		}
	})
}

func isRefusal(err error) bool {
	_, ok := err.(ocsp.ResponseError) //nolint:errorlint // That is what it returns.
	return ok
}

// FuzzCertificateRequest: an accepted request has a key that can be certified.
func FuzzCertificateRequest(f *testing.F) {
	good, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, ecKey())
	if err != nil {
		f.Fatal(err)
	}
	a := authorityAt(f, newHierarchy(ca.WithCAKey(ca.P256)), time.Now)
	f.Add(good)
	f.Add([]byte("-----BEGIN CERTIFICATE REQUEST-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := ca.ParseCertificateRequest(text)
		if err != nil {
			return
		}
		r := request(ca.Encryption)
		r.PublicKey = key
		if _, err := a.Issue(t.Context(), r); err != nil {
			t.Error(err)
		}
	})
}

// FuzzSubject: the checker accepts the certificate of each subject that Check accepts, except for
// its country, which the issuer takes from the order without checking that it exists.
func FuzzSubject(f *testing.F) {
	a := authorityAt(f, newHierarchy(ca.WithCAKey(ca.P256)), time.Now)
	issuer := chain(f, a, ca.Nonrepudiation)[0].DER
	expected := check.Leaf{Generation: check.G3, Usage: "nonrepudiation", Signature: check.ECDSASHA256, Issuer: issuer}
	f.Add("Example B.V.", "Jané", "Doe", "21", "NTRNL-12345678")
	f.Add("Ex\u2028ample", " J ", "\u00a0", "a b", "")
	f.Fuzz(func(t *testing.T, organization, given, surname, identifier, organizationIdentifier string) {
		r := request(ca.Nonrepudiation)
		r.Subject = ca.Subject{
			Country: "NL", Organization: organization, GivenName: given, Surname: surname, Identifier: identifier,
			OrganizationIdentifier: organizationIdentifier,
		}
		if r.Subject.Check() != nil {
			return
		}
		certificate, err := a.Issue(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range expected.Certificate(certificate.DER) {
			// The caller of Issue checks that the register and the number exist.
			if finding.Rule != "leaf/name-organization-identifier" {
				t.Error(finding)
			}
		}
	})
}
