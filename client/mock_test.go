package client_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestOrganizationAgainstMock takes an organization through its life, and an order with it.
func TestOrganizationAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t).Client, t.Context()

	created, err := cc.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{
		Details:  voorbeeld,
		Contacts: []certcentral.ContactRequest{certcentral.VerifiedContact(grace)},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = cc.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{Details: voorbeeld})
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("duplicate_organization") || refused.OutcomeUnknown {
		t.Errorf("the same again: %v", err)
	}

	if err := cc.Organizations.Deactivate(ctx, created.ID); err != nil {
		t.Fatal(err)
	}
	inactive, err := cc.Organizations.List(ctx, certcentral.OrganizationListOptions{
		Status: certcentral.AnyOf(certcentral.OrganizationInactive),
	})
	if err != nil || len(inactive.Items) != 1 || inactive.Items[0].ID != created.ID {
		t.Errorf("inactive organizations: %+v, %v", inactive, err)
	}
	if err := cc.Organizations.Activate(ctx, created.ID); err != nil {
		t.Fatal(err)
	}

	r := ourOrder()
	r.Organization = certcentral.ExistingOrganization(created.ID, certcentral.VerifiedContact(grace))
	r.Payment = certcentral.PayByDefaultProfile()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	order, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if order.Organization.ID != created.ID || order.PaymentMethod != certcentral.PaymentMethodProfile {
		t.Errorf("order %+v", order)
	}

	// What an order tells is enough to order again.
	again := ourOrder()
	again.Individual = certcentral.ExistingIndividual(order.Certificate.IndividualID)
	again.Organization = certcentral.ExistingOrganization(order.Organization.ID)
	again.ShipInfo = order.ShipInfo
	again.Validity = order.Validity
	if placed, err = cc.Orders.PlacePKIoOrganisationPerson(ctx, again); err != nil {
		t.Fatal(err)
	}
	second, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(order.Certificate.Individual, second.Certificate.Individual); diff != "" {
		t.Errorf("individual (-first +second):\n%s", diff)
	}

	organization, err := cc.Organizations.Get(ctx, created.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(organization.VerifiedContacts) == 0 || organization.OrganizationContact.ID != 4313813 {
		t.Errorf("organization %+v", organization)
	}
}

// TestReadsAgainstMock calls every operation once on an account with one order.
func TestReadsAgainstMock(t *testing.T) {
	t.Parallel()
	cc := mocktest.Start(t, mockserver.WithApproval(true)).Client // so that there is a request
	r := ourOrder()
	r.Payment = certcentral.PayByCard(testCard(), testBilling)
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, read := range reads {
		if creates(read.operation) {
			continue
		}
		if _, err := read.call(t.Context(), cc); err != nil {
			t.Errorf("%s: %v", read.operation, err)
		}
	}
	profiles, err := cc.Finance.PaymentProfiles(t.Context(), certcentral.PaymentProfileListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(profiles.Items) != 2 || profiles.Items[1].Card.ShortenedNumber != "1111" || !profiles.Items[1].IsDefault {
		t.Errorf("after an order whose card is saved as the default: %+v", profiles.Items)
	}
}

func TestMistakesAgainstMock(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	if _, err := mock.Client.Orders.Get(t.Context(), 1); !errors.Is(err, certcentral.ErrNotFound) {
		t.Errorf("an unknown order: %v", err)
	}
	if _, err := mock.ClientFor(t, "invalid-key").Users.Me(t.Context()); !errors.Is(err, certcentral.ErrUnauthorized) {
		t.Errorf("a wrong key: %v", err)
	}
	lost := newClient(t, certcentral.WithBaseURL(mock.URL+"/v2"))
	_, err := lost.Users.Me(t.Context(), certcentral.WithRequestID("lost"))
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("not_found|route") || refused.RequestID != "lost" {
		t.Errorf("a wrong base URL: %#v", err)
	}
}
