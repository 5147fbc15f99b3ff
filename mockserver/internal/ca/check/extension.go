package check

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const (
	oidRSA        = "1.2.840.113549.1.1.1"
	oidEC         = "1.2.840.10045.2.1"
	oidCPS        = "1.3.6.1.5.5.7.2.1"
	oidUserNotice = "1.3.6.1.5.5.7.2.2"
	oidOCSP       = "1.3.6.1.5.5.7.48.1"
	oidCAIssuers  = "1.3.6.1.5.5.7.48.2"
)

// value compares the whole value of an extension, if the certificate has it.
func (r *report) value(rule string, c *certificate, id string, want ...string) {
	if e := c.extension(id); e != nil && !slices.Contains(want, hex.EncodeToString(e.value)) {
		r.add(rule, "is %x, must be %s", e.value, strings.Join(want, " or "))
	}
}

// keyIdentifiers compares both key identifiers with the keys, and the issuer with the subject of
// the issuer.
func (r *report) keyIdentifiers(c, issuer *certificate) {
	r.value("subject-key-id", c, extSubjectKeyID, fmt.Sprintf("0414%x", c.key.identifier()))
	r.value("authority-key-id", c, extAuthorityKeyID, fmt.Sprintf("30168014%x", issuer.key.identifier()))
	if !bytes.Equal(c.rawIssuer, issuer.rawSubject) {
		r.add("issuer-name", "is %x, must be the name of the issuer, %x", c.rawIssuer, issuer.rawSubject)
	}
}

// publicKey checks algorithm, size and parameters of the public key.
func (r *report) publicKey(k key, bits int) {
	switch k.algorithm {
	case oidRSA:
		if n := k.modulus.BitLen(); n < bits {
			r.add("key-size", "has %d bits, must have %d or more", n, bits)
		}
		if k.exponent < 65537 || k.exponent%2 == 0 {
			r.add("key-exponent", "is %d", k.exponent)
		}
		if !k.null {
			r.add("key-algorithm", "the parameters of rsaEncryption must be NULL")
		}
	case oidEC:
		if !slices.Contains([]string{"1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"}, k.curve) {
			r.add("key-curve", "is %q, must be P-256, P-384 or P-521", k.curve)
		}
	default:
		r.add("key-algorithm", "is %s, must be rsaEncryption or id-ecPublicKey", k.algorithm)
	}
}

// sequence returns the content of an extension that is a SEQUENCE.
func (r *report) sequence(rule string, c *certificate, id string) (cryptobyte.String, bool) {
	e := c.extension(id)
	if e == nil {
		return nil, false
	}
	input := cryptobyte.String(e.value)
	var inner cryptobyte.String
	if !input.ReadASN1(&inner, cryptobyteasn1.SEQUENCE) || !input.Empty() || inner.Empty() {
		r.add(rule, "is not a SEQUENCE with something in it")
		return nil, false
	}
	return inner, true
}

// extKeyUsage compares the purposes in any order.
func (r *report) extKeyUsage(c *certificate, want []string) {
	s, ok := r.sequence("ext-key-usage", c, extExtKeyUsage)
	if !ok {
		return
	}
	var got []string
	for !s.Empty() {
		id, ok := parseOID(&s)
		if !ok {
			r.add("ext-key-usage", "holds something else than identifiers")
			return
		}
		got = append(got, id)
	}
	want = slices.Clone(want)
	slices.Sort(got)
	slices.Sort(want)
	r.equal("ext-key-usage", got, want)
}

// policies compares certificate policies and their qualifiers. A policy is written as its OID,
// followed by "cps=address" and "notice".
func (r *report) policies(c *certificate, want []string) {
	s, ok := r.sequence("policies", c, extPolicies)
	if !ok {
		return
	}
	var got []string
	for !s.Empty() {
		var one, qualifiers cryptobyte.String
		if !s.ReadASN1(&one, cryptobyteasn1.SEQUENCE) {
			r.add("policies", "not a SEQUENCE of SEQUENCEs")
			return
		}
		text, ok := parseOID(&one)
		if !ok {
			r.add("policies", "one doesn't begin with an identifier")
			return
		}
		if !one.Empty() && !one.ReadASN1(&qualifiers, cryptobyteasn1.SEQUENCE) || !one.Empty() {
			r.add("policies", "the qualifiers of %s are not a SEQUENCE", text)
			return
		}
		for !qualifiers.Empty() {
			qualifier, err := readQualifier(&qualifiers)
			if err != nil {
				r.add("policies", "a qualifier of %s: %v", text, err)
				return
			}
			text += " " + qualifier
		}
		got = append(got, text)
	}
	r.equal("policies", got, want)
}

func readQualifier(s *cryptobyte.String) (string, error) {
	var q, value cryptobyte.String
	if !s.ReadASN1(&q, cryptobyteasn1.SEQUENCE) {
		return "", errDER
	}
	switch id, _ := parseOID(&q); id {
	case oidCPS:
		if !q.ReadASN1(&value, cryptobyteasn1.IA5String) || !q.Empty() {
			return "", fmt.Errorf("%w: an address must be an IA5String", errDER)
		}
		return "cps=" + string(value), nil
	case oidUserNotice:
		if !q.ReadASN1(&q, cryptobyteasn1.SEQUENCE) || !q.ReadASN1(&value, cryptobyteasn1.UTF8String) || !q.Empty() {
			return "", fmt.Errorf("%w: a notice must be a UTF8String, and nothing else", errDER)
		}
		if n := len([]rune(string(value))); n > 200 {
			return "", fmt.Errorf("a notice of %d characters; 200 are allowed", n)
		}
		if !bytes.Contains(value, []byte("TEST")) {
			return "", errors.New("the notice doesn't say TEST")
		}
		return "notice", nil
	default:
		return "", fmt.Errorf("of kind %s", id)
	}
}

// information checks authorityInfoAccess: caIssuers, and OCSP if withOCSP.
func (r *report) information(c *certificate, withOCSP bool) {
	s, ok := r.sequence("authority-information", c, extAuthorityInfo)
	if !ok {
		return
	}
	var got []string
	for !s.Empty() {
		var one, address cryptobyte.String
		if !s.ReadASN1(&one, cryptobyteasn1.SEQUENCE) {
			r.add("authority-information", "not a SEQUENCE of SEQUENCEs")
			return
		}
		id, ok := parseOID(&one)
		if !ok || !one.ReadASN1(&address, uriTag()) || !one.Empty() {
			r.add("authority-information", "an entry is not an identifier and an address")
			return
		}
		r.address("authority-information", string(address))
		got = append(got, id)
	}
	slices.Sort(got)
	want := []string{oidCAIssuers}
	if withOCSP {
		want = []string{oidOCSP, oidCAIssuers}
	}
	r.equal("authority-information", got, want)
}

func uriTag() cryptobyteasn1.Tag { return cryptobyteasn1.Tag(6).ContextSpecific() }

func (r *report) address(rule, address string) {
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		r.add(rule, "%q is not an http address", address)
	}
}

// crlAddress checks that there is one distribution point with one address, without reasons and
// cRLIssuer.
func (r *report) crlAddress(c *certificate) {
	s, ok := r.sequence("crl-address", c, extCRLs)
	if !ok {
		return
	}
	var point, name, full, address cryptobyte.String
	if !s.ReadASN1(&point, cryptobyteasn1.SEQUENCE) || !s.Empty() ||
		!point.ReadASN1(&name, contextTag(0)) || !point.Empty() ||
		!name.ReadASN1(&full, contextTag(0)) || !name.Empty() ||
		!full.ReadASN1(&address, uriTag()) || !full.Empty() {
		r.add("crl-address", "is not one distribution point with one full address")
		return
	}
	r.address("crl-address", string(address))
}
