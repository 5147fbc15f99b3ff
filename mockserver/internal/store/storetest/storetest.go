// Package storetest is the conformance suite of every store. A store runs it in a test of its own:
//
//	storetest.Run(t, func(limits store.Limits) store.Store { return store.NewMemory(limits) })
package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// Run runs the suite. New has to return an empty store each time.
func Run(t *testing.T, create func(store.Limits) store.Store) {
	t.Helper()
	for name, test := range map[string]func(*suite){
		"Open":                            testOpen,
		"NotOpened":                       testNotOpened,
		"Enter":                           testEnter,
		"Accounts":                        testAccounts,
		"Create":                          testCreate,
		"Remove":                          testRemove,
		"Reset":                           testReset,
		"Update":                          testUpdate,
		"UpdateInParts":                   testUpdateInParts,
		"Atomicity":                       testAtomicity,
		"Copies":                          testCopies,
		"Certificates":                    testCertificates,
		"Tokens":                          testTokens,
		"CertificateBySerialOrThumbprint": testCertificateBySerialOrThumbprint,
		"PendingIssuances":                testPendingIssuances,
		"Expiring":                        testExpiring,
		"FilteredCertificates":            testFilteredCertificates,
		"AccountsApart":                   testAccountsApart,
		"OrganizationsWithDetails":        testOrganizationsWithDetails,
		"UnfinishedOrders":                testUnfinishedOrders,
		"HasOrdered":                      testHasOrdered,
		"OrderCountOf":                    testOrderCountOf,
		"DeletedOrganizations":            testDeletedOrganizations,
		"UserByUsername":                  testUserByUsername,
		"People":                          testPeople,
		"UsersOfARole":                    testUsersOfARole,
		"Keys":                            testKeys,
		"DefaultPaymentProfile":           testDefaultPaymentProfile,
		"EvictionFreesSeededOrders":       testEvictionFreesSeededOrders,
		"Eviction":                        testEviction,
		"ChangedAccountsStay":             testChangedAccountsStay,
		"KeptAccountsStay":                testKeptAccountsStay,
		"RefusedChangesDoNotKeep":         testRefusedChangesDoNotKeep,
		"EvictionUnderATransaction":       testEvictionUnderATransaction,
		"EvictionModel":                   testEvictionModel,
		"ConcurrentEviction":              testConcurrentEviction,
		"AccountLimit":                    testAccountLimit,
		"MemoryLimit":                     testMemoryLimit,
		"FullMemoryEndsWhatIsBegun":       testFullMemoryEndsWhatIsBegun,
		"OrderLimit":                      testOrderLimit,
		"LimitsWithinAnAccount":           testLimitsWithinAnAccount,
		"ResetFreesOrders":                testResetFreesOrders,
		"Paging":                          testPaging,
		"FilteredOrders":                  testFilteredOrders,
		"IndividualsOfOrders":             testIndividualsOfOrders,
		"FilteredOrganizations":           testFilteredOrganizations,
		"Users":                           testUsers,
		"Replacing":                       testReplacing,
		"UnknownFields":                   testUnknownFields,
		"Requests":                        testRequests,
		"SortedOrders":                    testSortedOrders,
		"SortedOrganizations":             testSortedOrganizations,
		"SortedPages":                     testSortedPages,
		"SortLeavesTheTable":              testSortLeavesTheTable,
		"ConcurrentUpdates":               testConcurrentUpdates,
		"ConcurrentOpens":                 testConcurrentOpens,
		"ConcurrentLimit":                 testConcurrentLimit,
		"ConcurrentResets":                testConcurrentResets,
		"AccountsDoNotWait":               testAccountsDoNotWait,
		"ReadersSeeOneState":              testReadersSeeOneState,
		"RefusalIsPassedOn":               testRefusalIsPassedOn,
		"EntitiesInAnyOrder":              testEntitiesInAnyOrder,
		"MissingEntitiesAreZero":          testMissingEntities,
		"SequencesSurviveARefuse":         testSequencesSurvive,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&suite{T: t, create: create})
		})
	}
}

type suite struct {
	*testing.T
	create func(store.Limits) store.Store
}

// one and two are accounts.
const (
	one domain.AccountID = "one"
	two domain.AccountID = "two"
)

func roomy() store.Limits { return store.Limits{Accounts: 100, Orders: 10_000} }

func seed() domain.Changes {
	return domain.Seed(domain.DefaultSettings(), domain.Funds{Balance: 100, Limit: 5}, day(1))
}

// An opened store, with the account one.
type opened struct {
	*suite
	store.Store
}

func (s *suite) open(limits store.Limits, accounts ...domain.AccountID) *opened {
	s.Helper()
	o := &opened{s, s.create(limits)}
	for _, account := range accounts {
		if err := o.Open(s.Context(), account, seed); err != nil {
			s.Fatal(err)
		}
	}
	return o
}

// change applies changes that have to be accepted.
func (o *opened) change(account domain.AccountID, changes domain.Changes) {
	o.Helper()
	if err := o.tryChange(account, changes); err != nil {
		o.Fatal(err)
	}
}

func (o *opened) tryChange(account domain.AccountID, changes domain.Changes) error {
	o.Helper()
	return o.Update(o.Context(), account, func(domain.Reader) (domain.Changes, error) { return changes, nil })
}

func (o *opened) read(account domain.AccountID, read func(domain.Reader)) {
	o.Helper()
	err := o.View(o.Context(), account, func(r domain.Reader) error {
		read(r)
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
}

// everything returns the contents of an account, and the answers of its indexes.
func (o *opened) everything(account domain.AccountID) map[string]any {
	o.Helper()
	all := map[string]any{}
	page := domain.Page{Limit: 1 << 20}
	o.read(account, func(r domain.Reader) {
		all["sequences"], all["settings"], all["funds"] = r.Sequences(), r.Settings(), r.Funds()
		all["organizations"], _ = r.Organizations(domain.OrganizationQuery{Page: page})
		all["users"], _ = r.Users(domain.UserQuery{Page: page})
		all["orders"], _ = r.Orders(domain.OrderQuery{Page: page})
		all["profiles"], _ = r.PaymentProfiles(page)
		all["like"] = append([]int64(nil), r.OrganizationsWithDetails(seed().Organizations[0].Key())...)
		all["people"], all["individuals"] = r.People(), r.Individuals(1<<20)
		all["requests"], _ = r.Requests(domain.RequestQuery{Page: page})
		all["requests about 1"] = append([]domain.Request(nil), r.RequestsOfOrder(1)...)
		all["adjustments"], _ = r.Adjustments(page)
		all["orders called"], _ = r.OrdersByAlternativeID("called", page)
		_, all["default"] = r.DefaultPaymentProfile()
		all["naming"] = r.OrderCountOf(domain.SeedOrganization)
		all["unfinished"] = r.UnfinishedOrders(domain.SeedOrganization)
		all["certificates of 1"] = append([]domain.Certificate(nil), r.CertificatesOfOrder(1)...)
		_, all["named"] = r.CertificateBySerialOrThumbprint(serial(1))
		all["pending"], all["how many"] = append([]domain.Certificate(nil), r.PendingIssuances(1<<20)...), r.PendingIssuanceCount()
		all["expiring"] = append([]domain.Order(nil), r.Expiring(day(1000), 1<<20)...)
		all["ordered"] = r.HasOrdered(domain.SeedOrganization, domain.OrganisationPerson)
	})
	return all
}

func (s *suite) equal(what string, got, want any) {
	s.Helper()
	if !reflect.DeepEqual(got, want) {
		s.Errorf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

func (s *suite) isFull(err error) {
	s.Helper()
	if !errors.Is(err, &domain.Error{Code: domain.CodeCapacity}) {
		s.Errorf("got %v, want %s", err, domain.CodeCapacity)
	}
}

func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

func order(id int64) domain.Order {
	return domain.Order{
		ID: id, CertificateID: id + 1, Product: domain.OrganisationPerson, Status: domain.StatusPending, Created: day(1),
		OrganizationID: domain.SeedOrganization, IndividualID: domain.SeedIndividual,
		VerifiedContacts:    []domain.VerifiedContact{{ID: 1, PersonID: domain.SeedAdministrator}},
		OrganizationContact: domain.OrderContact{Own: &domain.Person{FirstName: "Own"}},
	}
}

func orders(ids ...int64) domain.Changes {
	var changes domain.Changes
	for _, id := range ids {
		changes.Orders = append(changes.Orders, order(id))
	}
	return changes
}

func organization(id int64, name string) domain.Organization {
	return domain.Organization{
		ID: id, Active: true, OrganizationDetails: domain.OrganizationDetails{Name: name, City: "Delft", Country: "nl"},
		OrganizationContact: domain.SeedAdministrator, VerifiedContacts: []domain.VerifiedContact{{ID: 2, PersonID: domain.SeedUser}},
	}
}
