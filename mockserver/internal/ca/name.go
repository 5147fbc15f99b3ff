package ca

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Attribute types of a distinguished name (X.520).
func oidCommonName() oid             { return oid{2, 5, 4, 3} }
func oidSurname() oid                { return oid{2, 5, 4, 4} }
func oidCountry() oid                { return oid{2, 5, 4, 6} }
func oidOrganization() oid           { return oid{2, 5, 4, 10} }
func oidGivenName() oid              { return oid{2, 5, 4, 42} }
func oidOrganizationIdentifier() oid { return oid{2, 5, 4, 97} }

// An attribute is an attribute type and its value.
type attribute struct {
	id    oid
	value string
}

// encodeName writes a distinguished name. Each RelativeDistinguishedName has one attribute.
// countryName and serialNumber are PrintableString. All others are UTF8String, ASCII values too, as
// in PKIoverheid's certificates. pkix.Name would choose the order and the string types by itself.
func encodeName(attributes []attribute) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, a := range attributes {
			b.AddASN1(cryptobyteasn1.SET, func(b *cryptobyte.Builder) {
				b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(a.id)
					tag := cryptobyteasn1.UTF8String
					if a.id.Equal(oidCountry()) || a.id.Equal(oidSubjectSerialNumber()) {
						tag = cryptobyteasn1.PrintableString
					}
					addString(b, tag, a.value)
				})
			})
		}
	})
	return b.Bytes()
}

func addString(b *cryptobyte.Builder, tag cryptobyteasn1.Tag, value string) {
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(value)) })
}

// MaxNameLength is the largest length of an attribute of a name, in characters (RFC 5280, appendix
// A).
const MaxNameLength = 64

// A Subject is the person that a certificate identifies, with the organization of the person.
type Subject struct {
	Country      string // of the organization: two letters, upper or lower case
	Organization string
	GivenName    string
	Surname      string
	// Identifier distinguishes persons with the same name, and is the same in all certificates of a
	// person. The serialNumber of the name is "TEST-" and the identifier.
	Identifier string
	// OrganizationIdentifier is optional, such as NTRNL-12345678 (EN 319 412-1, 5.1.4).
	OrganizationIdentifier string
}

// CommonName is the commonName: given name and surname, cut to [MaxNameLength] characters.
func (s Subject) CommonName() string {
	name := []rune(strings.TrimSpace(s.GivenName) + " " + strings.TrimSpace(s.Surname))
	return strings.TrimRightFunc(string(name[:min(len(name), MaxNameLength)]), unicode.IsSpace)
}

// SerialNumber is the serialNumber attribute of the name (X.520). It is not the serial number of
// the certificate.
func (s Subject) SerialNumber() string { return "TEST-" + s.Identifier }

// Check returns an error if a certificate cannot contain the subject. The error does not repeat its
// values.
func (s Subject) Check() error {
	var errs []error
	if len(s.Country) != 2 || !consistsOf(s.Country, isLetter) {
		errs = append(errs, errors.New("country: must be two letters"))
	}
	for _, text := range []struct{ what, value string }{
		{"organization", s.Organization}, {"given name", s.GivenName}, {"surname", s.Surname},
	} {
		value := strings.TrimSpace(text.value)
		switch {
		case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
			errs = append(errs, fmt.Errorf("%s: must be text without control characters", text.what))
		case value == "":
			errs = append(errs, fmt.Errorf("%s: must not be empty", text.what))
		case utf8.RuneCountInString(value) > MaxNameLength:
			errs = append(errs, fmt.Errorf("%s: must not be longer than %d characters", text.what, MaxNameLength))
		}
	}
	if len(s.SerialNumber()) > MaxNameLength || s.Identifier == "" || !consistsOf(s.Identifier, isIdentifier) {
		errs = append(errs, errors.New("identifier: must be 1 to 59 letters, digits and '()+,-./:=?"))
	}
	if id := s.OrganizationIdentifier; id != "" && !isOrganizationIdentifier(id) {
		errs = append(errs, errors.New("organization identifier: must be of the form NTRNL-12345678"))
	}
	return errors.Join(errs...)
}

func consistsOf(text string, of func(rune) bool) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !of(r) })
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// isIdentifier allows the characters of PrintableString without the space.
func isIdentifier(r rune) bool {
	return isLetter(r) || r >= '0' && r <= '9' || strings.ContainsRune("'()+,-./:=?", r)
}

// isOrganizationIdentifier checks the form: three letters for the register, two for the country, a
// hyphen and the number in the register.
func isOrganizationIdentifier(id string) bool {
	prefix, number, found := strings.Cut(id, "-")
	return found && len(prefix) == 5 && consistsOf(prefix, func(r rune) bool { return r >= 'A' && r <= 'Z' }) &&
		number != "" && len(id) <= MaxNameLength && consistsOf(number, func(r rune) bool { return r > ' ' && r <= '~' })
}

// value returns the value of an attribute. It is empty if the subject does not have the attribute.
func (s Subject) value(id oid) string {
	switch {
	case id.Equal(oidCountry()):
		return strings.ToUpper(s.Country)
	case id.Equal(oidOrganization()):
		return strings.TrimSpace(s.Organization)
	case id.Equal(oidOrganizationIdentifier()):
		return s.OrganizationIdentifier
	case id.Equal(oidSurname()):
		return strings.TrimSpace(s.Surname)
	case id.Equal(oidGivenName()):
		return strings.TrimSpace(s.GivenName)
	case id.Equal(oidSubjectSerialNumber()):
		return s.SerialNumber()
	case id.Equal(oidCommonName()):
		return s.CommonName()
	default:
		return ""
	}
}

// attributes returns the attributes of the subject in the order of the profile. Attributes without
// a value are left out.
func (s Subject) attributes(order []oid) []attribute {
	attributes := make([]attribute, 0, len(order))
	for _, id := range order {
		if value := s.value(id); value != "" {
			attributes = append(attributes, attribute{id, value})
		}
	}
	return attributes
}
