package domain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func unknownIndividual(in *domain.OrderRequest)   { in.IndividualID = new(int64(99)) }
func unknownOrganization(in *domain.OrderRequest) { in.OrganizationID = new(int64(99)) }
func anotherDay(in *domain.OrderRequest)          { in.Validity = until("31 FEB 2027") }

func orderContacts(id int64) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) {
		in.OrganizationContact, in.TechnicalContact = &domain.PersonInput{UserID: &id}, &domain.PersonInput{UserID: &id}
	}
}

// TestFaultsInOrder breaks many rules at once: the refusal has all faults, in the order of the contract
// (D-29).
func TestFaultsInOrder(t *testing.T) {
	t.Parallel()
	expired := aCard()
	expired.ExpirationYear = 2020
	individual := fault{"invalid_individual", "certificate.individual.id"}
	atRoot := []fault{{"invalid_user", "organization_contact.user_id"}, {"invalid_user", "technical_contact.user_id"}}
	date := fault{"invalid_field", "order_validity.custom_expiration_date"}
	long := details(strings.Repeat("n", 60))
	long.AssumedName = "ab"
	inactive := func(a *account) {
		if err := a.deactivate(domain.SeedOrganization); err != nil {
			t.Fatal(err)
		}
	}
	for name, tc := range map[string]struct {
		prepare func(*account)
		change  []func(*domain.OrderRequest)
		want    []fault
	}{
		"everything, unknown organization": {
			nil,
			[]func(*domain.OrderRequest){
				unknownIndividual, unknownOrganization, withContacts(contact(onTechnical, 6), contact(onTechnical, 7)), orderContacts(5),
				anotherDay, byCard(expired),
			},
			append(append([]fault{
				individual,
				{"invalid_organization", "organization.id"}, // without a known organization there is no check of verified contacts
				{"invalid_user", "organization.contacts[0].user_id"},
				{"invalid_field", "organization.contacts[1].contact_type"},
				{"invalid_user", "organization.contacts[1].user_id"},
			}, atRoot...), date,
				fault{"invalid_field", "credit_card.expiration_year"}),
		},
		"everything, inactive organization": {
			inactive,
			[]func(*domain.OrderRequest){
				unknownIndividual, withContacts(verified(6), contact(onTechnical, 7)), orderContacts(5), anotherDay, byProfile(new(int64(8))),
			},
			append(append([]fault{
				individual,
				{"inactive_organization", "organization.id"},
				{"invalid_user", "organization.contacts[0].user_id"},
				{"invalid_user", "organization.contacts[1].user_id"},
			}, atRoot...), date, fault{"invalid_field", "payment_profile.id"}),
		},
		"everything, new organization": {
			nil,
			[]func(*domain.OrderRequest){unknownIndividual, inNew(long), withContacts(contact(onOrganization, 5)), orderContacts(5)},
			append(append([]fault{
				individual,
				{"invalid_field", "organization.assumed_name"},
				{"invalid_user", "organization.contacts[0].user_id"},
				{"missing_verified_contact", "organization.contacts"},
			}, atRoot...), fault{"insufficient_funds", ""}),
		},
		"inactive and never ordered for": {
			inactive,
			[]func(*domain.OrderRequest){withContacts(), byProfile(nil)},
			[]fault{{"inactive_organization", "organization.id"}, {"missing_verified_contact", "organization.contacts"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, domain.Funds{}) // no funds at all
			if tc.prepare != nil {
				tc.prepare(a)
			}
			before := a.snapshot()
			_, err := a.place(admin(), today(), anOrder(tc.change...))
			checkFaults(t, err, tc.want...)
			if diff := cmp.Diff(before, a.snapshot()); diff != "" {
				t.Errorf("a refused order leaves something behind:\n%s", diff)
			}
			for _, f := range tc.want {
				if !errors.Is(err, &domain.Error{Code: f.Code}) {
					t.Errorf("errors.Is does not find %s", f.Code)
				}
			}
			if errors.Is(err, &domain.Error{Code: "another"}) || !strings.Contains(err.Error(), tc.want[0].Code) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

// TestContainer checks that an order can only name the one container (D-65).
func TestContainer(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	in := func(id int64) domain.OrderRequest {
		return anOrder(func(in *domain.OrderRequest) { in.ContainerID = &id })
	}
	a.mustPlace(today(), in(domain.ContainerID))
	_, err := a.place(admin(), today(), in(domain.ContainerID+1))
	checkFaults(t, err, fault{domain.CodeInvalidField, "container.id"})
}

func TestCreateFaultsInOrder(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	d := details(strings.Repeat("n", 60))
	a.mustCreate(domain.NewOrganization{OrganizationDetails: d})
	_, err := a.create(serviceUser(), domain.NewOrganization{
		OrganizationDetails: d, OrganizationContact: &domain.PersonInput{UserID: new(int64(5))},
		Contacts: []domain.ContactInput{verified(6)},
	})
	checkFaults(t, err, fault{"duplicate_organization", ""}, fault{"invalid_user", "organization_contact.user_id"},
		fault{"invalid_user", "contacts[0].user_id"}) // the organization contact is unknown, not missing
}

// TestNothingIsRepeated checks that no message contains a value of the request.
func TestNothingIsRepeated(t *testing.T) {
	t.Parallel()
	const secret = 987_654_321_012_345
	a := openAccount(t, domain.Funds{})
	for _, payment := range []func(*domain.OrderRequest){byProfile(new(int64(secret))), byCard(domain.Card{Number: "4987654321012345", ExpirationMonth: 1})} {
		for _, to := range []int64{secret, domain.SeedOrganization} {
			_, err := a.place(admin(), today(), anOrder(payment, orderContacts(secret), withContacts(verified(secret)), func(in *domain.OrderRequest) {
				in.IndividualID, in.OrganizationID, in.Validity = new(int64(secret)), &to, until("31 FEB 2027")
			}))
			if err == nil || strings.Contains(err.Error(), "987654321") || strings.Contains(err.Error(), "31 FEB") {
				t.Errorf("error: %v", err)
			}
		}
	}
}

// TestPlaceOrder checks a whole stored order.
func TestPlaceOrder(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	cet := time.FixedZone("CET", 3600)
	individual := domain.Individual{FirstName: "Ada", LastName: "Boole", Email: "a@b", Telephone: "1", Country: "NL", State: "s", City: "c", Zip: "z"}
	placed, err := a.place(admin(), today().In(cet), anOrder(func(in *domain.OrderRequest) {
		in.IndividualID, in.Individual, in.RSASSAPSS = nil, individual, true
		in.Shipping.Method = domain.Expedited
	}))
	if err != nil {
		t.Fatal(err)
	}
	if want := (domain.Placed{OrderID: 843668399, CertificateID: 845503702}); placed != want {
		t.Errorf("placed: got %+v, want %+v", placed, want)
	}
	want := domain.Order{
		ID: 843668399, CertificateID: 845503702, Product: "pkio_organisation_person", Status: domain.StatusPending, Created: today(), StatusChanged: today(),
		UserID: domain.SeedAdministrator, OrganizationID: domain.SeedOrganization, IndividualID: 22, ProfileOption: "encryption", RSASSAPSS: true,
		Shipping:            domain.Shipping{Name: "John", Addr1: "A", City: "C", State: "S", Zip: "Z", Country: "nl", Method: "EXPEDITED"},
		OrganizationContact: domain.OrderContact{PersonID: domain.SeedAdministrator},
		VerifiedContacts:    []domain.VerifiedContact{{ID: 1040245, PersonID: domain.SeedAdministrator}},
		Validity:            domain.Validity{Years: 1}, ValidityYears: 1, PaymentMethod: domain.PayByBalance, Price: 350_00,
	}
	after := a.snapshot()
	if diff := cmp.Diff([]domain.Order{want}, after.Orders); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
	if after.Orders[0].Created.Location() != time.UTC {
		t.Errorf("created in %v", after.Orders[0].Created.Location())
	}
	individual.ID = 22
	if diff := cmp.Diff(individual, after.Individuals[1]); diff != "" || individual.CommonName() != "Ada Boole" {
		t.Errorf("individual (-want +got):\n%s", diff)
	}
	wantSequences := domain.Sequences{
		Order: 843668400, Certificate: 845503703, Organization: 1920074, Person: 4313914, VerifiedContact: 1040246, Individual: 23, PaymentProfile: 1002,
		Request: 1, Note: 1, Adjustment: 2, Receipt: 1,
	}
	if diff := cmp.Diff(wantSequences, after.Sequences); diff != "" {
		t.Errorf("sequences (-want +got):\n%s", diff)
	}
}

// TestIndividuals checks that an id overrides a description, and that a description always makes a new
// individual (D-22).
func TestIndividuals(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	same := domain.Individual{FirstName: "Jane", LastName: "Doe"}
	order := a.mustPlace(today(), anOrder(func(in *domain.OrderRequest) { in.Individual = same }))
	if order.IndividualID != domain.SeedIndividual {
		t.Errorf("the id does not win: %d", order.IndividualID)
	}
	for want := int64(22); want < 25; want++ {
		order := a.mustPlace(today(), anOrder(func(in *domain.OrderRequest) { in.IndividualID, in.Individual = nil, same }))
		if order.IndividualID != want {
			t.Errorf("individual: got %d, want %d", order.IndividualID, want)
		}
	}
	if got := a.snapshot().Individuals; len(got) != 4 || got[0].Email != "jane.doe@example.com" {
		t.Errorf("individuals: %+v", got)
	}
}

// TestOrderKeepsItsContacts holds that later orders do not change the verified contacts of an earlier one.
func TestOrderKeepsItsContacts(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	orders := make([]domain.Order, 20)
	for i := range orders {
		orders[i] = a.mustPlace(today(), anOrder(withContacts(newContact(onVerified, fmt.Sprintf("p%d", i)))))
		if _, err := a.place(admin(), today(), anOrder(unknownIndividual, withContacts(newContact(onVerified, "refused")))); err == nil {
			t.Fatal("not refused")
		}
	}
	for i, order := range orders {
		if len(order.VerifiedContacts) != i+1 {
			t.Errorf("order %d has %d verified contacts", i, len(order.VerifiedContacts))
		}
		for j, contact := range order.VerifiedContacts {
			if want := (domain.VerifiedContact{ID: 1040245 + int64(j), PersonID: 4313914 + int64(j)}); contact != want {
				t.Errorf("order %d, contact %d: got %+v, want %+v", i, j, contact, want)
			}
		}
	}
	if diff := cmp.Diff(orders, a.snapshot().Orders); diff != "" {
		t.Errorf("orders have changed (-placed +now):\n%s", diff)
	}
}

func TestFindOrder(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.read(func(r domain.Reader) {
		_, err := domain.FindOrder(r, 843668399)
		checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
	})
	checkFaults(t, domain.OrderNotFound(), fault{domain.CodeOrderNotFound, ""})
}

// TestSeed checks that two seeds share no memory, so that accounts do not.
func TestSeed(t *testing.T) {
	t.Parallel()
	first, second := domain.Seed(domain.DefaultSettings(), unlimited(), today()), domain.Seed(domain.DefaultSettings(), unlimited(), today())
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	first.People[0].User.Username, first.Sequences.Order, first.Organizations[0].Name, first.Funds.Balance = "x", 1, "x", 1
	if diff := cmp.Diff(second, domain.Seed(domain.DefaultSettings(), unlimited(), today())); diff != "" {
		t.Errorf("a seed shares memory with another one:\n%s", diff)
	}
}
