package storetest

import (
	"strconv"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func personIDs(people []domain.Person) []int64 {
	ids := make([]int64, len(people))
	for i := range people {
		ids[i] = people[i].ID
	}
	return ids
}

func login(id int64, username string) domain.Person {
	return domain.Person{ID: id, User: &domain.User{Username: username, Role: domain.Administrator()}}
}

func service(id int64) domain.Person {
	return domain.Person{ID: id, FirstName: "Robot", User: &domain.User{APIName: "Robot", Role: domain.Administrator()}}
}

// testUserByUsername checks that a user is found by its username in any case, and not by a former username or
// after it was deleted.
func testUserByUsername(s *suite) {
	o := s.open(roomy(), one, two)
	named := func(username string, want int64) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			got, there := r.UserByUsername(username)
			s.equal("the user named "+username, [2]any{got.ID, there}, [2]any{want, want != 0})
		})
	}
	named("ada", 0)
	named("", 0)
	o.change(one, domain.Changes{People: []domain.Person{login(10, "Ada@Example.org"), service(11), {ID: 12, FirstName: "ada"}}})
	named("ada@example.org", 10)
	named("ADA@example.org", 10)
	named("ada", 0)
	named("Robot", 0)
	named("", 0)
	changed := login(10, "Ada@Example.org")
	changed.FirstName = "Ada"
	o.change(one, domain.Changes{People: []domain.Person{changed}})
	named("ada@example.org", 10)
	o.change(one, domain.Changes{People: []domain.Person{login(10, "Grace")}})
	named("ada@example.org", 0)
	named("grace", 10)
	o.change(one, domain.Changes{People: []domain.Person{login(13, "Ada@example.org")}})
	named("ada@example.org", 13)
	o.change(one, domain.Changes{People: []domain.Person{login(10, "ada@EXAMPLE.org"), login(13, "GRACE")}})
	named("ada@example.org", 10)
	named("grace", 13)
	o.change(one, domain.Changes{People: []domain.Person{{ID: 13}}})
	named("grace", 0)
	named("ada@example.org", 10)
	named(seed().People[0].User.Username, domain.SeedAdministrator)
	o.read(two, func(r domain.Reader) {
		if _, there := r.UserByUsername("ada@example.org"); there {
			s.Error("a user of another account is there")
		}
	})
}

// testPeople checks the lists of users that log in, of service users, and of all people, in the order of
// their ids.
func testPeople(s *suite) {
	o := s.open(roomy(), one)
	o.change(one, domain.Changes{People: []domain.Person{service(14), login(13, "b"), {ID: 12}, service(11), login(10, "a")}})
	o.read(one, func(r domain.Reader) {
		page := domain.Page{Limit: 10}
		users, total := r.Users(domain.UserQuery{Page: page})
		s.equal("users", personIDs(users), []int64{10, 13, domain.SeedAdministrator, domain.SeedUser})
		s.equal("how many users", total, 4)
		robots, total := r.ServiceUsers(domain.UserQuery{Page: page})
		s.equal("service users", personIDs(robots), []int64{11, 14})
		s.equal("how many service users", total, 2)
		robots, total = r.ServiceUsers(domain.UserQuery{Page: domain.Page{Limit: 1, Offset: 1}})
		s.equal("the second page of service users", personIDs(robots), []int64{14})
		s.equal("how many service users, told by a page", total, 2)
		robots, total = r.ServiceUsers(domain.UserQuery{Page: domain.Page{Limit: 1, Offset: 5}})
		s.equal("a page beyond the end", personIDs(robots), []int64{})
		s.equal("how many service users, told by a page beyond the end", total, 2)
		robots, total = r.ServiceUsers(domain.UserQuery{
			Page: domain.Page{Limit: 10}, Sort: []domain.SortKey{{Name: "id", Descending: true}},
			Filters: filters(having("access_role_id", domain.Exactly(1)), like("status", whole("active")...), like("search", whole("robot")...)),
		})
		s.equal("service users, the last first", personIDs(robots), []int64{14, 11})
		s.equal("how many service users that the filters keep", total, 2)
		robots, total = r.ServiceUsers(domain.UserQuery{Page: page, Filters: filters(like("status", whole("inactive")...))})
		s.equal("inactive service users", personIDs(robots), []int64{})
		s.equal("how many inactive service users", total, 0)
		s.equal("people", personIDs(r.People()), []int64{10, 11, 12, 13, 14, domain.SeedAdministrator, domain.SeedUser})
		r.People()[0].FirstName = "changed"
		s.equal("the first of the people", r.People()[0].FirstName, "")
	})
}

// testKeys checks that the owner of a key is found until the keys of its user are revoked, or the account
// is reset.
func testKeys(s *suite) {
	o := s.open(roomy(), one, two)
	owned := func(hash domain.KeyHash, account domain.AccountID, key domain.Key) {
		s.Helper()
		got, there := o.Owner(s.Context(), hash)
		s.equal("the owner of "+string(hash), [3]any{got.Account, got.Key, there}, [3]any{account, key, account != ""})
	}
	first, second, other := domain.Key{Hash: "a", UserID: 10, Role: 100}, domain.Key{Hash: "b", UserID: 10}, domain.Key{Hash: "c", UserID: 11}
	owned("a", "", domain.Key{})
	o.change(one, domain.Changes{Keys: []domain.Key{first, second}})
	o.change(two, domain.Changes{Keys: []domain.Key{other}})
	owned("a", one, first)
	owned("b", one, second)
	owned("c", two, other)
	owned("", "", domain.Key{})
	o.change(one, domain.Changes{Keys: []domain.Key{{Hash: "d", UserID: 12}}})
	o.change(two, domain.Changes{KeysRevoked: []int64{10}}) // a user of another account
	o.change(one, domain.Changes{KeysRevoked: []int64{11, 12}})
	owned("a", one, first)
	owned("b", one, second)
	owned("c", two, other)
	owned("d", "", domain.Key{})
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	owned("a", "", domain.Key{})
	owned("b", "", domain.Key{})
	owned("c", two, other)
	o.change(one, domain.Changes{Keys: []domain.Key{first}})
	owned("a", one, first)
}

// testDeletedOrganizations checks that no function finds a deleted organization, and all find the others.
func testDeletedOrganizations(s *suite) {
	o := s.open(roomy(), one)
	before := o.everything(one)
	o.change(one, domain.Changes{Organizations: []domain.Organization{organization(10, "A"), organization(11, "A"), organization(12, "B")}})
	o.change(one, domain.Changes{Deleted: []int64{10, 12, 99}})
	o.read(one, func(r domain.Reader) {
		for id, want := range map[int64]bool{10: false, 11: true, 12: false, domain.SeedOrganization: true} {
			if _, there := r.Organization(id); there != want {
				s.Errorf("organization %d: there is %v", id, there)
			}
		}
		s.equal("like A", r.OrganizationsWithDetails(organization(0, "A").Key()), []int64{11})
		s.equal("like B", len(r.OrganizationsWithDetails(organization(0, "B").Key())), 0)
		_, total := r.Organizations(domain.OrganizationQuery{Page: domain.Page{Limit: 10}})
		s.equal("how many", total, 2)
	})
	o.change(one, domain.Changes{Deleted: []int64{11}})
	s.equal("after all have been deleted", o.everything(one), before)
}

// testOrderCountOf checks that every order counts once, in any state.
func testOrderCountOf(s *suite) {
	o := s.open(roomy(), one, two)
	naming := func(want int) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			s.equal("orders", [2]int{r.OrderCountOf(domain.SeedOrganization), r.OrderCountOf(1)}, [2]int{want, 0})
		})
	}
	naming(0)
	o.change(one, orders(1, 2))
	o.change(two, orders(1))
	naming(2)
	canceled := order(1)
	canceled.Status = domain.StatusCanceled
	o.change(one, domain.Changes{Orders: []domain.Order{canceled}})
	naming(2)
	o.change(one, orders(3))
	naming(3)
}

// testUsersOfARole checks that a user is found by each of its roles.
func testUsersOfARole(s *suite) {
	o := s.open(roomy(), one)
	roles := domain.Roles()
	both := login(10, "a")
	both.User.Role, both.User.MoreRoles = roles[3], []domain.Role{roles[4], roles[1]}
	o.change(one, domain.Changes{People: []domain.Person{both}})
	o.read(one, func(r domain.Reader) {
		for role, want := range map[int64][]int64{
			1: {domain.SeedAdministrator}, 2: {10}, 3: {}, 4: {10}, 5: {10, domain.SeedUser}, 6: {},
		} {
			users, total := r.Users(domain.UserQuery{
				Page: domain.Page{Limit: 10}, Filters: []domain.Filter{{Field: "access_role_id", Ranges: []domain.Range{domain.Exactly(role)}}},
			})
			s.equal("users of role "+strconv.FormatInt(role, 10), personIDs(users), want)
			s.equal("how many", total, len(want))
		}
	})
}
