package domain

import (
	"cmp"
	"fmt"
	"slices"
)

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

func usernameTaken() *Error {
	const message = "username is the name of a user of this account already, in this or another case"
	return &Error{Code: CodeInvalidField, Path: "username", Message: message}
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

// FindUser returns a user of the account, who logs in or is a service user, or not_found|user. A contact is no user.
func FindUser(r Reader, id int64) (Person, error) {
	person, there := r.Person(id)
	if !there || person.User == nil {
		return Person{}, notFound(CodeUserNotFound, "user not found: no user of this account has this id; GET /user and GET /user/api-only list them")
	}
	return person, nil
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
