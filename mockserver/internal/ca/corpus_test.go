package ca_test

import (
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/mutant"
)

var corpusDir = flag.String("corpus", "", "an empty directory for what TestCorpus writes; a temporary one if not given")

// A specimen is one signed object of an authority.
type specimen struct {
	Preset ca.Preset `json:"preset"`
	Kind   string    `json:"kind"` // a usage, root, intermediate, issuing, responder, ocsp, crl or mutant
	Name   string    `json:"name"`
	File   string    `json:"file"`             // in DER
	Issuer string    `json:"issuer,omitempty"` // the file of the issuing CA; empty for roots, crl and ocsp
}

// A corpus is a directory with specimens of all kinds.
type corpus struct {
	testing.TB
	dir       string
	specimens []specimen
}

func (c *corpus) add(s specimen, der []byte) string {
	c.Helper()
	s.File = fmt.Sprintf("%03d.der", len(c.specimens))
	if err := os.WriteFile(filepath.Join(c.dir, s.File), der, 0o600); err != nil {
		c.Fatal(err)
	}
	c.specimens = append(c.specimens, s)
	return s.File
}

// TestCorpus writes the input of mockserver/conformance/pkilint: everything that an authority of
// each preset signs, and an index of it. It is a test so that it can use the harness of the tests.
func TestCorpus(t *testing.T) {
	t.Parallel()
	c := &corpus{TB: t, dir: *corpusDir}
	if c.dir == "" {
		c.dir = t.TempDir()
	}
	for _, preset := range ca.Presets() {
		a := newAuthority(t, preset)
		files := c.authorities(a)
		for _, name := range a.Names() {
			c.crl(a, name, "nothing revoked")
		}
		for _, usage := range ca.Usages() {
			c.people(a, usage, files)
		}
		for _, name := range a.Names() {
			if strings.HasPrefix(name, "tsp-") {
				c.crl(a, name, "revoked for every reason")
			}
		}
		if preset != ca.EC { // The corpus of mutants knows RSA only.
			c.mutants(a)
		}
	}
	index, err := json.MarshalIndent(c.specimens, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, "index.json"), append(index, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

// authorities adds the certificates of the CAs and returns their files by name.
func (c *corpus) authorities(a *ca.Authority) map[string]string {
	c.Helper()
	cas, err := a.CAs(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	files := map[string]string{}
	for _, authority := range cas {
		kind := "intermediate-ca"
		switch {
		case authority.Root():
			kind = "root-ca"
		case strings.HasPrefix(authority.Name, "tsp-"):
			kind = "issuing-ca"
		}
		files[authority.Name] = c.add(specimen{a.Preset(), kind, authority.Name, "", files[authority.Issuer]}, authority.DER)
	}
	return files
}

func (c *corpus) crl(a *ca.Authority, name, what string) {
	c.Helper()
	crl, _ := crlOf(c, a, name)
	c.add(specimen{Preset: a.Preset(), Kind: "crl", Name: name + ", " + what}, crl.DER)
}

// people adds a certificate of each form that a usage has, and an OCSP response of each status.
func (c *corpus) people(a *ca.Authority, usage ca.Usage, files map[string]string) {
	c.Helper()
	plain := request(usage)
	curve, pss, unidentified := plain, plain, plain
	curve.PublicKey = ecKey().Public()
	pss.PSS = true
	unidentified.Subject.OrganizationIdentifier = ""
	for _, form := range []struct {
		name string
		ca.Request
	}{{"plain", plain}, {"elliptic-curve key", curve}, {"RSASSA-PSS", pss}, {"no organization identifier", unidentified}} {
		certificate, _ := issue(c, a, form.Request)
		c.add(specimen{a.Preset(), string(usage), form.name, "", files[certificate.Issuer]}, certificate.DER)
	}
	issuing := chain(c, a, usage)[0]
	issuer := parse(c, issuing.DER)
	_, leaf := issue(c, a, plain)
	response := c.ocsp(a, leaf, issuer, string(usage)+", good")
	c.add(specimen{a.Preset(), "responder", string(usage), "", files[issuing.Name]}, response.Certificate.Raw)
	stranger := *leaf
	stranger.SerialNumber = big.NewInt(42)
	c.ocsp(a, &stranger, issuer, string(usage)+", unknown")
	for _, reason := range ca.Reasons() {
		certificate, leaf := issue(c, a, plain)
		if err := a.Revoke(c.Context(), reason, certificate.Serial); err != nil {
			c.Fatal(err)
		}
		c.ocsp(a, leaf, issuer, string(usage)+", "+reason.String())
	}
}

func (c *corpus) ocsp(a *ca.Authority, leaf, issuer *x509.Certificate, name string) *ocsp.Response {
	c.Helper()
	request, err := ocsp.CreateRequest(leaf, issuer, nil)
	if err != nil {
		c.Fatal(err)
	}
	answer, err := a.OCSP(c.Context(), request)
	if err != nil {
		c.Fatal(err)
	}
	c.add(specimen{Preset: a.Preset(), Kind: "ocsp", Name: name}, answer.DER)
	response, err := ocsp.ParseResponse(answer.DER, issuer)
	if err != nil {
		c.Fatal(err)
	}
	return response
}

func (c *corpus) mutants(a *ca.Authority) {
	c.Helper()
	certificate, _ := issue(c, a, request(ca.Nonrepudiation))
	mutants, err := mutant.Corpus(certificate.DER, rsaKey())
	if err != nil {
		c.Fatal(err)
	}
	for _, m := range mutants {
		c.add(specimen{Preset: a.Preset(), Kind: "mutant", Name: m.Name}, m.DER)
	}
}
