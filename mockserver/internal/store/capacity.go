package store

import (
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Limits are how much a store holds at most. Zero is no limit for what counts within one account. Everything else that
// an account holds is bounded by these: requests, changes of the balance, individuals and saved cards
// by its orders; the notes on an order, its requests and its reissues, and with these its certificates, by the domain.
type Limits struct {
	Accounts      int
	Orders        int // of all accounts together
	Organizations int // of one account
	People        int // users and contacts of one account
	Keys          int // that one account handed out
}

// DefaultLimits are the documented caps (D-44).
func DefaultLimits() Limits {
	return Limits{Accounts: 10_000, Orders: 1_000_000, Organizations: 100_000, People: 100_000, Keys: 10_000}
}

// room refuses changes that would make an account larger than it may be.
func (l Limits) room(s *state, changes domain.Changes) error {
	const remedy = "reset the account"
	switch {
	case over(l.Organizations, s.organizations, changes.Organizations, func(o *domain.Organization) int64 { return o.ID }):
		return full(l.Organizations, "organizations in an account", remedy)
	case over(l.People, s.people, changes.People, func(p *domain.Person) int64 { return p.ID }):
		return full(l.People, "users and contacts in an account", remedy)
	case l.Keys > 0 && len(changes.Keys) > 0 && len(s.keys)+len(changes.Keys) > l.Keys:
		return full(l.Keys, "API keys of an account", remedy)
	default:
		return nil
	}
}

// over tells whether entities would let a table grow beyond a limit. Replacing some does not.
func over[T, K any](limit int, t table[T, K], entities []T, id func(*T) int64) bool {
	if limit == 0 || len(t)+len(entities) <= limit {
		return false
	}
	added := t.added(entities, id)
	return added > 0 && len(t)+added > limit
}

func full(limit int, what, remedy string) error {
	return &domain.Error{
		Code:    domain.CodeCapacity,
		Message: fmt.Sprintf("the mock holds as many %s as it may, %d; %s", what, limit, remedy),
	}
}
