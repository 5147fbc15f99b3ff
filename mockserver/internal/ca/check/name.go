package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Attribute types of names.
const (
	attrCommonName             = "2.5.4.3"
	attrSurname                = "2.5.4.4"
	attrSerialNumber           = "2.5.4.5"
	attrCountry                = "2.5.4.6"
	attrOrganization           = "2.5.4.10"
	attrGivenName              = "2.5.4.42"
	attrOrganizationIdentifier = "2.5.4.97"
)

// nameOrder checks that the name has exactly these attributes in this order. The optional ones may
// be missing.
func (r *report) nameOrder(name []attribute, order, optional []string) {
	var want []string
	for _, id := range order {
		if !slices.Contains(optional, id) || find(name, id) != nil {
			want = append(want, id)
		}
	}
	var got []string
	for _, a := range name {
		got = append(got, a.id)
	}
	if !slices.Equal(got, want) {
		r.add("name-order", "the attributes are %v, must be %v", got, want)
	}
	for _, a := range name {
		r.nameValue(a)
	}
}

func (r *report) nameValue(a attribute) {
	tag := cryptobyteasn1.UTF8String
	if a.id == attrCountry || a.id == attrSerialNumber {
		tag = cryptobyteasn1.PrintableString
	}
	if a.tag != tag {
		r.add("name-type", "%s has tag %d, must have %d", a.id, a.tag, tag)
	}
	if !utf8.ValidString(a.value) {
		r.add("name-type", "%s is not UTF-8", a.id)
	}
	if n := utf8.RuneCountInString(a.value); n < 1 || n > 64 {
		r.add("name-length", "%s has %d characters, must have 1 to 64", a.id, n)
	}
	if strings.TrimSpace(a.value) != a.value {
		r.add("name-spaces", "%s begins or ends with a space", a.id)
	}
	switch a.id {
	case attrCountry:
		if !isCountry(a.value) {
			r.add("name-country", "%q is not a country of ISO 3166-1 in upper case", a.value)
		}
	case attrSerialNumber:
		if strings.Trim(a.value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?") != "" {
			r.add("name-serial", "%q has characters that a PrintableString can't have", a.value)
		}
	case attrOrganizationIdentifier:
		r.organizationIdentifier(a.value)
	}
}

// organizationIdentifier checks the form of EN 319 412-1, 5.1.4, for the types that name a register
// and its country.
func (r *report) organizationIdentifier(id string) {
	prefix, number, found := strings.Cut(id, "-")
	if !found || number == "" || len(prefix) != 5 || !slices.Contains([]string{"NTR", "VAT", "LEI", "PSD"}, prefix[:3]) {
		r.add("name-organization-identifier", "%q is not a type, a country, a hyphen and a number", id)
		return
	}
	if !isCountry(prefix[3:]) && prefix != "LEIXG" {
		r.add("name-organization-identifier", "%q doesn't name a country", id)
	}
	if prefix == "NTRNL" && (len(number) != 8 || strings.Trim(number, "0123456789") != "") {
		r.add("name-organization-identifier", "%q: a number of the Dutch register has 8 digits", id)
	}
}

// personName compares the attributes of a person's name with each other.
func (r *report) personName(name []attribute) {
	given, surname, common, serial := find(name, attrGivenName), find(name, attrSurname), find(name, attrCommonName), find(name, attrSerialNumber)
	if given != nil && surname != nil && common != nil {
		full := given.value + " " + surname.value
		if common.value != full && (utf8.RuneCountInString(full) <= 64 || !strings.HasPrefix(full, common.value)) {
			r.add("name-common", "%q is not given name and surname", common.value)
		}
	}
	if serial != nil && !strings.HasPrefix(serial.value, "TEST-") {
		r.add("says-test", "the serialNumber of the name, %q, doesn't begin with TEST-", serial.value)
	}
}

func find(name []attribute, id string) *attribute {
	for i := range name {
		if name[i].id == id {
			return &name[i]
		}
	}
	return nil
}

// countries are the assigned codes of ISO 3166-1.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"

func isCountry(code string) bool { return slices.Contains(strings.Fields(countries), code) }
