package client_test

import (
	"context"
	"fmt"
	"strings"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// The validities that a product offers.
func ExampleProductService_Get() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	products, err := cc.Products.List(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, summary := range products {
		if !strings.HasSuffix(summary.NameID, "_organisation_person") {
			continue
		}
		product, err := cc.Products.Get(ctx, summary.NameID)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(product.NameID, product.OrderValidityYears, product.CustomExpirationDateAllowed)
	}
	// Output: pkio_organisation_person [1 2 3] true
}

// The account has the ids of its first organization and of its top container.
func ExampleAccountService_Get() {
	cc, stop := startMock()
	defer stop()

	account, err := cc.Account.Get(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(account.PrimaryOrganization.Name, account.RootContainerID)
	// Output: Example Organisation B.V. 4
}

// A saved card can pay for an order.
func ExampleFinanceService_PaymentProfiles() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	profiles, err := cc.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, profile := range profiles.Items {
		fmt.Println(profile.Card.Type, profile.Card.ShortenedNumber)
		order := exampleOrder()
		order.Payment = certcentral.PayByProfile(profile.ID)
		placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, order)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("order", placed.ID)
	}
	// Output:
	// visa 1111
	// order 843668399
}

// A note on an order is visible to other users of the account.
func ExampleOrderService_AddNote() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}

	if _, err := cc.Orders.AddNote(ctx, placed.ID, "The holder has been called."); err != nil {
		fmt.Println(err)
		return
	}
	notes, err := cc.Orders.Notes(ctx, placed.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, note := range notes {
		fmt.Println(note.ID, note.Text)
	}
	// Output: 1 The holder has been called.
}
