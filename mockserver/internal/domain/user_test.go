package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (a *account) createUser(in domain.NewUser) (id int64, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		id, changes, err = domain.CreateUser(r, in)
		return changes, err
	})
	return id, err
}

func (a *account) mustCreateUser(in domain.NewUser) int64 {
	a.Helper()
	id, err := a.createUser(in)
	if err != nil {
		a.Fatalf("user refused: %v", err)
	}
	return id
}

func (a *account) user(id int64) domain.Person {
	a.Helper()
	var user domain.Person
	var err error
	a.read(func(r domain.Reader) { user, err = domain.FindUser(r, id) })
	if err != nil {
		a.Fatal(err)
	}
	return user
}

// ada is a valid new user that logs in.
func ada(change ...func(*domain.NewUser)) domain.NewUser {
	in := domain.NewUser{
		Username: "ada@example.org", FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer",
		Telephone: "+31 70 1", Roles: []int64{5},
	}
	for _, change := range change {
		change(&in)
	}
	return in
}

// TestCreateUser checks the stored new user (D-62).
func TestCreateUser(t *testing.T) {
	t.Parallel()
	roles := domain.Roles()
	for name, tc := range map[string]struct {
		in   domain.NewUser
		want domain.Person
	}{
		"who logs in": {
			ada(func(in *domain.NewUser) { in.ContainerID = new(int64(domain.ContainerID)) }),
			domain.Person{
				ID: nextPerson, FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer", Telephone: "+31 70 1",
				User: &domain.User{Username: "ada@example.org", Role: roles[4]},
			},
		},
		"who logs in, with what only service users have": {
			ada(func(in *domain.NewUser) { in.APIName, in.KeyRole, in.Key = "Robot", 100, "hash" }),
			domain.Person{
				ID: nextPerson, FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer", Telephone: "+31 70 1",
				User: &domain.User{Username: "ada@example.org", Role: roles[4]},
			},
		},
		"limited to the container": {
			ada(func(in *domain.NewUser) { in.ContainerIDs = []int64{domain.ContainerID} }),
			domain.Person{
				ID: nextPerson, FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer", Telephone: "+31 70 1",
				User: &domain.User{Username: "ada@example.org", Role: roles[4], Limited: true},
			},
		},
		"a service user": {
			domain.NewUser{ServiceUser: true, APIName: "Robot", Email: "robot@example.org", KeyRole: 100, Key: "hash"},
			domain.Person{
				ID: nextPerson, FirstName: "Robot", Email: "robot@example.org",
				User: &domain.User{Username: "mock-service-user-4313914", APIName: "Robot", Role: domain.Administrator(), KeyRole: 100},
			},
		},
		"a service user, with what only users who log in have": {
			ada(func(in *domain.NewUser) {
				in.ServiceUser, in.APIName, in.Key, in.Username = true, "Robot", "hash", "JOHN.DOE@example.com"
			}),
			domain.Person{
				ID: nextPerson, FirstName: "Robot", Email: "ada@example.org", JobTitle: "Engineer", Telephone: "+31 70 1",
				User: &domain.User{Username: "mock-service-user-4313914", APIName: "Robot", Role: domain.Administrator()},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			id := a.mustCreateUser(tc.in)
			if diff := cmp.Diff(tc.want, a.user(id)); diff != "" {
				t.Errorf("user (-want +got):\n%s", diff)
			}
			owner, handedOut := a.store.Owner(t.Context(), "hash")
			if handedOut != tc.in.ServiceUser {
				t.Errorf("key: %v", handedOut)
			}
			if want := (domain.Key{Hash: "hash", UserID: id, Role: tc.in.KeyRole}); handedOut && (owner.Key != want || owner.Account != accountID) {
				t.Errorf("key: %+v", owner)
			}
		})
	}
}

// TestCreateUserRefused checks the faults of a new user, and that a refused user is not stored.
func TestCreateUserRefused(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.mustCreateUser(ada())
	before := a.snapshot()
	elsewhere := new(int64(5))
	for name, tc := range map[string]struct {
		in   domain.NewUser
		want []fault
	}{
		"a username that is taken": {ada(), []fault{{"invalid_field", "username"}}},
		"a username of the seed in another case": {
			ada(func(in *domain.NewUser) { in.Username = "John.SMITH@example.com" }), []fault{{"invalid_field", "username"}},
		},
		"everything": {
			ada(func(in *domain.NewUser) { in.ContainerID, in.ContainerIDs = elsewhere, []int64{4, 5, 6} }),
			[]fault{
				{"invalid_field", "username"},
				{"invalid_field", "container.id"},
				{"invalid_field", "container_id_assignments[1]"},
				{"invalid_field", "container_id_assignments[2]"},
			},
		},
		"a service user": {
			domain.NewUser{ServiceUser: true, APIName: "Robot", Key: "hash", ContainerID: elsewhere, ContainerIDs: []int64{0}},
			[]fault{{"invalid_field", "container.id"}, {"invalid_field", "container_id_assignments[0]"}},
		},
	} {
		_, err := a.createUser(tc.in)
		t.Log(name)
		checkFaults(t, err, tc.want...)
	}
	if diff := cmp.Diff(before, a.snapshot()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
	if _, handedOut := a.store.Owner(t.Context(), "hash"); handedOut {
		t.Error("the key of a user who was refused is known")
	}
}

// TestRoles checks that a user has all of its roles, with the permissions of the most powerful one (D-56).
func TestRoles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ids  []int64
		role int64
		all  []int64
	}{
		"one":                    {[]int64{3}, 3, []int64{3}},
		"an administrator":       {[]int64{5, 4, 1}, 1, []int64{1, 4, 5}},
		"a manager":              {[]int64{2, 3, 4}, 4, []int64{2, 3, 4}},
		"all":                    {[]int64{5, 4, 3, 2, 1}, 1, []int64{1, 2, 3, 4, 5}},
		"one twice":              {[]int64{5, 5}, 5, []int64{5}},
		"neither of the two may": {[]int64{2, 5}, 5, []int64{2, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			user := a.user(a.mustCreateUser(ada(func(in *domain.NewUser) { in.Roles = tc.ids }))).User
			if user.Role.ID != tc.role {
				t.Errorf("role %d, want %d", user.Role.ID, tc.role)
			}
			var all []int64
			for _, role := range user.Roles() {
				all = append(all, role.ID)
			}
			if diff := cmp.Diff(tc.all, all); diff != "" {
				t.Errorf("roles (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFindUser checks that contacts are no users.
func TestFindUser(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.mustPlace(today(), anOrder(withContacts(newContact(onVerified, "grace"))))
	a.read(func(r domain.Reader) {
		for _, id := range []int64{nextPerson, 0, -1, 1} {
			_, err := domain.FindUser(r, id)
			checkFaults(t, err, fault{domain.CodeUserNotFound, ""})
		}
		for _, id := range []int64{domain.SeedAdministrator, domain.SeedUser} {
			if user, err := domain.FindUser(r, id); err != nil || user.ID != id {
				t.Errorf("%d: %+v, %v", id, user, err)
			}
		}
	})
}

// TestServiceUserOrders checks that a service user can place orders, but does not become the
// organization contact of a new organization.
func TestServiceUserOrders(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	robot := domain.Actor{
		Account: accountID, Role: domain.Administrator(), ServiceUser: true,
		UserID: a.mustCreateUser(domain.NewUser{ServiceUser: true, APIName: "Robot", Key: "hash"}),
	}
	_, err := a.create(robot, domain.NewOrganization{OrganizationDetails: details("New")})
	checkFaults(t, err, fault{domain.CodeMissingOrganizationContact, "contacts"})
	_, err = a.create(robot, domain.NewOrganization{OrganizationDetails: details("New"), Contacts: []domain.ContactInput{contact(onOrganization, domain.SeedUser)}})
	checkFaults(t, err)
	placed, err := a.place(robot, today(), anOrder())
	checkFaults(t, err)
	a.read(func(r domain.Reader) {
		if order, _ := r.Order(placed.OrderID); order.UserID != robot.UserID {
			t.Errorf("ordered by %d", order.UserID)
		}
	})
}
