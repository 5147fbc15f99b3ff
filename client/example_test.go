package client_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
)

// startMock starts a mock server and returns a client with a new account. In a Go test,
// mocktest.Start does this.
func startMock(opts ...mockserver.Option) (*certcentral.Client, func()) {
	mock, err := mockserver.New(opts...)
	if err != nil {
		panic(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		panic(err)
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"))
	if err != nil {
		panic(err)
	}
	return cc, func() { _ = mock.Close() }
}

// exampleOrder is an order for an individual of the account.
func exampleOrder() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813)),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	}
}

// An order for a person that already has a certificate of the account.
func ExampleOrderService_PlacePKIoOrganisationPerson() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813)),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912))),
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
	fmt.Println("order", placed.ID, "for certificate", placed.CertificateID)

	order, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Product.Name, order.Certificate.Validity.Years, "year", order.Price)
	// Output:
	// order 843668399 for certificate 845503702
	// PKIo Authentication or Encryption - Organisation Person 1 year 300.00
}

// An order for a new person of a new organization, paid by card, with a certificate that is valid
// for ninety days.
func ExampleOrderService_PlacePKIoOrganisationPerson_everythingNew() {
	cc, stop := startMock()
	defer stop()

	request := exampleOrder()
	request.Individual = certcentral.NewIndividual(certcentral.Individual{
		FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", Telephone: "+31 70 000 0000",
		Country: "nl", City: "Den Haag", Zip: "2515 AA",
	})
	request.Organization = certcentral.NewOrganization(
		certcentral.OrganizationDetails{
			Name: "Voorbeeld B.V.", Address: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA",
			Country: "nl", Telephone: "+31 70 000 0000",
		},
		certcentral.VerifiedContact(certcentral.NewPerson(certcentral.PersonDetails{
			FirstName: "Grace", LastName: "Voorbeeld", Email: "grace@example.org", JobTitle: "Director",
			Telephone: "+31 70 000 0001",
		})),
		certcentral.OrganizationContact(certcentral.ExistingPerson(4313912)))
	request.Validity = certcentral.Days(365)
	request.Payment = certcentral.PayByCard(
		certcentral.Card{
			Number: certcentral.NewSecret("4111111111111111"), CVV: certcentral.NewSecret("333"),
			ExpirationMonth: 12, ExpirationYear: 2099, CardholderName: "Ada Voorbeeld",
		},
		certcentral.BillingAddress{Address: "Stationsplein 1", City: "Den Haag", Country: "nl"})

	placed, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("order", placed.ID, "for the new organization", placed.OrganizationID)
	// Output: order 843668399 for the new organization 1920074
}

// Each reason of a refusal has the path of the member that is wrong.
func ExampleError() {
	cc, stop := startMock()
	defer stop()

	request := exampleOrder()
	request.Individual = certcentral.NewIndividual(certcentral.Individual{
		FirstName: "Ada", LastName: "Voorbeeld", Telephone: "+31 70 000 0000", Country: "nl", Zip: "2515 AA",
	})
	request.ShipInfo.Method = "DRONE"
	_, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), request)

	if refused, ok := errors.AsType[*certcentral.Error](err); ok {
		fmt.Println("status", refused.StatusCode)
		for _, reason := range refused.Errors {
			fmt.Println(reason.Kind(), "at", reason.Detail())
		}
		fmt.Println("is the email missing:", refused.Has("missing_field|certificate.individual.email"))
		fmt.Println("is it invalid:", errors.Is(err, certcentral.ErrInvalidRequest))
	}
	// Output:
	// status 400
	// missing_field at certificate.individual.email
	// invalid_field at ship_info.method
	// is the email missing: true
	// is it invalid: true
}

// A request with a wrong argument is not sent.
func ExampleArgumentError() {
	cc, stop := startMock()
	defer stop()

	request := exampleOrder()
	request.AgreedToCSA = false
	_, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), request)

	if argument, ok := errors.AsType[*certcentral.ArgumentError](err); ok {
		fmt.Println(argument.Path)
	}
	// Output: csa_agreed_to
}

// The loop requests one page after the other.
func ExampleOrderService_All() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	for range 3 {
		if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder()); err != nil {
			fmt.Println(err)
			return
		}
	}

	for order, err := range cc.Orders.All(ctx, certcentral.OrderListOptions{
		Limit:          2, // items on a page
		Sort:           "-order_id",
		Status:         certcentral.AnyOf(certcentral.OrderProcessing, certcentral.OrderIssued),
		OrganizationID: certcentral.IDs(1920073),
		CommonName:     certcentral.Contains("doe"),
		DateCreated:    certcentral.Since(time.Now().Add(-time.Hour)),
	}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(order.ID, order.Organization.Name)
	}
	// Output:
	// 843668401 Example Organisation B.V.
	// 843668400 Example Organisation B.V.
	// 843668399 Example Organisation B.V.
}

// An account without a limit for the negative balance may owe any amount.
func ExampleFinanceService_GetBalance() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder()); err != nil {
		fmt.Println(err)
		return
	}

	balance, err := cc.Finance.GetBalance(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(balance.Balance, balance.Currency, balance.UnlimitedNegativeBalance)
	// Output: -300.00 EUR true
}

// An organization that an unfinished order names cannot be deactivated.
func ExampleOrganizationService_Deactivate() {
	cc, stop := startMock(mockserver.WithLife(mockserver.LifeManual)) // so that the order stays unfinished
	defer stop()
	ctx := context.Background()
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder()); err != nil {
		fmt.Println(err)
		return
	}

	err := cc.Organizations.Deactivate(ctx, 1920073)
	refused, ok := errors.AsType[*certcentral.Error](err)
	fmt.Println(ok && refused.Has("organization_in_use"))
	// Output: true
}

// This is the simplest call to check an API key.
func ExampleUserService_GetCurrent() {
	cc, stop := startMock()
	defer stop()

	me, err := cc.Users.GetCurrent(context.Background())
	switch {
	case errors.Is(err, certcentral.ErrUnauthorized):
		fmt.Println("the key is wrong")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println(me.ID, me.FirstName, me.LastName)
	}
	// Output: 4313813 John Doe
}
