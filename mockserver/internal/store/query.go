package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (s *state) Users(page domain.Page) ([]domain.Person, int) {
	users := slices.DeleteFunc(slices.Clone(s.people), func(r row[domain.Person]) bool { return r.value.User == nil })
	return cut(users, page), len(users)
}

func (s *state) PaymentProfiles(page domain.Page) ([]domain.PaymentProfile, int) {
	return cut(s.profiles, page), len(s.profiles)
}

func (s *state) Organizations(query domain.OrganizationQuery) ([]domain.Organization, int) {
	rows := s.organizations
	if query.Active != nil {
		rows = keep(rows, func(o *domain.Organization) bool { return o.Active == *query.Active })
	}
	rows = arrange(rows, query.Sort, compareOrganizations)
	return cut(rows, query.Page), len(rows)
}

func (s *state) Orders(query domain.OrderQuery) ([]domain.Order, int) {
	rows := s.orders
	if query.Status != "" || query.OrganizationID != nil || query.Product != "" {
		rows = keep(rows, func(o *domain.Order) bool {
			return (query.Status == "" || o.Status == query.Status) &&
				(query.OrganizationID == nil || o.OrganizationID == *query.OrganizationID) &&
				(query.Product == "" || o.Product == query.Product)
		})
	}
	rows = arrange(rows, query.Sort, s.compareOrders)
	return cut(rows, query.Page), len(rows)
}

func compareOrganizations(key string, a, b *domain.Organization) int {
	switch key {
	case "id":
		return cmp.Compare(a.ID, b.ID)
	case "name":
		return cmp.Compare(a.Name, b.Name)
	case "status":
		return -compareBools(a.Active, b.Active) // active comes before inactive
	default:
		return 0
	}
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

func (s *state) compareOrders(key string, a, b *domain.Order) int {
	switch key {
	case "order_id":
		return cmp.Compare(a.ID, b.ID)
	case "date_created":
		return a.Created.Compare(b.Created)
	case "common_name":
		return cmp.Compare(s.commonName(a), s.commonName(b))
	case "status":
		return cmp.Compare(a.Status, b.Status)
	case "validity_years":
		return cmp.Compare(a.ValidityYears, b.ValidityYears)
	case "product_name":
		return cmp.Compare(a.Product, b.Product)
	default:
		return 0
	}
}

func (s *state) commonName(order *domain.Order) string {
	individual, _ := s.individuals.get(order.IndividualID)
	return individual.CommonName()
}

func keep[T any](rows table[T], want func(*T) bool) table[T] {
	var kept table[T]
	for _, row := range rows {
		if want(row.value) {
			kept = append(kept, row)
		}
	}
	return kept
}

// arrange sorts rows without touching the table. Without keys they stay in the order of their ids.
func arrange[T any](rows table[T], keys []domain.SortKey, compare func(key string, a, b *T) int) table[T] {
	if len(keys) == 0 {
		return rows
	}
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b row[T]) int {
		for _, key := range keys {
			if c := compare(key.Name, a.value, b.value); c != 0 {
				if key.Descending {
					return -c
				}
				return c
			}
		}
		return 0
	})
	return sorted
}

// cut copies the entities of one page.
func cut[T any](rows table[T], page domain.Page) []T {
	from := min(page.Offset, len(rows))
	rows = rows[from:min(from+page.Limit, len(rows))]
	items := make([]T, len(rows))
	for i, row := range rows {
		items[i] = *row.value
	}
	return items
}
