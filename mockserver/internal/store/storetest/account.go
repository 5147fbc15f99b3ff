package storetest

import (
	"errors"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func testOpen(s *suite) {
	o := s.open(roomy(), one)
	before := o.everything(one)
	s.equal("funds", before["funds"], domain.Funds{Balance: 100, Limit: 5})
	s.equal("sequences", before["sequences"], *seed().Sequences)
	s.equal("organizations", before["organizations"], seed().Organizations)
	s.equal("users", before["users"], seed().People)
	s.equal("profiles", before["profiles"], seed().PaymentProfiles)
	o.change(one, orders(1))
	changed := o.everything(one)
	if err := o.Open(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	s.equal("opened again", o.everything(one), changed)
}

func testNotOpened(s *suite) {
	o := s.open(roomy(), one)
	called := false
	if err := o.View(s.Context(), two, func(domain.Reader) error {
		called = true
		return nil
	}); err == nil {
		s.Error("View of an account that was not opened is no error")
	}
	if err := o.Update(s.Context(), two, func(domain.Reader) (domain.Changes, error) {
		called = true
		return domain.Changes{}, nil
	}); err == nil {
		s.Error("Update of an account that was not opened is no error")
	}
	if called {
		s.Error("the function was called for an account that was not opened")
	}
}

func testReset(s *suite) {
	o := s.open(roomy(), one, two)
	before := o.everything(one)
	for range 3 {
		changes := orders(843668399, 843668400)
		changes.Sequences = &domain.Sequences{Order: 1}
		changes.Funds = &domain.Funds{Balance: -1}
		changes.Organizations = []domain.Organization{organization(1920074, "New"), organization(domain.SeedOrganization, "Example Organisation B.V.")}
		changes.People = []domain.Person{{ID: 4313914, Email: "new"}, {ID: domain.SeedUser, Email: "changed"}}
		changes.Individuals = []domain.Individual{{ID: 22, Email: "new"}}
		changes.PaymentProfiles = []domain.PaymentProfile{{ID: domain.SeedPaymentProfile}}
		changes.Settings = &domain.Settings{Approval: domain.ApprovalOn, Life: domain.Manual}
		changes.Requests = []domain.Request{{ID: 1, OrderID: 1}}
		changes.Adjustments = []domain.Adjustment{{ID: 1, Amount: -1}}
		changes.Orders[0].AlternativeID = "called"
		changes.Orders[1].Status, changes.Orders[1].ValidTill = domain.StatusIssued, day(3)
		changes.Certificates = []domain.Certificate{issued(1, 1), certificate(2, 1)}
		o.change(one, changes)
		o.change(two, changes)
		other := o.everything(two)
		if err := o.Reset(s.Context(), one, seed); err != nil {
			s.Fatal(err)
		}
		s.equal("after the reset", o.everything(one), before)
		s.equal("the other account", o.everything(two), other)
	}
	if err := o.Reset(s.Context(), "three", seed); err != nil {
		s.Fatal(err)
	}
	s.equal("a reset opens", o.everything("three"), before)
}

func testUpdate(s *suite) {
	o := s.open(roomy(), one)
	changes := orders(5)
	changes.Sequences = &domain.Sequences{Order: 6, Certificate: 7, Organization: 8, Person: 9, VerifiedContact: 10, Individual: 11, PaymentProfile: 12}
	changes.Funds = &domain.Funds{Balance: -42, Limit: 43, Unlimited: true}
	changes.Organizations = []domain.Organization{organization(domain.SeedOrganization, "Renamed"), organization(1920074, "New")}
	changes.People = []domain.Person{{ID: domain.SeedUser, FirstName: "A"}, {ID: 4313914, FirstName: "B", User: &domain.User{Username: "b"}}}
	changes.Individuals = []domain.Individual{{ID: domain.SeedIndividual, FirstName: "C"}, {ID: 22, FirstName: "D"}}
	changes.PaymentProfiles = []domain.PaymentProfile{{ID: domain.SeedPaymentProfile, Default: false}, {ID: 1002, Default: true}}
	changes.Settings = &domain.Settings{Approval: domain.ApprovalAutomatic, Life: domain.Manual}
	changes.Requests = []domain.Request{{ID: 1, OrderID: 5}, {ID: 2, OrderID: 6}, {ID: 3, OrderID: 5}}
	changes.Adjustments = []domain.Adjustment{{ID: 1, Amount: -1, Type: domain.Charge, Date: day(1), BalanceAfter: -42, OrderID: 5}}
	o.change(one, changes)
	o.read(one, func(r domain.Reader) {
		s.equal("sequences", r.Sequences(), *changes.Sequences)
		s.equal("funds", r.Funds(), *changes.Funds)
		s.equal("settings", r.Settings(), *changes.Settings)
		for _, want := range changes.Organizations {
			got, there := r.Organization(want.ID)
			s.equal("organization", [2]any{got, there}, [2]any{want, true})
		}
		for _, want := range changes.People {
			got, there := r.Person(want.ID)
			s.equal("person", [2]any{got, there}, [2]any{want, true})
		}
		for _, want := range changes.Individuals {
			got, there := r.Individual(want.ID)
			s.equal("individual", [2]any{got, there}, [2]any{want, true})
		}
		for _, want := range changes.PaymentProfiles {
			got, there := r.PaymentProfile(want.ID)
			s.equal("payment profile", [2]any{got, there}, [2]any{want, true})
		}
		for _, want := range changes.Requests {
			got, there := r.Request(want.ID)
			s.equal("request", [2]any{got, there}, [2]any{want, true})
		}
		s.equal("requests about an order", r.RequestsOfOrder(5), []domain.Request{changes.Requests[0], changes.Requests[2]})
		s.equal("requests about none", len(r.RequestsOfOrder(7)), 0)
		adjustments, _ := r.Adjustments(domain.Page{Limit: 10})
		s.equal("adjustments", adjustments, changes.Adjustments)
		got, there := r.Order(5)
		s.equal("order", [2]any{got, there}, [2]any{order(5), true})
	})
}

// testUpdateInParts checks that an update leaves the other entities as they are.
func testUpdateInParts(s *suite) {
	o := s.open(roomy(), one)
	before := o.everything(one)
	o.change(one, domain.Changes{})
	s.equal("after no changes", o.everything(one), before)
	o.change(one, domain.Changes{Funds: &domain.Funds{Balance: 1}})
	after := o.everything(one)
	s.equal("funds", after["funds"], domain.Funds{Balance: 1})
	after["funds"] = before["funds"]
	s.equal("after a change of the funds only", after, before)
}

func testAtomicity(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, orders(1))
	before := o.everything(one)
	refusal := errors.New("no")
	err := o.Update(s.Context(), one, func(domain.Reader) (domain.Changes, error) {
		changes := orders(1, 2)
		changes.Orders[0].Status, changes.Orders[0].ValidTill = domain.StatusIssued, day(3)
		changes.Sequences, changes.Funds = &domain.Sequences{}, &domain.Funds{}
		changes.Organizations = []domain.Organization{organization(1920074, "New")}
		changes.People = []domain.Person{{ID: domain.SeedUser}}
		changes.Individuals = []domain.Individual{{ID: domain.SeedIndividual}, {ID: 22}}
		changes.PaymentProfiles = []domain.PaymentProfile{{ID: domain.SeedPaymentProfile}}
		changes.Settings = &domain.Settings{}
		changes.Certificates = []domain.Certificate{issued(1, 1), certificate(2, 1)}
		changes.Requests = []domain.Request{{ID: 1, OrderID: 1}}
		changes.Adjustments = []domain.Adjustment{{ID: 1, Amount: -1}}
		changes.Deleted = []int64{domain.SeedOrganization}
		changes.Keys = []domain.Key{{Hash: "refused"}}
		return changes, refusal
	})
	if !errors.Is(err, refusal) {
		s.Errorf("got %v, want the refusal", err)
	}
	s.equal("after a refusal with changes", o.everything(one), before)
	if _, there := o.Owner(s.Context(), "refused"); there {
		s.Error("a key that was refused is known")
	}
}

// testRefusalIsPassedOn checks that a transaction returns the error of its function unchanged.
func testRefusalIsPassedOn(s *suite) {
	o := s.open(roomy(), one)
	many := domain.Errors{{Code: "a", Path: "p"}, {Code: "b"}}
	for _, err := range []error{
		o.View(s.Context(), one, func(domain.Reader) error { return many }),
		o.Update(s.Context(), one, func(domain.Reader) (domain.Changes, error) { return domain.Changes{}, many }),
	} {
		var got domain.Errors
		if !errors.As(err, &got) {
			s.Fatalf("got %v", err)
		}
		s.equal("errors", got, many)
	}
}

// testCopies checks that the store copies entities: those that it returns, and those that it is given.
func testCopies(s *suite) {
	o := s.open(roomy(), one)
	changes := orders(1)
	changes.Orders[0].Status, changes.Orders[0].ValidTill = domain.StatusIssued, day(3)
	changes.Certificates = []domain.Certificate{issued(1, 1), certificate(2, 1)}
	o.change(one, changes)
	before := o.everything(one)
	changes.Orders[0].Status = "changed"
	changes.Certificates[0].Discarded, changes.Certificates[1].Pending = true, false
	o.read(one, func(r domain.Reader) {
		page := domain.Page{Limit: 10}
		organizations, _ := r.Organizations(domain.OrganizationQuery{Page: page})
		organizations[0].Name = "changed"
		users, _ := r.Users(domain.UserQuery{Page: page})
		users[0].Email = "changed"
		list, _ := r.Orders(domain.OrderQuery{Page: page})
		list[0].Status = "changed"
		profiles, _ := r.PaymentProfiles(page)
		profiles[0].Default = false
		r.CertificatesOfOrder(1)[0].Discarded = true
		r.PendingIssuances(1)[0].Pending = false
		r.Expiring(day(30), 1)[0].Status = "changed"
	})
	s.equal("after changes of copies", o.everything(one), before)
	// Growing the contacts of an organization must not show in the one that is kept.
	o.read(one, func(r domain.Reader) {
		found, _ := r.Order(1)
		found.VerifiedContacts = append(found.VerifiedContacts, domain.VerifiedContact{ID: 99})
		_ = found
	})
	s.equal("after an append", o.everything(one), before)
}

func testAccountsApart(s *suite) {
	o := s.open(roomy(), one, two)
	before := o.everything(two)
	changes := orders(1)
	changes.Organizations = []domain.Organization{organization(1920074, "New")}
	changes.Funds = &domain.Funds{}
	changes.Orders[0].Status, changes.Orders[0].ValidTill = domain.StatusIssued, day(3)
	changes.Certificates = []domain.Certificate{issued(1, 1), certificate(2, 1)}
	o.change(one, changes)
	s.equal("the other account", o.everything(two), before)
	o.read(two, func(r domain.Reader) {
		if _, there := r.Order(1); there {
			s.Error("an order of another account is there")
		}
		if len(r.OrganizationsWithDetails(changes.Organizations[0].Key())) != 0 || r.UnfinishedOrders(domain.SeedOrganization) != 0 ||
			r.HasOrdered(domain.SeedOrganization, domain.OrganisationPerson) {
			s.Error("an index knows of another account")
		}
	})
}

// testEntitiesInAnyOrder adds entities with falling ids, and checks that lists are in the order of the ids.
func testEntitiesInAnyOrder(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, orders(9, 3, 7))
	o.change(one, orders(1, 8))
	o.read(one, func(r domain.Reader) {
		list, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 10}})
		s.equal("total", total, 5)
		s.equal("ids", orderIDs(list), []int64{1, 3, 7, 8, 9})
		for _, id := range []int64{1, 3, 7, 8, 9} {
			if got, there := r.Order(id); !there || got.ID != id {
				s.Errorf("order %d: %+v", id, got)
			}
		}
	})
}

func testMissingEntities(s *suite) {
	s.open(roomy(), one).read(one, func(r domain.Reader) {
		for _, id := range []int64{-1, 0, 1, 1 << 62} {
			organization, there1 := r.Organization(id)
			person, there2 := r.Person(id)
			individual, there3 := r.Individual(id)
			found, there4 := r.Order(id)
			profile, there5 := r.PaymentProfile(id)
			if there1 || there2 || there3 || there4 || there5 {
				s.Errorf("%d is there", id)
			}
			s.equal("organization", organization, domain.Organization{})
			s.equal("person", person, domain.Person{})
			s.equal("individual", individual, domain.Individual{})
			s.equal("order", found, domain.Order{})
			s.equal("profile", profile, domain.PaymentProfile{})
		}
	})
}

func testSequencesSurvive(s *suite) {
	o := s.open(roomy(), one)
	_ = o.Update(s.Context(), one, func(domain.Reader) (domain.Changes, error) {
		return domain.Changes{Sequences: &domain.Sequences{}}, errors.New("no")
	})
	o.read(one, func(r domain.Reader) { s.equal("sequences", r.Sequences(), *seed().Sequences) })
}
