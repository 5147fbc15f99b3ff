package domain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestDetailsKey checks the members that are compared to find equal organizations, and that case and
// outer spaces are ignored (D-32).
func TestDetailsKey(t *testing.T) {
	t.Parallel()
	base := details("Example")
	for name, tc := range map[string]struct {
		change func(*domain.OrganizationDetails)
		same   bool
	}{
		"itself":         {func(*domain.OrganizationDetails) {}, true},
		"name":           {func(d *domain.OrganizationDetails) { d.Name = "Other" }, false},
		"case":           {func(d *domain.OrganizationDetails) { d.Name, d.City, d.Country = "eXAMPLE", "DELFT", "NL" }, true},
		"blanks":         {func(d *domain.OrganizationDetails) { d.Name, d.Address = " Example\t", "Kade 1\n" }, true},
		"inner blanks":   {func(d *domain.OrganizationDetails) { d.Address = "Kade  1" }, false},
		"assumed name":   {func(d *domain.OrganizationDetails) { d.AssumedName = "x" }, false},
		"address":        {func(d *domain.OrganizationDetails) { d.Address = "Kade 2" }, false},
		"second address": {func(d *domain.OrganizationDetails) { d.Address2 = "x" }, true},
		"city":           {func(d *domain.OrganizationDetails) { d.City = "x" }, false},
		"state":          {func(d *domain.OrganizationDetails) { d.State = "x" }, false},
		"zip":            {func(d *domain.OrganizationDetails) { d.Zip = "x" }, true},
		"country":        {func(d *domain.OrganizationDetails) { d.Country = "be" }, false},
		"telephone":      {func(d *domain.OrganizationDetails) { d.Telephone = "x" }, true},
		"moved over":     {func(d *domain.OrganizationDetails) { d.Name, d.AssumedName = "", "Example" }, false},
	} {
		other := base
		tc.change(&other)
		if got := other.Key() == base.Key(); got != tc.same {
			t.Errorf("%s: same is %v", name, got)
		}
		_, err := func() (int64, error) {
			a := openAccount(t, unlimited())
			a.mustCreate(domain.NewOrganization{OrganizationDetails: base})
			return a.create(admin(), domain.NewOrganization{OrganizationDetails: other})
		}()
		if tc.same {
			checkFaults(t, err, fault{domain.CodeDuplicateOrganization, ""})
		} else {
			checkFaults(t, err)
		}
	}
}

// TestOrderOfMatchingDetails checks the organization of an order that has details and no id (D-32).
func TestOrderOfMatchingDetails(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	first := a.mustCreate(domain.NewOrganization{OrganizationDetails: details("Twin")})
	second := a.mustCreate(domain.NewOrganization{OrganizationDetails: details("TWIN"), SkipDuplicateCheck: true})
	order := func(skip bool) (domain.Placed, error) {
		return a.place(admin(), today(), anOrder(inNew(details(" twin ")), func(in *domain.OrderRequest) { in.SkipDuplicateCheck = skip }))
	}
	check := func(placed domain.Placed, err error, organization int64, created bool) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if (placed.OrganizationID != 0) != created || created && placed.OrganizationID != organization {
			t.Errorf("placed: %+v", placed)
		}
		a.read(func(r domain.Reader) {
			if got, _ := r.Order(placed.OrderID); got.OrganizationID != organization {
				t.Errorf("organization: got %d, want %d", got.OrganizationID, organization)
			}
		})
		a.setStatus(placed.OrderID, domain.StatusIssued)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	placed, err := order(false)
	check(placed, err, first, false) // the oldest one
	must(a.deactivate(first))
	placed, err = order(false)
	check(placed, err, second, false) // an active one before an inactive one
	must(a.deactivate(second))
	_, err = order(false)
	checkFaults(t, err, fault{domain.CodeInactiveOrganization, "organization"})
	placed, err = order(true)
	check(placed, err, second+1, true)
	must(a.activate(first))
	placed, err = order(false)
	check(placed, err, first, false)
	if got := a.organization(second + 1); got.Country != "nl" || got.Name != " twin " || !got.Active {
		t.Errorf("the new organization: %+v", got)
	}
}

// TestContactsOfMatchingDetails checks that an order whose details match an organization adds its
// contacts to it.
func TestContactsOfMatchingDetails(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.mustPlace(today(), anOrder(inNew(details("Twin")), withContacts(verified(domain.SeedUser))))
	a.mustPlace(today(), anOrder(inNew(details("Twin")), withContacts())) // a second order needs no verified contact
	a.mustPlace(today(), anOrder(inNew(details("Twin")), withContacts(verified(domain.SeedAdministrator))))
	if got := a.organization(domain.SeedOrganization + 1).VerifiedContacts; len(got) != 2 {
		t.Errorf("verified contacts: %+v", got)
	}
	if got := len(a.snapshot().Organizations); got != 2 {
		t.Errorf("%d organizations", got)
	}
}

// TestNames checks the greatest length of name and assumed name together (D-51).
func TestNames(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, assumed string
		ok            bool
	}{
		{strings.Repeat("n", 64), "", true},
		{strings.Repeat("n", 60), "a", true},
		{strings.Repeat("n", 61), "a", false},
		{"n", strings.Repeat("a", 60), true},
		{"n", strings.Repeat("a", 61), false},
		{strings.Repeat("é", 30), strings.Repeat("😀", 31), true}, // characters, not bytes
		{strings.Repeat("é", 31), strings.Repeat("😀", 31), false},
	} {
		t.Run(fmt.Sprintf("%d and %d", len([]rune(tc.name)), len([]rune(tc.assumed))), func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			d := details(tc.name)
			d.AssumedName = tc.assumed
			_, placeErr := a.place(admin(), today(), anOrder(inNew(d)))
			_, createErr := a.create(admin(), domain.NewOrganization{OrganizationDetails: d, SkipDuplicateCheck: true})
			if tc.ok {
				checkFaults(t, placeErr)
				checkFaults(t, createErr)
				return
			}
			checkFaults(t, placeErr, fault{domain.CodeInvalidField, "organization.assumed_name"})
			checkFaults(t, createErr, fault{domain.CodeInvalidField, "assumed_name"})
		})
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]domain.OrganizationDetails{"A": {Name: "A"}, "A (B)": {Name: "A", AssumedName: "B"}} {
		if got := d.DisplayName(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestCreateOrganization checks a created organization, and that its first order needs a verified contact.
func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	d := details("New")
	d.Country = "NL"
	id := a.mustCreate(domain.NewOrganization{OrganizationDetails: d, Contacts: []domain.ContactInput{verified(domain.SeedUser)}})
	want := domain.Organization{
		ID: domain.SeedOrganization + 1, OrganizationDetails: details("New"), Active: true, OrganizationContact: domain.SeedAdministrator,
		VerifiedContacts: []domain.VerifiedContact{{ID: 1040245, PersonID: domain.SeedUser}},
	}
	if diff := cmp.Diff(want, a.organization(id)); diff != "" {
		t.Errorf("organization (-want +got):\n%s", diff)
	}
	ordered := func(contacts ...domain.ContactInput) error {
		_, err := a.place(admin(), today(), anOrder(withContacts(contacts...), func(in *domain.OrderRequest) { in.OrganizationID = &id }))
		return err
	}
	checkFaults(t, ordered(), fault{domain.CodeMissingVerifiedContact, "organization.contacts"})
	checkFaults(t, ordered(contact(onTechnical, domain.SeedUser)), fault{domain.CodeMissingVerifiedContact, "organization.contacts"})
	checkFaults(t, ordered(verified(domain.SeedUser)))
	checkFaults(t, ordered())
}

// TestDeactivation checks the states of an order in which its organization cannot be deactivated (D-40).
func TestDeactivation(t *testing.T) {
	t.Parallel()
	for status, blocks := range map[domain.Status]bool{
		domain.StatusNeedsApproval: true, domain.StatusPending: true, domain.StatusProcessing: true, domain.StatusReissuePending: true,
		domain.StatusWaitingPickup: false, domain.StatusIssued: false, domain.StatusRejected: false, domain.StatusCanceled: false,
		domain.StatusRevoked: false, domain.StatusExpired: false, "a state of tomorrow": false,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			if status.Unfinished() != blocks {
				t.Errorf("unfinished: %v", !blocks)
			}
			a := openAccount(t, unlimited())
			order := a.mustPlace(today(), anOrder())
			a.setStatus(order.ID, status)
			err := a.deactivate(domain.SeedOrganization)
			if !blocks {
				checkFaults(t, err)
				if a.organization(domain.SeedOrganization).Active {
					t.Error("still active")
				}
				return
			}
			checkFaults(t, err, fault{domain.CodeOrganizationInUse, ""})
			if !a.organization(domain.SeedOrganization).Active {
				t.Error("no longer active")
			}
		})
	}
}

func TestActivation(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	before := a.organization(domain.SeedOrganization)
	for range 2 { // a second call is no error
		checkFaults(t, a.deactivate(domain.SeedOrganization))
	}
	_, err := a.place(admin(), today(), anOrder())
	checkFaults(t, err, fault{domain.CodeInactiveOrganization, "organization.id"})
	for range 2 {
		checkFaults(t, a.activate(domain.SeedOrganization))
	}
	if diff := cmp.Diff(before, a.organization(domain.SeedOrganization)); diff != "" {
		t.Errorf("something else has changed:\n%s", diff)
	}
	a.mustPlace(today(), anOrder())
	for _, err := range []error{a.activate(1), a.deactivate(1), a.activate(0), a.deactivate(-1)} {
		checkFaults(t, err, fault{domain.CodeOrganizationNotFound, ""})
	}
	if err := a.deactivate(1); !errors.Is(err, &domain.Error{Code: domain.CodeOrganizationNotFound}) {
		t.Errorf("errors.Is does not know %v", err)
	}
}

// TestDeletion checks that the first organization and organizations with orders in any state cannot be
// deleted (D-61).
func TestDeletion(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	remove := func(id int64) error {
		return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.DeleteOrganization(r, id) })
	}
	checkFaults(t, remove(1), fault{domain.CodeOrganizationNotFound, ""})
	checkFaults(t, remove(domain.SeedOrganization), fault{domain.CodeOrganizationInUse, ""})
	id := a.mustCreate(domain.NewOrganization{OrganizationDetails: details("New"), Contacts: []domain.ContactInput{newContact(onVerified, "grace")}})
	order := a.mustPlace(today(), anOrder(func(in *domain.OrderRequest) { in.OrganizationID = &id }))
	for _, status := range []domain.Status{
		domain.StatusNeedsApproval, domain.StatusPending, domain.StatusIssued, domain.StatusRejected, domain.StatusCanceled,
		domain.StatusRevoked, domain.StatusExpired,
	} {
		a.setStatus(order.ID, status)
		checkFaults(t, remove(id), fault{domain.CodeOrganizationInUse, ""})
	}

	in := domain.NewOrganization{OrganizationDetails: details("Short-lived"), Contacts: []domain.ContactInput{newContact(onTechnical, "alan")}}
	before := a.snapshot()
	id = a.mustCreate(in)
	if err := a.deactivate(id); err != nil { // an inactive one can be deleted too
		t.Fatal(err)
	}
	checkFaults(t, remove(id))
	after := a.snapshot()
	if diff := cmp.Diff(before.Organizations, after.Organizations); diff != "" {
		t.Errorf("organizations (-before +after):\n%s", diff)
	}
	if len(after.People) != len(before.People)+1 {
		t.Errorf("the contact has gone with the organization: %+v", after.People)
	}
	checkFaults(t, remove(id), fault{domain.CodeOrganizationNotFound, ""})
	if again := a.mustCreate(in); again != id+1 { // its details are free again, its id is not
		t.Errorf("created %d after %d", again, id)
	}
}
