package store

import (
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (s *state) ServiceUsers(page domain.Page) ([]domain.Person, int) {
	users := keep(s.people, func(p *domain.Person) bool { return p.User != nil && p.User.Service() })
	return cut(users, page), len(users)
}

func (s *state) OrdersCalled(alternativeID string, page domain.Page) ([]domain.Order, int) {
	rows := s.orders.pick(s.called[alternativeID])
	return cut(rows, page), len(rows)
}

func (s *state) Adjustments(page domain.Page) ([]domain.Adjustment, int) {
	return cut(s.adjustments, page), len(s.adjustments)
}

func (s *state) PaymentProfiles(page domain.Page) ([]domain.PaymentProfile, int) {
	return cut(s.profiles, page), len(s.profiles)
}

func (s *state) Users(query domain.UserQuery) ([]domain.Person, int) {
	users := keep(s.people, func(p *domain.Person) bool { return p.User != nil && !p.User.Service() })
	return list(users, query.Page, query.Sort, query.Filters, userValue)
}

func (s *state) Organizations(query domain.OrganizationQuery) ([]domain.Organization, int) {
	return list(s.organizations, query.Page, query.Sort, query.Filters, organizationValue)
}

func (s *state) Orders(query domain.OrderQuery) ([]domain.Order, int) {
	return list(s.orders, query.Page, query.Sort, query.Filters, s.orderValue)
}

func (s *state) Requests(query domain.RequestQuery) ([]domain.Request, int) {
	return list(s.requests, query.Page, query.Sort, query.Filters, requestValue)
}

// list filters, sorts and cuts. The value function gives the value of an entity that a filter or a key names.
func list[T any](rows table[T], page domain.Page, keys []domain.SortKey, filters []domain.Filter, value func(string, *T) domain.Value) ([]T, int) {
	if len(filters) > 0 {
		rows = keep(rows, func(entity *T) bool {
			for _, filter := range filters {
				if !filter.Match(value(filter.Name, entity)) {
					return false
				}
			}
			return true
		})
	}
	rows = arrange(rows, keys, func(key string, a, b *T) int { return value(key, a).Compare(value(key, b)) })
	return cut(rows, page), len(rows)
}

func userValue(name string, p *domain.Person) domain.Value {
	switch name {
	case "id":
		return domain.Num(p.ID)
	case "username":
		return domain.Text(p.User.Username)
	case "first_name":
		return domain.Text(p.FirstName)
	case "last_name":
		return domain.Text(p.LastName)
	case "email":
		return domain.Text(p.Email)
	case "access_role_id":
		return domain.Num(p.User.Role.ID)
	default:
		return domain.Value{}
	}
}

func organizationValue(name string, o *domain.Organization) domain.Value {
	switch name {
	case "id":
		return domain.Num(o.ID)
	case "name":
		return domain.Text(o.Name)
	case "status":
		return domain.Text(o.Status())
	default:
		return domain.Value{}
	}
}

func (s *state) orderValue(name string, o *domain.Order) domain.Value {
	switch name {
	case "id", "order_id":
		return domain.Num(o.ID)
	case "status":
		return domain.Text(string(o.Status))
	case "organization_id":
		return domain.Num(o.OrganizationID)
	case "product_name_id", "product_name":
		return domain.Text(o.Product)
	case "date_created":
		return domain.At(o.Created)
	case "common_name":
		return domain.Text(s.commonName(o))
	case "validity_years":
		return domain.Num(int64(o.ValidityYears))
	default:
		return domain.Value{}
	}
}

func requestValue(name string, r *domain.Request) domain.Value {
	switch name {
	case "id":
		return domain.Num(r.ID)
	case "date":
		return domain.At(r.Created)
	case "type":
		return domain.Text(string(r.Type))
	case "status":
		return domain.Text(string(r.Status))
	case "order_id":
		return domain.Num(r.OrderID)
	default:
		return domain.Value{}
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

// all copies every entity.
func all[T any](rows table[T]) []T { return cut(rows, domain.Page{Limit: len(rows)}) }
