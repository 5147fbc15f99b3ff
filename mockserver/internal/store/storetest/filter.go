package storetest

import (
	"fmt"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func filters(list ...domain.Filter) []domain.Filter { return list }

func whole(texts ...string) []domain.Text {
	var list []domain.Text
	for _, text := range texts {
		list = append(list, domain.Whole(text))
	}
	return list
}

// having is a filter of numbers, and like one of texts.
func having(field string, ranges ...domain.Range) domain.Filter {
	return domain.Filter{Field: field, Ranges: ranges}
}

func like(field string, texts ...domain.Text) domain.Filter {
	return domain.Filter{Field: field, Texts: texts}
}

func testFilteredOrders(s *suite) {
	o := s.open(roomy(), one)
	changes := domain.Changes{Individuals: []domain.Individual{
		{ID: 22, FirstName: "Ada", LastName: "Voorbeeld", Email: "Ada@Example.org"},
		{ID: 23, FirstName: "Élodie", LastName: "van Dam", Email: "e.vandam@example.com"},
	}}
	for id := int64(1); id <= 8; id++ {
		added := order(id)
		added.CertificateID, added.Created, added.StatusChanged = 100+id, day(int(id)), day(int(20-id))
		added.UserID = domain.SeedAdministrator + id%2
		if id > 4 {
			added.Status = domain.StatusIssued
		}
		if id%4 > 1 {
			added.OrganizationID = 10
		}
		if id%2 == 0 {
			added.Product, added.IndividualID = "another", 22
		}
		changes.Orders = append(changes.Orders, added)
	}
	first, second, last := &changes.Orders[0], &changes.Orders[1], &changes.Orders[7]
	first.IndividualID, first.StatusChanged = 23, first.StatusChanged.AddDate(0, 0, -60)
	second.CustomFields = []domain.CustomField{{MetadataID: 7}, {MetadataID: 9}}
	last.CustomFields, last.NoRenewalNotices = []domain.CustomField{{MetadataID: 9}}, true
	o.change(one, changes)

	everything, nothing := []int64{1, 2, 3, 4, 5, 6, 7, 8}, []int64{}
	for _, tc := range []struct {
		filters []domain.Filter
		want    []int64
	}{
		{nil, everything},
		{filters(having("id", domain.Exactly(3))), []int64{3}},
		{filters(having("id", domain.Exactly(3).Above())), []int64{4, 5, 6, 7, 8}},
		{filters(having("id", domain.Exactly(3).Below())), []int64{1, 2}},
		{filters(having("id", domain.Exactly(3).Through(domain.Exactly(5)))), []int64{3, 4, 5}},
		{filters(having("id", domain.Exactly(5).Through(domain.Exactly(3)))), nothing},
		{filters(having("id", domain.Exactly(8), domain.Exactly(2).Below())), []int64{1, 8}},
		{filters(having("certificate_id", domain.Exactly(102))), []int64{2}},
		{filters(like("status", whole("issued")...)), []int64{5, 6, 7, 8}},
		{filters(like("status", whole("issued", "pending")...)), everything},
		{filters(like("status", whole("expired")...)), nothing},
		{filters(having("organization_id", domain.Exactly(10))), []int64{2, 3, 6, 7}},
		{filters(having("organization_id", domain.Exactly(0))), nothing},
		{filters(having("user_id", domain.Exactly(domain.SeedAdministrator))), []int64{2, 4, 6, 8}},
		{filters(having("container_id", domain.Exactly(domain.ContainerID))), everything},
		{filters(having("container_id", domain.Exactly(5))), nothing},
		{filters(like("product_name_id", whole("ANOTHER")...)), []int64{2, 4, 6, 8}},
		{filters(like("product_name_id", domain.Part("organisation"))), []int64{1, 3, 5, 7}},
		{filters(like("product_name_id", whole("no such product")...)), nothing},
		{filters(having("date_created", domain.During(day(3), day(5)))), []int64{3, 4}},
		{filters(having("status_last_updated", domain.During(day(12), day(14)).Above())), []int64{2, 3, 4, 5, 6}},
		{filters(having("status_last_updated", domain.During(day(12), day(13)).Below())), []int64{1}},
		{filters(having("is_renewed", domain.Exactly(0))), everything},
		{filters(having("is_renewed", domain.Exactly(1))), nothing},
		{filters(having("disable_renewal_notifications", domain.Exactly(1))), []int64{8}},
		{filters(having("metadata_id", domain.Exactly(9))), []int64{2, 8}},
		{filters(having("metadata_id", domain.Exactly(8).Below())), []int64{2}},
		{filters(having("metadata_id", domain.Exactly(8).Through(domain.Exactly(8)))), nothing},
		{filters(like("common_name", whole("ada voorbeeld")...)), []int64{2, 4, 6, 8}},
		{filters(like("common_name", whole("ada")...)), nothing},
		{filters(like("common_name", domain.Part("ÉLO"))), []int64{1}},
		{filters(like("common_name", domain.Part(""))), everything},
		{filters(like("email", whole("ada@example.ORG")...)), []int64{2, 4, 6, 8}},
		{filters(like("email", domain.Part("@example.com"))), []int64{1, 3, 5, 7}},
		{filters(like("search", whole("ada@example.org", "élodie VAN dam")...)), []int64{1, 2, 4, 6, 8}},
		{filters(like("search", domain.Part("voor"))), []int64{2, 4, 6, 8}},
		{filters(like("origin", whole("certcentral")...)), everything},
		{filters(like("origin", whole("migrated")...)), nothing},
		// An order without a value is in no range.
		{filters(having("valid_till", domain.During(day(1), day(2)).Above())), nothing},
		{filters(having("valid_till", domain.During(day(1), day(2)).Below())), nothing},
		{filters(like("domain_name", domain.Part(""))), nothing},
		{filters(like("serial_number", domain.Part("0"))), nothing},
		// Several filters.
		{filters(like("status", whole("pending")...), having("organization_id", domain.Exactly(10)), like("product_name_id", whole("another")...)), []int64{2}},
		{filters(like("status", whole("pending")...), like("status", whole("issued")...)), nothing},
	} {
		o.read(one, func(r domain.Reader) {
			what := fmt.Sprintf("%+v", tc.filters)
			list, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 100}, Filters: tc.filters})
			s.equal(what, orderIDs(list), tc.want)
			s.equal(what+": total", total, len(tc.want))
			// The total is the number of filtered orders, not of those on the page.
			list, total = r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1, Offset: 1}, Filters: tc.filters})
			s.equal(what+": total of a page", total, len(tc.want))
			s.equal(what+": page", orderIDs(list), tc.want[min(1, len(tc.want)):min(2, len(tc.want))])
			list, total = r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 3}, Filters: tc.filters, Sort: keys("-order_id")})
			backward := slices.Clone(tc.want)
			slices.Reverse(backward)
			s.equal(what+": total of a sorted page", total, len(tc.want))
			s.equal(what+": sorted page", orderIDs(list), backward[:min(3, len(backward))])
		})
	}
}

// testIndividualsOfOrders checks that orders are found by the current names of their individuals, when
// either was added first, and never without an individual.
func testIndividualsOfOrders(s *suite) {
	o := s.open(roomy(), one)
	changes := orders(1, 2, 3)
	changes.Orders[0].IndividualID, changes.Orders[1].IndividualID, changes.Orders[2].IndividualID = 30, 25, 99
	o.change(one, changes)
	found := func(want []int64, texts ...domain.Text) {
		s.Helper()
		for _, field := range []string{"search", "email"} {
			o.read(one, func(r domain.Reader) {
				list, _ := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 10}, Filters: filters(like(field, texts...)), Sort: keys("common_name")})
				s.equal(fmt.Sprintf("%s %+v", field, texts), orderIDs(list), want)
			})
		}
	}
	individual := func(id int64, name string) domain.Changes {
		return domain.Changes{Individuals: []domain.Individual{{ID: id, FirstName: name, LastName: "X", Email: name + "@example.com"}}}
	}
	found([]int64{}, domain.Part(""))
	o.change(one, individual(30, "Zoe"))
	found([]int64{1}, domain.Part(""))
	o.change(one, individual(25, "Yan"))
	found([]int64{2, 1}, domain.Part(""))
	found([]int64{2, 1}, domain.Whole("ZOE@example.com"), domain.Part("YAN@"))
	o.change(one, individual(30, "Ada"))
	found([]int64{1, 2}, domain.Part(""))
	found([]int64{}, domain.Part("zoe"))
	found([]int64{1}, domain.Whole("ada@EXAMPLE.com"))
	found([]int64{}, domain.Part("x\x00ada")) // this is in the text of no individual
}

func testFilteredOrganizations(s *suite) {
	o := s.open(roomy(), one)
	inactive := organization(1920074, "Bakker")
	inactive.Active, inactive.AssumedName = false, "De Zoete Inval"
	inactive.Validations = []domain.Validation{{Type: domain.ValidationOV}}
	validated := organization(1920075, "Bakker Zonen")
	validated.Validations = []domain.Validation{{Type: domain.ValidationOV, DateCreated: day(1), ValidatedUntil: day(2)}}
	o.change(one, domain.Changes{Organizations: []domain.Organization{inactive, validated}})
	for _, tc := range []struct {
		filters []domain.Filter
		want    []int64
	}{
		{nil, []int64{domain.SeedOrganization, 1920074, 1920075}},
		{filters(like("status", whole("active")...)), []int64{domain.SeedOrganization, 1920075}},
		{filters(like("status", whole("inactive")...)), []int64{1920074}},
		{filters(like("validation", whole("pending")...)), []int64{1920074}},
		{filters(like("validation", whole("not_pending")...)), []int64{domain.SeedOrganization, 1920075}},
		{filters(having("container_id", domain.Exactly(4))), []int64{domain.SeedOrganization, 1920074, 1920075}},
		{filters(having("container_id_for_organization", domain.Exactly(4).Above())), []int64{}},
		{filters(having("search", domain.Exactly(1920075))), []int64{1920075}},
		{filters(like("search", domain.Part("BAKKER"))), []int64{1920074, 1920075}},
		{filters(like("search", domain.Part("zoete"))), []int64{1920074}},
		{filters(domain.Filter{Field: "search", Ranges: []domain.Range{domain.Exactly(domain.SeedOrganization)}, Texts: whole("bakker")}), []int64{domain.SeedOrganization, 1920074}},
	} {
		o.read(one, func(r domain.Reader) {
			list, total := r.Organizations(domain.OrganizationQuery{Page: domain.Page{Limit: 10}, Filters: tc.filters})
			s.equal(fmt.Sprintf("organizations, %+v", tc.filters), organizationIDs(list), tc.want)
			s.equal("total", total, len(tc.want))
		})
	}
}

func testUsers(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, domain.Changes{People: []domain.Person{
		{ID: 4313914, FirstName: "Contact", LastName: "Smith", Email: "contact@example.com"},
		{ID: 4313915, FirstName: "Service", Email: "service@example.com", User: &domain.User{APIName: "service", Role: domain.Administrator()}},
		{ID: 4313916, FirstName: "Ada", LastName: "Zonder", Email: "b@example.com", User: &domain.User{Username: "AdaZ", Role: domain.Administrator()}},
	}})
	for _, tc := range []struct {
		filters []domain.Filter
		keys    []domain.SortKey
		want    []int64
	}{
		{nil, nil, []int64{domain.SeedAdministrator, domain.SeedUser, 4313916}},
		{filters(having("access_role_id", domain.Exactly(1))), nil, []int64{domain.SeedAdministrator, 4313916}},
		{filters(having("container_id", domain.Exactly(5))), nil, []int64{}},
		{filters(like("status", whole("active")...)), keys("-id"), []int64{4313916, domain.SeedUser, domain.SeedAdministrator}},
		{filters(like("status", whole("inactive")...)), nil, []int64{}},
		{filters(like("search", whole("smith")...)), nil, []int64{domain.SeedUser}},
		{filters(like("search", whole("john smith", "ADAZ")...)), nil, []int64{domain.SeedUser, 4313916}},
		{filters(like("search", domain.Part("hn s"))), nil, []int64{domain.SeedUser}},
		{filters(like("search", whole("hn s")...)), nil, []int64{}},
		{nil, keys("username"), []int64{4313916, domain.SeedAdministrator, domain.SeedUser}}, // capital letters come first
		{nil, keys("first_name", "-last_name"), []int64{4313916, domain.SeedUser, domain.SeedAdministrator}},
		{nil, keys("-last_name"), []int64{4313916, domain.SeedUser, domain.SeedAdministrator}},
		{nil, keys("email"), []int64{4313916, domain.SeedAdministrator, domain.SeedUser}},
	} {
		o.read(one, func(r domain.Reader) {
			list, total := r.Users(domain.UserQuery{Page: domain.Page{Limit: 10}, Filters: tc.filters, Sort: tc.keys})
			s.equal(fmt.Sprintf("users, %+v %+v", tc.filters, tc.keys), personIDs(list), tc.want)
			s.equal("total", total, len(tc.want))
		})
	}
}

func testRequests(s *suite) {
	o := s.open(roomy(), one)
	request := func(id int64, created int, kind domain.RequestType, status domain.RequestStatus, order int64) domain.Request {
		return domain.Request{ID: id, Created: day(created), Type: kind, Status: status, OrderID: order}
	}
	o.change(one, domain.Changes{Requests: []domain.Request{
		request(1, 3, domain.NewRequest, domain.RequestPending, 10),
		request(2, 1, domain.Revoke, domain.RequestApproved, 10),
		request(3, 2, domain.NewRequest, domain.RequestRejected, 11),
		request(4, 2, domain.NewRequest, domain.RequestPending, 12),
	}})
	for _, tc := range []struct {
		filters []domain.Filter
		keys    []domain.SortKey
		want    []int64
	}{
		{nil, nil, []int64{1, 2, 3, 4}},
		{filters(like("status", whole("pending")...)), nil, []int64{1, 4}},
		{filters(like("status", whole("pending", "rejected")...)), nil, []int64{1, 3, 4}},
		{filters(like("type", whole("revoke")...)), nil, []int64{2}},
		{filters(having("order_id", domain.Exactly(10).Above())), nil, []int64{3, 4}},
		{filters(having("order_id", domain.Exactly(10)), like("type", whole("new_request")...)), nil, []int64{1}},
		{nil, keys("-id"), []int64{4, 3, 2, 1}},
		{nil, keys("date"), []int64{2, 3, 4, 1}},
		{nil, keys("-date", "-id"), []int64{1, 4, 3, 2}},
		{nil, keys("type"), []int64{1, 3, 4, 2}},
		{nil, keys("-status"), []int64{3, 1, 4, 2}},
	} {
		o.read(one, func(r domain.Reader) {
			list, total := r.Requests(domain.RequestQuery{Page: domain.Page{Limit: 10}, Filters: tc.filters, Sort: tc.keys})
			ids := make([]int64, len(list))
			for i := range list {
				ids[i] = list[i].ID
			}
			s.equal(fmt.Sprintf("requests, %+v %+v", tc.filters, tc.keys), ids, tc.want)
			s.equal("total", total, len(tc.want))
		})
	}
}
