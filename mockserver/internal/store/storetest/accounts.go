package storetest

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

func testEnter(s *suite) {
	o := s.open(roomy(), one)
	settings, open := o.Enter(s.Context(), one, day(1))
	s.equal("settings", settings, *seed().Settings)
	s.equal("open", open, true)
	o.change(one, domain.Changes{Settings: &domain.Settings{Life: domain.Manual}})
	settings, _ = o.Enter(s.Context(), one, day(2))
	s.equal("changed settings", settings, domain.Settings{Life: domain.Manual})
	same, _ := o.Settings(s.Context(), one)
	s.equal("without a call", same, settings)
	list, _ := o.Accounts(s.Context(), domain.Page{Limit: 10})
	s.equal("opened with the first call", list[0].Opened, day(1))
	s.equal("called last", list[0].LastCall, day(2))
	if _, open := o.Enter(s.Context(), two, day(1)); open {
		s.Error("an account that was not opened is entered")
	}
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	settings, _ = o.Settings(s.Context(), one)
	s.equal("settings after a reset", settings, *seed().Settings)
	// Within a transaction, which must not wait for itself.
	o.mustView(one, func(r domain.Reader) {
		if settings, _ := o.Settings(s.Context(), one); settings.Life != r.Settings().Life {
			s.Error("a transaction sees other settings")
		}
	})
}

func (o *opened) mustView(account domain.AccountID, read func(domain.Reader)) {
	o.Helper()
	err := o.View(o.Context(), account, func(r domain.Reader) error {
		read(r)
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
}

func testAccounts(s *suite) {
	o := s.open(roomy(), "0123456789", "0123456780", "abcdefghij", "b")
	for i, account := range []domain.AccountID{"b", "0123456789", "abcdefghij", "0123456780"} {
		o.Enter(s.Context(), account, day(i+1))
	}
	o.change("b", orders(1, 2))
	list, total := o.Accounts(s.Context(), domain.Page{Limit: 10})
	s.equal("how many", total, 4)
	s.equal("list", list, []store.Account{
		{ID: "b", Name: "b", Opened: day(1), LastCall: day(1), Orders: 2},
		{ID: "0123456789", Name: "0123456789", Opened: day(2), LastCall: day(2)},
		{ID: "abcdefghij", Name: "abcdefgh", Opened: day(3), LastCall: day(3)},
		{ID: "0123456780", Name: "0123456780", Opened: day(4), LastCall: day(4)},
	})
	list, total = o.Accounts(s.Context(), domain.Page{Limit: 1, Offset: 2})
	s.equal("a page", []any{list[0].ID, len(list), total}, []any{domain.AccountID("abcdefghij"), 1, 4})
	for name, want := range map[string]int{"0123456789": 1, "01234567": 2, "abcdefgh": 1, "c": 0} {
		if _, matches := o.Named(s.Context(), name); matches != want {
			s.Errorf("%d accounts are named %s, want %d", matches, name, want)
		}
	}
}

func testCreate(s *suite) {
	o := s.open(store.Limits{Accounts: 2, Orders: 10}, one)
	key := domain.Key{Hash: "made", UserID: domain.SeedUser, Role: 100}
	created := func() domain.Changes {
		contents := seed()
		contents.Keys = []domain.Key{key}
		contents.Funds = &domain.Funds{Balance: 7}
		return contents
	}
	if err := o.Create(s.Context(), two, day(3), created); err != nil {
		s.Fatal(err)
	}
	o.mustOpen("another") // in the place of one, since two is not evicted
	s.equal("one is evicted", o.has(one), false)
	for range 2 {
		owner, there := o.Owner(s.Context(), "made")
		s.equal("the owner of the key", owner, store.KeyOwner{Account: two, Key: key})
		s.equal("there", there, true)
		o.mustView(two, func(r domain.Reader) { s.equal("funds", r.Funds(), domain.Funds{Balance: 7}) })
		changes := orders(1)
		changes.Funds, changes.Keys = &domain.Funds{}, []domain.Key{{Hash: "handed out", UserID: domain.SeedUser}}
		o.change(two, changes)
		if err := o.Reset(s.Context(), two, seed); err != nil {
			s.Fatal(err)
		}
		if _, there := o.Owner(s.Context(), "handed out"); there {
			s.Error("a reset leaves a key that was handed out later")
		}
	}
	o.mustOpen("third")
	s.equal("two is not evicted after a reset", o.has(two), true)
}

func testRemove(s *suite) {
	o := s.open(store.Limits{Accounts: 2, Orders: 2}, one, two)
	changes := orders(1, 2)
	changes.Keys = []domain.Key{{Hash: "of one", UserID: domain.SeedUser}}
	o.change(one, changes)
	s.equal("removed", o.Remove(s.Context(), one), true)
	s.equal("removed again", o.Remove(s.Context(), one), false)
	s.equal("it is gone", o.has(one), false)
	if _, there := o.Owner(s.Context(), "of one"); there {
		s.Error("its key is there")
	}
	s.equal("what is full", o.Full(s.Context()), store.Resource(""))
	o.change(two, orders(1, 2)) // the orders of one do not count any more
	s.equal("removed with orders", o.Remove(s.Context(), two), true)
	o.mustOpen(one, two)
	o.mustView(one, func(r domain.Reader) {
		if _, n := r.Orders(domain.OrderQuery{}); n != 0 {
			s.Errorf("opened again with %d orders", n)
		}
	})
}
