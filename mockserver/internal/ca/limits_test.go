package ca_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"fmt"
	"math/big"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestSubscriberKeys: RSA keys have 2048 to 8192 bits and an exponent of at least 65537. Issuing
// needs no private key, so that any modulus will do.
func TestSubscriberKeys(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	rsaOf := func(bits uint, exponent int) crypto.PublicKey {
		return &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), int(bits)-1, 1), E: exponent}
	}
	for name, test := range map[string]struct {
		key     crypto.PublicKey
		refused string
	}{
		"2048":              {rsaOf(2048, 65537), ""},
		"8192":              {rsaOf(8192, 65537), ""},
		"a bigger exponent": {rsaOf(2048, 65539), ""},
		"2047":              {rsaOf(2047, 65537), "RSA key of 2047 bits"},
		"8193":              {rsaOf(8193, 65537), "RSA key of 8193 bits"},
		"exponent 3":        {rsaOf(2048, 3), "RSA key with exponent 3"},
		"an even exponent":  {rsaOf(2048, 65538), "RSA key with exponent 65538"},
	} {
		r := request(ca.Encryption)
		r.PublicKey = test.key
		_, err := a.Issue(t.Context(), r)
		if (err == nil) != (test.refused == "") || err != nil && !strings.Contains(err.Error(), test.refused) {
			t.Errorf("%s: error %v, want %q", name, err, test.refused)
		}
	}
}

// TestDescription: the fields of a Certificate that are not read from its DER.
func TestDescription(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.EC)
	for bits, key := range map[int]crypto.Signer{2048: rsaKey(), 3072: newKey(ca.RSA3072), 256: ecKey(), 384: newKey(ca.P384)} {
		r := request(ca.Authentication)
		r.PublicKey = key.Public()
		certificate, _ := issue(t, a, r)
		if certificate.KeySize != bits || certificate.Thumbprint != fmt.Sprintf("%X", sha1.Sum(certificate.DER)) {
			t.Errorf("%d bits, thumbprint %s", certificate.KeySize, certificate.Thumbprint)
		}
	}
	cas, err := a.CAs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, authority := range cas {
		parsed := parse(t, authority.DER)
		if authority.Thumbprint != fmt.Sprintf("%X", sha1.Sum(authority.DER)) || authority.Serial != ca.FormatSerial(parsed.SerialNumber) ||
			authority.KeyID != fmt.Sprintf("%X", parsed.SubjectKeyId) || authority.CommonName != parsed.Subject.CommonName {
			t.Errorf("%s isn't as described: %+v", authority.Name, authority)
		}
	}
}

// TestSerialsAreRandom: every random octet takes many values, in the certificates of persons, of
// CAs and of responders.
func TestSerialsAreRandom(t *testing.T) {
	t.Parallel()
	const n, octets = 100, 19
	h := newHierarchy(ca.WithPreset(ca.EC), ca.WithCAKey(ca.P256))
	serials := map[string][]*big.Int{}
	for i := range n {
		a, err := h.Authority(fmt.Sprintf("http://mock%d.example.com", i), time.Now) // Each authority has its own intermediates.
		if err != nil {
			t.Fatal(err)
		}
		r := request(ca.Authentication)
		r.PublicKey = ecKey().Public()
		certificate, err := a.Issue(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		leaf, above := parse(t, certificate.DER), chain(t, a, ca.Authentication)
		issuer := parse(t, above[0].DER)
		serials["person"] = append(serials["person"], leaf.SerialNumber)
		serials["issuing CA"] = append(serials["issuing CA"], issuer.SerialNumber)
		serials["domain CA"] = append(serials["domain CA"], parse(t, above[1].DER).SerialNumber)
		serials["responder"] = append(serials["responder"], ask(t, a, leaf, issuer, crypto.SHA1).Certificate.SerialNumber)
	}
	for of, numbers := range serials {
		for position := range octets {
			values := map[byte]bool{}
			for _, number := range numbers {
				values[number.FillBytes(make([]byte, octets))[position]] = true
			}
			if len(values) < n/2 {
				t.Errorf("%s: octet %d has %d values in %d serial numbers", of, position, len(values), n)
			}
		}
	}
}

// TestDirectoryModes: each mode bit for other users is refused.
func TestDirectoryModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	dir, _ := stored(t)
	for bit := range 6 {
		for name, private := range map[string]os.FileMode{dir: 0o700, dir + "/hierarchy.json": 0o600} {
			mode := private | 1<<bit
			if err := os.Chmod(name, mode); err != nil {
				t.Fatal(err)
			}
			if _, err := ca.New(time.Now, paths(), ca.WithDirectory(dir)); err == nil || !strings.Contains(err.Error(), "others can read it") {
				t.Errorf("%s with mode %s: error %v", name, mode, err)
			}
			if err := os.Chmod(name, private); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := ca.New(time.Now, paths(), ca.WithDirectory(dir)); err != nil {
		t.Error(err)
	}
}

// TestIdentifierLength: serialNumber has at most 64 characters, "TEST-" included.
func TestIdentifierLength(t *testing.T) {
	t.Parallel()
	for length, good := range map[int]bool{0: false, 1: true, 59: true, 60: false} {
		subject := request(ca.Encryption).Subject
		subject.Identifier = strings.Repeat("1", length)
		if err := subject.Check(); (err == nil) != good {
			t.Errorf("%d characters: error %v, want one: %t", length, err, !good)
		}
	}
}
