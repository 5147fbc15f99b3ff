package domain_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

const accountID domain.AccountID = "account"

// today is the time of a test, unless the test uses another one.
func today() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

func admin() domain.Actor {
	return domain.Actor{Account: accountID, UserID: domain.SeedAdministrator, Role: domain.Administrator()}
}

func serviceUser() domain.Actor {
	return domain.Actor{Account: accountID, UserID: domain.SeedUser, ServiceUser: true}
}

func unlimited() domain.Funds { return domain.Funds{Unlimited: true} }

// manual are the settings of a manual life, without approvals.
func manual() domain.Settings {
	return domain.Settings{Approval: domain.ApprovalOff, Life: domain.Manual}
}

// An account is a seeded account with a manual life, in a store of its own.
type account struct {
	testing.TB
	store   store.Store
	revoked []domain.Revocation // the messages to the certificate authority
}

func openAccount(tb testing.TB, funds domain.Funds) *account {
	tb.Helper()
	a := &account{TB: tb, store: store.NewMemory(store.DefaultLimits())}
	if err := a.store.Open(tb.Context(), accountID, func() domain.Changes { return domain.Seed(manual(), funds, today()) }); err != nil {
		tb.Fatal(err)
	}
	return a
}

// decide applies a use case. It checks that a refusal has no changes, and that changes have no
// entity twice.
func (a *account) decide(decide func(domain.Reader) (domain.Changes, error)) error {
	a.Helper()
	return a.store.Update(a.Context(), accountID, func(r domain.Reader) (domain.Changes, error) {
		changes, err := decide(r)
		if err != nil && !reflect.ValueOf(changes).IsZero() {
			a.Errorf("refused with %v, and yet wants %+v", err, changes)
		}
		once(a, "orders", changes.Orders, func(o domain.Order) int64 { return o.ID })
		once(a, "certificates", changes.Certificates, func(c domain.Certificate) int64 { return c.ID })
		once(a, "requests", changes.Requests, func(r domain.Request) int64 { return r.ID })
		a.revoked = append(a.revoked, changes.Revocations...)
		return changes, err
	})
}

func once[T any](tb testing.TB, what string, entities []T, id func(T) int64) {
	tb.Helper()
	seen := map[int64]bool{}
	for _, entity := range entities {
		if seen[id(entity)] {
			tb.Errorf("changes name one of the %s twice: %d", what, id(entity))
		}
		seen[id(entity)] = true
	}
}

func (a *account) read(read func(domain.Reader)) {
	a.Helper()
	err := a.store.View(a.Context(), accountID, func(r domain.Reader) error {
		read(r)
		return nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

func (a *account) place(actor domain.Actor, now time.Time, in domain.OrderRequest) (placed domain.Placed, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		placed, changes, err = domain.PlaceOrder(r, actor, now, in)
		return changes, err
	})
	return placed, err
}

// mustPlace places an order that has to be accepted, and returns the stored order.
func (a *account) mustPlace(now time.Time, in domain.OrderRequest) domain.Order {
	a.Helper()
	placed, err := a.place(admin(), now, in)
	if err != nil {
		a.Fatalf("order refused: %v", err)
	}
	var order domain.Order
	a.read(func(r domain.Reader) { order, err = domain.FindOrder(r, placed.OrderID) })
	if err != nil {
		a.Fatal(err)
	}
	return order
}

func (a *account) create(actor domain.Actor, in domain.NewOrganization) (id int64, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		id, changes, err = domain.CreateOrganization(r, actor, today(), in)
		return changes, err
	})
	return id, err
}

func (a *account) mustCreate(in domain.NewOrganization) int64 {
	a.Helper()
	id, err := a.create(admin(), in)
	if err != nil {
		a.Fatalf("organization refused: %v", err)
	}
	return id
}

func (a *account) activate(id int64) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.ActivateOrganization(r, id) })
}

func (a *account) deactivate(id int64) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.DeactivateOrganization(r, id) })
}

// set changes the settings of the account.
func (a *account) set(settings domain.Settings) {
	a.Helper()
	err := a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.ChangeSettings(r, today(), domain.SettingsChange{
			Approval: &settings.Approval, Life: &settings.Life, TokenChain: &settings.TokenChain, Tolerance: &settings.Tolerance,
		}), nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

// resolve decides a request as the administrator.
func (a *account) resolve(request int64, to domain.RequestStatus) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.DecideRequest(r, admin(), today(), request, to, "")
	})
}

// setStatus puts an order into any state, without a use case.
func (a *account) setStatus(id int64, status domain.Status) {
	a.Helper()
	err := a.decide(func(r domain.Reader) (domain.Changes, error) {
		order, err := domain.FindOrder(r, id)
		if err != nil {
			return domain.Changes{}, err
		}
		order.Status = status
		return domain.Changes{Orders: []domain.Order{order}}, nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

func (a *account) organization(id int64) domain.Organization {
	a.Helper()
	var organization domain.Organization
	var err error
	a.read(func(r domain.Reader) { organization, err = domain.FindOrganization(r, id) })
	if err != nil {
		a.Fatal(err)
	}
	return organization
}

// A snapshot is the whole contents of an account.
type snapshot struct {
	Sequences     domain.Sequences
	Funds         domain.Funds
	Organizations []domain.Organization
	People        []domain.Person
	Individuals   []domain.Individual
	Orders        []domain.Order
	Certificates  []domain.Certificate
	Profiles      []domain.PaymentProfile
	Settings      domain.Settings
	Requests      []domain.Request
	Adjustments   []domain.Adjustment
}

func (a *account) snapshot() snapshot {
	a.Helper()
	everything := domain.Page{Limit: 1 << 20}
	var s snapshot
	a.read(func(r domain.Reader) {
		s.Sequences, s.Settings, s.Funds = r.Sequences(), r.Settings(), r.Funds()
		s.Organizations, _ = r.Organizations(domain.OrganizationQuery{Page: everything})
		s.Orders, _ = r.Orders(domain.OrderQuery{Page: everything})
		for _, order := range s.Orders {
			s.Certificates = append(s.Certificates, r.CertificatesOfOrder(order.ID)...)
		}
		s.Profiles, _ = r.PaymentProfiles(everything)
		s.Requests, _ = r.Requests(domain.RequestQuery{Page: everything})
		s.Adjustments, _ = r.Adjustments(everything)
		s.People, s.Individuals = r.People(), r.Individuals(1<<20)
	})
	return s
}

// A fault is a code and a path.
type fault struct{ Code, Path string }

func faultsOf(tb testing.TB, err error) []fault {
	tb.Helper()
	if err == nil {
		return nil
	}
	var many domain.Errors
	var one *domain.Error
	switch {
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = domain.Errors{one}
	default:
		tb.Fatalf("not an error of the domain: %v", err)
	}
	faults := make([]fault, len(many))
	for i, err := range many {
		faults[i] = fault{err.Code, err.Path}
		if err.Message == "" {
			tb.Errorf("%s has no message", err.Code)
		}
	}
	return faults
}

// checkFaults compares the faults of a refusal, in their order.
func checkFaults(tb testing.TB, err error, want ...fault) {
	tb.Helper()
	if diff := cmp.Diff(want, faultsOf(tb, err)); diff != "" {
		tb.Errorf("faults (-want +got):\n%s", diff)
	}
}

func verified(id int64) domain.ContactInput {
	return domain.ContactInput{Type: domain.VerifiedContactType, PersonInput: domain.PersonInput{UserID: &id}}
}

func contact(of domain.ContactType, id int64) domain.ContactInput {
	return domain.ContactInput{Type: of, PersonInput: domain.PersonInput{UserID: &id}}
}

func newPerson(name string) domain.PersonInput {
	return domain.PersonInput{
		FirstName: name, LastName: "Jansen", Email: name + "@example.com", JobTitle: "Tester", Telephone: "+31 70 1",
	}
}

func newContact(of domain.ContactType, name string) domain.ContactInput {
	return domain.ContactInput{Type: of, PersonInput: newPerson(name)}
}

func details(name string) domain.OrganizationDetails {
	return domain.OrganizationDetails{
		Name: name, Address: "Kade 1", City: "Delft", State: "Zuid-Holland", Zip: "2611 AA", Country: "nl", Telephone: "+31 15 1",
	}
}

// anOrder is a valid order for the seeded organization and individual.
func anOrder(change ...func(*domain.OrderRequest)) domain.OrderRequest {
	in := domain.OrderRequest{
		ProfileOption: "encryption", IndividualID: new(int64(domain.SeedIndividual)), OrganizationID: new(int64(domain.SeedOrganization)),
		Contacts: []domain.ContactInput{verified(domain.SeedAdministrator)},
		Shipping: domain.Shipping{Name: "John", Addr1: "A", City: "C", State: "S", Zip: "Z", Country: "nl", Method: "STANDARD"},
		Payment:  domain.Payment{Method: domain.PayByBalance},
	}
	for _, change := range change {
		change(&in)
	}
	return in
}

// inNew changes an order to one for a new organization.
func inNew(details domain.OrganizationDetails) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) { in.OrganizationID, in.Organization = nil, details }
}

func withContacts(contacts ...domain.ContactInput) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) { in.Contacts = contacts }
}
