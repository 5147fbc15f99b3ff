package client_test

import (
	"context"
	"errors"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// exampleOrganization is an organization that a new account does not have.
func exampleOrganization() certcentral.OrganizationCreateRequest {
	return certcentral.OrganizationCreateRequest{
		Details: certcentral.OrganizationDetails{
			Name: "Voorbeeld B.V.", Address: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA",
			Country: "nl", Telephone: "+31 70 000 0000",
		},
		Contacts: []certcentral.ContactRequest{
			certcentral.VerifiedContact(certcentral.NewPerson(certcentral.PersonDetails{
				FirstName: "Grace", LastName: "Voorbeeld", Email: "grace@example.org", JobTitle: "Director",
				Telephone: "+31 70 000 0001",
			})),
		},
	}
}

// A new organization with its authorized representative is active at once.
func ExampleOrganizationService_Create() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	created, err := cc.Organizations.Create(ctx, exampleOrganization())
	if err != nil {
		fmt.Println(err)
		return
	}
	organization, err := cc.Organizations.Get(ctx, created.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(organization.ID, organization.Name, organization.Status)
	for _, representative := range organization.VerifiedContacts {
		fmt.Println(representative.FirstName, representative.LastName)
	}
	// Output:
	// 1920074 Voorbeeld B.V. active
	// Grace Voorbeeld
}

// A search by name, which returns one page of a list.
func ExampleOrganizationService_List() {
	cc, stop := startMock()
	defer stop()

	page, err := cc.Organizations.List(context.Background(), certcentral.OrganizationListOptions{
		Limit: 10, Search: certcentral.Contains("example"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("found", page.Total)
	for _, organization := range page.Items {
		fmt.Println(organization.ID, organization.DisplayName)
	}
	// Output:
	// found 1
	// 1920073 Example Organisation B.V.
}

// An inactive organization cannot be ordered for until it is activated again.
func ExampleOrganizationService_Activate() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	if err := cc.Organizations.Deactivate(ctx, 1920073); err != nil {
		fmt.Println(err)
		return
	}

	_, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if refused, ok := errors.AsType[*certcentral.Error](err); ok && refused.Has("inactive_organization") {
		err = cc.Organizations.Activate(ctx, 1920073)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("order", placed.ID)
	// Output: order 843668399
}

// An organization can be deleted if no order has named it.
func ExampleOrganizationService_Delete() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	created, err := cc.Organizations.Create(ctx, exampleOrganization())
	if err != nil {
		fmt.Println(err)
		return
	}

	if err := cc.Organizations.Delete(ctx, created.ID); err != nil {
		fmt.Println(err)
		return
	}
	_, err = cc.Organizations.Get(ctx, created.ID)
	fmt.Println("gone:", errors.Is(err, certcentral.ErrNotFound))
	// Output: gone: true
}

// Extended validation needs an approver. The mock validates at once.
func ExampleOrganizationService_SubmitForValidation() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	approvers, err := cc.Organizations.PotentialApprovers(ctx)
	if err != nil || len(approvers.Users) == 0 {
		fmt.Println("no approver:", err)
		return
	}
	err = cc.Organizations.SubmitForValidation(ctx, 1920073, []certcentral.ValidationRequest{{
		Type:          certcentral.ValidationEV,
		VerifiedUsers: []certcentral.Person{certcentral.ExistingPerson(approvers.Users[0].UserID)},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	validations, err := cc.Organizations.Validations(ctx, 1920073)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, validation := range validations {
		fmt.Println(validation.Type, validation.Status)
	}
	// Output:
	// ov active
	// ev active
}
