package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (s *state) ServiceUsers(query domain.UserQuery) ([]domain.Person, int) {
	users := keep(s.people, func(p *domain.Person) bool { return p.User != nil && p.User.Service() })
	return list(users, query.Page, query.Sort, query.Filters, userField)
}

func (s *state) OrdersCalled(alternativeID string, page domain.Page) ([]domain.Order, int) {
	ids := s.called[alternativeID]
	return all(s.orders.pick(part(ids, page))), len(ids)
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
