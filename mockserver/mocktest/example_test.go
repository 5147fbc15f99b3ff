package mocktest_test

import (
	"context"
	"errors"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// A test gets a mock and a client for it in one line, and places an order.
func ExampleStart() {
	t := new(exampleTest) // in a test this is its *testing.T
	defer t.end()
	ctx := context.Background() // and this is t.Context()

	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(ctx, certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mock.Settle(t) // certificates are made in the background
	order, err := mock.Client.Orders.Get(ctx, placed.ID)
	fmt.Println(order.ID, order.Status, err)
	certificate, err := mock.Client.Orders.DownloadCertificate(ctx, placed.ID)
	fmt.Println(certificate.Leaf.Subject.CommonName, len(certificate.Chain), err)
	// Output:
	// 843668399 issued <nil>
	// Jane Doe 3 <nil>
}

// A failure is scripted with an option: this account has no money.
func ExampleStart_options() {
	t := new(exampleTest)
	defer t.end()

	mock := mocktest.Start(t, mockserver.WithBalance("0"), mockserver.WithNegativeBalanceLimit("0"))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(context.Background(), anOrder())
	refused, ok := errors.AsType[*certcentral.Error](err)
	fmt.Println(ok && refused.Has("insufficient_funds"))
	// Output: true
}

// Another key opens another account on the same server.
func ExampleServer_ClientFor() {
	t := new(exampleTest)
	defer t.end()
	ctx := context.Background()

	mock := mocktest.Start(t)
	other := mock.ClientFor(t, "another-key")
	placed, err := other.Orders.PlacePKIoOrganisationPerson(ctx, anOrder())
	fmt.Println(placed.ID, err)
	_, err = mock.Client.Orders.Get(ctx, placed.ID)
	fmt.Println(errors.Is(err, certcentral.ErrNotFound))
	// Output:
	// 843668399 <nil>
	// true
}

func anOrder() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	}
}
