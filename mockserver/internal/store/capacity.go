package store

import (
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Limits are the caps of a store. Zero is no limit, except for accounts and orders. The domain
// bounds the notes, the requests and the reissues of one order; Bytes bounds all of them together.
type Limits struct {
	Accounts      int
	Orders        int   // of all accounts together
	Bytes         int64 // of all accounts together, as [state.growth] estimates what they hold beyond their seeds
	Organizations int   // of one account
	People        int   // users and contacts of one account
	Keys          int   // that one account handed out
}

// A Resource is a kind of contents that a store limits. The empty value stands for none of them.
type Resource string

// The resources that a store limits.
const (
	Accounts Resource = "accounts"
	Orders   Resource = "orders"
	Bytes    Resource = "memory"
)

// The largest and the smallest caps of accounts and orders (D-44).
const (
	mostAccounts, fewestAccounts = 10_000, 100
	mostOrders, fewestOrders     = 1_000_000, 1_000
)

// LimitsWithin returns the documented caps for a store that may take a number of bytes (D-44): a
// quarter of them for seeded accounts, the rest for their further contents. The cap of orders is
// never larger than the memory that is there for them.
func LimitsWithin(bytes int64) Limits {
	accounts := min(max(bytes/4/accountBytes, fewestAccounts), mostAccounts)
	rest := max(bytes-accounts*accountBytes, fewestOrders*perOrder)
	return Limits{
		Accounts: int(accounts), Orders: int(min(rest/perOrder, mostOrders)), Bytes: rest,
		Organizations: 100_000, People: 100_000, Keys: 10_000,
	}
}

// DefaultLimits are the documented caps where memory sets none.
func DefaultLimits() Limits { return LimitsWithin(fewestAccounts*accountBytes + 2*mostOrders*perOrder) }

// WithOrders returns the limits with another cap of orders, and with memory for at least as many.
func (l Limits) WithOrders(n int) Limits {
	l.Orders, l.Bytes = n, max(l.Bytes, int64(n)*perOrder)
	return l
}

// room refuses changes that would make an account larger than it may be.
func (l Limits) checkRoom(s *state, changes domain.Changes) error {
	const remedy = "reset the account"
	switch {
	case exceeds(l.Organizations, s.organizations, changes.Organizations, func(o *domain.Organization) int64 { return o.ID }):
		return capacityError(l.Organizations, "organizations in an account", remedy)
	case exceeds(l.People, s.people, changes.People, func(p *domain.Person) int64 { return p.ID }):
		return capacityError(l.People, "users and contacts in an account", remedy)
	case l.Keys > 0 && len(changes.Keys) > 0 && len(s.keys)+len(changes.Keys) > l.Keys:
		return capacityError(l.Keys, "API keys of an account", remedy)
	default:
		return nil
	}
}

// exceeds tells whether a table with these entities would be longer than a limit. An entity that
// replaces one of the table does not count.
func exceeds[T, K any](limit int, t table[T, K], entities []T, id func(*T) int64) bool {
	if limit == 0 || len(t)+len(entities) <= limit {
		return false
	}
	added := t.added(entities, id)
	return added > 0 && len(t)+added > limit
}

// remedy is the advice in a refusal by a cap that all accounts share.
const remedy = "reset an account, or start the mock with a higher maximum"

func memoryError(limit int64) error {
	return &domain.Error{
		Code: domain.CodeCapacity,
		Message: fmt.Sprintf("orders, reissues, notes and whatever else the accounts of the mock hold take as much memory as they may, %d MiB; "+
			"reset an account, or start the mock with a higher maximum of orders", (limit+1<<20-1)>>20),
	}
}

func capacityError(limit int, what, remedy string) error {
	return &domain.Error{
		Code:    domain.CodeCapacity,
		Message: fmt.Sprintf("the mock holds as many %s as it may, %d; %s", what, limit, remedy),
	}
}
