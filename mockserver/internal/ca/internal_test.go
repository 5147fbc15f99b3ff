package ca

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"
)

// TestMaxRevocations: at the limit, Revoke returns ErrCapacity, and the CRL lists all revocations.
func TestMaxRevocations(t *testing.T) {
	t.Parallel()
	h, err := New(time.Now, Paths{Files: "/ca/", OCSP: "/ocsp"}, WithCAKey(P256))
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.Authority("http://mock.example.com", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := a.issuer(t.Context(), "tsp-g3")
	if err != nil {
		t.Fatal(err)
	}
	issuer.mu.Lock()
	for i := range MaxRevocations - 1 {
		number := new(big.Int).Lsh(big.NewInt(int64(i)+1), 64)
		issuer.revoked[string(number.Bytes())] = revocation{number, Superseded, time.Now()}
	}
	issuer.mu.Unlock()
	serial := FormatSerial(issuer.serials.next())
	for range 2 { // The second call revokes nothing, so it is within the limit.
		if err := a.Revoke(t.Context(), Superseded, serial); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Revoke(t.Context(), Superseded, FormatSerial(issuer.serials.next())); !errors.Is(err, ErrCapacity) {
		t.Errorf("error %v, want ErrCapacity", err)
	}
	start := time.Now()
	crl, err := a.CRL(t.Context(), "tsp-g3")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a full CRL has %d octets and took %s", len(crl.DER), time.Since(start))
	parsed, err := x509.ParseRevocationList(crl.DER)
	if err != nil || len(parsed.RevokedCertificateEntries) != MaxRevocations {
		t.Errorf("%v, %d entries", err, len(parsed.RevokedCertificateEntries))
	}
}

// TestSerialNumberMAC: an authority recognizes its own serial numbers and no others.
func TestSerialNumberMAC(t *testing.T) {
	t.Parallel()
	key, err := GenerateKey(P256)
	if err != nil {
		t.Fatal(err)
	}
	here, err := newSerialNumbers(key, "http://here")
	if err != nil {
		t.Fatal(err)
	}
	there, err := newSerialNumbers(key, "http://there")
	if err != nil {
		t.Fatal(err)
	}
	const n = 4096
	zeroDigits, zeroOctets := 0, 0
	for range n {
		serial := here.next()
		if !here.verify(serial) || there.verify(serial) {
			t.Fatalf("%X: known here %t, there %t", serial, here.verify(serial), there.verify(serial))
		}
		der, err := asn1.Marshal(serial)
		if err != nil || serial.Sign() <= 0 || len(der) > 2+serialMax {
			t.Fatalf("%X in DER is %X, %v", serial, der, err)
		}
		text := FormatSerial(serial)
		if back, err := ParseSerial(text); err != nil || back.Cmp(serial) != 0 || len(text) != 2*serialSize {
			t.Fatalf("%X is written %s, which is read as %X, %v", serial, text, back, err)
		}
		if text[0] == '0' {
			zeroDigits++
		}
		if strings.HasPrefix(text, "00") {
			zeroOctets++
		}
		if here.verify(new(big.Int).Add(serial, big.NewInt(1))) || here.verify(new(big.Int).Neg(serial)) {
			t.Fatalf("the neighbors of %X are known", serial)
		}
	}
	// The expected counts are 256 and 16. A run in some billions is outside of these bounds.
	if zeroDigits < 150 || zeroDigits > 370 {
		t.Errorf("%d of %d numbers begin with a zero digit, want about one in sixteen", zeroDigits, n)
	}
	if zeroOctets == 0 || zeroOctets > 50 {
		t.Errorf("%d of %d numbers begin with a zero octet, want about one in 256", zeroOctets, n)
	}
	if here.verify(new(big.Int)) || here.verify(randomSerial()) {
		t.Error("numbers that were not issued are recognized")
	}
}
