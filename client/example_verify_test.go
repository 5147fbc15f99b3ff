package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// A certificate is verified with roots that the program trusts, for the usage that was ordered. The
// error says why not, in words and as a reason.
func ExampleVerify() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}
	issued, err := cc.Orders.DownloadCertificate(ctx, order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}

	// A real program must get the root certificate in another, trusted way.
	roots := x509.NewCertPool()
	roots.AddCert(issued.Chain[len(issued.Chain)-1])
	fmt.Println(certcentral.Verify(issued, roots, order.Certificate.ProfileOption))

	err = certcentral.Verify(issued, x509.NewCertPool(), certcentral.ProfileAuthentication)
	fmt.Println(err)

	err = certcentral.Verify(issued, roots, certcentral.ProfileAuthentication, certcentral.AtTime(time.Now().AddDate(5, 0, 0)))
	if invalid, ok := errors.AsType[*certcentral.VerifyError](err); ok {
		fmt.Println(invalid.Reason)
	}
	// Output:
	// <nil>
	// verify: the certificate of the CA "TEST PKIo Root CA - G3" is not a trusted root
	// expired
}

// Before a certificate is used with a key, a program can check that they belong together. The key
// can also be a CSR, or a key on a token.
func ExampleIssuedCertificate_CheckKey() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}
	issued, err := cc.Orders.DownloadCertificate(ctx, order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(issued.CheckKey(issued.Leaf.PublicKey))
	err = issued.CheckKey(issued.Chain[0].PublicKey)
	fmt.Println(errors.Is(err, certcentral.ErrOtherKey), err)
	// Output:
	// <nil>
	// true the certificate is for another key of the same kind
}

// The certificate of a CSR has its key. The names in it may differ.
func ExampleIssuedCertificate_CheckCSR() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}
	issued, err := cc.Orders.DownloadCertificate(ctx, order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}

	err = issued.CheckCSR(exampleCSR())
	fmt.Println(errors.Is(err, certcentral.ErrOtherKey))
	// Output: true
}

// exampleCSR returns a CSR for a new key.
func exampleCSR() *x509.CertificateRequest {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		panic(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		panic(err)
	}
	return csr
}
