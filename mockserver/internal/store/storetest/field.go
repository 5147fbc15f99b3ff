package storetest

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A list is a list of a reader, with the names of its fields.
type list struct {
	ask          func(domain.Reader, domain.Page, []domain.SortKey, []domain.Filter) any
	sort, filter []string
}

// lists are the lists of an account, with their fields in the contract (D-39).
func lists() map[string]list {
	users := []string{domain.FieldID, domain.FieldUsername, domain.FieldFirstName, domain.FieldLastName, domain.FieldEmail}
	userFilters := []string{domain.FieldContainerID, domain.FieldAccessRoleID, domain.FieldStatus, domain.FieldSearch}
	return map[string]list{
		"orders": {
			func(r domain.Reader, page domain.Page, sort []domain.SortKey, filters []domain.Filter) any {
				return answer(r.Orders(domain.OrderQuery{Page: page, Sort: sort, Filters: filters}))
			},
			[]string{
				domain.FieldOrderID, domain.FieldDateCreated, domain.FieldCommonName, domain.FieldStatus, domain.FieldValidityYears,
				domain.FieldProductName, domain.FieldValidTill,
			},
			[]string{
				domain.FieldID, domain.FieldStatus, domain.FieldStatusChanged, domain.FieldOrganizationID, domain.FieldProductNameID,
				domain.FieldValidTill, domain.FieldUserID, domain.FieldCommonName, domain.FieldDomainName, domain.FieldDateCreated,
				domain.FieldContainerID, domain.FieldMetadataID, domain.FieldIsRenewed, domain.FieldNoRenewalNotices, domain.FieldEmail,
				domain.FieldCertificateID, domain.FieldOrigin, domain.FieldSerialNumber, domain.FieldSearch,
			},
		},
		"organizations": {
			func(r domain.Reader, page domain.Page, sort []domain.SortKey, filters []domain.Filter) any {
				return answer(r.Organizations(domain.OrganizationQuery{Page: page, Sort: sort, Filters: filters}))
			},
			[]string{domain.FieldID, domain.FieldName, domain.FieldStatus},
			[]string{domain.FieldContainerID, domain.FieldStatus, domain.FieldValidation, domain.FieldContainerOf, domain.FieldSearch},
		},
		"users": {
			func(r domain.Reader, page domain.Page, sort []domain.SortKey, filters []domain.Filter) any {
				return answer(r.Users(domain.UserQuery{Page: page, Sort: sort, Filters: filters}))
			}, users, userFilters,
		},
		"service users": {
			func(r domain.Reader, page domain.Page, sort []domain.SortKey, filters []domain.Filter) any {
				return answer(r.ServiceUsers(domain.UserQuery{Page: page, Sort: sort, Filters: filters}))
			}, users, userFilters,
		},
		"requests": {
			func(r domain.Reader, page domain.Page, sort []domain.SortKey, filters []domain.Filter) any {
				return answer(r.Requests(domain.RequestQuery{Page: page, Sort: sort, Filters: filters}))
			},
			[]string{domain.FieldID, domain.FieldDate, domain.FieldType, domain.FieldStatus},
			[]string{domain.FieldStatus, domain.FieldType, domain.FieldOrderID},
		},
	}
}

// testUnknownFields checks that a filter or sort key with the name of no field of the list fails the
// transaction, and that nothing of an update is stored.
func testUnknownFields(s *suite) {
	o := s.open(roomy(), one)
	before := o.everything(one)
	page := domain.Page{Limit: 10}
	for name, list := range lists() {
		ask := func(sort []domain.SortKey, filters []domain.Filter) (read, update error) {
			read = o.View(s.Context(), one, func(r domain.Reader) error {
				list.ask(r, page, sort, filters)
				return nil
			})
			update = o.Update(s.Context(), one, func(r domain.Reader) (domain.Changes, error) {
				list.ask(r, page, sort, filters)
				return domain.Changes{}, nil
			})
			return read, update
		}
		for _, field := range []string{"", "unknown", "Status", "comments"} {
			if read, update := ask(nil, filters(anything(field))); read == nil || update == nil {
				s.Errorf("%s filtered by %q: %v, %v", name, field, read, update)
			}
			if read, update := ask([]domain.SortKey{{Name: field}}, nil); read == nil || update == nil {
				s.Errorf("%s sorted by %q: %v, %v", name, field, read, update)
			}
		}
		if read, update := ask([]domain.SortKey{{Name: domain.FieldSearch}}, nil); read == nil || update == nil {
			s.Errorf("%s sorted by what it can be filtered by only: %v, %v", name, read, update)
		}
		for _, field := range list.sort {
			if read, update := ask([]domain.SortKey{{Name: field}}, nil); read != nil || update != nil {
				s.Errorf("%s sorted by %q: %v, %v", name, field, read, update)
			}
		}
		for _, field := range list.filter {
			if read, update := ask(nil, filters(anything(field))); read != nil || update != nil {
				s.Errorf("%s filtered by %q: %v, %v", name, field, read, update)
			}
		}
	}
	err := o.Update(s.Context(), one, func(r domain.Reader) (domain.Changes, error) {
		r.Orders(domain.OrderQuery{Page: page, Filters: filters(anything("unknown"))})
		return orders(1), nil
	})
	if err == nil {
		s.Error("an update that could not read is no error")
	}
	s.equal("after an update that could not read", o.everything(one), before)
}
