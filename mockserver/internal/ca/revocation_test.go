package ca_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca/check"
)

func crlOf(t testing.TB, a *ca.Authority, name string) (ca.CRL, *x509.RevocationList) {
	t.Helper()
	crl, err := a.CRL(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseRevocationList(crl.DER)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := a.CA(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed.CheckSignatureFrom(parse(t, issuer.DER)); err != nil {
		t.Error(err)
	}
	return crl, parsed
}

// TestCRLs: the CRL of each CA is empty, has the signature algorithm of the CA, and is the same
// octets until something changes.
func TestCRLs(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		a := newAuthority(t, preset)
		for _, name := range a.Names() {
			crl, parsed := crlOf(t, a, name)
			algorithm := x509.SHA256WithRSA
			switch {
			case preset == ca.G4:
				algorithm = x509.SHA512WithRSAPSS
			case name == "tsp-ec":
				algorithm = x509.ECDSAWithSHA384
			}
			if parsed.SignatureAlgorithm != algorithm || len(parsed.RevokedCertificateEntries) != 0 {
				t.Errorf("%s: signed with %s, %d entries", name, parsed.SignatureAlgorithm, len(parsed.RevokedCertificateEntries))
			}
			if parsed.Number.Cmp(crl.Number) != 0 || !parsed.NextUpdate.Equal(parsed.ThisUpdate.Add(48*time.Hour)) || len(parsed.AuthorityKeyId) != 20 {
				t.Errorf("%s: number, times or identifier are wrong", name)
			}
			if again, _ := crlOf(t, a, name); !bytes.Equal(again.DER, crl.DER) {
				t.Errorf("%s: signed again without a change", name)
			}
		}
		if _, err := a.CRL(t.Context(), "unknown"); !errors.Is(err, ca.ErrUnknownCA) {
			t.Errorf("error %v", err)
		}
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	for _, reason := range ca.Reasons() {
		a := newAuthority(t, ca.G3)
		if parsed, err := ca.ParseReason(reason.String()); err != nil || parsed != reason {
			t.Errorf("%s: %v, %v", reason, parsed, err)
		}
		before, _ := crlOf(t, a, "tsp-g3")
		revision := a.Revision()
		certificate, leaf := issue(t, a, request(ca.Encryption))
		for range 2 { // The second call changes nothing.
			if err := a.Revoke(t.Context(), reason, certificate.Serial); err != nil {
				t.Fatal(err)
			}
		}
		if a.Revision() != revision+1 {
			t.Errorf("revision %d after %d", a.Revision(), revision)
		}
		after, parsed := crlOf(t, a, "tsp-g3")
		if len(parsed.RevokedCertificateEntries) != 1 || after.Number.Cmp(before.Number) <= 0 {
			t.Fatalf("%d entries, number %s after %s", len(parsed.RevokedCertificateEntries), after.Number, before.Number)
		}
		entry := parsed.RevokedCertificateEntries[0]
		if entry.SerialNumber.Cmp(leaf.SerialNumber) != 0 || entry.ReasonCode != int(reason) || (len(entry.Extensions) == 0) != (reason == ca.Unspecified) {
			t.Errorf("%s: entry %+v", reason, entry)
		}
	}
	a := newAuthority(t, ca.G3)
	for _, serial := range []string{"", "zz", "2A", ca.FormatSerial(new(big.Int).Lsh(big.NewInt(0x47), 144))} {
		if err := a.Revoke(t.Context(), ca.Superseded, serial); !errors.Is(err, ca.ErrUnknownSerial) {
			t.Errorf("%q: error %v, want ErrUnknownSerial", serial, err)
		}
	}
	if err := a.Revoke(t.Context(), 6, "2A"); err == nil || errors.Is(err, ca.ErrUnknownSerial) {
		t.Errorf("certificateHold is no reason here: %v", err)
	}
	if _, err := ca.ParseReason("certificateHold"); err == nil {
		t.Error("certificateHold is no reason here")
	}
}

// TestCRLFollowsTheClock: a new CRL is signed before the old one expires, and after the clock was
// set back. The numbers only grow.
func TestCRLFollowsTheClock(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Date(time.Now().Year(), 11, 23, 12, 0, 0, 0, time.UTC)}
	a := authorityAt(t, hierarchies[ca.G3](), c.Now)
	crl, _ := crlOf(t, a, "root-g3")
	for _, step := range []struct {
		by    time.Duration
		fresh bool
	}{{23 * time.Hour, false}, {time.Hour, true}, {0, false}, {-time.Hour, true}, {300 * 24 * time.Hour, true}} {
		c.add(step.by)
		next, parsed := crlOf(t, a, "root-g3")
		if fresh := !bytes.Equal(next.DER, crl.DER); fresh != step.fresh {
			t.Errorf("after %s: fresh %t, want %t", step.by, fresh, step.fresh)
		}
		if step.fresh && next.Number.Cmp(crl.Number) <= 0 {
			t.Errorf("after %s: number %s follows %s", step.by, next.Number, crl.Number)
		}
		if now := c.Now(); now.Before(parsed.ThisUpdate) || !now.Before(parsed.NextUpdate) {
			t.Errorf("after %s: from %s to %s", step.by, parsed.ThisUpdate, parsed.NextUpdate)
		}
		crl = next
	}
}

func ask(t testing.TB, a *ca.Authority, leaf, issuer *x509.Certificate, hash crypto.Hash) *ocsp.Response {
	t.Helper()
	request, err := ocsp.CreateRequest(leaf, issuer, &ocsp.RequestOptions{Hash: hash})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := a.OCSP(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	response, err := ocsp.ParseResponseForCert(answer.DER, leaf, issuer)
	if err != nil {
		t.Fatal(err)
	}
	if !response.NextUpdate.Equal(answer.NextUpdate) || !response.ThisUpdate.Equal(answer.ThisUpdate) || answer.Nonced {
		t.Errorf("the answer isn't as described: %+v", answer)
	}
	return response
}

func TestOCSP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		c := &clock{now: time.Date(time.Now().Year(), 11, 23, 12, 0, 7, 0, time.UTC)}
		a := authorityAt(t, hierarchies[preset](), c.Now)
		certificate, leaf := issue(t, a, request(usage))
		issuing := chain(t, a, usage)[0]
		issuer := parse(t, issuing.DER)
		for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
			if got := ask(t, a, leaf, issuer, hash); got.Status != ocsp.Good {
				t.Errorf("%s: status %d, want good", hash, got.Status)
			}
		}
		negative := *leaf
		negative.SerialNumber = new(big.Int).Neg(leaf.SerialNumber)
		if got := ask(t, a, &negative, issuer, crypto.SHA1); got.Status != ocsp.Unknown {
			t.Errorf("the negative of an issued serial number: status %d, want unknown", got.Status)
		}
		response := ask(t, a, leaf, issuer, crypto.SHA1)
		if !response.ProducedAt.Equal(c.now) || !response.ThisUpdate.Equal(c.now) {
			t.Errorf("dated %s and %s, the clock says %s", response.ProducedAt, response.ThisUpdate, c.now)
		}
		expected := check.Responder{Issuer: issuing.DER, Signature: map[ca.Preset]check.Signature{
			ca.G3: check.PKCS1SHA256, ca.G4: check.PSSSHA256, ca.EC: check.ECDSASHA384,
		}[preset]}
		for _, finding := range expected.Certificate(response.Certificate.Raw) {
			t.Error(finding)
		}
		if response.SignatureAlgorithm != x509.SHA256WithRSA && preset != ca.EC {
			t.Errorf("signed with %s", response.SignatureAlgorithm)
		}

		if err := a.Revoke(t.Context(), ca.AffiliationChanged, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		response = ask(t, a, leaf, issuer, crypto.SHA1)
		if response.Status != ocsp.Revoked || response.RevocationReason != int(ca.AffiliationChanged) || !response.RevokedAt.Equal(c.now) {
			t.Errorf("%+v", response)
		}
		if got := ask(t, a, &negative, issuer, crypto.SHA1); got.Status != ocsp.Unknown {
			t.Errorf("the negative of a revoked serial number: status %d, want unknown", got.Status)
		}

		stranger := *leaf
		stranger.SerialNumber = big.NewInt(42)
		if got := ask(t, a, &stranger, issuer, crypto.SHA1); got.Status != ocsp.Unknown {
			t.Errorf("a serial number never given out: status %d, want unknown", got.Status)
		}

		// A month later the responder needs a new certificate.
		c.add(31 * 24 * time.Hour)
		if later := ask(t, a, leaf, issuer, crypto.SHA1); bytes.Equal(later.Certificate.Raw, response.Certificate.Raw) {
			t.Error("the responder's certificate has expired")
		}
	})
}

func TestOCSPRefuses(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	_, leaf := issue(t, a, request(ca.Authentication))
	cas := chain(t, a, ca.Authentication)
	about := func(leaf, issuer *x509.Certificate) []byte {
		request, err := ocsp.CreateRequest(leaf, issuer, nil)
		if err != nil {
			t.Fatal(err)
		}
		return request
	}
	renamed := *parse(t, cas[0].DER)
	renamed.RawSubject = []byte("another")
	for name, test := range map[string]struct{ request, want []byte }{
		"garbage":                      {[]byte("hello"), ocsp.MalformedRequestErrorResponse},
		"nothing":                      {nil, ocsp.MalformedRequestErrorResponse},
		"a CA's certificate":           {about(parse(t, cas[0].DER), parse(t, cas[1].DER)), ocsp.UnauthorizedErrorResponse},
		"another issuer with this key": {about(leaf, &renamed), ocsp.UnauthorizedErrorResponse},
	} {
		if answer, err := a.OCSP(t.Context(), test.request); err != nil || !bytes.Equal(answer.DER, test.want) || !answer.NextUpdate.IsZero() {
			t.Errorf("%s: %x, %v", name, answer.DER, err)
		}
	}
}

// TestOCSPNonce: the response repeats the nonce of the request.
func TestOCSPNonce(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	_, leaf := issue(t, a, request(ca.Authentication))
	issuer := parse(t, chain(t, a, ca.Authentication)[0].DER)
	plain, err := ocsp.CreateRequest(leaf, issuer, nil)
	if err != nil {
		t.Fatal(err)
	}
	var outer struct{ TBS struct{ List asn1.RawValue } }
	if _, err := asn1.Unmarshal(plain, &outer); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		size     int
		octets   bool // an OCTET STRING (RFC 9654), else only the nonce, as from old clients
		repeated bool
	}{
		{1, true, true},
		{16, true, true},
		{32, true, true},
		{128, true, true},
		{129, true, false},
		{200, true, false},
		{1, false, true},
		{128, false, true},
		{129, false, false},
	} {
		value := make([]byte, test.size)
		_, _ = rand.Read(value)
		if test.octets {
			if value, err = asn1.Marshal(value); err != nil {
				t.Fatal(err)
			}
		}
		type tbs struct {
			List       asn1.RawValue
			Extensions []pkix.Extension `asn1:"explicit,tag:2"`
		}
		request, err := asn1.Marshal(struct{ TBS tbs }{tbs{outer.TBS.List, []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: value}}}})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := a.OCSP(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		wanted, err := asn1.Marshal(pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: value})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Nonced != test.repeated || bytes.Contains(answer.DER, wanted) != test.repeated {
			t.Errorf("nonce %+v: repeated %t", test, answer.Nonced)
		}
		if _, err := ocsp.ParseResponseForCert(answer.DER, leaf, issuer); err != nil {
			t.Error(err)
		}
	}
}

// TestRevokeSeveral: one call revokes certificates of one CA, all of them or none. The CRL lists
// those of the same second by their serial numbers.
func TestRevokeSeveral(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Now().UTC().Truncate(time.Second)}
	a := authorityAt(t, hierarchies[ca.G4](), c.Now)
	var serials []string
	for range 8 {
		certificate, _ := issue(t, a, request(ca.Encryption))
		serials = append(serials, certificate.Serial)
	}
	ofOtherCA, _ := issue(t, a, request(ca.Nonrepudiation))
	if err := a.Revoke(t.Context(), ca.Superseded, append(slices.Clone(serials), ofOtherCA.Serial)...); err == nil {
		t.Error("certificates of two CAs are revoked by one call")
	}
	if err := a.Revoke(t.Context(), ca.Superseded, append(slices.Clone(serials), "01")...); !errors.Is(err, ca.ErrUnknownSerial) {
		t.Errorf("error %v, want ErrUnknownSerial", err)
	}
	if _, crl := crlOf(t, a, "tsp-g4-priv"); len(crl.RevokedCertificateEntries) != 0 {
		t.Fatalf("%d certificates are revoked by calls that failed", len(crl.RevokedCertificateEntries))
	}
	if err := a.Revoke(t.Context(), ca.Superseded, serials...); err != nil {
		t.Fatal(err)
	}
	_, crl := crlOf(t, a, "tsp-g4-priv")
	var listed []string
	for _, entry := range crl.RevokedCertificateEntries {
		listed = append(listed, ca.FormatSerial(entry.SerialNumber))
		if entry.ReasonCode != int(ca.Superseded) || !entry.RevocationTime.Equal(c.Now()) {
			t.Errorf("%X: reason %d at %s", entry.SerialNumber, entry.ReasonCode, entry.RevocationTime)
		}
	}
	slices.Sort(serials)
	if !slices.Equal(listed, serials) {
		t.Errorf("the CRL lists %v, want %v", listed, serials)
	}
}

// TestOCSPReason: a response has the reason of the revocation, and none if it is unspecified
// (RFC 5280, 5.3.1).
func TestOCSPReason(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.EC)
	for _, reason := range ca.Reasons() {
		certificate, leaf := issue(t, a, request(ca.Authentication))
		if err := a.Revoke(t.Context(), reason, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		issuer := parse(t, chain(t, a, ca.Authentication)[0].DER)
		response := ask(t, a, leaf, issuer, crypto.SHA1)
		encoded := []byte{0xa0, 3, 0x0a, 1, byte(reason)} // [0] EXPLICIT ENUMERATED
		if has := bytes.Contains(response.Raw, encoded); has != (reason != ca.Unspecified) || response.RevocationReason != int(reason) {
			t.Errorf("%s: reason %d, encoded: %t", reason, response.RevocationReason, has)
		}
	}
}
