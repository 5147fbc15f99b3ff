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
	"encoding/pem"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

func TestParseCertificateRequest(t *testing.T) {
	t.Parallel()
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "Another Person"}}
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
		"PEM below text": append([]byte("Certificate Request:\n    Data:\n"), block("CERTIFICATE REQUEST", good)...),
		"EC":             curve, "signed with PSS": pss,
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

// pssMarked replaces the algorithm of the key by id-RSASSA-PSS without parameters, as in a request
// of openssl -algorithm RSA-PSS.
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
