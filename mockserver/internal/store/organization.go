package store

import (
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

type organizationRow = row[domain.Organization, organizationKeys]

// organizationKeys are the names that organizations are searched by, in lower case.
type organizationKeys struct{ name, assumedName string }

func keysOfOrganization(o *domain.Organization) organizationKeys {
	return organizationKeys{name: domain.Fold(o.Name), assumedName: domain.Fold(o.AssumedName)}
}

func organizationField(name string) field[organizationRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *organizationRow) int64 { return r.id }).growing()
	case domain.FieldName:
		return text(func(r *organizationRow) string { return r.value.Name })
	case domain.FieldStatus:
		return folded(func(r *organizationRow) string { return r.value.Status() })
	case domain.FieldContainerID, domain.FieldContainerOf:
		return number(func(*organizationRow) int64 { return domain.ContainerID })
	case domain.FieldValidation:
		return folded(func(r *organizationRow) string {
			if r.value.ValidationPending() {
				return "pending"
			}
			return "not_pending"
		})
	case domain.FieldSearch:
		return matching(func(r *organizationRow, f *domain.Filter) bool {
			return f.HasNumber(r.id) || f.HasText(r.keys.name) || f.HasText(r.keys.assumedName)
		})
	default:
		return field[organizationRow]{}
	}
}

func (t *transaction) Organizations(query domain.OrganizationQuery) ([]domain.Organization, int) {
	items, total, err := list(t.organizations, query.Page, query.Sort, query.Filters, organizationField)
	return noteFailure(t, items, total, err)
}

func (s *state) Organization(id int64) (domain.Organization, bool) { return s.organizations.get(id) }

func (s *state) OrganizationsWithDetails(key domain.DetailsKey) []int64 {
	return slices.Clone(s.byDetails.ids[key])
}
