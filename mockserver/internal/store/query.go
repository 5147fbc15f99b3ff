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
	return list(users, query.Page, query.Sort, query.Filters, userField)
}

func (s *state) Organizations(query domain.OrganizationQuery) ([]domain.Organization, int) {
	return list(s.organizations, query.Page, query.Sort, query.Filters, organizationField)
}

func (s *state) Orders(query domain.OrderQuery) ([]domain.Order, int) {
	return list(s.orders, query.Page, query.Sort, query.Filters, s.orderField)
}

func (s *state) Requests(query domain.RequestQuery) ([]domain.Request, int) {
	return list(s.requests, query.Page, query.Sort, query.Filters, requestField)
}

// What is the same for all users and for all orders of the mock.
const (
	statusOfUsers  = "active"
	originOfOrders = "certcentral"
)

// The fields by which entities are filtered and sorted, by the names that the contract has for them (D-39). A name that
// is not there stands for a value that no entity has.

func userField(name string) field[domain.Person] {
	switch name {
	case idField:
		return number(func(p *domain.Person) int64 { return p.ID })
	case "username":
		return text(func(p *domain.Person) string { return p.User.Username })
	case "first_name":
		return text(func(p *domain.Person) string { return p.FirstName })
	case "last_name":
		return text(func(p *domain.Person) string { return p.LastName })
	case "email":
		return text(func(p *domain.Person) string { return p.Email })
	case "access_role_id":
		return number(func(p *domain.Person) int64 { return p.User.Role.ID })
	case "container_id":
		return number(func(*domain.Person) int64 { return domain.ContainerID })
	case "status":
		return folded(func(*domain.Person) string { return statusOfUsers })
	case "search":
		return matching(func(p *domain.Person, f *domain.Filter) bool {
			for _, text := range [...]string{p.FirstName, p.LastName, p.FirstName + " " + p.LastName, p.Email, p.User.Username} {
				if f.HasText(domain.Fold(text)) {
					return true
				}
			}
			return false
		})
	default:
		return field[domain.Person]{}
	}
}

func organizationField(name string) field[domain.Organization] {
	switch name {
	case idField:
		return number(func(o *domain.Organization) int64 { return o.ID })
	case "name":
		return text(func(o *domain.Organization) string { return o.Name })
	case "status":
		return folded((*domain.Organization).Status)
	case "container_id", "container_id_for_organization":
		return number(func(*domain.Organization) int64 { return domain.ContainerID })
	case "validation":
		return folded(func(o *domain.Organization) string {
			if o.ValidationPending() {
				return "pending"
			}
			return "not_pending"
		})
	case "search":
		return matching(func(o *domain.Organization, f *domain.Filter) bool {
			return f.HasNumber(o.ID) || f.HasText(domain.Fold(o.Name)) || f.HasText(domain.Fold(o.AssumedName))
		})
	default:
		return field[domain.Organization]{}
	}
}

func requestField(name string) field[domain.Request] {
	switch name {
	case idField:
		return number(func(r *domain.Request) int64 { return r.ID })
	case "date":
		return number(func(r *domain.Request) int64 { return domain.Nanos(r.Created) })
	case "type":
		return folded(func(r *domain.Request) string { return string(r.Type) })
	case "status":
		return folded(func(r *domain.Request) string { return string(r.Status) })
	case "order_id":
		return number(func(r *domain.Request) int64 { return r.OrderID })
	default:
		return field[domain.Request]{}
	}
}

func (s *state) orderField(name string) field[domain.Order] {
	switch name {
	case idField, "order_id":
		return number(func(o *domain.Order) int64 { return o.ID })
	case "status":
		return folded(func(o *domain.Order) string { return string(o.Status) })
	case "date_created":
		return number(func(o *domain.Order) int64 { return domain.Nanos(o.Created) })
	case "status_last_updated":
		return number(func(o *domain.Order) int64 { return domain.Nanos(o.StatusChanged) })
	case "organization_id":
		return number(func(o *domain.Order) int64 { return o.OrganizationID })
	case "certificate_id":
		return number(func(o *domain.Order) int64 { return o.CertificateID })
	case "user_id":
		return number(func(o *domain.Order) int64 { return o.UserID })
	case "container_id":
		return number(func(*domain.Order) int64 { return domain.ContainerID })
	case "product_name_id", "product_name":
		return text(func(o *domain.Order) string { return o.Product })
	case "validity_years":
		return number(func(o *domain.Order) int64 { return int64(o.ValidityYears) })
	case "is_renewed":
		return number(func(*domain.Order) int64 { return domain.FlagNumber(false) })
	case "disable_renewal_notifications":
		return number(func(o *domain.Order) int64 { return domain.FlagNumber(o.NoRenewalNotices) })
	case "origin":
		return folded(func(*domain.Order) string { return originOfOrders })
	case "metadata_id":
		return matching(func(o *domain.Order, f *domain.Filter) bool {
			return slices.ContainsFunc(o.CustomFields, func(c domain.CustomField) bool { return f.HasNumber(c.MetadataID) })
		})
	case "common_name":
		return field[domain.Order]{
			text:  func(o *domain.Order) string { return s.holderOf(o).commonName },
			match: func(o *domain.Order, f *domain.Filter) bool { return f.HasText(s.holderOf(o).foldedName) },
		}
	case "email":
		return folded(func(o *domain.Order) string { return s.holderOf(o).foldedEmail })
	case "search":
		return matching(func(o *domain.Order, f *domain.Filter) bool {
			holder := s.holderOf(o)
			return f.HasText(holder.foldedName) || f.HasText(holder.foldedEmail)
		})
	default: // valid_till and serial_number, until there are certificates, and domain_name
		return field[domain.Order]{}
	}
}

// A holder is an individual with what lists ask of one, made once so that a list makes nothing for each order.
type holder struct {
	domain.Individual
	commonName  string
	foldedName  string
	foldedEmail string
}

func newHolder(individual domain.Individual) holder {
	name := individual.CommonName()
	return holder{individual, name, domain.Fold(name), domain.Fold(individual.Email)}
}

func (s *state) holderOf(order *domain.Order) *holder {
	if i, there := s.individuals.find(order.IndividualID); there {
		return s.individuals[i].value
	}
	return &holder{}
}
