package check

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 5280 defines key identifiers with SHA-1
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

type certificate struct {
	version             int
	serial              []byte // the contents of the INTEGER
	signature           []byte // AlgorithmIdentifier in the TBSCertificate
	outerSignature      []byte // AlgorithmIdentifier in the Certificate
	rawIssuer           []byte
	issuer              []attribute
	notBefore, notAfter asn1Time
	rawSubject          []byte
	subject             []attribute
	key                 key
	extensions          []extension
}

type attribute struct {
	id    string
	tag   cryptobyteasn1.Tag
	value string
}

type extension struct {
	id       string
	critical bool
	value    []byte
}

type key struct {
	algorithm string // OID
	curve     string // OID of an elliptic curve
	null      bool   // the parameters are NULL
	bits      []byte
	modulus   *big.Int
	exponent  int
}

func (c *certificate) extension(id string) *extension {
	for i := range c.extensions {
		if c.extensions[i].id == id {
			return &c.extensions[i]
		}
	}
	return nil
}

var errDER = errors.New("not the DER of a certificate")

func parse(der []byte) (*certificate, error) {
	input := cryptobyte.String(der)
	var outer, tbs, signature cryptobyte.String
	c := &certificate{}
	if !input.ReadASN1(&outer, cryptobyteasn1.SEQUENCE) || !input.Empty() ||
		!outer.ReadASN1(&tbs, cryptobyteasn1.SEQUENCE) ||
		!outer.ReadASN1Element((*cryptobyte.String)(&c.outerSignature), cryptobyteasn1.SEQUENCE) ||
		!outer.ReadASN1(&signature, cryptobyteasn1.BIT_STRING) || !outer.Empty() {
		return nil, errDER
	}
	var version, serial, validity, spki, extensions cryptobyte.String
	var versioned, extended bool
	if !tbs.ReadOptionalASN1(&version, &versioned, contextTag(0)) ||
		!tbs.ReadASN1(&serial, cryptobyteasn1.INTEGER) ||
		!tbs.ReadASN1Element((*cryptobyte.String)(&c.signature), cryptobyteasn1.SEQUENCE) ||
		!tbs.ReadASN1Element((*cryptobyte.String)(&c.rawIssuer), cryptobyteasn1.SEQUENCE) ||
		!tbs.ReadASN1(&validity, cryptobyteasn1.SEQUENCE) ||
		!tbs.ReadASN1Element((*cryptobyte.String)(&c.rawSubject), cryptobyteasn1.SEQUENCE) ||
		!tbs.ReadASN1(&spki, cryptobyteasn1.SEQUENCE) ||
		!tbs.ReadOptionalASN1(&extensions, &extended, contextTag(3)) || !tbs.Empty() {
		return nil, errDER
	}
	c.serial = serial
	if versioned && (!version.ReadASN1Integer(&c.version) || !version.Empty()) {
		return nil, fmt.Errorf("%w: version", errDER)
	}
	var err error
	if c.issuer, err = parseName(c.rawIssuer); err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	if c.subject, err = parseName(c.rawSubject); err != nil {
		return nil, fmt.Errorf("subject: %w", err)
	}
	if !readTime(&validity, &c.notBefore) || !readTime(&validity, &c.notAfter) || !validity.Empty() {
		return nil, fmt.Errorf("%w: validity", errDER)
	}
	if c.key, err = parseSPKI(spki); err != nil {
		return nil, err
	}
	if extended {
		c.extensions, err = parseExtensions(extensions)
	}
	return c, err
}

func contextTag(n uint8) cryptobyteasn1.Tag {
	return cryptobyteasn1.Tag(n).ContextSpecific().Constructed()
}

func readTime(s *cryptobyte.String, out *asn1Time) bool {
	if s.PeekASN1Tag(cryptobyteasn1.UTCTime) {
		out.utc = true
		return s.ReadASN1UTCTime(&out.Time)
	}
	return s.ReadASN1GeneralizedTime(&out.Time)
}

// parseName decodes a name. Each RelativeDistinguishedName must have one attribute.
func parseName(der []byte) ([]attribute, error) {
	input := cryptobyte.String(der)
	var rdns cryptobyte.String
	if !input.ReadASN1(&rdns, cryptobyteasn1.SEQUENCE) {
		return nil, errDER
	}
	var name []attribute
	for !rdns.Empty() {
		var set, pair, value cryptobyte.String
		var a attribute
		var ok bool
		if !rdns.ReadASN1(&set, cryptobyteasn1.SET) || !set.ReadASN1(&pair, cryptobyteasn1.SEQUENCE) {
			return nil, errDER
		}
		if a.id, ok = parseOID(&pair); !ok || !pair.ReadAnyASN1(&value, &a.tag) || !pair.Empty() {
			return nil, errDER
		}
		if !set.Empty() {
			return nil, errors.New("more than one attribute in a relative name")
		}
		a.value = string(value)
		name = append(name, a)
	}
	return name, nil
}

func parseSPKI(spki cryptobyte.String) (key, error) {
	var k key
	var algorithm, bits cryptobyte.String
	var ok bool
	if !spki.ReadASN1(&algorithm, cryptobyteasn1.SEQUENCE) || !spki.ReadASN1(&bits, cryptobyteasn1.BIT_STRING) || !spki.Empty() {
		return k, fmt.Errorf("%w: key", errDER)
	}
	if k.algorithm, ok = parseOID(&algorithm); !ok || len(bits) < 1 || bits[0] != 0 {
		return k, fmt.Errorf("%w: key", errDER)
	}
	k.bits = bits[1:]
	if algorithm.PeekASN1Tag(cryptobyteasn1.OBJECT_IDENTIFIER) {
		k.curve, _ = parseOID(&algorithm)
	}
	k.null = bytes.Equal(algorithm, []byte{5, 0})
	if k.algorithm == oidRSA {
		inner := cryptobyte.String(k.bits)
		k.modulus = new(big.Int)
		if !inner.ReadASN1(&inner, cryptobyteasn1.SEQUENCE) || !inner.ReadASN1Integer(k.modulus) || !inner.ReadASN1Integer(&k.exponent) {
			return k, fmt.Errorf("%w: RSA key", errDER)
		}
	}
	return k, nil
}

// identifier is the key identifier by method 1 of RFC 5280, 4.2.1.2.
func (k key) identifier() []byte {
	sum := sha1.Sum(k.bits) //nolint:gosec // See the import.
	return sum[:]
}

func parseExtensions(s cryptobyte.String) ([]extension, error) {
	var all []extension
	if !s.ReadASN1(&s, cryptobyteasn1.SEQUENCE) {
		return nil, fmt.Errorf("%w: extensions", errDER)
	}
	for !s.Empty() {
		var one, value cryptobyte.String
		var e extension
		var ok bool
		if !s.ReadASN1(&one, cryptobyteasn1.SEQUENCE) {
			return nil, fmt.Errorf("%w: extension", errDER)
		}
		if e.id, ok = parseOID(&one); !ok {
			return nil, fmt.Errorf("%w: extension", errDER)
		}
		if one.PeekASN1Tag(cryptobyteasn1.BOOLEAN) && (!one.ReadASN1Boolean(&e.critical) || !e.critical) {
			return nil, fmt.Errorf("%w: extension %s writes out that it is not critical", errDER, e.id)
		}
		if !one.ReadASN1(&value, cryptobyteasn1.OCTET_STRING) || !one.Empty() {
			return nil, fmt.Errorf("%w: extension %s", errDER, e.id)
		}
		e.value = value
		all = append(all, e)
	}
	return all, nil
}

// at returns the time in the form of the messages.
func (t asn1Time) at() string { return t.UTC().Format(time.RFC3339) }
