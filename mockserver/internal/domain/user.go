package domain

import (
	"cmp"
	"fmt"
	"slices"
)

// A Person is a user or a contact of the account; both are numbered in one sequence.
type Person struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	JobTitle  string
	Telephone string
	User      *User // nil for a contact
	Deleted   bool  // for a deleted user that is no contact: orders and requests still show it
}

// A User is what a person who may use the account has besides.
type User struct {
	Username  string  // that a user logs in with, or that a service user was given
	APIName   string  // of a service user
	Role      Role    // of several, the one that may do most
	MoreRoles []Role  // further ones, which allow nothing that Role does not
	KeyRole   KeyRole // what the key of a service user is limited to
	Limited   bool    // to some containers
}

// Roles are all roles of the user, in the order of their ids.
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

// FindUser returns a user of the account, who logs in or is a service user, or not_found|user. A contact is no user.
func FindUser(r Reader, id int64) (Person, error) {
	person, there := r.Person(id)
	if !there || person.User == nil {
		return Person{}, notFound(CodeUserNotFound, "user not found: no user of this account has this id; GET /user and GET /user/api-only list them")
	}
	return person, nil
}

// NewUser is a request to create a user who logs in, or a service user.
type NewUser struct {
	FirstName    string
	LastName     string
	Email        string
	JobTitle     string
	Telephone    string
	Username     string  // of a user who logs in
	Roles        []int64 // of a user who logs in; the contract has checked that there are such roles
	ServiceUser  bool
	APIName      string  // of a service user
	KeyRole      KeyRole // of a service user
	Key          KeyHash // of a service user
	ContainerID  *int64
	ContainerIDs []int64 // that the user is limited to
}

// CreateUser adds a user to the account and returns the id (D-62). A service user acts as an administrator, as far as
// its key may; what only users who log in have is dropped, and the other way around.
func CreateUser(r Reader, in NewUser) (int64, Changes, error) {
	var errs Errors
	plan := newPlan(r)
	person := Person{ID: next(&plan.seq.Person), FirstName: in.FirstName, LastName: in.LastName, Email: in.Email, JobTitle: in.JobTitle, Telephone: in.Telephone}
	user := User{Limited: len(in.ContainerIDs) > 0}
	if in.ServiceUser {
		// The name stands where people have theirs, so that whatever names the user by its person names it.
		person.FirstName, person.LastName = in.APIName, ""
		user.Username = serviceUsername(r, person.ID)
		user.APIName, user.KeyRole, user.Role = in.APIName, in.KeyRole, Administrator()
		plan.changes.Keys = append(plan.changes.Keys, Key{Hash: in.Key, UserID: person.ID, Role: in.KeyRole})
	} else {
		if _, taken := r.UserNamed(in.Username); taken {
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

// serviceUsername is the name that a service user is given, since it chooses none and user names are unique (D-62).
func serviceUsername(r Reader, id int64) string {
	name := fmt.Sprintf("mock-service-user-%d", id)
	for {
		if _, taken := r.UserNamed(name); !taken {
			return name
		}
		name += "-"
	}
}

func usernameTaken() *Error {
	const message = "username is the name of a user of this account already, in this or another case"
	return &Error{Code: CodeInvalidField, Path: "username", Message: message}
}

// rolesOf sorts roles into the one that may do most and the others. Administrators may do everything and managers
// approve (certcentral-facts 1.2); the others may do the same here.
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

// UserUpdate is a request to change a user.
type UserUpdate struct {
	Username  string // empty leaves it as it is
	FirstName string // empty leaves it as it is
	LastName  string // empty leaves it as it is
	Email     string
	JobTitle  string
	Telephone string
}

// UpdateUser changes a user: the job title and the telephone number are replaced even by nothing, as the vendor's page
// of Edit user says, and of a service user only the email address is (D-76).
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
		if other, taken := r.UserNamed(in.Username); taken && other.ID != id {
			return Changes{}, Errors{usernameTaken()}
		}
	}
	user := *person.User // which the store shares
	user.Username = cmp.Or(in.Username, user.Username)
	person.User = &user
	person.FirstName = cmp.Or(in.FirstName, person.FirstName)
	person.LastName = cmp.Or(in.LastName, person.LastName)
	person.JobTitle, person.Telephone = in.JobTitle, in.Telephone
	return Changes{People: []Person{person}}, nil
}

// DeleteUser takes the login and the keys from a user. The first user of the account stays, and so does the user of the
// request. The person is kept: orders and requests name it, and organizations may have it as a contact (D-76).
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
	page := Page{Limit: 1000} // so that few organizations are copied at a time
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

// PersonInput names a user or contact by id, with names that update that person, or describes a new contact.
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

// person returns the id of the person that in names or describes. A known person is updated, a new one is added
// (D-20, D-37).
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

// findPerson returns a user or a contact as the request leaves it so far. A deleted user may be neither.
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

// changedPerson is where a person stands among the changes, or -1. A request names few people.
func (p *plan) changedPerson(id int64) int {
	return slices.IndexFunc(p.changes.People, func(person Person) bool { return person.ID == id })
}
