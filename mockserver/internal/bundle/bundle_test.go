package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
)

func selfSigned(t *testing.T, name string) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

func TestPKCS12(t *testing.T) {
	t.Parallel()
	key, leaf := selfSigned(t, "leaf")
	_, above := selfSigned(t, "above")
	bag, err := bundle.PKCS12(key, leaf, [][]byte{above}, "12345678")
	if err != nil {
		t.Fatal(err)
	}
	found, certificate, chain, err := pkcs12.DecodeChain(bag, "12345678")
	if err != nil || !bytes.Equal(certificate.Raw, leaf) || len(chain) != 1 || !bytes.Equal(chain[0].Raw, above) {
		t.Fatalf("%v, %d certificates above", err, len(chain))
	}
	if private, ok := found.(*ecdsa.PrivateKey); !ok || !private.Equal(key) {
		t.Error("another key")
	}
	if _, err := bundle.PKCS12(key, []byte("nonsense"), nil, ""); err == nil {
		t.Error("nonsense is no certificate")
	}
	if _, err := bundle.PKCS12(key, leaf, [][]byte{nil}, ""); err == nil {
		t.Error("nothing is no certificate")
	}
}

// TestZIP: the same files give the same archive, and unpacking gives the same files.
func TestZIP(t *testing.T) {
	t.Parallel()
	files := []bundle.File{{Name: "a.crt", Content: []byte("one")}, {Name: "b.crt", Content: bytes.Repeat([]byte("two"), 1000)}}
	at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	archive, err := bundle.ZIP(at, files...)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := bundle.ZIP(at, files...); err != nil || !bytes.Equal(archive, again) {
		t.Errorf("another archive: %v", err)
	}
	reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil || len(reader.File) != len(files) {
		t.Fatalf("%v, %d files", err, len(reader.File))
	}
	for i, entry := range reader.File {
		content, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(content)
		if err != nil || entry.Name != files[i].Name || !bytes.Equal(got, files[i].Content) || !entry.Modified.Equal(at) {
			t.Errorf("%s of %v: %v", entry.Name, entry.Modified, err)
		}
	}
}
