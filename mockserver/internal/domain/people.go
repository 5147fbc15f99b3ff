package domain

// A Person is a user or a contact of the account; both are numbered in one sequence.
type Person struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	JobTitle  string
	Telephone string
	User      *User // nil for a contact
}

// A User is what a person who may use the account has besides.
type User struct {
	Username string
	Role     Role
}

// Role is an access role of CertCentral.
type Role struct {
	ID   int64
	Name string
}

// Administrator may do everything (certcentral-facts 1.2).
func Administrator() Role { return Role{ID: 1, Name: "Administrator"} }

// An Actor is who sends a request: a user of an account.
type Actor struct {
	Account     AccountID
	UserID      int64
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
