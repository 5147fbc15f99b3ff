package check

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// expected is the part of a leaf profile that differs between usages and generations.
type expected struct {
	keyUsage   []string // DER in hexadecimal: for RSA, and then for elliptic curves if it differs
	eku        []string
	policies   []string
	qualified  bool
	semantics  bool // id-qcs-pkixQCSyntax-v2, if the subject has an organizationIdentifier
	names      []string
	otherNames []string
}

const (
	ekuClient     = "1.3.6.1.5.5.7.3.2"
	ekuMail       = "1.3.6.1.5.5.7.3.4"
	ekuOCSP       = "1.3.6.1.5.5.7.3.9"
	ekuSigning    = "1.3.6.1.5.5.7.3.36"
	ekuSigningMS  = "1.3.6.1.4.1.311.10.3.12"
	ekuFilesMS    = "1.3.6.1.4.1.311.10.3.4"
	qualifiers    = " cps=https://cps.example.com notice"
	policyG3      = "2.16.528.1.1003.1.2.5."
	policyG4      = "2.16.528.1.1003.1.2.41."
	policyNCP     = "0.4.0.2042.1.1"
	policyNCPPlus = "0.4.0.2042.1.2"
	policyQCP     = "0.4.0.194112.1.2"

	otherUserID    = "2.5.5.5"
	otherUPN       = "1.3.6.1.4.1.311.20.2.3"
	otherPermanent = "1.3.6.1.5.5.7.8.3"
	oidMock        = "2.999.1003.1" // below 2.999, the arc for examples

	usageSignature = "03020780"
	usageContent   = "03020640"
	usageEncipher  = "03020430"
	usageAgree     = "03020308"
)

// table returns the profile of a usage, with the values of section 2 of the profile sheet.
func table(generation, usage string) (expected, bool) {
	g3Names := []string{attrCountry, attrOrganization, attrOrganizationIdentifier, attrSurname, attrGivenName, attrSerialNumber, attrCommonName}
	g4Names := []string{attrCountry, attrOrganization, attrSurname, attrGivenName, attrCommonName, attrOrganizationIdentifier, attrSerialNumber}
	e, known := map[string]expected{
		"g3 authentication": {
			keyUsage: []string{usageSignature}, eku: []string{ekuClient, ekuMail, ekuSigningMS},
			policies: []string{policyG3 + "1" + qualifiers}, names: g3Names, otherNames: []string{otherUserID, otherUPN},
		},
		"g3 nonrepudiation": {
			keyUsage: []string{usageContent}, eku: []string{ekuMail, ekuSigningMS},
			policies:  []string{policyG3 + "2" + qualifiers, policyQCP},
			qualified: true, semantics: true, names: g3Names, otherNames: []string{otherUserID},
		},
		"g3 encryption": {
			keyUsage: []string{usageEncipher, usageAgree}, eku: []string{ekuMail, ekuFilesMS},
			policies: []string{policyG3 + "3" + qualifiers}, names: g3Names, otherNames: []string{otherUserID},
		},
		"g4 authentication": {
			keyUsage: []string{usageSignature}, eku: []string{ekuClient},
			policies: []string{policyNCP, policyG4 + "16.13.8"}, semantics: true, names: g4Names, otherNames: []string{otherPermanent, otherUPN},
		},
		"g4 nonrepudiation": {
			keyUsage: []string{usageContent}, eku: []string{ekuSigningMS, ekuSigning},
			policies:  []string{policyNCPPlus, policyQCP, policyG4 + "14.13.5"},
			qualified: true, semantics: true, names: g4Names, otherNames: []string{otherPermanent},
		},
		"g4 encryption": {
			keyUsage: []string{usageEncipher, usageAgree}, eku: []string{ekuFilesMS},
			policies: []string{policyNCP, policyG4 + "16.13.7"}, semantics: true, names: g4Names, otherNames: []string{otherPermanent},
		},
	}[generation+" "+usage]
	return e, known
}

// Certificate checks a leaf certificate.
func (l Leaf) Certificate(der []byte) []Finding {
	r, c := begin("leaf", der, l.Signature, l.Issuer)
	if c == nil {
		return r.findings
	}
	want, known := table(l.Generation, l.Usage)
	if !known {
		r.add("profile", "there is no profile %s %s", l.Generation, l.Usage)
		return r.findings
	}
	identified := find(c.subject, attrOrganizationIdentifier) != nil
	statements := want.qualified || want.semantics && identified
	extensions := map[string]bool{
		extBasicConstraints: true, extKeyUsage: true, extExtKeyUsage: false, extPolicies: false, extSubjectAltName: false,
		extSubjectKeyID: false, extAuthorityKeyID: false, extAuthorityInfo: false, extCRLs: false,
	}
	if statements {
		extensions[extQCStatements] = false
	}
	r.extensionSet(c, extensions)
	// order_validity allows three years at most. A date counts until the end of its day.
	if days := c.days(); days > 3*365 {
		r.add("validity", "%s to %s: %.1f days; 1095 are allowed", c.notBefore.at(), c.notAfter.at(), days)
	}
	r.nameOrder(c.subject, want.names, []string{attrOrganizationIdentifier})
	r.personName(c.subject)
	r.publicKey(c.key, 2048)
	r.value("basic-constraints", c, extBasicConstraints, "3000")
	usage := want.keyUsage[0]
	if c.key.algorithm == oidEC {
		usage = want.keyUsage[len(want.keyUsage)-1]
	}
	r.value("key-usage", c, extKeyUsage, usage)
	r.extKeyUsage(c, want.eku)
	r.policies(c, want.policies)
	r.information(c, true)
	r.crlAddress(c)
	r.otherNames(c, want.otherNames)
	if statements {
		r.statements(c, want.qualified, want.semantics && identified)
	}
	return r.findings
}

// statements compares the QCStatements. Any https address of a disclosure statement is accepted.
func (r *report) statements(c *certificate, qualified, semantics bool) {
	s, ok := r.sequence("qc-statements", c, extQCStatements)
	if !ok {
		return
	}
	var want, got []string
	if qualified {
		want = append(want, "0.4.0.1862.1.1 ", "0.4.0.1862.1.4 ", "0.4.0.1862.1.6 "+"3009"+"060704008e46010601", "0.4.0.1862.1.5 https en")
	}
	if semantics {
		want = append(want, "1.3.6.1.5.5.7.11.2 "+"3009"+"060704008bec490102")
	}
	for !s.Empty() {
		var one cryptobyte.String
		if !s.ReadASN1(&one, cryptobyteasn1.SEQUENCE) {
			r.add("qc-statements", "not a SEQUENCE of SEQUENCEs")
			return
		}
		id, ok := parseOID(&one)
		if !ok {
			r.add("qc-statements", "one doesn't begin with an identifier")
			return
		}
		if id == "0.4.0.1862.1.5" {
			got = append(got, id+" "+disclosure(one))
			continue
		}
		got = append(got, fmt.Sprintf("%s %x", id, []byte(one)))
	}
	slices.Sort(got)
	slices.Sort(want)
	r.equal("qc-statements", strings.Join(got, "; "), strings.Join(want, "; "))
}

// disclosure returns the scheme and the language of the only PKI disclosure statement.
func disclosure(s cryptobyte.String) string {
	var all, one, address, language cryptobyte.String
	if !s.ReadASN1(&all, cryptobyteasn1.SEQUENCE) || !s.Empty() || !all.ReadASN1(&one, cryptobyteasn1.SEQUENCE) || !all.Empty() ||
		!one.ReadASN1(&address, cryptobyteasn1.IA5String) || !one.ReadASN1(&language, cryptobyteasn1.PrintableString) || !one.Empty() {
		return "(not one address and language)"
	}
	scheme, _, _ := strings.Cut(string(address), "://")
	return scheme + " " + string(language)
}

// otherNames checks that subjectAltName has exactly these forms of otherName.
func (r *report) otherNames(c *certificate, want []string) {
	s, ok := r.sequence("alternative-names", c, extSubjectAltName)
	if !ok {
		return
	}
	serial := ""
	if a := find(c.subject, attrSerialNumber); a != nil {
		serial = a.value
	}
	var got []string
	for !s.Empty() {
		var name, value cryptobyte.String
		if !s.ReadASN1(&name, contextTag(0)) {
			r.add("alternative-names", "one is not an otherName")
			return
		}
		id, ok := parseOID(&name)
		if !ok || !name.ReadASN1(&value, contextTag(0)) || !name.Empty() {
			r.add("alternative-names", "the value of an otherName must stand inside [0]")
			return
		}
		r.otherName(id, value, serial)
		got = append(got, id)
	}
	r.equal("alternative-names", got, want)
}

func (r *report) otherName(id string, s cryptobyte.String, serial string) {
	var text cryptobyte.String
	switch id {
	case otherUserID:
		if !s.ReadASN1(&text, cryptobyteasn1.IA5String) || !s.Empty() || string(text) != oidMock+"-"+serial {
			r.add("alternative-names", "%s is not an IA5String with the serialNumber of the name behind an identifier of ours", id)
		}
	case otherUPN:
		if !s.ReadASN1(&text, cryptobyteasn1.UTF8String) || !s.Empty() || string(text) != serial+"@test.example.com" {
			r.add("alternative-names", "%s is not a UTF8String with the serialNumber of the name and the domain test.example.com", id)
		}
	case otherPermanent:
		if !s.ReadASN1(&s, cryptobyteasn1.SEQUENCE) || !s.ReadASN1(&text, cryptobyteasn1.UTF8String) || string(text) != serial {
			r.add("alternative-names", "%s is not a SEQUENCE that begins with the serialNumber of the name", id)
			return
		}
		if assigner, _ := parseOID(&s); assigner != oidMock || !s.Empty() {
			r.add("alternative-names", "%s was assigned by %s, must be by %s", id, assigner, oidMock)
		}
	}
}
