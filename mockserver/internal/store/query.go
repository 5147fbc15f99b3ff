package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A transaction reads an account once. It implements [domain.Reader].
type transaction struct {
	*state
	err error // of a list that could not be read, which fails the transaction
}

// read runs a transaction on a state.
func read(s *state, run func(domain.Reader) error) error {
	t := &transaction{state: s}
	if err := run(t); t.err == nil {
		return err
	}
	return t.err
}

// listed returns what a list found, or notes why it could not be read.
func listed[T any](t *transaction, items []T, total int, err error) ([]T, int) {
	if err != nil && t.err == nil {
		t.err = err
	}
	return items, total
}

func (t *transaction) ServiceUsers(query domain.UserQuery) ([]domain.Person, int) {
	users := keep(t.people, func(p *domain.Person) bool { return p.User != nil && p.User.Service() })
	items, total, err := list(users, query.Page, query.Sort, query.Filters, userField)
	return listed(t, items, total, err)
}

func (t *transaction) Users(query domain.UserQuery) ([]domain.Person, int) {
	users := keep(t.people, func(p *domain.Person) bool { return p.User != nil && !p.User.Service() })
	items, total, err := list(users, query.Page, query.Sort, query.Filters, userField)
	return listed(t, items, total, err)
}

func (t *transaction) Organizations(query domain.OrganizationQuery) ([]domain.Organization, int) {
	items, total, err := list(t.organizations, query.Page, query.Sort, query.Filters, organizationField)
	return listed(t, items, total, err)
}

func (t *transaction) Orders(query domain.OrderQuery) ([]domain.Order, int) {
	items, total, err := list(t.orders, query.Page, query.Sort, query.Filters, t.orderField)
	return listed(t, items, total, err)
}

func (t *transaction) Requests(query domain.RequestQuery) ([]domain.Request, int) {
	items, total, err := list(t.requests, query.Page, query.Sort, query.Filters, requestField)
	return listed(t, items, total, err)
}

func (s *state) OrdersCalled(alternativeID string, page domain.Page) ([]domain.Order, int) {
	ids := s.called.ids[alternativeID]
	return all(s.orders.pick(part(ids, page))), len(ids)
}

func (s *state) Adjustments(page domain.Page) ([]domain.Adjustment, int) {
	return cut(s.adjustments, page), len(s.adjustments)
}

func (s *state) PaymentProfiles(page domain.Page) ([]domain.PaymentProfile, int) {
	return cut(s.profiles, page), len(s.profiles)
}
