package store

import (
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

type userRow = row[domain.Person, none]

// statusOfUsers is the status of every user of the mock.
const statusOfUsers = "active"

func userField(name string) field[userRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *userRow) int64 { return r.id }).growing()
	case domain.FieldUsername:
		return text(func(r *userRow) string { return r.value.User.Username })
	case domain.FieldFirstName:
		return text(func(r *userRow) string { return r.value.FirstName })
	case domain.FieldLastName:
		return text(func(r *userRow) string { return r.value.LastName })
	case domain.FieldEmail:
		return text(func(r *userRow) string { return r.value.Email })
	case domain.FieldAccessRoleID:
		return matching(func(r *userRow, f *domain.Filter) bool {
			return f.HasNumber(r.value.User.Role.ID) || slices.ContainsFunc(r.value.User.MoreRoles, func(role domain.Role) bool {
				return f.HasNumber(role.ID)
			})
		})
	case domain.FieldContainerID:
		return number(func(*userRow) int64 { return domain.ContainerID })
	case domain.FieldStatus:
		return folded(func(*userRow) string { return statusOfUsers })
	case domain.FieldSearch:
		return matching(func(r *userRow, f *domain.Filter) bool {
			p := r.value
			texts := []string{p.FirstName, p.LastName, p.FirstName + " " + p.LastName, p.Email, p.User.Username}
			return slices.ContainsFunc(texts, func(text string) bool { return f.HasText(domain.Fold(text)) })
		})
	default:
		return field[userRow]{}
	}
}

func (t *transaction) Users(query domain.UserQuery) ([]domain.Person, int) {
	users := where(t.people, func(p *domain.Person) bool { return p.User != nil && !p.User.Service() })
	items, total, err := list(users, query.Page, query.Sort, query.Filters, userField)
	return noteFailure(t, items, total, err)
}

func (t *transaction) ServiceUsers(query domain.UserQuery) ([]domain.Person, int) {
	users := where(t.people, func(p *domain.Person) bool { return p.User != nil && p.User.Service() })
	items, total, err := list(users, query.Page, query.Sort, query.Filters, userField)
	return noteFailure(t, items, total, err)
}

func (s *state) Person(id int64) (domain.Person, bool) { return s.people.get(id) }

func (s *state) People() []domain.Person { return entities(s.people) }

func (s *state) UserByUsername(username string) (domain.Person, bool) {
	return s.people.first(s.byUsername.ids[strings.ToLower(username)])
}
