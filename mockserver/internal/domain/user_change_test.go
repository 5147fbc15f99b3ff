package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (a *account) updateUser(id int64, in domain.UserUpdate) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.UpdateUser(r, id, in) })
}

func (a *account) deleteUser(actor domain.Actor, id int64) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.DeleteUser(r, actor, id) })
}

func (a *account) handOut(user int64, hash domain.KeyHash) {
	a.Helper()
	if err := a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.CreateKey(r, user, 0, hash) }); err != nil {
		a.Fatal(err)
	}
}

// TestUpdateUser checks the members that an update replaces, and those that it keeps (D-76).
func TestUpdateUser(t *testing.T) {
	t.Parallel()
	before := domain.Person{
		ID: domain.SeedUser, FirstName: "John", LastName: "Smith", Email: "john.smith@example.com",
		JobTitle: "Authentication Analyst", Telephone: "911-249-7064",
		User: &domain.User{Username: "john.smith@example.com", Role: domain.Roles()[4]},
	}
	robot := domain.Person{
		ID: nextPerson, FirstName: "Robot", Email: "robots@example.org",
		User: &domain.User{Username: "mock-service-user-4313914", APIName: "Robot", Role: domain.Administrator()},
	}
	everything := domain.UserUpdate{
		Username: "smith", FirstName: "Jack", LastName: "Smit", Email: "robots@example.org", JobTitle: "Analyst", Telephone: "1",
	}
	for name, tc := range map[string]struct {
		in   domain.UserUpdate
		want func(domain.Person) domain.Person
	}{
		"the email address": {
			domain.UserUpdate{Email: "smith@example.org"},
			func(p domain.Person) domain.Person {
				p.Email, p.JobTitle, p.Telephone = "smith@example.org", "", ""
				return p
			},
		},
		"the name": {
			domain.UserUpdate{FirstName: "Jack", LastName: "Smit", Email: before.Email, JobTitle: before.JobTitle, Telephone: before.Telephone},
			func(p domain.Person) domain.Person {
				p.FirstName, p.LastName = "Jack", "Smit"
				return p
			},
		},
		"its own username in another case": {
			domain.UserUpdate{Username: "John.SMITH@example.com", Email: before.Email, JobTitle: before.JobTitle, Telephone: before.Telephone},
			func(p domain.Person) domain.Person {
				user := *p.User
				user.Username = "John.SMITH@example.com"
				p.User = &user
				return p
			},
		},
		"everything": {
			everything,
			func(p domain.Person) domain.Person {
				return domain.Person{
					ID: p.ID, FirstName: "Jack", LastName: "Smit", Email: "robots@example.org", JobTitle: "Analyst", Telephone: "1",
					User: &domain.User{Username: "smith", Role: domain.Roles()[4]},
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			if err := a.updateUser(domain.SeedUser, tc.in); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want(before), a.user(domain.SeedUser)); diff != "" {
				t.Errorf("user (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a service user has its email address changed and nothing else", func(t *testing.T) {
		t.Parallel()
		a := openAccount(t, unlimited())
		id := a.mustCreateUser(domain.NewUser{ServiceUser: true, APIName: "Robot", Email: "robot@example.org", Key: "hash"})
		if err := a.updateUser(id, everything); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(robot, a.user(id)); diff != "" {
			t.Errorf("service user (-want +got):\n%s", diff)
		}
	})
	t.Run("a username that was given up is free", func(t *testing.T) {
		t.Parallel()
		a := openAccount(t, unlimited())
		if err := a.updateUser(domain.SeedUser, domain.UserUpdate{Username: "smith"}); err != nil {
			t.Fatal(err)
		}
		_, err := a.createUser(ada(func(in *domain.NewUser) { in.Username = "SMITH" }))
		checkFaults(t, err, fault{"invalid_field", "username"})
		a.mustCreateUser(ada(func(in *domain.NewUser) { in.Username = "john.smith@example.com" }))
	})
}

// TestUpdateUserRefused checks that a refusal changes nothing.
func TestUpdateUserRefused(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	before := a.snapshot()
	checkFaults(t, a.updateUser(domain.SeedUser, domain.UserUpdate{Username: "JOHN.doe@example.com"}), fault{"invalid_field", "username"})
	checkFaults(t, a.updateUser(1, domain.UserUpdate{Username: "ada"}), fault{domain.CodeUserNotFound, ""})
	if diff := cmp.Diff(before, a.snapshot()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
}

// TestDeleteUser checks the person that is kept of a deleted user (D-76).
func TestDeleteUser(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.handOut(domain.SeedUser, "first")
	a.handOut(domain.SeedUser, "second")
	a.handOut(domain.SeedAdministrator, "other")
	smith := domain.Actor{Account: accountID, UserID: domain.SeedUser, Role: domain.Roles()[4]}
	placed, err := a.place(smith, today(), anOrder())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.deleteUser(admin(), domain.SeedUser); err != nil {
		t.Fatal(err)
	}

	for hash, want := range map[domain.KeyHash]bool{"first": false, "second": false, "other": true} {
		if _, known := a.store.Owner(t.Context(), hash); known != want {
			t.Errorf("key %s is known: %v, want %v", hash, known, want)
		}
	}
	a.read(func(r domain.Reader) {
		_, err := domain.FindUser(r, domain.SeedUser)
		checkFaults(t, err, fault{domain.CodeUserNotFound, ""})
		if _, there := r.UserByUsername("john.smith@example.com"); there {
			t.Error("the username still finds it")
		}
		if _, there := domain.ActorOf(r, accountID, domain.Key{UserID: domain.SeedUser}); there {
			t.Error("it still acts")
		}
		if order, _ := r.Order(placed.OrderID); order.UserID != domain.SeedUser {
			t.Errorf("the order is of user %d", order.UserID)
		}
		if person, _ := r.Person(domain.SeedUser); person.LastName != "Smith" {
			t.Errorf("the order shows %+v", person)
		}
		users, contacts := domain.PotentialApprovers(r)
		if len(users) != 1 || len(contacts) != 0 {
			t.Errorf("may approve: %v, %v", users, contacts)
		}
	})
	checkFaults(t, a.deleteUser(admin(), domain.SeedUser), fault{domain.CodeUserNotFound, ""})
	_, err = a.create(admin(), domain.NewOrganization{
		OrganizationDetails: details("New"), Contacts: []domain.ContactInput{contact(onVerified, domain.SeedUser)},
	})
	checkFaults(t, err, fault{domain.CodeInvalidUser, "contacts[0].user_id"})
	err = a.submit(today(), domain.SeedOrganization, domain.ValidationInput{
		Type: domain.ValidationEV, VerifiedUsers: []domain.PersonInput{byID(domain.SeedUser)},
	})
	checkFaults(t, err, fault{domain.CodeInvalidUser, "validations[0].verified_users[0].id"})
	a.mustCreateUser(ada(func(in *domain.NewUser) { in.Username = "john.smith@example.com" }))
}

// TestDeletedContacts checks that a deleted user stays a contact of any type, of any organization (D-76).
func TestDeletedContacts(t *testing.T) {
	t.Parallel()
	for name, organization := range map[string]domain.Organization{
		"organization contact": {OrganizationContact: domain.SeedUser},
		"technical contact":    {TechnicalContact: domain.SeedUser},
		"verified contact":     {VerifiedContacts: []domain.VerifiedContact{{ID: 1, PersonID: domain.SeedUser}}},
		"approver":             {Validations: []domain.Validation{{Type: domain.ValidationEV, VerifiedUsers: []int64{domain.SeedUser}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			const many = 1500 // more than isContact reads at a time
			err := a.decide(func(domain.Reader) (changes domain.Changes, _ error) {
				for i := range int64(many) {
					changes.Organizations = append(changes.Organizations, domain.Organization{ID: domain.SeedOrganization + 1 + i})
				}
				organization.ID = domain.SeedOrganization + many
				changes.Organizations[many-1] = organization
				return changes, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := a.deleteUser(admin(), domain.SeedUser); err != nil {
				t.Fatal(err)
			}
			a.read(func(r domain.Reader) {
				_, contacts := domain.PotentialApprovers(r)
				if len(contacts) != 1 || contacts[0].ID != domain.SeedUser {
					t.Errorf("contacts: %+v", contacts)
				}
			})
			a.mustPlace(today(), anOrder(withContacts(contact(onVerified, domain.SeedUser))))
		})
	}
}

// TestDeleteUserRefused checks that the first user of an account and the actor cannot be deleted.
func TestDeleteUserRefused(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	second := domain.Actor{
		Account: accountID, Role: domain.Administrator(), UserID: a.mustCreateUser(ada(func(in *domain.NewUser) { in.Roles = []int64{1} })),
	}
	a.mustPlace(today(), anOrder(withContacts(newContact(onVerified, "grace"))))
	before := a.snapshot()
	checkFaults(t, a.deleteUser(admin(), domain.SeedAdministrator), fault{domain.CodeUserInUse, ""})
	checkFaults(t, a.deleteUser(second, domain.SeedAdministrator), fault{domain.CodeUserInUse, ""})
	checkFaults(t, a.deleteUser(second, second.UserID), fault{domain.CodeUserInUse, ""})
	checkFaults(t, a.deleteUser(admin(), second.UserID+1), fault{domain.CodeUserNotFound, ""}) // a contact
	if diff := cmp.Diff(before, a.snapshot()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
}
