package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// A Person is a user or a contact of the account. Both get their ids from one sequence.
type Person struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	JobTitle  string
	Telephone string
	User      *User // nil for a contact
	Deleted   bool  // true for a deleted user that is no contact: orders and requests still show it
}

// A User is the login of a person, with the roles that allow it to use the account.
type User struct {
	Username  string  // the mock chooses the one of a service user
	APIName   string  // the name of a service user; empty for a user that logs in
	Role      Role    // the most powerful role
	MoreRoles []Role  // further roles, which allow nothing that Role does not
	KeyRole   KeyRole // the limit of the key of a service user
	Limited   bool    // whether the user is limited to some containers
}

// Roles returns all roles of the user, in the order of their ids.
func (u User) Roles() []Role {
	roles := append([]Role{u.Role}, u.MoreRoles...)
	slices.SortFunc(roles, func(a, b Role) int { return cmp.Compare(a.ID, b.ID) })
	return roles
}

// Service tells whether the user is a service user.
func (u User) Service() bool { return u.APIName != "" }

// Role is an access role of CertCentral.
type Role struct {
	ID   int64
	Name string
}

// Roles are the access roles of users (certcentral-facts 1.2).
func Roles() []Role {
	return []Role{{1, "Administrator"}, {2, "Limited User"}, {3, "Finance Manager"}, {4, "Manager"}, {5, "Standard User"}}
}

// Administrator may do everything.
func Administrator() Role { return Roles()[0] }

// approves tells whether users of this role may approve requests (certcentral-facts 1.2).
func (r Role) approves() bool { return r.Name == "Administrator" || r.Name == "Manager" }

// UserQuery asks for a page of users.
type UserQuery struct {
	Page
	Sort    []SortKey
	Filters []Filter
}

// FindUser returns a user of the account, which logs in or is a service user, or not_found|user. A
// contact is no user.
func FindUser(r Reader, id int64) (Person, error) {
	person, there := r.Person(id)
	if !there || person.User == nil {
		return Person{}, notFound(CodeUserNotFound, "user not found: no user of this account has this id", HintListUsers)
	}
	return person, nil
}

// NewUser is a request to create a user that logs in, or a service user.
type NewUser struct {
	FirstName    string
	LastName     string
	Email        string
	JobTitle     string
	Telephone    string
	Username     string  // of a user that logs in
	Roles        []int64 // of a user that logs in; the contract has checked the ids
	ServiceUser  bool
	APIName      string  // of a service user
	KeyRole      KeyRole // of a service user
	Key          KeyHash // of a service user
	ContainerID  *int64
	ContainerIDs []int64 // the containers that the user is limited to
}

// CreateUser adds a user to the account and returns the id (D-62). A service user is an administrator
// with a key that may be limited. Members of the other kind of user are ignored.
func CreateUser(r Reader, in NewUser) (int64, Changes, error) {
	var errs Errors
	plan := newPlan(r)
	person := Person{ID: next(&plan.seq.Person), FirstName: in.FirstName, LastName: in.LastName, Email: in.Email, JobTitle: in.JobTitle, Telephone: in.Telephone}
	user := User{Limited: len(in.ContainerIDs) > 0}
	if in.ServiceUser {
		// The first name of the person is the name of the service user, for answers that show a person.
		person.FirstName, person.LastName = in.APIName, ""
		user.Username = serviceUsername(r, person.ID)
		user.APIName, user.KeyRole, user.Role = in.APIName, in.KeyRole, Administrator()
		plan.changes.Keys = append(plan.changes.Keys, Key{Hash: in.Key, UserID: person.ID, Role: in.KeyRole})
	} else {
		if _, taken := r.UserByUsername(in.Username); taken {
			errs = append(errs, usernameTaken())
		}
		user.Username = in.Username
		user.Role, user.MoreRoles = rolesOf(in.Roles)
	}
	if in.ContainerID != nil && *in.ContainerID != ContainerID {
		errs.add(CodeInvalidField, "container.id", "container.id names no container of this account")
	}
	for i, id := range in.ContainerIDs {
		if id != ContainerID {
			at := fmt.Sprintf("container_id_assignments[%d]", i)
			errs.add(CodeInvalidField, at, at+" names no container of this account")
		}
	}
	if err := errs.err(); err != nil {
		return 0, Changes{}, err
	}
	person.User = &user
	plan.changes.People = append(plan.changes.People, person)
	return person.ID, plan.finish(), nil
}

// serviceUsername returns an unused username for a service user, which has none of its own (D-62).
func serviceUsername(r Reader, id int64) string {
	name := fmt.Sprintf("mock-service-user-%d", id)
	for {
		if _, taken := r.UserByUsername(name); !taken {
			return name
		}
		name += "-"
	}
}

func usernameTaken() *Error {
	const message = "username is the name of a user of this account already, in this or another case"
	return &Error{Code: CodeInvalidField, Path: "username", Message: message}
}

// rolesOf returns the most powerful of some roles, and the others. Administrators may do everything
// and managers may approve (certcentral-facts 1.2); the other roles are equal in the mock.
func rolesOf(ids []int64) (Role, []Role) {
	var most Role
	var more []Role
	for _, role := range []Role{Administrator(), Roles()[3], Roles()[2], Roles()[4], Roles()[1]} {
		switch {
		case !slices.Contains(ids, role.ID):
		case most == Role{}:
			most = role
		default:
			more = append(more, role)
		}
	}
	return most, more
}

// UserUpdate is a request to update a user.
type UserUpdate struct {
	Username  string // empty leaves it as it is
	FirstName string // empty leaves it as it is
	LastName  string // empty leaves it as it is
	Email     string
	JobTitle  string
	Telephone string
}

// UpdateUser updates a user. An empty job title or telephone number replaces the former one, as the
// vendor's page of Edit user says. Of a service user only the email address is updated (D-76).
func UpdateUser(r Reader, id int64, in UserUpdate) (Changes, error) {
	person, err := FindUser(r, id)
	if err != nil {
		return Changes{}, err
	}
	person.Email = in.Email
	if person.User.Service() {
		return Changes{People: []Person{person}}, nil
	}
	if in.Username != "" {
		if other, taken := r.UserByUsername(in.Username); taken && other.ID != id {
			return Changes{}, Errors{usernameTaken()}
		}
	}
	user := *person.User // a copy, because the store shares the pointer
	user.Username = cmp.Or(in.Username, user.Username)
	person.User = &user
	person.FirstName = cmp.Or(in.FirstName, person.FirstName)
	person.LastName = cmp.Or(in.LastName, person.LastName)
	person.JobTitle, person.Telephone = in.JobTitle, in.Telephone
	return Changes{People: []Person{person}}, nil
}

// DeleteUser deletes the login and the keys of a user. The first user of the account cannot be
// deleted, and neither can the actor. The person is kept, because orders and requests name it and
// organizations may have it as a contact (D-76).
func DeleteUser(r Reader, actor Actor, id int64) (Changes, error) {
	person, err := FindUser(r, id)
	if err != nil {
		return Changes{}, err
	}
	switch id {
	case SeedAdministrator:
		return Changes{}, &Error{
			Code:    CodeUserInUse,
			Message: "the user cannot be deleted: it is the first one of the account, and owns the key that opens it",
		}
	case actor.UserID:
		return Changes{}, &Error{Code: CodeUserInUse, Message: "the user cannot be deleted: the key of this request belongs to it"}
	}
	person.User = nil
	person.Deleted = !isContact(r, id)
	return Changes{People: []Person{person}, KeysRevoked: []int64{id}}, nil
}

// isContact tells whether an organization of the account has the person as a contact or as an approver.
func isContact(r Reader, person int64) bool {
	page := Page{Limit: 1000} // a page at a time, so that no list of all organizations is copied
	for {
		organizations, total := r.Organizations(OrganizationQuery{Page: page})
		if slices.ContainsFunc(organizations, func(o Organization) bool { return o.hasContact(person) }) {
			return true
		}
		if page.Offset += page.Limit; page.Offset >= total {
			return false
		}
	}
}

// PersonInput names a user or a contact by its id, with details that update the person, or describes
// a new contact.
type PersonInput struct {
	UserID    *int64
	FirstName string
	LastName  string
	Email     string
	JobTitle  string
	Telephone string
}

func (in PersonInput) update(person Person) Person {
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&person.FirstName, in.FirstName},
		{&person.LastName, in.LastName},
		{&person.Email, in.Email},
		{&person.JobTitle, in.JobTitle},
		{&person.Telephone, in.Telephone},
	} {
		if field.from != "" {
			*field.to = field.from
		}
	}
	return person
}

// person returns the id of the person that in names or describes. It updates a person that exists,
// and adds a new one (D-20, D-37).
func (p *plan) person(errs *Errors, path string, in PersonInput) int64 {
	if in.UserID == nil {
		person := in.update(Person{ID: next(&p.seq.Person)})
		p.changes.People = append(p.changes.People, person)
		return person.ID
	}
	person, known := p.findPerson(*in.UserID)
	if !known {
		errs.add(CodeInvalidUser, path+".user_id", path+".user_id names no user or contact of this account")
		return 0
	}
	if updated := in.update(person); updated != person {
		p.updatePerson(updated)
	}
	return person.ID
}

// findPerson returns a user or a contact with the changes of this plan. A deleted user that is no
// contact is not found.
func (p *plan) findPerson(id int64) (Person, bool) {
	if at := p.changedPerson(id); at >= 0 {
		return p.changes.People[at], true
	}
	person, known := p.r.Person(id)
	return person, known && !person.Deleted
}

func (p *plan) updatePerson(person Person) {
	if at := p.changedPerson(person.ID); at >= 0 {
		p.changes.People[at] = person
	} else {
		p.changes.People = append(p.changes.People, person)
	}
}

// changedPerson returns the index of a person in the changes, or -1. A request names few people.
func (p *plan) changedPerson(id int64) int {
	return slices.IndexFunc(p.changes.People, func(person Person) bool { return person.ID == id })
}
