package client_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func TestArgumentErrors(t *testing.T) {
	t.Parallel()
	order := func(edit func(*certcentral.PKIoOrganisationPersonRequest)) func(context.Context, *certcentral.Client) error {
		return func(ctx context.Context, c *certcentral.Client) error {
			r := simpleOrder()
			edit(&r)
			_, err := c.Orders.PlacePKIoOrganisationPerson(ctx, r)
			return err
		}
	}
	organization := func(contacts ...certcentral.ContactRequest) func(r *certcentral.PKIoOrganisationPersonRequest) {
		return func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.ExistingOrganization(1, contacts...)
		}
	}
	validity := func(v certcentral.Validity) func(r *certcentral.PKIoOrganisationPersonRequest) {
		return func(r *certcentral.PKIoOrganisationPersonRequest) { r.Validity = v }
	}
	somebody := certcentral.VerifiedContact(certcentral.ExistingPerson(1))
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{
			"nothing at all", order(func(r *certcentral.PKIoOrganisationPersonRequest) { *r = certcentral.PKIoOrganisationPersonRequest{} }),
			"orderPkioOrganisationPerson: certificate.individual is nobody: use ExistingIndividual or NewIndividual",
		},
		{"individual 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Individual = certcentral.ExistingIndividual(0)
		}), "orderPkioOrganisationPerson: certificate.individual.id must be positive"},
		{
			"no agreement", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.AgreedToCSA = false }),
			"orderPkioOrganisationPerson: csa_agreed_to is false: set AgreedToCSA once the agreement is given",
		},
		{
			"no organization", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
				r.Organization = certcentral.OrganizationChoice{}
			}),
			"orderPkioOrganisationPerson: organization is not chosen: use ExistingOrganization or NewOrganization",
		},
		{"organization 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.ExistingOrganization(0)
		}), "orderPkioOrganisationPerson: organization.id must be positive"},
		{
			"nobody as a contact", order(organization(somebody, certcentral.VerifiedContact(certcentral.Person{}))),
			"orderPkioOrganisationPerson: organization.contacts[1] is nobody: use ExistingPerson or NewPerson",
		},
		{
			"no contact", order(organization(certcentral.ContactRequest{})),
			"orderPkioOrganisationPerson: organization.contacts[0] is nobody: use ExistingPerson or NewPerson",
		},
		{
			"user 0", order(organization(certcentral.TechnicalContact(certcentral.ExistingPerson(0)))),
			"orderPkioOrganisationPerson: organization.contacts[0].user_id must be positive",
		},
		{"user 0 for this order", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.TechnicalContact = certcentral.ExistingPerson(0)
		}), "orderPkioOrganisationPerson: technical_contact.user_id must be positive"},
		{
			"no payment", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.Payment = certcentral.Payment{} }),
			"orderPkioOrganisationPerson: payment_method is not chosen: use PayByBalance, PayByCard or PayByProfile",
		},
		{
			"profile 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.Payment = certcentral.PayByProfile(0) }),
			"orderPkioOrganisationPerson: payment_profile.id must be positive",
		},
		{
			"two validities", order(validity(certcentral.Validity{Years: 1, Days: 2})),
			"orderPkioOrganisationPerson: order_validity must be one of years, days and a date",
		},
		{
			"negative years", order(validity(certcentral.Years(-1))),
			"orderPkioOrganisationPerson: order_validity.years must be positive and not huge",
		},
		{
			"huge days", order(validity(certcentral.Days(math.MaxInt32 + 1))),
			"orderPkioOrganisationPerson: order_validity.days must be positive and not huge",
		},
		{
			"31 February", order(validity(certcentral.ExpiresOn(2027, time.February, 31))),
			"orderPkioOrganisationPerson: order_validity.custom_expiration_date is not a day of the calendar",
		},
		{"order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Get(ctx, 0)
			return err
		}, "getOrder: order_id must be positive"},
		{"organization 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Get(ctx, -1)
			return err
		}, "getOrganization: organization_id must be positive"},
		{"activate 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Activate(ctx, 0)
		}, "activateOrganization: organization_id must be positive"},
		{"deactivate 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Deactivate(ctx, 0)
		}, "deactivateOrganization: organization_id must be positive"},
		{"nobody as organization contact", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{
				Contacts: []certcentral.ContactRequest{{}},
			})
			return err
		}, "createOrganization: contacts[0] is nobody: use ExistingPerson or NewPerson"},
		{"negative limit", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.List(ctx, certcentral.OrderListOptions{Limit: -1})
			return err
		}, "listOrders: limit must not be negative or huge"},
		{"huge limit", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.List(ctx, certcentral.UserListOptions{Limit: math.MaxInt32 + 1})
			return err
		}, "listUsers: limit must not be negative or huge"},
		{"negative offset", func(ctx context.Context, c *certcentral.Client) error {
			for _, err := range c.Organizations.All(ctx, certcentral.OrganizationListOptions{Offset: -1}) {
				return err
			}
			return nil
		}, "listOrganizations: offset must not be negative"},
		{"negative offset of profiles", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{Offset: -1})
			return err
		}, "listPaymentProfiles: offset must not be negative"},
		{"empty request id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Me(ctx, certcentral.WithRequestID(""))
			return err
		}, "getCurrentUser: X-Request-Id must have 1 to 128 characters"},
		{"split request id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Me(ctx, certcentral.WithRequestID("a\r\nb"))
			return err
		}, "getCurrentUser: X-Request-Id holds a character that is not printable ASCII"},
		{"nowhere to store the response", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Me(ctx, certcentral.WithResponseInto(nil))
			return err
		}, "getCurrentUser: WithResponseInto was given nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, answerJSON(500, `{}`))
			err := tt.call(t.Context(), c)
			var argument *certcentral.ArgumentError
			if !errors.As(err, &argument) || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if n := len(s.all()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}
