// Package check reads certificates octet by octet and says where they differ from the profiles of PKIoverheid. It knows
// what no public linter does: which policies exactly, which names in which order and of which type, how long a serial
// number is.
//
// It was written from the profiles and shares no code with the package that issues, not even the parser of the standard
// library, which reads more than it should. It does not verify signatures; OpenSSL does that better.
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

// String is the rule and what was found.
func (f Finding) String() string { return f.Rule + ": " + f.Detail }

// Generations of the profiles.
const (
	G3 = "g3"
	G4 = "g4"
)

// A Leaf says what a person's certificate should be.
type Leaf struct {
	Generation string // G3 or G4
	Usage      string // authentication, nonrepudiation or encryption
	Signature  Signature
	Issuer     []byte // the DER of the issuing CA
}

// An Authority says what a CA's certificate should be.
type Authority struct {
	Generation string
	Level      Level
	Use        string // of G4: eutl or priv
	Signature  Signature
	Issuer     []byte // the DER of the CA above it; itself for a root
}

// A Level is where a CA stands in its chain.
type Level int

// The levels.
const (
	Root Level = iota
	Intermediate
	Issuing
)

// A Responder says what the certificate of an OCSP responder should be.
type Responder struct {
	Signature Signature
	Issuer    []byte
}

// A Signature is a signature algorithm with its parameters, as DER in hexadecimal.
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

// A report gathers findings.
type report struct {
	about    string
	findings []Finding
}

func (r *report) add(rule, format string, args ...any) {
	r.findings = append(r.findings, Finding{r.about + "/" + rule, fmt.Sprintf(format, args...)})
}

// equal reports a value that is not the one that should be there.
func (r *report) equal(rule string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.add(rule, "is %v, must be %v", got, want)
	}
}

// begin parses a certificate and its issuer, and checks what is the same for every kind.
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
	r.test(c)
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

// test: nothing of the mock may look real.
func (r *report) test(c *certificate) {
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
	r.testCA(c.issuer)
	if r.about != "leaf" {
		r.testCA(c.subject)
	}
}

// testCA: programs show one of these two when they say who issued a certificate.
func (r *report) testCA(name []attribute) {
	for _, a := range name {
		if (a.id == attrCommonName || a.id == attrOrganization) && !strings.HasPrefix(a.value, "TEST ") {
			r.add("says-test", "the name of a CA, %q, doesn't begin with TEST", a.value)
		}
	}
}

// extensionSet reports extensions that are missing, too much, or critical when they shouldn't be and the other way
// round. want maps the extension to whether it is critical.
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

// days is how long a certificate is valid.
func (c *certificate) days() float64 { return c.notAfter.Sub(c.notBefore.Time).Hours() / 24 }

type asn1Time struct {
	time.Time
	utc bool // UTCTime rather than GeneralizedTime
}

// Before and After hide the ones of time.Time, so that both sides may be of this type.
func (t asn1Time) Before(u asn1Time) bool { return t.Time.Before(u.Time) }

// After tells whether t is later.
func (t asn1Time) After(u asn1Time) bool { return t.Time.After(u.Time) }
