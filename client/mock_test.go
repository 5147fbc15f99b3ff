package client_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestOrganizationAgainstMock creates, deactivates and activates an organization, and places an
// order for it.
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

	// The data of an order is sufficient for another order.
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

// TestReadsAgainstMock calls every operation once on an account with one order, which has no
// certificate yet.
func TestReadsAgainstMock(t *testing.T) {
	t.Parallel()
	cc := mocktest.Start(t, mockserver.WithApproval(mockserver.ApprovalOn)).Client // so that there is a request
	r := ourOrder()
	r.Payment = certcentral.PayByCard(testCard(), testBilling)
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for _, read := range reads {
		if changes(t, read.operation) || read.operation == "getCertificateChain" {
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
	if _, err := mock.ClientFor(t, "invalid-key").Users.GetCurrent(t.Context()); !errors.Is(err, certcentral.ErrUnauthorized) {
		t.Errorf("a wrong key: %v", err)
	}
	lost := newClient(t, certcentral.WithBaseURL(mock.URL+"/v2"))
	_, err := lost.Users.GetCurrent(t.Context(), certcentral.WithRequestID("lost"))
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("not_found|route") || refused.RequestID != "lost" {
		t.Errorf("a wrong base URL: %#v", err)
	}
}

// TestAccountAgainstMock checks that the mock understands what the client sends: periods, filters
// and ids of orders.
func TestAccountAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t).Client, t.Context()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, ourOrder())
	if err != nil {
		t.Fatal(err)
	}
	order, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	created, hour := order.DateCreated, time.Hour
	changes, err := cc.Orders.StatusChanges(ctx, certcentral.During(created.Add(-hour), created.Add(hour)))
	if err != nil || len(changes) != 1 || changes[0].OrderID != placed.ID {
		t.Errorf("within the window: %v, %v", changes, err)
	}
	changes, err = cc.Orders.StatusChanges(ctx, certcentral.During(created.Add(-2*hour), created.Add(-hour)))
	if err != nil || len(changes) != 0 {
		t.Errorf("before: %v, %v", changes, err)
	}
	_, err = cc.Orders.StatusChanges(ctx, certcentral.During(created.Add(-8*24*hour), created))
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("time_frame_too_long") {
		t.Errorf("eight days: %v", err)
	}
	if _, err := cc.Orders.GetBySerialNumber(ctx, "0A:1B"); !errors.Is(err, certcentral.ErrNotFound) {
		t.Errorf("an unknown serial number: %v", err)
	}

	today := certcentral.DateOf(created.UTC())
	for name, tt := range map[string]struct {
		filter certcentral.OrderListOptions
		want   int64
	}{
		"on the day":       {certcentral.OrderListOptions{DateCreated: certcentral.On(today)}, 1},
		"since the day":    {certcentral.OrderListOptions{DateCreated: certcentral.Since(today)}, 1},
		"until the day":    {certcentral.OrderListOptions{DateCreated: certcentral.Until(today)}, 1},
		"since the second": {certcentral.OrderListOptions{DateCreated: certcentral.Since(created)}, 1},
		"until the second": {certcentral.OrderListOptions{DateCreated: certcentral.Until(created)}, 1},
		"that second":      {certcentral.OrderListOptions{DateCreated: certcentral.Between(created, created)}, 1},
		"later":            {certcentral.OrderListOptions{DateCreated: certcentral.Since(created.Add(hour))}, 0},
		"earlier":          {certcentral.OrderListOptions{DateCreated: certcentral.Until(created.Add(-hour))}, 0},
		"from the id":      {certcentral.OrderListOptions{ID: certcentral.IDsFrom(placed.ID)}, 1},
		"up to the id":     {certcentral.OrderListOptions{ID: certcentral.IDsUpTo(placed.ID)}, 1},
		"beyond the id":    {certcentral.OrderListOptions{ID: certcentral.IDsFrom(placed.ID + 1)}, 0},
		"the name":         {certcentral.OrderListOptions{CommonName: certcentral.Exactly("ada voorbeeld")}, 1},
		"part of the name": {certcentral.OrderListOptions{CommonName: certcentral.Contains("nobody", "voor")}, 1},
		"not renewed":      {certcentral.OrderListOptions{IsRenewed: certcentral.No}, 1},
		"renewed":          {certcentral.OrderListOptions{IsRenewed: certcentral.Yes}, 0},
	} {
		page, err := cc.Orders.List(ctx, tt.filter)
		if err != nil || page.Total != tt.want {
			t.Errorf("%s: %d orders, %v; want %d", name, page.Total, err, tt.want)
		}
	}
}
