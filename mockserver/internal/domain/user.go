package domain

import (
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
			errs.add(CodeInvalidField, "username", "username is the name of a user of this account already, in this or another case")
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
