package storetest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// testLimitsWithinAnAccount fills an account up to each limit of its own. At the limit its entities can
// still be replaced, and other accounts can still grow.
func testLimitsWithinAnAccount(s *suite) {
	organizations := func(ids ...int64) (c domain.Changes) {
		for _, id := range ids {
			c.Organizations = append(c.Organizations, organization(id, "A"))
		}
		return c
	}
	people := func(ids ...int64) (c domain.Changes) {
		for _, id := range ids {
			c.People = append(c.People, domain.Person{ID: id})
		}
		return c
	}
	keys := func(ids ...int64) (c domain.Changes) {
		for _, id := range ids {
			c.Keys = append(c.Keys, domain.Key{Hash: domain.KeyHash(strconv.FormatInt(id, 10)), UserID: id})
		}
		return c
	}
	for _, limited := range []struct {
		limits store.Limits
		some   func(ids ...int64) domain.Changes
		unique bool // each one is new
	}{
		{store.Limits{Organizations: 3}, organizations, false}, // one is seeded
		{store.Limits{People: 4}, people, false},               // two are seeded
		{store.Limits{Keys: 2}, keys, true},
	} {
		limited.limits.Accounts, limited.limits.Orders = 10, 10
		o := s.open(limited.limits, one, two)
		o.change(one, limited.some(1))
		s.isFull(o.tryChange(one, limited.some(2, 3))) // one of them would fit
		o.change(one, limited.some(2))
		before := o.everything(one)
		s.isFull(o.tryChange(one, limited.some(3)))
		s.equal("after the refusal", o.everything(one), before)
		if !limited.unique {
			o.change(one, limited.some(1, 2))
		}
		o.change(one, orders(1))
		o.change(two, limited.some(1, 2))
		if err := o.Reset(s.Context(), one, seed); err != nil {
			s.Fatal(err)
		}
		o.change(one, limited.some(3, 4))
	}
}

// testMemoryLimit checks that all contents of accounts count against the memory, that a reset frees it,
// and that work that has begun can be completed when the memory is full.
func testMemoryLimit(s *suite) {
	const limit = 100 << 10
	note := domain.Note{ID: 1, Text: strings.Repeat("n", 4096)}
	for name, add := range map[string]func(int64) domain.Changes{
		"orders":       func(id int64) domain.Changes { return orders(id) },
		"certificates": func(id int64) domain.Changes { return certificates(certificate(id, 1)) },
		"notes": func(id int64) domain.Changes {
			changes := orders(1)
			changes.Orders[0].Notes = slices.Repeat([]domain.Note{note}, int(id))
			return changes
		},
		"requests": func(id int64) domain.Changes { return domain.Changes{Requests: []domain.Request{{ID: id}}} },
		"comments": func(id int64) domain.Changes {
			return domain.Changes{Requests: []domain.Request{{ID: id, Comments: note.Text}}}
		},
		"organizations": func(id int64) domain.Changes {
			return domain.Changes{Organizations: []domain.Organization{organization(id, "A")}}
		},
		"people": func(id int64) domain.Changes { return domain.Changes{People: []domain.Person{{ID: id}}} },
		"keys": func(id int64) domain.Changes {
			return domain.Changes{Keys: []domain.Key{{Hash: domain.KeyHash(strconv.FormatInt(id, 10))}}}
		},
	} {
		o := s.open(store.Limits{Accounts: 10, Orders: 10_000, Bytes: limit}, one, two)
		n := int64(1)
		for ; o.tryChange(one, add(n)) == nil; n++ {
			if n > 1000 {
				s.Fatalf("%d %s fit into %d bytes", n, name, limit)
			}
		}
		if n < 10 {
			s.Errorf("only %d %s fit into %d bytes", n-1, name, limit)
		}
		before := o.everything(one)
		s.isFull(o.tryChange(one, add(n)))
		s.equal("after the refusal of "+name, o.everything(one), before)
		s.isFull(o.tryChange(two, orders(1, 2, 3, 4))) // all accounts share the memory
		s.equal("what is full of "+name, o.Full(s.Context()), store.Bytes)
		o.change(one, domain.Changes{Funds: &domain.Funds{Balance: 7}})
		if name != "keys" { // a key is handed out only once
			o.change(one, add(n-1))
		}
		if name == "organizations" {
			o.change(one, domain.Changes{Deleted: []int64{1}})
			o.change(one, add(n)) // it replaces the deleted one
		}
		if err := o.Reset(s.Context(), one, seed); err != nil {
			s.Fatal(err)
		}
		s.equal("what is full after a reset", o.Full(s.Context()), store.Resource(""))
		for id := int64(1); id < n; id++ {
			o.change(two, add(id))
		}
		s.isFull(o.tryChange(two, add(n)))
	}
}

// testFullMemoryEndsWhatIsBegun checks that a pending issuance and a revocation can be stored when the
// memory is full.
func testFullMemoryEndsWhatIsBegun(s *suite) {
	o := s.open(store.Limits{Accounts: 10, Orders: 10_000, Bytes: 20 << 10}, one)
	changes := orders(1, 2)
	changes.Certificates = []domain.Certificate{certificate(1, 1), certificate(2, 2)}
	o.change(one, changes)
	for id := int64(1); o.tryChange(one, domain.Changes{People: []domain.Person{{ID: id}}}) == nil; id++ {
		if id > 1000 {
			s.Fatal("the memory is never full")
		}
	}
	noted := func(id int64) domain.Order {
		order := order(id)
		order.Notes = []domain.Note{{ID: id, Text: strings.Repeat("n", 4096)}}
		return order
	}
	s.isFull(o.tryChange(one, domain.Changes{Orders: []domain.Order{noted(1)}}))
	o.change(one, domain.Changes{Orders: []domain.Order{noted(1)}, Certificates: []domain.Certificate{issued(1, 1)}})
	s.isFull(o.tryChange(one, domain.Changes{Orders: []domain.Order{noted(2)}, Certificates: []domain.Certificate{issued(1, 1)}}))
	o.change(one, domain.Changes{Orders: []domain.Order{noted(2)}, Revocations: []domain.Revocation{{}}})
}
