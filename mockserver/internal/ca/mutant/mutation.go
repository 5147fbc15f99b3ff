package mutant

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const (
	extSubjectKeyID = "2.5.29.14"
	extKeyUsage     = "2.5.29.15"
	extAltName      = "2.5.29.17"
	extCRLs         = "2.5.29.31"
	extPolicies     = "2.5.29.32"
	extExtKeyUsage  = "2.5.29.37"
	extInformation  = "1.3.6.1.5.5.7.1.1"
	extStatements   = "1.3.6.1.5.5.7.1.3"

	nameCommon       = "2.5.4.3"
	nameSurname      = "2.5.4.4"
	nameSerial       = "2.5.4.5"
	nameCountry      = "2.5.4.6"
	nameOrganization = "2.5.4.10"
	nameGiven        = "2.5.4.42"
	nameIdentifier   = "2.5.4.97"
	nameEmail        = "1.2.840.113549.1.9.1"

	qcCompliance = "0.4.0.1862.1.1"
	qcSSCD       = "0.4.0.1862.1.4"
	qcPDS        = "0.4.0.1862.1.5"
	qcType       = "0.4.0.1862.1.6"
)

type mutation struct {
	name   string
	mutate func(*certificate) error
}

func mutations() []mutation {
	return []mutation{
		{"PDS over http", replaceIn(extStatements, "https://cps.", "http://acps.")},
		{"bad language of the PDS", replaceIn(extStatements, "\x13\x02en", "\x13\x02EN")},
		{"QCStatements critical", critical(extStatements)},
		{"no key usage", without(extKeyUsage)},
		{"key encipherment with nonrepudiation", keyUsage(0x05, 0x60)},
		{"digital signature with nonrepudiation", keyUsage(0x06, 0xc0)},
		{"QcCompliance twice", statements(func(all []statement) []statement { return append(all, pick(all, qcCompliance)...) })},
		{"no QcType", withoutStatement(qcType)},
		{"no QcSSCD", withoutStatement(qcSSCD)},
		{"QcType of a seal", replaceIn(extStatements, "\x04\x00\x8eF\x01\x06\x01", "\x04\x00\x8eF\x01\x06\x02")},
		{"no QCStatements", without(extStatements)},
		{"malformed organizationIdentifier", setName(nameIdentifier, "12345678")},
		{"organizationIdentifier of no country", setName(nameIdentifier, "NTRQQ-12345678")},
		{"wrong semantics", replaceIn(extStatements, "\x04\x00\x8b\xecI\x01\x02", "\x04\x00\x8b\xecI\x01\x01")},
		{"no common name", withoutName(nameCommon)},
		{"no given name and surname", withoutName(nameGiven, nameSurname)},
		{"two common names", addName(nameCommon, cryptobyteasn1.UTF8String, "Another Person")},
		{"no authority information", without(extInformation)},
		{"no CRL address and no OCSP address", func(c *certificate) error {
			c.drop(extCRLs)
			return withoutOCSP(c)
		}},
		{"no policies", without(extPolicies)},
		{"policy of legal persons", replaceIn(extPolicies, "\x04\x00\x8b\xec@\x01\x02", "\x04\x00\x8b\xec@\x01\x03")},
		{"policies critical", critical(extPolicies)},
		{"extended key usage critical", critical(extExtKeyUsage)},
		{"country in lower case", setName(nameCountry, "nl")},
		{"common name of 65 characters", setName(nameCommon, strings.Repeat("a", 65))},
		{"space behind the common name", func(c *certificate) error { return c.editName(nameCommon, func(v string) string { return v + " " }) }},
		{"empty serialNumber", setName(nameSerial, "")},
		{"email in the name", addName(nameEmail, cryptobyteasn1.IA5String, "jane.doe@example.com")},
		{"otherName without [0]", withoutExplicitTag},
		{"RSA of 1024 bits", func(c *certificate) error {
			key, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // The key must be too small.
			if err != nil {
				return err
			}
			return c.setKey(&key.PublicKey)
		}},
		{"no QcPDS", withoutStatement(qcPDS)},
		{"country QQ", setName(nameCountry, "QQ")},
		{"no serialNumber", withoutName(nameSerial)},
		{"no organization", withoutName(nameOrganization)},
		{"small serial number", func(c *certificate) error { c.serial = []byte{0x2a}; return nil }},
		{"validity of four years", func(c *certificate) error { c.notAfter = c.notBefore.AddDate(4, 0, 0); return nil }},
	}
}

var errUnchanged = errors.New("the certificate does not have what the mutation changes")

func replaceIn(id, old, with string) func(*certificate) error {
	return func(c *certificate) error {
		e := c.find(id)
		if e == nil || len(old) != len(with) || !bytes.Contains(e.value, []byte(old)) {
			return errUnchanged
		}
		e.value = bytes.Replace(e.value, []byte(old), []byte(with), 1)
		return nil
	}
}

func critical(id string) func(*certificate) error {
	return func(c *certificate) error {
		e := c.find(id)
		if e == nil || e.critical {
			return errUnchanged
		}
		e.critical = true
		return nil
	}
}

func without(id string) func(*certificate) error {
	return func(c *certificate) error {
		if c.find(id) == nil {
			return errUnchanged
		}
		c.drop(id)
		return nil
	}
}

func keyUsage(unused, bits byte) func(*certificate) error {
	return func(c *certificate) error {
		c.find(extKeyUsage).value = []byte{3, 2, unused, bits}
		return nil
	}
}

func setName(id, value string) func(*certificate) error {
	return func(c *certificate) error { return c.editName(id, func(string) string { return value }) }
}

func (c *certificate) editName(id string, edit func(string) string) error {
	for i := range c.subject {
		if c.subject[i].id == id {
			c.subject[i].value = edit(c.subject[i].value)
			return nil
		}
	}
	return errUnchanged
}

func withoutName(ids ...string) func(*certificate) error {
	return func(c *certificate) error {
		before := len(c.subject)
		c.dropName(ids...)
		if len(c.subject) != before-len(ids) {
			return errUnchanged
		}
		return nil
	}
}

func addName(id string, tag cryptobyteasn1.Tag, value string) func(*certificate) error {
	return func(c *certificate) error {
		c.subject = append(c.subject, attribute{id, tag, value})
		return nil
	}
}

// A statement is the DER of a QCStatement.
type statement struct {
	id  string
	der []byte
}

func pick(all []statement, id string) []statement {
	for _, s := range all {
		if s.id == id {
			return []statement{s}
		}
	}
	return nil
}

func withoutStatement(id string) func(*certificate) error {
	return statements(func(all []statement) []statement {
		var left []statement
		for _, s := range all {
			if s.id != id {
				left = append(left, s)
			}
		}
		return left
	})
}

// statements edits the list of QCStatements. The edit must change the number of statements.
func statements(edit func([]statement) []statement) func(*certificate) error {
	return func(c *certificate) error {
		e := c.find(extStatements)
		if e == nil {
			return errUnchanged
		}
		input := cryptobyte.String(e.value)
		var list cryptobyte.String
		if !input.ReadASN1(&list, cryptobyteasn1.SEQUENCE) {
			return errUnchanged
		}
		var all []statement
		for !list.Empty() {
			var whole, inside cryptobyte.String
			if !list.ReadASN1Element(&whole, cryptobyteasn1.SEQUENCE) {
				return errUnchanged
			}
			inside = whole
			id := oid("")
			if !inside.ReadASN1(&inside, cryptobyteasn1.SEQUENCE) || !inside.ReadASN1ObjectIdentifier(&id) {
				return errUnchanged
			}
			all = append(all, statement{id.String(), whole})
		}
		edited := edit(all)
		if len(edited) == len(all) {
			return errUnchanged
		}
		return e.write(func(b *cryptobyte.Builder) {
			for _, s := range edited {
				b.AddBytes(s.der)
			}
		})
	}
}

func (e *extension) write(build func(*cryptobyte.Builder)) error {
	var b cryptobyte.Builder
	b.AddASN1(cryptobyteasn1.SEQUENCE, build)
	var err error
	e.value, err = b.Bytes()
	return err
}

// withoutOCSP removes the address of OCSP and keeps that of caIssuers.
func withoutOCSP(c *certificate) error {
	e := c.find(extInformation)
	input := cryptobyte.String(e.value)
	var list cryptobyte.String
	if !input.ReadASN1(&list, cryptobyteasn1.SEQUENCE) {
		return errUnchanged
	}
	var left [][]byte
	for !list.Empty() {
		var whole cryptobyte.String
		if !list.ReadASN1Element(&whole, cryptobyteasn1.SEQUENCE) {
			return errUnchanged
		}
		if !bytes.Contains(whole, []byte("\x2b\x06\x01\x05\x05\x07\x30\x01")) {
			left = append(left, whole)
		}
	}
	return e.write(func(b *cryptobyte.Builder) {
		for _, der := range left {
			b.AddBytes(der)
		}
	})
}

// withoutExplicitTag drops the explicit tag of an otherName, as encoding/asn1 does with an
// asn1.RawValue.
func withoutExplicitTag(c *certificate) error {
	e := c.find(extAltName)
	input := cryptobyte.String(e.value)
	var list, name, value cryptobyte.String
	id := oid("")
	if !input.ReadASN1(&list, cryptobyteasn1.SEQUENCE) || !list.ReadASN1(&name, explicit(0)) ||
		!name.ReadASN1ObjectIdentifier(&id) || !name.ReadASN1(&value, explicit(0)) {
		return errUnchanged
	}
	return e.write(func(b *cryptobyte.Builder) {
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(id)
			b.AddBytes(value)
		})
	})
}
