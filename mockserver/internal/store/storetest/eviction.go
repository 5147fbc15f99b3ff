package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// has tells whether the store has an account. The question is a use of the account.
func (o *opened) has(account domain.AccountID) bool {
	o.Helper()
	err := o.View(o.Context(), account, func(domain.Reader) error { return nil })
	if err != nil && !errors.Is(err, store.ErrNotOpen) {
		o.Error(err)
	}
	return err == nil
}

func (o *opened) mustOpen(accounts ...domain.AccountID) {
	o.Helper()
	for _, account := range accounts {
		if err := o.Open(o.Context(), account, seed); err != nil {
			o.Fatal(err)
		}
	}
}

// testEviction checks that a full store evicts the least recently used account, and that to open,
// read or reset an account, or to update it without changes, is to use it.
func testEviction(s *suite) {
	uses := map[string]func(*opened, domain.AccountID) error{
		"Open":  func(o *opened, a domain.AccountID) error { return o.Open(s.Context(), a, seed) },
		"Reset": func(o *opened, a domain.AccountID) error { return o.Reset(s.Context(), a, seed) },
		"View": func(o *opened, a domain.AccountID) error {
			return o.View(s.Context(), a, func(domain.Reader) error { return nil })
		},
		"Update": func(o *opened, a domain.AccountID) error { return o.tryChange(a, domain.Changes{}) },
	}
	for name, use := range uses {
		o := s.open(store.Limits{Accounts: 3, Orders: 10}, "a", "b", "c")
		before := o.everything("a")
		if err := use(o, "a"); err != nil {
			s.Fatal(err)
		}
		o.mustOpen("d")
		s.equal("after "+name+" of a, b is evicted", o.has("b"), false)
		o.mustOpen("e")
		s.equal("and then c", o.has("c"), false)
		o.mustOpen("f")
		s.equal("and then a", o.has("a"), false)
		s.equal("what is full", o.Full(s.Context()), store.Resource(""))
		o.mustOpen("a")
		s.equal("a, opened again", o.everything("a"), before)
	}
}

// testEvictionFreesSeededOrders checks that the orders of a seed count until the account is
// evicted.
func testEvictionFreesSeededOrders(s *suite) {
	o := s.open(store.Limits{Accounts: 1, Orders: 3})
	for _, account := range []domain.AccountID{one, two, one} {
		if err := o.Open(s.Context(), account, func() domain.Changes { return orders(1, 2) }); err != nil {
			s.Fatal(err)
		}
	}
	s.isFull(o.tryChange(one, orders(3, 4)))
	o.change(one, orders(3))
}

// testChangedAccountsStay checks that an account with any change is never evicted, and that an
// update without changes does not prevent the eviction.
func testChangedAccountsStay(s *suite) {
	fresh := seed()
	renamed := fresh.Organizations[0]
	renamed.Name = "Renamed"
	sequences := *fresh.Sequences
	sequences.Note++
	for name, test := range map[string]struct {
		changes domain.Changes
		stays   bool
	}{
		"nothing":                     {domain.Changes{}, false},
		"what the account was seeded": {fresh, false},
		"deleting what is not there":  {domain.Changes{Deleted: []int64{1}}, false},
		"the settings as they are":    {domain.Changes{Settings: fresh.Settings}, false},
		"settings":                    {domain.Changes{Settings: &domain.Settings{Life: domain.Manual}}, true},
		"funds":                       {domain.Changes{Funds: &domain.Funds{Balance: 101, Limit: 5}}, true},
		"sequences":                   {domain.Changes{Sequences: &sequences}, true},
		"a key":                       {domain.Changes{Keys: []domain.Key{{Hash: "key", UserID: domain.SeedUser}}}, true},
		"an order":                    {orders(1), true},
		"a certificate":               {domain.Changes{Certificates: []domain.Certificate{certificate(1, 1)}}, true},
		"an organization":             {domain.Changes{Organizations: []domain.Organization{organization(10, "A")}}, true},
		"another name":                {domain.Changes{Organizations: []domain.Organization{renamed}}, true},
		"deleting":                    {domain.Changes{Deleted: []int64{domain.SeedOrganization}}, true},
		"a person":                    {domain.Changes{People: []domain.Person{{ID: 1}}}, true},
		"an individual":               {domain.Changes{Individuals: []domain.Individual{{ID: 1}}}, true},
		"a request":                   {domain.Changes{Requests: []domain.Request{{ID: 1}}}, true},
		"an adjustment":               {domain.Changes{Adjustments: []domain.Adjustment{{ID: 1}}}, true},
		"a card":                      {domain.Changes{PaymentProfiles: []domain.PaymentProfile{{ID: 1}}}, true},
	} {
		o := s.open(store.Limits{Accounts: 1, Orders: 10}, one)
		o.change(one, test.changes)
		before := o.everything(one)
		err := o.Open(s.Context(), two, seed)
		if !test.stays {
			s.equal(name+": the account gave way", [2]bool{err == nil, o.has(one)}, [2]bool{true, false})
			continue
		}
		s.isFull(err)
		s.equal(name+": the account stays", o.everything(one), before)
		s.equal(name+": what is full", o.Full(s.Context()), store.Accounts)
		if err := o.Reset(s.Context(), one, seed); err != nil {
			s.Fatal(err)
		}
		s.equal(name+": what is full after a reset", o.Full(s.Context()), store.Resource(""))
		o.mustOpen(two)
		if _, there := o.Owner(s.Context(), "key"); there {
			s.Error("the key of an account that was reset is known")
		}
	}
}

// testKeptAccountsStay checks that an account without a change that is to be kept is not evicted
// before it is reset.
func testKeptAccountsStay(s *suite) {
	o := s.open(store.Limits{Accounts: 1, Orders: 10}, one)
	for range 2 {
		if err := o.Keep(s.Context(), one); err != nil {
			s.Fatal(err)
		}
	}
	s.isFull(o.Open(s.Context(), two, seed))
	s.equal("what is full", o.Full(s.Context()), store.Accounts)
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	o.mustOpen(two)
	s.equal("the account is there after a reset", o.has(one), false)
	if err := o.Keep(s.Context(), one); !errors.Is(err, store.ErrNotOpen) {
		s.Errorf("an account that is not open: %v", err)
	}
}

// testRefusedChangesDoNotKeep checks that an account can be evicted after refused changes.
func testRefusedChangesDoNotKeep(s *suite) {
	refusal := errors.New("no")
	o := s.open(store.Limits{Accounts: 1, Orders: 1, People: 3}, one)
	s.isFull(o.tryChange(one, orders(1, 2)))
	s.isFull(o.tryChange(one, domain.Changes{People: []domain.Person{{ID: 1}, {ID: 2}}}))
	err := o.Update(s.Context(), one, func(domain.Reader) (domain.Changes, error) { return orders(1), refusal })
	if !errors.Is(err, refusal) {
		s.Errorf("got %v, want the refusal", err)
	}
	o.mustOpen(two)
	s.equal("the account is there", o.has(one), false)
}

// testEvictionUnderATransaction checks that a transaction still sees an account that is evicted
// before its end, and that its changes are stored whole or not at all.
func testEvictionUnderATransaction(s *suite) {
	o := s.open(store.Limits{Accounts: 1, Orders: 10}, one)
	if err := o.View(s.Context(), one, func(r domain.Reader) error {
		o.mustOpen(two)
		s.equal("funds", r.Funds(), *seed().Funds)
		return nil
	}); err != nil {
		s.Error(err)
	}
	err := o.Update(s.Context(), two, func(domain.Reader) (domain.Changes, error) {
		o.mustOpen(one)
		return orders(1, 2, 3), nil
	})
	if !errors.Is(err, store.ErrNotOpen) {
		s.Errorf("changes of an account that was evicted while they were decided: %v, want %v", err, store.ErrNotOpen)
	}
	s.equal("the account is there", o.has(two), false)
	changes := orders(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) // an order that is not stored does not count
	o.change(one, changes)
}

// testEvictionModel compares a store with a model of eviction, for calls in random order.
func testEvictionModel(s *suite) {
	const most = 4
	rapid.Check(s.T, func(t *rapid.T) {
		o := s.open(store.Limits{Accounts: most, Orders: 1_000_000})
		var unchanged []domain.AccountID // the least recently used account first
		changed := map[domain.AccountID]bool{}
		used := func(account domain.AccountID) {
			if i := slices.Index(unchanged, account); i >= 0 {
				unchanged = append(slices.Delete(unchanged, i, i+1), account)
			}
		}
		open := func(account domain.AccountID) bool {
			if !changed[account] && !slices.Contains(unchanged, account) {
				if len(unchanged)+len(changed) == most {
					if len(unchanged) == 0 {
						return false
					}
					unchanged = unchanged[1:]
				}
				unchanged = append(unchanged, account)
			}
			used(account)
			return true
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			account := domain.AccountID(rapid.StringMatching(`[a-h]`).Draw(t, "account"))
			there := changed[account] || slices.Contains(unchanged, account)
			want := there
			var err error
			switch rapid.SampledFrom([]string{"open", "open", "reset", "view", "nothing", "change"}).Draw(t, "step") {
			case "open":
				want = open(account)
				err = o.Open(s.Context(), account, seed)
			case "reset":
				if want = open(account); want && changed[account] {
					delete(changed, account)
					unchanged = append(unchanged, account)
				}
				err = o.Reset(s.Context(), account, seed)
			case "view":
				used(account)
				err = o.View(s.Context(), account, func(domain.Reader) error { return nil })
			case "nothing":
				used(account)
				err = o.tryChange(account, domain.Changes{})
			case "change":
				if there && !changed[account] {
					unchanged = slices.DeleteFunc(unchanged, func(a domain.AccountID) bool { return a == account })
					changed[account] = true
				}
				err = o.Update(s.Context(), account, placeNext)
			}
			if (err == nil) != want {
				t.Fatalf("%v, want success: %v; unchanged %v, changed %v", err, want, unchanged, changed)
			}
			full := store.Resource("")
			if len(changed) == most {
				full = store.Accounts
			}
			if got := o.Full(s.Context()); got != full {
				t.Fatalf("full: %q, want %q", got, full)
			}
		}
		for account := range changed {
			if !o.has(account) {
				t.Fatalf("%s was changed and is gone", account)
			}
		}
		for _, account := range slices.Clone(unchanged) {
			if !o.has(account) {
				t.Fatalf("%s is gone, and others were used less recently", account)
			}
		}
	})
}

// testConcurrentEviction checks that no accepted change is lost and no order counts twice while
// accounts are opened and evicted.
func testConcurrentEviction(s *suite) {
	const most, keys = 6, 24
	o := s.open(store.Limits{Accounts: most, Orders: 100_000})
	var acknowledged [keys]int
	together(func(worker int) {
		random := rand.New(rand.NewPCG(1, uint64(worker))) //nolint:gosec // a test that can be repeated
		for range 20 * rounds {
			key := random.IntN(keys)
			account := domain.AccountID(fmt.Sprint("key ", key))
			if err := o.Open(s.Context(), account, seed); err != nil {
				s.isFull(err)
				continue
			}
			// Each worker has its own accounts, so that it knows their contents.
			if key%workers == worker && random.IntN(20) == 0 {
				switch err := o.Update(s.Context(), account, placeNext); {
				case err == nil:
					acknowledged[key]++
				case !errors.Is(err, store.ErrNotOpen):
					s.Error(err)
				}
				if random.IntN(3) > 0 {
					if err := o.Reset(s.Context(), account, seed); err != nil {
						s.isFull(err)
					}
					acknowledged[key] = 0
				}
			}
			err := o.View(s.Context(), account, func(r domain.Reader) error {
				_, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1}})
				if key%workers == worker && total != acknowledged[key] {
					s.Errorf("%s has %d orders, want %d", account, total, acknowledged[key])
				}
				return nil
			})
			if err != nil && (acknowledged[key] > 0 && key%workers == worker || !errors.Is(err, store.ErrNotOpen)) {
				s.Errorf("%s: %v", account, err)
			}
		}
	})
	there := 0
	for key := range keys {
		if account := domain.AccountID(fmt.Sprint("key ", key)); o.has(account) {
			there++
			o.read(account, func(r domain.Reader) {
				_, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1}})
				s.equal("orders", total, acknowledged[key])
			})
		} else if acknowledged[key] > 0 {
			s.Errorf("%s is gone with %d orders", account, acknowledged[key])
		}
	}
	s.equal("how many accounts there are", there <= most, true)
}
