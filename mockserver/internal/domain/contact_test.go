package domain_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

const (
	onVerified     = domain.VerifiedContactType
	onOrganization = domain.OrganizationContactType
	onTechnical    = domain.TechnicalContactType
)

func repeat(n int, contact domain.ContactInput) []domain.ContactInput {
	return slices.Repeat([]domain.ContactInput{contact}, n)
}

// TestContacts checks the contacts in orders for existing and new organizations, and in Create
// organization (D-19, D-20, D-31). The paths of the errors differ in their first members.
func TestContacts(t *testing.T) {
	t.Parallel()
	const admin, user = domain.SeedAdministrator, domain.SeedUser
	for name, tc := range map[string]struct {
		contacts []domain.ContactInput
		want     []fault // %s is the path of the contacts
		// needsVerified tells that orders have one more fault, the last one: a missing verified contact.
		needsVerified bool
	}{
		"none":            {nil, nil, true},
		"one verified":    {repeat(1, verified(admin)), nil, false},
		"fifteen":         {repeat(15, verified(admin)), nil, false},
		"sixteen":         {repeat(16, verified(admin)), []fault{{"too_many_verified_contacts", "%s"}}, false},
		"sixteen new":     {repeat(16, newContact(onVerified, "a")), []fault{{"too_many_verified_contacts", "%s"}}, false},
		"one of each":     {[]domain.ContactInput{verified(admin), contact(onOrganization, user), contact(onTechnical, user)}, nil, false},
		"unknown person":  {repeat(1, verified(5)), []fault{{"invalid_user", "%s[0].user_id"}}, false},
		"zero":            {repeat(1, verified(0)), []fault{{"invalid_user", "%s[0].user_id"}}, false},
		"not yet there":   {[]domain.ContactInput{verified(admin), verified(4313914)}, []fault{{"invalid_user", "%s[1].user_id"}}, false},
		"not verified":    {repeat(1, contact(onTechnical, user)), nil, true},
		"two technical":   {[]domain.ContactInput{contact(onTechnical, user), verified(user), contact(onTechnical, user)}, []fault{{"invalid_field", "%s[2].contact_type"}}, false},
		"two of the same": {[]domain.ContactInput{verified(admin), contact(onOrganization, admin), newContact(onOrganization, "b")}, []fault{{"invalid_field", "%s[2].contact_type"}}, false},
		"three":           {append(repeat(3, contact(onOrganization, admin)), verified(admin)), []fault{{"invalid_field", "%s[1].contact_type"}, {"invalid_field", "%s[2].contact_type"}}, false},
		"all at once": {
			append(repeat(16, verified(5)), contact(onOrganization, 6), contact(onOrganization, 7), contact(onTechnical, 8)),
			append(unknownUsers(16), fault{"invalid_user", "%s[16].user_id"}, fault{"invalid_field", "%s[17].contact_type"},
				fault{"invalid_user", "%s[17].user_id"}, fault{"invalid_user", "%s[18].user_id"}, fault{"too_many_verified_contacts", "%s"}),
			false,
		},
	} {
		want := func(path string, needsVerified bool) []fault {
			var faults []fault
			for _, f := range tc.want {
				faults = append(faults, fault{f.Code, sprintf(f.Path, path)})
			}
			if needsVerified {
				faults = append(faults, fault{domain.CodeMissingVerifiedContact, path})
			}
			return faults
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			before := a.snapshot()
			_, err := a.place(domain.Actor{UserID: admin}, today(), anOrder(withContacts(tc.contacts...)))
			checkFaults(t, err, want("organization.contacts", tc.needsVerified)...)
			if err != nil {
				if diff := cmp.Diff(before, a.snapshot()); diff != "" {
					t.Errorf("a refused order leaves something behind:\n%s", diff)
				}
			}
			b := openAccount(t, unlimited())
			_, err = b.place(domain.Actor{UserID: admin}, today(), anOrder(inNew(details("New")), withContacts(tc.contacts...)))
			checkFaults(t, err, want("organization.contacts", tc.needsVerified)...)
			c := openAccount(t, unlimited())
			_, err = c.create(domain.Actor{UserID: admin}, domain.NewOrganization{OrganizationDetails: details("New"), Contacts: tc.contacts})
			checkFaults(t, err, want("contacts", false)...)
		})
	}
}

func unknownUsers(n int) []fault {
	faults := make([]fault, n)
	for i := range faults {
		faults[i] = fault{"invalid_user", fmt.Sprintf("%%s[%d].user_id", i)}
	}
	return faults
}

func sprintf(format, path string) string {
	if format == "" {
		return ""
	}
	return fmt.Sprintf(format, path)
}

// TestServiceUsers pins that a service user cannot be the organization contact of a new organization (D-31).
func TestServiceUsers(t *testing.T) {
	t.Parallel()
	own := verified(domain.SeedAdministrator)
	for name, tc := range map[string]struct {
		contacts []domain.ContactInput
		refused  bool
	}{
		"without":             {[]domain.ContactInput{own}, true},
		"technical only":      {[]domain.ContactInput{own, contact(onTechnical, domain.SeedUser)}, true},
		"with":                {[]domain.ContactInput{own, contact(onOrganization, domain.SeedUser)}, false},
		"with a new person":   {[]domain.ContactInput{own, newContact(onOrganization, "a")}, false},
		"the service user is": {[]domain.ContactInput{own, contact(onOrganization, serviceUser().UserID)}, false},
	} {
		want := func(path string) []fault {
			if tc.refused {
				return []fault{{domain.CodeMissingOrganizationContact, path}}
			}
			return nil
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			_, err := a.place(serviceUser(), today(), anOrder(withContacts(tc.contacts...)))
			checkFaults(t, err) // the existing organization has an organization contact
			_, err = a.place(serviceUser(), today(), anOrder(inNew(details("New")), withContacts(tc.contacts...)))
			checkFaults(t, err, want("organization.contacts")...)
			_, err = a.create(serviceUser(), domain.NewOrganization{OrganizationDetails: details("Other"), Contacts: tc.contacts})
			checkFaults(t, err, want("contacts")...)
			root := newPerson("root")
			_, err = a.create(serviceUser(), domain.NewOrganization{OrganizationDetails: details("Third"), OrganizationContact: &root, Contacts: tc.contacts})
			checkFaults(t, err)
			// An unknown organization contact is the only fault: it is not also missing.
			unknown := []domain.ContactInput{own, contact(onOrganization, 5)}
			_, err = a.place(serviceUser(), today(), anOrder(inNew(details("Fourth")), withContacts(unknown...)))
			checkFaults(t, err, fault{domain.CodeInvalidUser, "organization.contacts[1].user_id"})
		})
	}
}

// TestContactsAreKept checks the stored contacts after an order (D-31, D-37, D-45).
func TestContactsAreKept(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	renamed := contact(onOrganization, domain.SeedUser)
	renamed.LastName = "Renamed"
	a.mustPlace(today(), anOrder(withContacts(
		verified(domain.SeedAdministrator), newContact(onVerified, "new"), verified(domain.SeedAdministrator), renamed, newContact(onTechnical, "tech"),
	)))
	organization := a.organization(domain.SeedOrganization)
	want := []domain.VerifiedContact{{ID: 1040245, PersonID: domain.SeedAdministrator}, {ID: 1040246, PersonID: 4313914}}
	if diff := cmp.Diff(want, organization.VerifiedContacts); diff != "" {
		t.Errorf("verified contacts (-want +got):\n%s", diff)
	}
	if organization.OrganizationContact != domain.SeedUser || organization.TechnicalContact != 4313915 {
		t.Errorf("contacts: %+v", organization)
	}
	a.read(func(r domain.Reader) {
		user, _ := r.Person(domain.SeedUser)
		if user.FirstName != "John" || user.LastName != "Renamed" || user.User == nil {
			t.Errorf("the user is %+v", user)
		}
		if users, total := r.Users(domain.UserQuery{Page: domain.Page{Limit: 10}}); total != 2 || len(users) != 2 {
			t.Errorf("a contact has become a user: %+v", users)
		}
	})
	// The next order adds and replaces contacts. The others stay.
	a.mustPlace(today(), anOrder(withContacts(verified(domain.SeedUser), newContact(onTechnical, "other"))))
	organization = a.organization(domain.SeedOrganization)
	want = append(want, domain.VerifiedContact{ID: 1040247, PersonID: domain.SeedUser})
	if diff := cmp.Diff(want, organization.VerifiedContacts); diff != "" {
		t.Errorf("verified contacts (-want +got):\n%s", diff)
	}
	if organization.OrganizationContact != domain.SeedUser || organization.TechnicalContact != 4313916 {
		t.Errorf("contacts: %+v", organization)
	}
}

// TestUpdatesWithinOneRequest names one person several times, with different names each time.
func TestUpdatesWithinOneRequest(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	first, second := verified(domain.SeedUser), contact(onTechnical, domain.SeedUser)
	first.FirstName, first.JobTitle, second.FirstName, second.Email = "First", "Job", "Second", "second@example.com"
	a.mustPlace(today(), anOrder(withContacts(first, second)))
	a.read(func(r domain.Reader) {
		got, _ := r.Person(domain.SeedUser)
		if got.FirstName != "Second" || got.JobTitle != "Job" || got.Email != "second@example.com" || got.LastName != "Smith" {
			t.Errorf("the later names win, and both count: %+v", got)
		}
	})
}

// TestSameChanges checks that the changes of a request are always in the same order: people in the order
// of the request, each of them once.
func TestSameChanges(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	renamed := contact(onTechnical, domain.SeedUser)
	renamed.LastName = "Renamed"
	again := verified(domain.SeedUser)
	again.FirstName = "Again"
	in := anOrder(withContacts(newContact(onVerified, "a"), renamed, newContact(onVerified, "b"), again, newContact(onOrganization, "c")))
	for range 10 {
		a.read(func(r domain.Reader) {
			_, changes, err := domain.PlaceOrder(r, admin(), today(), in)
			checkFaults(t, err)
			var ids []int64
			for _, person := range changes.People {
				ids = append(ids, person.ID)
			}
			if diff := cmp.Diff([]int64{4313914, domain.SeedUser, 4313915, 4313916}, ids); diff != "" {
				t.Errorf("people (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrderContacts checks the contacts at the root of an order, which are for this order only (D-27,
// D-37).
func TestOrderContacts(t *testing.T) {
	t.Parallel()
	named := domain.PersonInput{UserID: new(int64(domain.SeedUser)), FirstName: "Only", LastName: "Here"}
	fresh := newPerson("fresh")
	for name, tc := range map[string]struct {
		in   *domain.PersonInput
		want domain.Person // by name, of the order's organization contact
	}{
		"none":       {nil, domain.Person{ID: domain.SeedAdministrator, FirstName: "John", LastName: "Doe"}},
		"known":      {&domain.PersonInput{UserID: new(int64(domain.SeedUser))}, domain.Person{ID: domain.SeedUser, FirstName: "John", LastName: "Smith"}},
		"with names": {&named, domain.Person{ID: domain.SeedUser, FirstName: "Only", LastName: "Here"}},
		"new":        {&fresh, domain.Person{FirstName: "fresh", LastName: "Jansen"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			before := a.snapshot()
			order := a.mustPlace(today(), anOrder(func(in *domain.OrderRequest) { in.OrganizationContact, in.TechnicalContact = tc.in, tc.in }))
			a.read(func(r domain.Reader) {
				got := domain.Contact(r, order.OrganizationContact)
				if got.ID != tc.want.ID || got.FirstName != tc.want.FirstName || got.LastName != tc.want.LastName {
					t.Errorf("contact: got %+v, want %+v", got, tc.want)
				}
				technical := domain.Contact(r, order.TechnicalContact)
				if tc.in != nil && technical != got {
					t.Errorf("technical contact: got %+v, want %+v", technical, got)
				}
			})
			if diff := cmp.Diff(before.People, a.snapshot().People); diff != "" {
				t.Errorf("people (-before +after):\n%s", diff)
			}
			if got := a.organization(domain.SeedOrganization).OrganizationContact; got != domain.SeedAdministrator {
				t.Errorf("the organization's contact is now %d", got)
			}
		})
	}
}

// TestRootContactOfCreate checks the older form of Create organization, and that the newer form
// overrides it (D-25).
func TestRootContactOfCreate(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	root := domain.PersonInput{UserID: new(int64(domain.SeedUser)), JobTitle: "Boss"}
	id := a.mustCreate(domain.NewOrganization{OrganizationDetails: details("A"), OrganizationContact: &root})
	if got := a.organization(id).OrganizationContact; got != domain.SeedUser {
		t.Errorf("contact: got %d", got)
	}
	id = a.mustCreate(domain.NewOrganization{
		OrganizationDetails: details("B"), OrganizationContact: &root,
		Contacts: []domain.ContactInput{contact(onOrganization, domain.SeedAdministrator)},
	})
	if got := a.organization(id).OrganizationContact; got != domain.SeedAdministrator {
		t.Errorf("contact: got %d", got)
	}
	id = a.mustCreate(domain.NewOrganization{OrganizationDetails: details("C")})
	if got := a.organization(id).OrganizationContact; got != domain.SeedAdministrator {
		t.Errorf("the user who sends the request is the contact by default: got %d", got)
	}
	_, err := a.create(admin(), domain.NewOrganization{OrganizationDetails: details("D"), OrganizationContact: &domain.PersonInput{UserID: new(int64(1))}})
	checkFaults(t, err, fault{domain.CodeInvalidUser, "organization_contact.user_id"})
}
