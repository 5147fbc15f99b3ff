package storetest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func orderIDs(list []domain.Order) []int64 {
	return idsOf(list, func(o domain.Order) int64 { return o.ID })
}

func organizationIDs(list []domain.Organization) []int64 {
	return idsOf(list, func(o domain.Organization) int64 { return o.ID })
}

func idsOf[T any](list []T, id func(T) int64) []int64 {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = id(list[i])
	}
	return ids
}

// testPaging reads pages at the edges of each list. Each list has 7 items.
func testPaging(s *suite) {
	o := s.open(roomy(), one)
	var changes domain.Changes
	for i := range int64(7) {
		called := order(10 + i)
		called.AlternativeID = "called"
		changes.Orders = append(changes.Orders, called)
		changes.Organizations = append(changes.Organizations, organization(10+i, "A"))
		changes.People = append(changes.People, domain.Person{ID: 10 + i, User: &domain.User{}}, domain.Person{ID: 20 + i})
		changes.PaymentProfiles = append(changes.PaymentProfiles, domain.PaymentProfile{ID: 10 + i})
		changes.People = append(changes.People, domain.Person{ID: 30 + i, User: &domain.User{APIName: "robot"}})
		changes.Adjustments = append(changes.Adjustments, domain.Adjustment{ID: 10 + i})
		changes.Requests = append(changes.Requests, domain.Request{ID: 10 + i})
	}
	if err := o.Reset(s.Context(), one, func() domain.Changes { return changes }); err != nil {
		s.Fatal(err)
	}
	all := []int64{10, 11, 12, 13, 14, 15, 16}
	lists := map[string]func(domain.Reader, domain.Page) ([]int64, int){
		"orders": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Orders(domain.OrderQuery{Page: page})
			return orderIDs(list), total
		},
		"sorted orders": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Orders(domain.OrderQuery{Page: page, Sort: []domain.SortKey{{Name: "order_id"}}})
			return orderIDs(list), total
		},
		"filtered orders": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Orders(domain.OrderQuery{Page: page, Filters: filters(domain.Filter{Field: "status", Texts: whole("pending")})})
			return orderIDs(list), total
		},
		"organizations": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Organizations(domain.OrganizationQuery{Page: page})
			return organizationIDs(list), total
		},
		"users": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Users(domain.UserQuery{Page: page})
			return personIDs(list), total
		},
		"service users": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.ServiceUsers(domain.UserQuery{Page: page})
			ids := personIDs(list)
			for i := range ids {
				ids[i] -= 20
			}
			return ids, total
		},
		"orders by their alternative id": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.OrdersByAlternativeID("called", page)
			return orderIDs(list), total
		},
		"payment profiles": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.PaymentProfiles(page)
			return idsOf(list, func(p domain.PaymentProfile) int64 { return p.ID }), total
		},
		"adjustments": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Adjustments(page)
			return idsOf(list, func(a domain.Adjustment) int64 { return a.ID }), total
		},
		"requests": func(r domain.Reader, page domain.Page) ([]int64, int) {
			list, total := r.Requests(domain.RequestQuery{Page: page})
			return idsOf(list, func(r domain.Request) int64 { return r.ID }), total
		},
	}
	for name, list := range lists {
		for _, page := range []domain.Page{
			{Limit: 1000},
			{Limit: 7},
			{Limit: 3},
			{Limit: 3, Offset: 3},
			{Limit: 3, Offset: 6},
			{Limit: 1, Offset: 6},
			{Limit: 3, Offset: 7},
			{Limit: 3, Offset: 8},
			{Limit: 1000, Offset: 999_999_999_999_999},
		} {
			o.read(one, func(r domain.Reader) {
				got, total := list(r, page)
				want := all[min(page.Offset, 7):min(page.Offset+page.Limit, 7)]
				if total != 7 || !slices.Equal(got, want) {
					s.Errorf("%s, %+v: got %v of %d, want %v of 7", name, page, got, total, want)
				}
			})
		}
	}
}

func keys(names ...string) []domain.SortKey {
	list := make([]domain.SortKey, len(names))
	for i, name := range names {
		list[i] = domain.SortKey{Name: name}
		if name[0] == '-' {
			list[i] = domain.SortKey{Name: name[1:], Descending: true}
		}
	}
	return list
}

func testSortedOrders(s *suite) {
	o := s.open(roomy(), one)
	individuals := []domain.Individual{{ID: 22, FirstName: "Ada", LastName: "B"}, {ID: 23, FirstName: "Zoe", LastName: "A"}}
	add := func(id int64, created, years int, individual int64, status domain.Status, product string) domain.Order {
		added := order(id)
		added.Created, added.ValidityYears, added.IndividualID, added.Status, added.Product = day(created), years, individual, status, product
		return added
	}
	o.change(one, domain.Changes{Individuals: individuals, Orders: []domain.Order{
		add(1, 3, 1, 23, domain.StatusPending, "b"),
		add(2, 1, 2, 22, domain.StatusIssued, "a"),
		add(3, 3, 3, 22, domain.StatusPending, "b"),
		add(4, 2, 1, 23, domain.StatusCanceled, "a"),
		add(5, 1, 2, 22, domain.StatusPending, "a"),
	}})
	for _, tc := range []struct {
		keys []domain.SortKey
		want []int64
	}{
		{nil, []int64{1, 2, 3, 4, 5}},
		{keys("order_id"), []int64{1, 2, 3, 4, 5}},
		{keys("-order_id"), []int64{5, 4, 3, 2, 1}},
		{keys("date_created"), []int64{2, 5, 4, 1, 3}},
		{keys("-date_created"), []int64{1, 3, 4, 2, 5}}, // equal ones stay in the order of their ids
		{keys("common_name"), []int64{2, 3, 5, 1, 4}},
		{keys("-common_name"), []int64{1, 4, 2, 3, 5}},
		{keys("status"), []int64{4, 2, 1, 3, 5}},
		{keys("-status"), []int64{1, 3, 5, 2, 4}},
		{keys("validity_years"), []int64{1, 4, 2, 5, 3}},
		{keys("-validity_years"), []int64{3, 2, 5, 1, 4}},
		{keys("product_name"), []int64{2, 4, 5, 1, 3}},
		{keys("-product_name"), []int64{1, 3, 2, 4, 5}},
		{keys("product_name", "-validity_years"), []int64{2, 5, 4, 3, 1}},
		{keys("-status", "date_created", "-order_id"), []int64{5, 3, 1, 2, 4}},
		{keys("status", "status", "-status"), []int64{4, 2, 1, 3, 5}},
	} {
		o.read(one, func(r domain.Reader) {
			list, _ := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 10}, Sort: tc.keys})
			s.equal(fmt.Sprintf("%+v", tc.keys), orderIDs(list), tc.want)
			page, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 2, Offset: 3}, Sort: tc.keys})
			s.equal("total", total, 5)
			s.equal("second page", orderIDs(page), tc.want[3:])
		})
	}
}

func testSortedOrganizations(s *suite) {
	o := s.open(roomy(), one)
	var changes domain.Changes
	for id, name := range map[int64]string{2000001: "B", 2000002: "a", 2000003: "B", 2000004: "A"} {
		added := organization(id, name)
		added.Active = id%2 == 0
		changes.Organizations = append(changes.Organizations, added)
	}
	seeded := organization(domain.SeedOrganization, "C")
	changes.Organizations = append(changes.Organizations, seeded)
	o.change(one, changes)
	for _, tc := range []struct {
		keys []domain.SortKey
		want []int64
	}{
		{nil, []int64{domain.SeedOrganization, 2000001, 2000002, 2000003, 2000004}},
		{keys("-id"), []int64{2000004, 2000003, 2000002, 2000001, domain.SeedOrganization}},
		{keys("name"), []int64{2000004, 2000001, 2000003, domain.SeedOrganization, 2000002}},
		{keys("-name"), []int64{2000002, domain.SeedOrganization, 2000001, 2000003, 2000004}},
		{keys("status"), []int64{domain.SeedOrganization, 2000002, 2000004, 2000001, 2000003}},
		{keys("-status", "-id"), []int64{2000003, 2000001, 2000004, 2000002, domain.SeedOrganization}},
	} {
		o.read(one, func(r domain.Reader) {
			list, _ := r.Organizations(domain.OrganizationQuery{Page: domain.Page{Limit: 10}, Sort: tc.keys})
			s.equal(fmt.Sprintf("%+v", tc.keys), organizationIDs(list), tc.want)
		})
	}
}

func testSortLeavesTheTable(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, orders(1, 2, 3))
	before := o.everything(one)
	o.read(one, func(r domain.Reader) {
		r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 10}, Sort: keys("-order_id")})
		r.Organizations(domain.OrganizationQuery{Page: domain.Page{Limit: 10}, Sort: keys("-id")})
		r.Users(domain.UserQuery{Page: domain.Page{Limit: 10}, Sort: keys("-id")})
	})
	s.equal("after sorting", o.everything(one), before)
}

// testSortedPages compares every page of a long list with the same part of a list that is sorted as a whole.
func testSortedPages(s *suite) {
	const n = 200
	o := s.open(roomy(), one)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same orders each time
	var changes domain.Changes
	for id := int64(1); id <= n; id++ {
		added := order(id)
		added.Created, added.ValidityYears = day(1+random.IntN(20)), random.IntN(4)
		if random.IntN(3) == 0 {
			added.Status = domain.StatusIssued
		}
		changes.Orders = append(changes.Orders, added)
	}
	o.change(one, changes)
	pending := filters(like("status", whole("pending")...))
	for _, sort := range [][]domain.SortKey{
		nil, keys("date_created"), keys("-date_created"), keys("-order_id"), keys("validity_years", "-date_created"),
		keys("-validity_years", "order_id"), keys("valid_till"), keys("-valid_till", "-validity_years"),
	} {
		want := slices.DeleteFunc(slices.Clone(changes.Orders), func(o domain.Order) bool { return o.Status != domain.StatusPending })
		slices.SortStableFunc(want, func(a, b domain.Order) int { return inOrder(sort, a, b) })
		for _, page := range []domain.Page{
			{Limit: 1},
			{Limit: 10},
			{Limit: 10, Offset: 1},
			{Limit: 10, Offset: 50},
			{Limit: 50, Offset: 100},
			{Limit: n - 1},
			{Limit: n},
			{Limit: 1000},
			{Limit: 1, Offset: n - 1},
			{Limit: math.MaxInt, Offset: 3},
			{Limit: 10, Offset: math.MaxInt},
		} {
			o.read(one, func(r domain.Reader) {
				got, total := r.Orders(domain.OrderQuery{Page: page, Sort: sort, Filters: pending})
				from := min(page.Offset, len(want))
				s.equal(fmt.Sprintf("%+v, %+v", sort, page), orderIDs(got), orderIDs(want[from:from+min(page.Limit, len(want)-from)]))
				s.equal("total", total, len(want))
			})
		}
	}
}

// inOrder compares orders in the way of the store. A value that no order has is equal for all.
func inOrder(sort []domain.SortKey, a, b domain.Order) int {
	for _, key := range sort {
		var c int
		switch key.Name {
		case "order_id":
			c = cmp.Compare(a.ID, b.ID)
		case "date_created":
			c = a.Created.Compare(b.Created)
		case "validity_years":
			c = cmp.Compare(a.ValidityYears, b.ValidityYears)
		}
		if key.Descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}
