package samples_test

import (
	"context"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func CreateOrganization(ctx context.Context, cc *certcentral.Client) error {
	created, err := cc.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{
		Details: certcentral.OrganizationDetails{
			Name: "Voorbeeld B.V.", AssumedName: "Voorbeeld", Address: "Stationsplein 1", Address2: "2e etage",
			City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA", Country: "nl", Telephone: "+31 70 000 0000",
		},
		Contacts: []certcentral.ContactRequest{
			certcentral.VerifiedContact(certcentral.NewPerson(certcentral.PersonDetails{
				FirstName: "Grace", LastName: "Voorbeeld", Email: "grace@example.org", JobTitle: "Director",
				Telephone: "+31 70 000 0001",
			})),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912)),
		},
	})
	if err != nil {
		return err
	}
	fmt.Println("organization", created.ID)
	return nil
}

func ListOrganizations(ctx context.Context, cc *certcentral.Client) error {
	organizations := cc.Organizations.All(ctx, certcentral.OrganizationListOptions{
		Status: certcentral.AnyOf(certcentral.OrganizationActive),
	})
	for organization, err := range organizations {
		if err != nil {
			return err
		}
		fmt.Println(organization.ID, organization.Name)
	}
	return nil
}

func GetOrganization(ctx context.Context, cc *certcentral.Client) error {
	organization, err := cc.Organizations.Get(ctx, 1920073)
	if err != nil {
		return err
	}
	fmt.Println(organization.Name, organization.Status)
	return nil
}

func DeleteOrganization(ctx context.Context, cc *certcentral.Client) error {
	return cc.Organizations.Delete(ctx, 1920074)
}

func ActivateOrganization(ctx context.Context, cc *certcentral.Client) error {
	return cc.Organizations.Activate(ctx, 1920073)
}

func DeactivateOrganization(ctx context.Context, cc *certcentral.Client) error {
	return cc.Organizations.Deactivate(ctx, 1920073)
}

func ListValidations(ctx context.Context, cc *certcentral.Client) error {
	validations, err := cc.Organizations.Validations(ctx, 1920073)
	if err != nil {
		return err
	}
	for _, validation := range validations {
		fmt.Println(validation.Type, validation.Status)
	}
	return nil
}

func SubmitOrganizationForValidation(ctx context.Context, cc *certcentral.Client) error {
	return cc.Organizations.SubmitForValidation(ctx, 1920073, []certcentral.ValidationRequest{
		{Type: certcentral.ValidationOV},
		{Type: certcentral.ValidationEV, VerifiedUsers: []certcentral.Person{certcentral.ExistingPerson(4313813)}},
	})
}

func ListPotentialApprovers(ctx context.Context, cc *certcentral.Client) error {
	approvers, err := cc.Organizations.PotentialApprovers(ctx)
	if err != nil {
		return err
	}
	for _, approver := range approvers.Users {
		fmt.Println(approver.UserID, approver.Name)
	}
	return nil
}
