package client_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
)

// smallKeys makes the mock issue certificates quickly: its CAs and its tokens get elliptic-curve
// keys.
func smallKeys() []mockserver.Option {
	ca, err := mockserver.NewCA(mockserver.CAKey(mockserver.P256))
	if err != nil {
		panic(err)
	}
	return []mockserver.Option{mockserver.WithCA(ca), mockserver.WithTokenKey(mockserver.P256)}
}

// issue orders a certificate and waits until it is issued.
func issue(ctx context.Context, cc *certcentral.Client) (certcentral.Order, error) {
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		return certcentral.Order{}, err
	}
	return waitUntilIssued(ctx, cc, placed.ID)
}

// waitUntilIssued polls an order until its certificate is issued. The mock takes milliseconds. The
// real service takes days; poll it a few times a day.
func waitUntilIssued(ctx context.Context, cc *certcentral.Client, id int64) (certcentral.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		order, err := cc.Orders.Get(ctx, id)
		if err != nil || order.Status == certcentral.OrderIssued {
			return order, err
		}
		select {
		case <-ctx.Done():
			return order, ctx.Err()
		case <-ticker.C:
		}
	}
}

// The certificate of an order is issued after some time. The download contains its chain.
func ExampleOrderService_DownloadCertificate() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}

	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		order, err := cc.Orders.Get(ctx, placed.ID)
		if err != nil {
			fmt.Println(err)
			return
		}
		if order.Status == certcentral.OrderIssued {
			break
		}
		time.Sleep(10 * time.Millisecond) // use hours with the real service
	}

	issued, err := cc.Orders.DownloadCertificate(ctx, placed.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(issued.Leaf.Subject.CommonName)
	for _, above := range issued.Chain {
		fmt.Println("below", above.Subject.CommonName)
	}

	// A real program must get the root certificate in another, trusted way.
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for i, above := range issued.Chain {
		if i == len(issued.Chain)-1 {
			roots.AddCert(above)
		} else {
			intermediates.AddCert(above)
		}
	}
	_, err = issued.Leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	fmt.Println("verified:", err == nil)
	// Output:
	// Jane Doe
	// below TEST TSP PKIo Organisatie Persoon CA - G3
	// below TEST PKIo Organisatie Persoon CA - G3
	// below TEST PKIo Root CA - G3
	// verified: true
}

// A certificate that is not issued yet has an error of its own.
func ExampleCertificateService_Download() {
	cc, stop := startMock(mockserver.WithLife(mockserver.LifeManual)) // so that the order is not issued
	defer stop()
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}

	issued, err := cc.Certificates.Download(ctx, placed.CertificateID)
	switch {
	case errors.Is(err, certcentral.ErrNotIssued):
		fmt.Println("try again later")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println(issued.Leaf.Subject)
	}
	// Output: try again later
}

// Other programs need the certificate as a file in a certain format.
func ExampleCertificateService_DownloadInFormat() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, format := range []certcentral.CertificateFormat{
		certcentral.FormatPEM, certcentral.FormatP7B, certcentral.FormatDefault,
	} {
		file, err := cc.Certificates.DownloadInFormat(ctx, order.Certificate.ID, format)
		if err != nil {
			fmt.Println(err)
			return
		}
		// Write file.Content to a file without any change.
		fmt.Println(format, "is", file.ContentType)
	}
	// Output:
	// pem is application/x-pem-file
	// p7b is application/x-pkcs7-certificates
	// default is application/zip
}

// The chain begins with the certificate.
func ExampleCertificateService_Chain() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	chain, err := cc.Certificates.Chain(ctx, order.Certificate.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, certificate := range chain {
		fmt.Println(certificate.CommonName)
	}
	// Output:
	// Jane Doe
	// TEST TSP PKIo Organisatie Persoon CA - G3
	// TEST PKIo Organisatie Persoon CA - G3
	// TEST PKIo Root CA - G3
}

// A program can install the intermediates before it has a certificate.
func ExampleCertificateService_Intermediates() {
	cc, stop := startMock(smallKeys()...)
	defer stop()

	intermediates, err := cc.Certificates.Intermediates(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, intermediate := range intermediates {
		fmt.Println(intermediate.CommonName, "by", intermediate.IssuerCommonName)
	}
	// Output:
	// TEST PKIo Organisatie Persoon CA - G3 by TEST PKIo Root CA - G3
	// TEST TSP PKIo Organisatie Persoon CA - G3 by TEST PKIo Organisatie Persoon CA - G3
}

// A revocation waits for an approval. After that it cannot be undone.
func ExampleCertificateService_Revoke() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	revocation, err := cc.Certificates.Revoke(ctx, order.Certificate.ID, certcentral.RevokeOptions{
		Reason: certcentral.ReasonKeyCompromise, Comments: "The token was lost.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("revoked:", revocation.Revoked, "needs an approval:", revocation.NeedsApproval())
	if revocation.NeedsApproval() { // another user approves it
		if err := cc.Requests.Approve(ctx, revocation.Request.ID, "Agreed."); err != nil {
			fmt.Println(err)
			return
		}
	}

	if order, err = cc.Orders.Get(ctx, order.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the certificate is", order.Certificate.Status, "and the order", order.Status)
	// Output:
	// revoked: false needs an approval: true
	// the certificate is revoked and the order issued
}

// An administrator can revoke all certificates of an order at once.
func ExampleOrderService_Revoke() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	revocation, err := cc.Orders.Revoke(ctx, order.ID, certcentral.RevokeOptions{
		Reason: certcentral.ReasonAffiliationChanged, SkipApproval: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("revoked:", revocation.Revoked)
	if order, err = cc.Orders.Get(ctx, order.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the order is", order.Status)
	// Output:
	// revoked: true
	// the order is revoked
}

// After the loss of a token, a reissue makes another certificate on a new token, and the
// certificate on the lost token is revoked.
func ExampleOrderService_Reissue() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}
	lost := order.Certificate.ID

	reissue, err := cc.Orders.Reissue(ctx, order.ID, certcentral.ReissueOptions{Comments: "The token was lost."})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("needs an approval:", reissue.NeedsApproval())
	if order, err = waitUntilIssued(ctx, cc, order.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("certificate", order.Certificate.ID, "replaces", lost)

	if _, err := cc.Certificates.Revoke(ctx, lost, certcentral.RevokeOptions{
		Reason: certcentral.ReasonKeyCompromise, SkipApproval: true,
	}); err != nil {
		fmt.Println(err)
		return
	}
	reissues, err := cc.Orders.Reissues(ctx, order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, reissued := range reissues {
		fmt.Println(reissued.ID, "is", reissued.Status)
	}
	// Output:
	// needs an approval: false
	// certificate 845503703 replaces 845503702
	// 845503703 is issued
}
