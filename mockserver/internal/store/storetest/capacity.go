package storetest

import (
	"strconv"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// testLimitsWithinAnAccount fills an account with each kind of thing that is limited by itself. At the limit, what is
// there can still be changed, and other accounts are not concerned.
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
