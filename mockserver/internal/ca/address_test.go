package ca_test

import (
	"crypto"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestAddresses finds issuers, CRLs and OCSP by the addresses in a certificate only, as a client
// does. The profile checker only sees that there are addresses.
func TestAddresses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		a := newAuthority(t, preset)
		served := map[string]ca.CA{}
		cas, err := a.CAs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, authority := range cas {
			served[base+paths().Certificate(authority.Name)] = authority
		}
		_, certificate := issue(t, a, request(usage))
		if !slices.Equal(certificate.OCSPServer, []string{base + paths().OCSP}) {
			t.Errorf("OCSP at %q", certificate.OCSPServer)
		}
		above := chain(t, a, usage)
		response := ask(t, a, certificate, parse(t, above[0].DER), crypto.SHA1)
		if !slices.Equal(response.Certificate.IssuingCertificateURL, certificate.IssuingCertificateURL) {
			t.Errorf("the responder's issuer is at %q, the person's at %q", response.Certificate.IssuingCertificateURL, certificate.IssuingCertificateURL)
		}
		for i := range above {
			if len(certificate.IssuingCertificateURL) != 1 || len(certificate.CRLDistributionPoints) != 1 {
				t.Fatalf("%s: issuer at %q, CRL at %q", certificate.Subject, certificate.IssuingCertificateURL, certificate.CRLDistributionPoints)
			}
			found, known := served[certificate.IssuingCertificateURL[0]]
			if !known || found.Name != above[i].Name {
				t.Fatalf("%s: the issuer at %q is %q, want %s", certificate.Subject, certificate.IssuingCertificateURL, found.Name, above[i].Name)
			}
			issuer := parse(t, found.DER)
			if err := certificate.CheckSignatureFrom(issuer); err != nil {
				t.Error(err)
			}
			if certificate.CRLDistributionPoints[0] != base+paths().CRL(found.Name) {
				t.Errorf("%s: the CRL at %q is not that of %s", certificate.Subject, certificate.CRLDistributionPoints, found.Name)
			}
			certificate = issuer
		}
		if len(certificate.IssuingCertificateURL)+len(certificate.CRLDistributionPoints)+len(certificate.OCSPServer) != 0 || !strings.HasPrefix(above[2].Name, "root-") {
			t.Errorf("%s is at the end and names addresses", above[2].Name)
		}
	})
}
