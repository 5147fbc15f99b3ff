package ca_test

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestOCSPOtherKey: a CA with the same name and another key is another CA.
func TestOCSPOtherKey(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	_, leaf := issue(t, a, request(ca.Authentication))
	namesake := parse(t, chain(t, authorityAt(t, newHierarchy(ca.WithCAKey(ca.P256)), time.Now), ca.Authentication)[0].DER)
	if !bytes.Equal(namesake.RawSubject, leaf.RawIssuer) {
		t.Fatal("not the same name")
	}
	asked, err := ocsp.CreateRequest(leaf, namesake, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := a.OCSP(t.Context(), asked); err != nil || !bytes.Equal(answer.DER, ocsp.UnauthorizedErrorResponse) {
		t.Errorf("%x, %v", answer.DER, err)
	}
}

// TestOCSPAtTheEdges: the certificate of the responder lies within the validity of its CA. Outside
// of that there is no response.
func TestOCSPAtTheEdges(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Now()}
	a := authorityAt(t, hierarchies[ca.G3](), c.Now)
	_, leaf := issue(t, a, request(ca.Encryption))
	issuing := chain(t, a, ca.Encryption)[0]
	issuer := parse(t, issuing.DER)
	for _, at := range []time.Time{issuing.NotBefore, issuing.NotBefore.Add(time.Minute), issuing.NotAfter.Add(-48 * time.Hour), issuing.NotAfter} {
		c.add(at.Sub(c.Now()))
		by := ask(t, a, leaf, issuer, crypto.SHA1).Certificate
		if by.NotBefore.Before(issuing.NotBefore) || by.NotAfter.After(issuing.NotAfter) || at.Before(by.NotBefore) || at.After(by.NotAfter) {
			t.Errorf("%s: the responder is valid from %s to %s, its CA from %s to %s", at, by.NotBefore, by.NotAfter, issuing.NotBefore, issuing.NotAfter)
		}
	}
	asked, err := ocsp.CreateRequest(leaf, issuer, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{issuing.NotBefore.Add(-time.Second), issuing.NotAfter.Add(time.Second)} {
		c.add(at.Sub(c.Now()))
		if _, err := a.OCSP(t.Context(), asked); !errors.Is(err, ca.ErrClock) {
			t.Errorf("%s: error %v, want ErrClock", at, err)
		}
	}
}

// TestOCSPSignature: the AlgorithmIdentifier has exactly the parameters of the standard.
func TestOCSPSignature(t *testing.T) {
	t.Parallel()
	for preset, want := range map[ca.Preset]string{
		ca.G3: "300d06092a864886f70d01010b0500", ca.G4: "300d06092a864886f70d01010b0500", ca.EC: "300a06082a8648ce3d040302",
	} {
		a := newAuthority(t, preset)
		_, leaf := issue(t, a, request(ca.Nonrepudiation))
		response := ask(t, a, leaf, parse(t, chain(t, a, ca.Nonrepudiation)[0].DER), crypto.SHA1)
		var outer struct {
			Status asn1.Enumerated
			Bytes  struct {
				Type asn1.ObjectIdentifier
				DER  []byte
			} `asn1:"explicit,tag:0"`
		}
		var basic struct {
			Data         asn1.RawValue
			Algorithm    asn1.RawValue
			Signature    asn1.BitString
			Certificates []asn1.RawValue `asn1:"explicit,tag:0,optional"`
		}
		if _, err := asn1.Unmarshal(response.Raw, &outer); err != nil {
			t.Fatal(err)
		}
		if _, err := asn1.Unmarshal(outer.Bytes.DER, &basic); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(basic.Algorithm.FullBytes); got != want {
			t.Errorf("%s: algorithm %s, want %s", preset, got, want)
		}
	}
}
