package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestReissueForAKeyAgainstMock reissues a certificate for a key of the caller. The mock refuses a
// broken CSR.
func TestReissueForAKeyAgainstMock(t *testing.T) {
	t.Parallel()
	mock, ctx := mocktest.Start(t, smallKeys()...), t.Context()
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		t.Fatal(err)
	}
	mock.Settle(t)
	_, err = mock.Client.Orders.Reissue(ctx, placed.ID, certcentral.ReissueOptions{CSR: "garbage"})
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("invalid_field|certificate.csr") {
		t.Errorf("a broken request: %v", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	csr := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request}))
	if _, err := mock.Client.Orders.Reissue(ctx, placed.ID, certcentral.ReissueOptions{CSR: csr}); err != nil {
		t.Fatal(err)
	}
	mock.Settle(t)
	chain, err := mock.Client.Orders.DownloadCertificate(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !key.PublicKey.Equal(chain.Leaf.PublicKey) {
		t.Error("the certificate is for another key")
	}
}
