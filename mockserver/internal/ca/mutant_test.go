package ca_test

import (
	"bytes"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/mutant"
)

// TestMutantsDiffer: a certificate that is decoded and encoded again without a mutation is the
// same, except for its signature. So the fault of a mutant comes from its mutation.
func TestMutantsDiffer(t *testing.T) {
	t.Parallel()
	for _, preset := range []ca.Preset{ca.G3, ca.G4} {
		certificate, original := issue(t, newAuthority(t, preset), request(ca.Nonrepudiation))
		clean, err := mutant.Clean(certificate.DER, rsaKey())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(parse(t, clean).RawTBSCertificate, original.RawTBSCertificate) {
			t.Errorf("%s: encoded again, it is another certificate", preset)
		}
		mutants, err := mutant.Corpus(certificate.DER, rsaKey())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mutants {
			if bytes.Contains(m.DER, original.RawTBSCertificate) {
				t.Errorf("%s: %s is not spoiled", preset, m.Name)
			}
		}
	}
}
