package client_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// A signer is a certificate with its key.
type signer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

var (
	noon    = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	oidFile = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 4}
	oidSign = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 12}
)

// signed makes a certificate for a new key. It is valid for 100 days from noon on, has the serial
// number 0xABC, and is signed by its own key if it has no issuer.
func signed(t testing.TB, issuer *signer, edit func(*x509.Certificate)) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xABC), NotBefore: noon, NotAfter: noon.AddDate(0, 0, 100), BasicConstraintsValid: true,
	}
	edit(template)
	by := signer{template, key}
	if issuer != nil {
		by = *issuer
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{certificate, key}
}

func ca(name string, edits ...func(*x509.Certificate)) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject, c.IsCA, c.KeyUsage = pkix.Name{CommonName: name}, true, x509.KeyUsageCertSign
		c.NotAfter = noon.AddDate(1, 0, 0)
		for _, edit := range edits {
			edit(c)
		}
	}
}

// person is the certificate of a person for authentication.
func person(edits ...func(*x509.Certificate)) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject, c.KeyUsage = pkix.Name{CommonName: "Ada Voorbeeld"}, x509.KeyUsageDigitalSignature
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		for _, edit := range edits {
			edit(c)
		}
	}
}

func pool(certificates ...*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}

// issuedBy returns a certificate with its chain.
func issuedBy(leaf *signer, chain ...*signer) certcentral.IssuedCertificate {
	issued := certcentral.IssuedCertificate{Leaf: leaf.certificate}
	for _, ca := range chain {
		issued.Chain = append(issued.Chain, ca.certificate)
	}
	return issued
}

// TestVerifyReasons provokes each reason, and reads its text.
func TestVerifyReasons(t *testing.T) {
	t.Parallel()
	root := signed(t, nil, ca("Root"))
	domain := signed(t, root, ca("Domain CA"))
	tsp := signed(t, domain, ca("TSP CA"))
	leaf := signed(t, tsp, person())
	year := func(c *x509.Certificate) { c.NotAfter = noon.AddDate(1, 0, 0) }
	otherRoot, sameName := signed(t, nil, ca("Other root")), signed(t, nil, ca("Root"))
	otherTSP := signed(t, domain, ca("TSP CA"))
	short := signed(t, domain, ca("TSP CA", func(c *x509.Certificate) { c.NotAfter = noon.AddDate(0, 0, 10) }))
	late := signed(t, domain, ca("TSP CA", func(c *x509.Certificate) { c.NotBefore = noon.AddDate(0, 0, 10) }))
	oldRoot := signed(t, nil, ca("Old root", func(c *x509.Certificate) { c.NotAfter = noon.AddDate(0, 0, 10) }))
	belowOld := signed(t, oldRoot, ca("TSP CA"))
	constrained := signed(t, root, ca("TSP CA", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.com"} }))
	pathless := signed(t, root, ca("Domain CA", func(c *x509.Certificate) { c.MaxPathLenZero = true }))
	belowPathless := signed(t, pathless, ca("TSP CA"))
	noCA := signed(t, root, ca("TSP CA", func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }))
	critical := signed(t, tsp, person(func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 999, 1}, Critical: true, Value: []byte{5, 0}}}
	}))
	mailCA := signed(t, root, ca("Mail CA", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }))

	type options []certcentral.VerifyOption
	at := func(days int) options { return options{certcentral.AtTime(noon.AddDate(0, 0, days).Add(time.Second))} }
	for name, tt := range map[string]struct {
		issued certcentral.IssuedCertificate
		roots  *x509.CertPool
		usage  certcentral.ProfileOption
		at     options
		reason certcentral.InvalidReason
		about  *signer
		text   string
	}{
		"expired": {
			issuedBy(leaf, tsp, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(100), certcentral.InvalidExpired, leaf,
			"the certificate with serial number ABC has expired: it was valid until 2027-03-03 12:00:00 UTC, and the time is 2027-03-03 12:00:01 UTC",
		},
		"not yet valid": {
			issuedBy(leaf, tsp, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(-1), certcentral.InvalidNotYet, leaf,
			"the certificate with serial number ABC is not valid yet: it will be from 2026-11-23 12:00:00 UTC, and the time is 2026-11-22 12:00:01 UTC",
		},
		"an expired CA": {
			issuedBy(signed(t, short, person(year)), short, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(20), certcentral.InvalidExpired, short,
			`the certificate of the CA "TSP CA" has expired: it was valid until 2026-12-03 12:00:00 UTC, and the time is 2026-12-13 12:00:01 UTC`,
		},
		"a CA that is not valid yet": {
			issuedBy(signed(t, late, person(year)), late, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(5), certcentral.InvalidNotYet, late,
			`the certificate of the CA "TSP CA" is not valid yet: it will be from 2026-12-03 12:00:00 UTC, and the time is 2026-11-28 12:00:01 UTC`,
		},
		"an expired root": {
			issuedBy(signed(t, belowOld, person(year)), belowOld), pool(oldRoot.certificate), certcentral.ProfileAuthentication, at(20), certcentral.InvalidExpired, oldRoot,
			`the certificate of the CA "Old root" has expired: it was valid until 2026-12-03 12:00:00 UTC, and the time is 2026-12-13 12:00:01 UTC`,
		},
		"another root": {
			issuedBy(leaf, tsp, domain, root), pool(otherRoot.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidRoot, root,
			`the certificate of the CA "Root" is not a trusted root`,
		},
		"no root": {
			issuedBy(leaf, tsp, domain, root), pool(), certcentral.ProfileAuthentication, at(1), certcentral.InvalidRoot, root,
			`the certificate of the CA "Root" is not a trusted root`,
		},
		"a root of the same name": {
			issuedBy(leaf, tsp, domain, root), pool(sameName.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidRoot, root,
			`the certificate of the CA "Root" is not a trusted root: a trusted root has the same name, but another key`,
		},
		"a root of the same name, and none in the chain": {
			issuedBy(leaf, tsp, domain), pool(sameName.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidSignature, domain,
			`the certificate of the CA "Domain CA" is not signed by the key of the trusted root "Root"`,
		},
		"another root, and none in the chain": {
			issuedBy(leaf, tsp, domain), pool(otherRoot.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidRoot, domain,
			`the certificate of the CA "Domain CA" has an issuer that is neither in the chain nor a trusted root: "Root"`,
		},
		"no chain": {
			issuedBy(leaf), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidIntermediate, leaf,
			`the certificate with serial number ABC has an issuer that is not in the chain: "TSP CA"`,
		},
		"a gap in the chain": {
			issuedBy(leaf, tsp, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidIntermediate, tsp,
			`the certificate of the CA "TSP CA" has an issuer that is not in the chain: "Domain CA"`,
		},
		"an issuer with another key": {
			issuedBy(leaf, otherTSP, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidSignature, leaf,
			`the certificate with serial number ABC is not signed by the key of its issuer "TSP CA"`,
		},
		"an issuer that is no CA": {
			issuedBy(signed(t, noCA, person()), noCA, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidOther, nil,
			`the certificate with serial number ABC is not valid: its issuer "TSP CA" is no CA`,
		},
		"too many CAs": {
			issuedBy(signed(t, belowPathless, person()), belowPathless, pathless, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidOther, pathless,
			`the certificate of the CA "Domain CA" is not valid: there are more CAs below it than it allows`,
		},
		"a critical extension": {
			issuedBy(critical, tsp, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidOther, critical,
			"the certificate with serial number ABC is not valid: it has a critical extension that crypto/x509 does not know",
		},
		"name constraints": {
			issuedBy(signed(t, constrained, person(func(c *x509.Certificate) { c.EmailAddresses = []string{"ada@example.org"} })), constrained, root),
			pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidNameConstraints, nil,
			"the certificate with serial number ABC has a name for which the name constraints of a CA above it allow no certificate",
		},
		"another key usage": {
			issuedBy(leaf, tsp, domain, root), pool(root.certificate), certcentral.ProfileEncryption, at(1), certcentral.InvalidUsage, leaf,
			"the certificate with serial number ABC is not for encryption: it does not have the key usage keyEncipherment or keyAgreement",
		},
		"another extended key usage": {
			issuedBy(signed(t, tsp, person(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })), tsp, domain, root),
			pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidUsage, nil,
			"the certificate with serial number ABC is not for authentication: it has no extended key usage of this kind",
		},
		"no extended key usage": {
			issuedBy(signed(t, tsp, person(func(c *x509.Certificate) { c.ExtKeyUsage = nil })), tsp, domain, root),
			pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidUsage, nil,
			"the certificate with serial number ABC is not for authentication: it has no extended key usage of this kind",
		},
		"a CA for another usage": {
			issuedBy(signed(t, mailCA, person()), mailCA, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1), certcentral.InvalidUsage, mailCA,
			`the certificate of the CA "Mail CA" allows no certificate for authentication: it has no extended key usage of this kind`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := certcentral.Verify(tt.issued, tt.roots, tt.usage, tt.at...)
			invalid, ok := errors.AsType[*certcentral.VerifyError](err)
			if !ok || invalid.Reason != tt.reason || err.Error() != "verify: "+tt.text {
				t.Fatalf("got  %v\nwant verify: %s", err, tt.text)
			}
			about := tt.issued.Leaf
			if tt.about != nil {
				about = tt.about.certificate
			}
			if invalid.Certificate != about && !invalid.Certificate.Equal(about) {
				t.Errorf("it is about %s", invalid.Certificate.Subject)
			}
			if (invalid.Unwrap() == nil) != (tt.reason == certcentral.InvalidUsage) {
				t.Errorf("it wraps %v", invalid.Unwrap())
			}
			for _, name := range []string{"Ada", "ada"} {
				if strings.Contains(err.Error(), name) {
					t.Errorf("it names a person: %v", err)
				}
			}
		})
	}
	// The certificates of this test are valid otherwise.
	if err := certcentral.Verify(issuedBy(leaf, tsp, domain, root), pool(root.certificate), certcentral.ProfileAuthentication, at(1)...); err != nil {
		t.Error(err)
	}
}

// TestVerifyUsages checks each usage with the extensions of both generations of PKIoverheid.
func TestVerifyUsages(t *testing.T) {
	t.Parallel()
	root := signed(t, nil, ca("Root"))
	const (
		mail   = x509.ExtKeyUsageEmailProtection
		client = x509.ExtKeyUsageClientAuth
	)
	document := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
	for name, tt := range map[string]struct {
		keyUsage x509.KeyUsage
		known    []x509.ExtKeyUsage
		other    []asn1.ObjectIdentifier
		want     []certcentral.ProfileOption
	}{
		"authentication, third generation":  {x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{client, mail}, []asn1.ObjectIdentifier{oidSign}, []certcentral.ProfileOption{certcentral.ProfileAuthentication}},
		"authentication, fourth generation": {x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{client}, nil, []certcentral.ProfileOption{certcentral.ProfileAuthentication}},
		"signatures, third generation":      {x509.KeyUsageContentCommitment, []x509.ExtKeyUsage{mail}, []asn1.ObjectIdentifier{oidSign}, []certcentral.ProfileOption{certcentral.ProfileNonrepudiation}},
		"signatures, fourth generation":     {x509.KeyUsageContentCommitment, nil, []asn1.ObjectIdentifier{oidSign, document}, []certcentral.ProfileOption{certcentral.ProfileNonrepudiation}},
		"encryption, third generation":      {x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, []x509.ExtKeyUsage{mail}, []asn1.ObjectIdentifier{oidFile}, []certcentral.ProfileOption{certcentral.ProfileEncryption}},
		"encryption, fourth generation":     {x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, nil, []asn1.ObjectIdentifier{oidFile}, []certcentral.ProfileOption{certcentral.ProfileEncryption}},
		"encryption, elliptic curve":        {x509.KeyUsageKeyAgreement, nil, []asn1.ObjectIdentifier{oidFile}, []certcentral.ProfileOption{certcentral.ProfileEncryption}},
		"file encryption that signs":        {x509.KeyUsageContentCommitment, nil, []asn1.ObjectIdentifier{oidFile}, nil},
		"no key usage":                      {0, []x509.ExtKeyUsage{client, mail}, nil, nil},
		"any extended key usage": {
			x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
			[]x509.ExtKeyUsage{x509.ExtKeyUsageAny},
			nil,
			[]certcentral.ProfileOption{certcentral.ProfileAuthentication, certcentral.ProfileNonrepudiation},
		},
	} {
		leaf := signed(t, root, person(func(c *x509.Certificate) {
			c.KeyUsage, c.ExtKeyUsage, c.UnknownExtKeyUsage = tt.keyUsage, tt.known, tt.other
		}))
		for _, usage := range []certcentral.ProfileOption{certcentral.ProfileAuthentication, certcentral.ProfileNonrepudiation, certcentral.ProfileEncryption} {
			err := certcentral.Verify(issuedBy(leaf), pool(root.certificate), usage, certcentral.AtTime(noon))
			if want := slices.Contains(tt.want, usage); (err == nil) != want {
				t.Errorf("%s, for %s: %v", name, usage, err)
			}
		}
	}
}

// TestVerifySeveralChains: one of two chains is sufficient. Here one of two certificates of the same
// CA is for another usage.
func TestVerifySeveralChains(t *testing.T) {
	t.Parallel()
	root := signed(t, nil, ca("Root"))
	tsp := signed(t, root, ca("TSP CA"))
	template := *tsp.certificate
	template.SerialNumber, template.ExtKeyUsage = big.NewInt(2), []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, &template, root.certificate, tsp.key.Public(), root.key)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	leaf := signed(t, tsp, person())
	for _, chain := range [][]*x509.Certificate{{other, tsp.certificate}, {tsp.certificate, other}} {
		issued := certcentral.IssuedCertificate{Leaf: leaf.certificate, Chain: chain}
		if err := certcentral.Verify(issued, pool(root.certificate), certcentral.ProfileAuthentication, certcentral.AtTime(noon)); err != nil {
			t.Error(err)
		}
	}
	issued := certcentral.IssuedCertificate{Leaf: leaf.certificate, Chain: []*x509.Certificate{other}}
	err = certcentral.Verify(issued, pool(root.certificate), certcentral.ProfileAuthentication, certcentral.AtTime(noon))
	if invalid, ok := errors.AsType[*certcentral.VerifyError](err); !ok || invalid.Reason != certcentral.InvalidUsage || invalid.Certificate != other && !invalid.Certificate.Equal(other) {
		t.Errorf("by the other certificate alone: %v", err)
	}
}

func TestVerifyArguments(t *testing.T) {
	t.Parallel()
	root := signed(t, nil, ca("Root"))
	issued := issuedBy(signed(t, root, person()))
	var none *ecdsa.PrivateKey
	var noSigner crypto.Signer
	for want, err := range map[string]error{
		"cert.Leaf is nil": certcentral.Verify(certcentral.IssuedCertificate{}, pool(root.certificate), certcentral.ProfileAuthentication),
		"cert.Chain holds nil": certcentral.Verify(certcentral.IssuedCertificate{Leaf: issued.Leaf, Chain: []*x509.Certificate{nil}},
			pool(root.certificate), certcentral.ProfileAuthentication),
		"roots is nil: give the roots that you trust":                    certcentral.Verify(issued, nil, certcentral.ProfileAuthentication),
		"usage is none of authentication, nonrepudiation and encryption": certcentral.Verify(issued, pool(root.certificate), ""),
		"opts[1] is nil: leave it out":                                   certcentral.Verify(issued, pool(root.certificate), certcentral.ProfileAuthentication, certcentral.AtTime(noon), nil),
		"Leaf is nil":                                                    certcentral.IssuedCertificate{}.CheckKey(root.key),
		"key is nil":                                                     issued.CheckKey(none),
		"key is an Ed25519 key of 3 bytes, not 64":                       issued.CheckKey(ed25519.PrivateKey("key")),
		"csr is nil":                                                     issued.CheckCSR(nil),
		"key is of the type []uint8: give an RSA, ECDSA or Ed25519 key, a crypto.Signer or a crypto.Decrypter":           issued.CheckKey([]byte("key")),
		"key is of the type *x509.Certificate: give an RSA, ECDSA or Ed25519 key, a crypto.Signer or a crypto.Decrypter": issued.CheckKey(issued.Leaf),
		"key is of the type *ecdsa.PublicKey: give an RSA, ECDSA or Ed25519 key, a crypto.Signer or a crypto.Decrypter":  issued.CheckKey(&ecdsa.PublicKey{}),
	} {
		if argument, ok := errors.AsType[*certcentral.ArgumentError](err); !ok || argument.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if err := issued.CheckKey(noSigner); err == nil {
		t.Error("no signer at all is accepted")
	}
}
