package storetest

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

func testOrganizationsWithDetails(s *suite) {
	o := s.open(roomy(), one)
	like := func(name string, want ...int64) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			got := r.OrganizationsWithDetails(organization(0, name).Key())
			s.equal("organizations like "+name, append([]int64{}, got...), append([]int64{}, want...))
		})
	}
	like("A")
	o.change(one, domain.Changes{Organizations: []domain.Organization{organization(10, "A"), organization(11, "B")}})
	o.change(one, domain.Changes{Organizations: []domain.Organization{organization(12, "a ")}})
	like("A", 10, 12)
	like("b", 11)
	deactivated := organization(10, "A")
	deactivated.Active = false
	o.change(one, domain.Changes{Organizations: []domain.Organization{deactivated}})
	like("A", 10, 12) // a replaced entity keeps its position and counts once
	o.read(one, func(r domain.Reader) {
		s.equal("the seeded one", r.OrganizationsWithDetails(seed().Organizations[0].Key()), []int64{domain.SeedOrganization})
	})
}

func testUnfinishedOrders(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, domain.Changes{Organizations: []domain.Organization{organization(10, "A")}})
	unfinished := func(seeded, other int) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			s.equal("unfinished orders", [2]int{r.UnfinishedOrders(domain.SeedOrganization), r.UnfinishedOrders(10)}, [2]int{seeded, other})
			s.equal("of no organization", r.UnfinishedOrders(1), 0)
		})
	}
	put := func(id, organization int64, status domain.Status) {
		changed := order(id)
		changed.OrganizationID, changed.Status = organization, status
		o.change(one, domain.Changes{Orders: []domain.Order{changed}})
	}
	unfinished(0, 0)
	put(1, domain.SeedOrganization, domain.StatusPending)
	put(2, domain.SeedOrganization, domain.StatusNeedsApproval)
	put(3, 10, domain.StatusProcessing)
	unfinished(2, 1)
	put(1, domain.SeedOrganization, domain.StatusProcessing) // from one such state to another
	put(1, domain.SeedOrganization, domain.StatusProcessing) // and once more
	unfinished(2, 1)
	put(1, domain.SeedOrganization, domain.StatusIssued)
	put(1, domain.SeedOrganization, domain.StatusRevoked)
	put(3, 10, domain.StatusCanceled)
	unfinished(1, 0)
	put(1, domain.SeedOrganization, domain.StatusReissuePending)
	unfinished(2, 0)
	put(4, 10, domain.StatusIssued) // never unfinished
	unfinished(2, 0)
	put(2, 10, domain.StatusPending) // from one organization to another
	unfinished(1, 1)
}

func testHasOrdered(s *suite) {
	o := s.open(roomy(), one)
	has := func(organization int64, product string, want bool) {
		s.Helper()
		o.read(one, func(r domain.Reader) { s.equal("ordered "+product, r.HasOrdered(organization, product), want) })
	}
	has(domain.SeedOrganization, domain.OrganisationPerson, false)
	o.change(one, orders(1))
	has(domain.SeedOrganization, domain.OrganisationPerson, true)
	has(domain.SeedOrganization, "another", false)
	has(1, domain.OrganisationPerson, false)
	canceled := order(1)
	canceled.Status = domain.StatusCanceled
	o.change(one, domain.Changes{Orders: []domain.Order{canceled}})
	has(domain.SeedOrganization, domain.OrganisationPerson, true) // an order in any state counts
}

func testDefaultPaymentProfile(s *suite) {
	o := s.open(roomy(), one)
	check := func(id int64, want bool) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			got, there := r.DefaultPaymentProfile()
			s.equal("default profile", [2]any{got.ID, there}, [2]any{id, want})
		})
	}
	check(domain.SeedPaymentProfile, true)
	o.change(one, domain.Changes{PaymentProfiles: []domain.PaymentProfile{{ID: domain.SeedPaymentProfile}, {ID: 1002, Default: true}, {ID: 1003}}})
	check(1002, true)
	o.change(one, domain.Changes{PaymentProfiles: []domain.PaymentProfile{{ID: 1002}}})
	check(0, false)
}

func testAccountLimit(s *suite) {
	o := s.open(store.Limits{Accounts: 2, Orders: 10}, one, two)
	o.change(one, orders(1))
	s.equal("what is full while an account can be evicted", o.Full(s.Context()), store.Resource(""))
	o.change(two, orders(1))
	s.equal("what is full", o.Full(s.Context()), store.Accounts)
	for range 2 {
		s.isFull(o.Open(s.Context(), "three", seed))
		s.isFull(o.Reset(s.Context(), "three", seed))
	}
	if err := o.View(s.Context(), "three", func(domain.Reader) error { return nil }); err == nil {
		s.Error("an account that was refused is there")
	}
	// Existing accounts can still be used.
	if err := o.Open(s.Context(), one, seed); err != nil {
		s.Error(err)
	}
	if err := o.Reset(s.Context(), two, seed); err != nil {
		s.Error(err)
	}
	o.change(one, orders(2))
}

func testOrderLimit(s *suite) {
	o := s.open(store.Limits{Accounts: 10, Orders: 3}, one, two)
	o.change(one, orders(1))
	o.change(two, orders(1, 2)) // an order with the same id in another account
	before := o.everything(one)
	tooMany := orders(2)
	tooMany.Funds = &domain.Funds{Balance: 9}
	s.isFull(o.tryChange(one, tooMany))
	s.equal("what is full", o.Full(s.Context()), store.Orders)
	s.equal("after the refusal", o.everything(one), before)
	// An update without new orders is still accepted.
	issued := order(1)
	issued.Status = domain.StatusIssued
	o.change(one, domain.Changes{Orders: []domain.Order{issued}, Funds: &domain.Funds{Balance: 7}})
	s.equal("funds", o.everything(one)["funds"], domain.Funds{Balance: 7})
	s.isFull(o.tryChange(two, orders(3)))

	whole := s.open(store.Limits{Accounts: 10, Orders: 3}, one)
	whole.change(one, orders(1, 2))
	s.isFull(whole.tryChange(one, orders(3, 4))) // one of them would fit
	whole.read(one, func(r domain.Reader) {
		if _, there := r.Order(3); there {
			s.Error("half of the changes was applied")
		}
	})
	whole.change(one, orders(2, 3)) // one of them is there already
}

func testResetFreesOrders(s *suite) {
	o := s.open(store.Limits{Accounts: 10, Orders: 3}, one, two)
	for range 5 {
		o.change(one, orders(1, 2, 3))
		s.isFull(o.tryChange(two, orders(1)))
		if err := o.Reset(s.Context(), one, seed); err != nil {
			s.Fatal(err)
		}
		o.change(two, orders(1))
		s.isFull(o.tryChange(one, orders(1, 2, 3)))
		for range 2 { // a second one frees nothing more
			if err := o.Reset(s.Context(), two, seed); err != nil {
				s.Fatal(err)
			}
		}
	}
	s.isFull(o.tryChange(one, orders(1, 2, 3, 4)))
}
