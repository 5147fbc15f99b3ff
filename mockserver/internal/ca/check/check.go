// Package check decodes certificates and compares them with the profiles of PKIoverheid. It checks
// what no public linter knows: the exact certificate policies, the order and string types of the
// attributes of names, and the length of serial numbers.
//
// It is written from the profiles and shares no code with package ca. It does not use crypto/x509
// either, because crypto/x509 accepts more encodings than the profiles allow. It does not verify
// signatures; the tests do that with OpenSSL.
package check

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// A Finding is one difference from the profile.
type Finding struct {
	Rule   string // such as "leaf/policies"
	Detail string
}

// String returns the rule and the detail.
func (f Finding) String() string { return f.Rule + ": " + f.Detail }

// Generations of the profiles.
const (
	G3 = "g3"
	G4 = "g4"
)

// A Leaf is the expected profile of a person's certificate.
type Leaf struct {
	Generation string // G3 or G4
	Usage      string // authentication, nonrepudiation or encryption
	Signature  Signature
	Issuer     []byte // the DER of the issuing CA
}

// An Authority is the expected profile of a CA certificate.
type Authority struct {
	Generation string
	Level      Level
	Use        string // of G4: eutl or priv
	Signature  Signature
	Issuer     []byte // the DER of the issuing CA; of the root itself for a root
}

// A Level is the place of a CA in its chain.
type Level int

// The levels.
const (
	Root Level = iota
	Intermediate
	Issuing
)

// A Responder is the expected profile of the certificate of an OCSP responder.
type Responder struct {
	Signature Signature
	Issuer    []byte
}

// A Signature is an AlgorithmIdentifier, as DER in hexadecimal.
type Signature string

// The signature algorithms.
const (
	PKCS1SHA256 Signature = "300d06092a864886f70d01010b0500"
	PSSSHA256   Signature = "304106092a864886f70d01010a3034" +
		"a00f300d06096086480165030402010500" +
		"a11c301a06092a864886f70d010108300d06096086480165030402010500" + "a203020120"
	PSSSHA512 Signature = "304106092a864886f70d01010a3034" +
		"a00f300d06096086480165030402030500" +
		"a11c301a06092a864886f70d010108300d06096086480165030402030500" + "a203020140"
	ECDSASHA256 Signature = "300a06082a8648ce3d040302"
	ECDSASHA384 Signature = "300a06082a8648ce3d040303"
)

// A report collects the findings of one certificate.
type report struct {
	about    string
	findings []Finding
}

func (r *report) add(rule, format string, args ...any) {
	r.findings = append(r.findings, Finding{r.about + "/" + rule, fmt.Sprintf(format, args...)})
}

// equal adds a finding if a value is not the expected one.
func (r *report) equal(rule string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.add(rule, "is %v, must be %v", got, want)
	}
}

// begin parses a certificate and its issuer and checks the rules that all profiles have in common.
func begin(about string, der []byte, signature Signature, issuerDER []byte) (*report, *certificate) {
	r := &report{about: about}
	c, err := parse(der)
	if err != nil {
		r.add("parse", "%v", err)
		return r, nil
	}
	issuer, err := parse(issuerDER)
	if err != nil {
		r.add("parse", "issuer: %v", err)
		return r, nil
	}
	r.equal("version", c.version, 2)
	if n := len(c.serial); n < 16 || n > 20 {
		r.add("serial", "has %d octets, must have 16 to 20", n)
	}
	if n := len(c.serial); n > 0 && c.serial[0]&0x80 != 0 {
		r.add("serial", "is negative")
	}
	r.equal("signature", hex.EncodeToString(c.signature), string(signature))
	if !bytes.Equal(c.outerSignature, c.signature) {
		r.add("signature", "differs inside and outside")
	}
	r.validity(c, issuer)
	r.keyIdentifiers(c, issuer)
	r.testNames(c)
	seen := map[string]bool{}
	for _, e := range c.extensions {
		if seen[e.id] {
			r.add("extension-once", "%s is there twice", e.id)
		}
		seen[e.id] = true
	}
	return r, c
}

func (r *report) validity(c, issuer *certificate) {
	if !c.notAfter.After(c.notBefore) {
		r.add("validity", "ends before it begins")
	}
	if c.notBefore.Before(issuer.notBefore) {
		r.add("issuer-validity", "begins before its issuer")
	}
	if c.notAfter.After(issuer.notAfter) {
		r.add("issuer-validity", "ends after its issuer")
	}
	for _, t := range []asn1Time{c.notBefore, c.notAfter} {
		r.equal("time-type", t.utc, t.Year() < 2050)
	}
}

// testNames checks that the names cannot be mistaken for those of a real PKI.
func (r *report) testNames(c *certificate) {
	for _, name := range [][]attribute{c.subject, c.issuer} {
		values := make([]string, 0, len(name))
		for _, a := range name {
			values = append(values, a.value)
		}
		text := strings.Join(values, ", ")
		if !strings.Contains(text, "TEST") {
			r.add("says-test", "a name doesn't say TEST: %q", text)
		}
		if strings.Contains(strings.ToLower(text), "staat der nederlanden") {
			r.add("says-test", "a name is the state's: %q", text)
		}
	}
	r.testCAName(c.issuer)
	if r.about != "leaf" {
		r.testCAName(c.subject)
	}
}

// testCAName checks the two attributes that programs show as the issuer of a certificate.
func (r *report) testCAName(name []attribute) {
	for _, a := range name {
		if (a.id == attrCommonName || a.id == attrOrganization) && !strings.HasPrefix(a.value, "TEST ") {
			r.add("says-test", "the name of a CA, %q, doesn't begin with TEST", a.value)
		}
	}
}

// extensionSet reports missing extensions, extensions that the profile does not have, and a wrong
// critical flag. want maps the identifier of an extension to its critical flag.
func (r *report) extensionSet(c *certificate, want map[string]bool) {
	for _, e := range c.extensions {
		critical, known := want[e.id]
		if !known {
			r.add("extensions", "%s must not be there", e.id)
			continue
		}
		if e.critical != critical {
			r.add("critical", "%s: critical is %t, must be %t", e.id, e.critical, critical)
		}
	}
	ids := make([]string, 0, len(want))
	for id := range want {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if c.extension(id) == nil {
			r.add("extensions", "%s is missing", id)
		}
	}
}

// Extensions.
const (
	extSubjectKeyID     = "2.5.29.14"
	extKeyUsage         = "2.5.29.15"
	extSubjectAltName   = "2.5.29.17"
	extBasicConstraints = "2.5.29.19"
	extCRLs             = "2.5.29.31"
	extPolicies         = "2.5.29.32"
	extAuthorityKeyID   = "2.5.29.35"
	extExtKeyUsage      = "2.5.29.37"
	extAuthorityInfo    = "1.3.6.1.5.5.7.1.1"
	extQCStatements     = "1.3.6.1.5.5.7.1.3"
	extOCSPNoCheck      = "1.3.6.1.5.5.7.48.1.5"
)

func parseOID(s *cryptobyte.String) (string, bool) {
	var id asn1.ObjectIdentifier
	ok := s.ReadASN1ObjectIdentifier(&id)
	return id.String(), ok
}

// days is the length of the validity.
func (c *certificate) days() float64 { return c.notAfter.Sub(c.notBefore.Time).Hours() / 24 }

type asn1Time struct {
	time.Time
	utc bool // UTCTime rather than GeneralizedTime
}

// Before reports whether t is earlier than u. It hides the method of time.Time.
func (t asn1Time) Before(u asn1Time) bool { return t.Time.Before(u.Time) }

// After reports whether t is later than u. It hides the method of time.Time.
func (t asn1Time) After(u asn1Time) bool { return t.Time.After(u.Time) }
