package ca_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

func newToken(t *testing.T, seed byte) (ca.SoftToken, string) {
	t.Helper()
	token, pin, err := ca.NewSoftToken(mathrand.NewChaCha8([32]byte{seed}), ecKey())
	if err != nil {
		t.Fatal(err)
	}
	return token, pin
}

func TestSoftToken(t *testing.T) {
	t.Parallel()
	token, pin := newToken(t, 1)
	if same, samePIN := newToken(t, 1); same.InitCode() != token.InitCode() || samePIN != pin {
		t.Error("the same seed gives another token")
	}
	if other, otherPIN := newToken(t, 2); other.InitCode() == token.InitCode() || otherPIN == pin {
		t.Error("another seed gives the same token")
	}
	if len(pin) != 8 || strings.Trim(pin, "0123456789") != "" || len(token.InitCode()) != 16 {
		t.Errorf("PIN of %d characters, init code %s", len(pin), token.InitCode())
	}
	if _, _, err := token.Redeem("nonsense", pin); !errors.Is(err, ca.ErrInitCode) {
		t.Errorf("error %v, want ErrInitCode", err)
	}
	if _, _, err := (ca.SoftToken{}).Redeem("", ""); !errors.Is(err, ca.ErrInitCode) {
		t.Errorf("error %v, want ErrInitCode", err)
	}
	var err error
	for left := ca.MaxPINAttempts - 1; left > 0; left-- {
		if token, _, err = token.Redeem(token.InitCode(), "nonsense"); !errors.Is(err, ca.ErrPIN) || token.AttemptsLeft() != left {
			t.Fatalf("error %v, %d attempts left, want %d", err, token.AttemptsLeft(), left)
		}
	}
	if token.Locked() || token.Redeemed() || token.PublicKey() == nil {
		t.Error("the token has ended too early")
	}

	redeemed, key, err := token.Redeem(token.InitCode(), pin)
	if err != nil || key == nil || !redeemed.Redeemed() || redeemed.PublicKey() != nil {
		t.Fatalf("not redeemed: %v", err)
	}
	if _, key, err := redeemed.Redeem(token.InitCode(), pin); !errors.Is(err, ca.ErrRedeemed) || key != nil {
		t.Errorf("error %v, want ErrRedeemed", err)
	}

	locked, key, err := token.Redeem(token.InitCode(), "nonsense")
	if !errors.Is(err, ca.ErrLocked) || key != nil || !locked.Locked() || locked.PublicKey() != nil {
		t.Errorf("error %v, want ErrLocked", err)
	}
	if _, key, err := locked.Redeem(token.InitCode(), pin); !errors.Is(err, ca.ErrLocked) || key != nil {
		t.Errorf("error %v, want ErrLocked", err)
	}
	if _, _, err := ca.NewSoftToken(bytes.NewReader(nil), ecKey()); err == nil {
		t.Error("a token without randomness")
	}
}

// TestSoftTokenIsSilent: however it is shown, it shows nothing.
func TestSoftTokenIsSilent(t *testing.T) {
	t.Parallel()
	token, pin := newToken(t, 3)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "token", token)
	text, err := json.Marshal(map[string]any{"token": token})
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(text) + fmt.Sprintf("%v %+v %#v %s %q", token, token, token, token, struct{ T ca.SoftToken }{token})
	if strings.Contains(shown, pin) || strings.Contains(shown, token.InitCode()) {
		t.Errorf("it shows: %s", shown)
	}
}

func TestPKCS12(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G4)
	certificate, leaf := issue(t, a, request(ca.Nonrepudiation))
	cas := chain(t, a, ca.Nonrepudiation)
	bag, err := ca.PKCS12(rsaKey(), certificate.DER, [][]byte{cas[0].DER, cas[1].DER, cas[2].DER}, "12345678")
	if err != nil {
		t.Fatal(err)
	}
	key, found, above, err := pkcs12.DecodeChain(bag, "12345678")
	if err != nil || !found.Equal(leaf) || len(above) != 3 {
		t.Fatalf("%v, %d certificates above", err, len(above))
	}
	if private, ok := key.(*rsa.PrivateKey); !ok || !private.PublicKey.Equal(rsaKey().Public()) {
		t.Error("another key")
	}
	if _, err := ca.PKCS12(rsaKey(), []byte("nonsense"), nil, ""); err == nil {
		t.Error("nonsense is no certificate")
	}
	if _, err := ca.PKCS12(rsaKey(), certificate.DER, [][]byte{nil}, ""); err == nil {
		t.Error("nothing is no certificate")
	}
}

func TestParseCertificateRequest(t *testing.T) {
	t.Parallel()
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "Somebody Else"}}
	good, err := x509.CreateCertificateRequest(rand.Reader, template, rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	curve, err := x509.CreateCertificateRequest(rand.Reader, template, ecKey())
	if err != nil {
		t.Fatal(err)
	}
	template.SignatureAlgorithm = x509.SHA384WithRSAPSS
	pss, err := x509.CreateCertificateRequest(rand.Reader, template, rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	for name, request := range map[string][]byte{
		"DER": good, "PEM": block("CERTIFICATE REQUEST", good), "PEM of Microsoft": append([]byte("\r\n "), block("NEW CERTIFICATE REQUEST", good)...),
		"EC": curve, "signed with PSS": pss,
	} {
		if key, err := ca.ParseCertificateRequest(request); err != nil || key == nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	small, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, small)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Clone(good)
	forged[len(forged)-1] ^= 1
	for message, request := range map[string][]byte{
		"not a PKCS#10 request":                    []byte("hello"),
		"broken PEM":                               []byte("-----BEGIN nothing"),
		"the PEM holds something else":             block("RSA PRIVATE KEY", good),
		"something follows the PEM block":          append(block("CERTIFICATE REQUEST", good), 'x'),
		"longer than 65536 octets":                 make([]byte, 1<<20),
		"on P-224: must be on P-256":               p224,
		"the signature doesn't prove possession":   forged,
		"the key is marked id-RSASSA-PSS; send":    pssMarked(t, good),
		"RSA key of 1024 bits: must have 2048 to ": request1024(t),
	} {
		if _, err := ca.ParseCertificateRequest(request); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error %v, want %q", err, message)
		}
	}
}

// pssMarked marks the key of a request id-RSASSA-PSS, the way that OpenSSL's -algorithm RSA-PSS does: no parameters.
func pssMarked(t *testing.T, request []byte) []byte {
	t.Helper()
	type info struct {
		Version int
		Subject asn1.RawValue
		Key     struct {
			Algorithm struct {
				ID         asn1.ObjectIdentifier
				Parameters asn1.RawValue `asn1:"optional"`
			}
			Bits asn1.BitString
		}
		Attributes asn1.RawValue
	}
	var whole struct {
		Info      info
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(request, &whole); err != nil {
		t.Fatal(err)
	}
	whole.Info.Key.Algorithm.ID = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	whole.Info.Key.Algorithm.Parameters = asn1.RawValue{}
	marked, err := asn1.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return marked
}

func request1024(t *testing.T) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return request
}
