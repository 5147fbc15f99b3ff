package domain

import (
	"cmp"
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

// KeyRole is what an API key is limited to; zero is no limit (D-56).
type KeyRole int64

// KeyRoles are what an API key can be limited to, by the names of certcentral-facts 1.2. No limit is not among them
// (D-56).
func KeyRoles() []Role {
	return []Role{{100, "Orders"}, {101, "Orders, Domains, Organizations"}, {102, "View Only"}, {103, "User Management"}}
}

// A Key belongs to a user of an account. It is kept as a hash.
type Key struct {
	Hash   KeyHash
	UserID int64
	Role   KeyRole
}

// KeyHash names an API key without revealing it.
type KeyHash string

// An Actor is who sends a request: a user of an account, with a key.
type Actor struct {
	Account     AccountID
	UserID      int64
	Role        Role
	KeyRole     KeyRole
	ServiceUser bool
}

// AccountID names an account without revealing its API key.
type AccountID string

// An Individual is a person who holds, or will hold, certificates.
type Individual struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	Telephone string
	Country   string
	State     string
	City      string
	Zip       string
}

// CommonName is the name that stands in the individual's certificates.
func (i Individual) CommonName() string { return i.FirstName + " " + i.LastName }
