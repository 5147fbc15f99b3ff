// Package mutant makes certificates with one fault each from a correct certificate. Tests check
// that linters and the profile checker find the fault.
package mutant

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // RFC 5280 defines key identifiers with SHA-1
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// A Mutant is a certificate with one fault.
type Mutant struct {
	Name string
	DER  []byte
}

// Corpus returns the mutants of a correct nonrepudiation certificate whose subject has an
// organizationIdentifier. They are signed with key and with the signature algorithm of the
// certificate, which must use SHA-256.
func Corpus(clean []byte, key crypto.Signer) ([]Mutant, error) {
	var mutants []Mutant
	for _, m := range mutations() {
		c, err := read(clean)
		if err != nil {
			return nil, fmt.Errorf("mutant: %w", err)
		}
		if err := m.mutate(c); err != nil {
			return nil, fmt.Errorf("mutant: %s: %w", m.name, err)
		}
		der, err := c.write(key)
		if err != nil {
			return nil, fmt.Errorf("mutant: %s: %w", m.name, err)
		}
		mutants = append(mutants, Mutant{m.name, der})
	}
	return mutants, nil
}

// Clean decodes the certificate, encodes it without a mutation and signs it with key. It shows that
// a finding in a mutant comes from the mutation.
func Clean(clean []byte, key crypto.Signer) ([]byte, error) {
	c, err := read(clean)
	if err != nil {
		return nil, fmt.Errorf("mutant: %w", err)
	}
	return c.write(key)
}

// certificate holds the fields that mutations change.
type certificate struct {
	serial     []byte // the contents of the INTEGER, a leading zero octet that keeps it positive included
	signature  []byte // AlgorithmIdentifier
	pss        bool
	issuer     []byte
	notBefore  time.Time
	notAfter   time.Time
	subject    []attribute
	spki       []byte
	extensions []extension
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

func read(der []byte) (*certificate, error) {
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	var outer struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, err
	}
	c := &certificate{
		serial: positive(parsed.SerialNumber), signature: outer.Algorithm.FullBytes, pss: parsed.SignatureAlgorithm == x509.SHA256WithRSAPSS,
		issuer: parsed.RawIssuer, notBefore: parsed.NotBefore, notAfter: parsed.NotAfter, spki: parsed.RawSubjectPublicKeyInfo,
	}
	for _, e := range parsed.Extensions {
		c.extensions = append(c.extensions, extension{e.Id.String(), e.Critical, e.Value})
	}
	input := cryptobyte.String(parsed.RawSubject)
	var rdns cryptobyte.String
	if !input.ReadASN1(&rdns, cryptobyteasn1.SEQUENCE) {
		return nil, errors.New("subject")
	}
	for !rdns.Empty() {
		var set, pair, value cryptobyte.String
		var id asn1.ObjectIdentifier
		var a attribute
		if !rdns.ReadASN1(&set, cryptobyteasn1.SET) || !set.ReadASN1(&pair, cryptobyteasn1.SEQUENCE) ||
			!pair.ReadASN1ObjectIdentifier(&id) || !pair.ReadAnyASN1(&value, &a.tag) {
			return nil, errors.New("subject")
		}
		a.id, a.value = id.String(), string(value)
		c.subject = append(c.subject, a)
	}
	return c, nil
}

func positive(n *big.Int) []byte { return n.FillBytes(make([]byte, n.BitLen()/8+1)) }

func (c *certificate) write(key crypto.Signer) ([]byte, error) {
	var tbs cryptobyte.Builder
	tbs.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Int64(2) })
		b.AddASN1(cryptobyteasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(c.serial) })
		b.AddBytes(c.signature)
		b.AddBytes(c.issuer)
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1UTCTime(c.notBefore)
			b.AddASN1UTCTime(c.notAfter)
		})
		b.AddASN1(cryptobyteasn1.SEQUENCE, c.writeName)
		b.AddBytes(c.spki)
		b.AddASN1(explicit(3), func(b *cryptobyte.Builder) { b.AddASN1(cryptobyteasn1.SEQUENCE, c.writeExtensions) })
	})
	signed, err := tbs.Bytes()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(signed)
	var opts crypto.SignerOpts = crypto.SHA256
	if c.pss {
		opts = &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}
	}
	signature, err := key.Sign(rand.Reader, digest[:], opts)
	if err != nil {
		return nil, err
	}
	var whole cryptobyte.Builder
	whole.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(signed)
		b.AddBytes(c.signature)
		b.AddASN1BitString(signature)
	})
	return whole.Bytes()
}

func (c *certificate) writeName(b *cryptobyte.Builder) {
	for _, a := range c.subject {
		b.AddASN1(cryptobyteasn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oid(a.id))
				b.AddASN1(a.tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.value)) })
			})
		})
	}
}

func (c *certificate) writeExtensions(b *cryptobyte.Builder) {
	for _, e := range c.extensions {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oid(e.id))
			if e.critical {
				b.AddASN1Boolean(true)
			}
			b.AddASN1OctetString(e.value)
		})
	}
}

func explicit(n uint8) cryptobyteasn1.Tag {
	return cryptobyteasn1.Tag(n).Constructed().ContextSpecific()
}

// oid parses an object identifier in dotted notation.
func oid(text string) asn1.ObjectIdentifier {
	id := asn1.ObjectIdentifier{0}
	for _, r := range text {
		if r == '.' {
			id = append(id, 0)
			continue
		}
		id[len(id)-1] = id[len(id)-1]*10 + int(r-'0')
	}
	return id
}

func (c *certificate) find(id string) *extension {
	for i := range c.extensions {
		if c.extensions[i].id == id {
			return &c.extensions[i]
		}
	}
	return nil
}

func (c *certificate) drop(id string) {
	c.extensions = slices.DeleteFunc(c.extensions, func(e extension) bool { return e.id == id })
}

func (c *certificate) dropName(ids ...string) {
	c.subject = slices.DeleteFunc(c.subject, func(a attribute) bool { return slices.Contains(ids, a.id) })
}

// setKey replaces the public key and the subjectKeyIdentifier.
func (c *certificate) setKey(public crypto.PublicKey) error {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return err
	}
	c.spki = der
	input := cryptobyte.String(der)
	var info, bits cryptobyte.String
	if !input.ReadASN1(&info, cryptobyteasn1.SEQUENCE) || !info.SkipASN1(cryptobyteasn1.SEQUENCE) || !info.ReadASN1(&bits, cryptobyteasn1.BIT_STRING) {
		return errors.New("public key")
	}
	id := sha1.Sum(bits[1:]) //nolint:gosec // See the import.
	c.find(extSubjectKeyID).value = append([]byte{4, sha1.Size}, id[:]...)
	return nil
}

// Signer makes a key of the same kind as that of the issuer. [Corpus] signs with it if the issuer's
// private key is not available.
func Signer(issuer crypto.PublicKey) (crypto.Signer, error) {
	if key, ok := issuer.(*ecdsa.PublicKey); ok {
		return ecdsa.GenerateKey(key.Curve, rand.Reader)
	}
	return rsa.GenerateKey(rand.Reader, 2048)
}
