package ca

import (
	"crypto/x509"
	"errors"
	"math/big"
	"testing"
	"time"
)

// TestMaxRevocations: the list has an end, and says so; what is on it by then is listed whole.
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
	for range 2 { // The second one is on the list already, which takes no place.
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

// TestSerializer: a number is known by whoever gave it out, and by nobody else.
func TestSerializer(t *testing.T) {
	t.Parallel()
	key, err := GenerateKey(P256)
	if err != nil {
		t.Fatal(err)
	}
	here, err := newSerializer(key, "http://here")
	if err != nil {
		t.Fatal(err)
	}
	there, err := newSerializer(key, "http://there")
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		serial := here.next()
		if !here.knows(serial) || there.knows(serial) {
			t.Fatalf("%X: known here %t, there %t", serial, here.knows(serial), there.knows(serial))
		}
		if n := serial.BitLen(); n != 159 {
			t.Fatalf("%X has %d bits", serial, n)
		}
		if here.knows(new(big.Int).Add(serial, big.NewInt(1))) || here.knows(new(big.Int).Neg(serial)) {
			t.Fatalf("the neighbors of %X are known", serial)
		}
	}
	if here.knows(new(big.Int)) || here.knows(randomSerial()) {
		t.Error("numbers that nobody gave out are known")
	}
}
