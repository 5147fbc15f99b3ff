// Package domain holds the account's entities and the rules that a contract cannot state: ids that must exist, dates
// relative to today, money, and states. It knows no HTTP, no store and no clock of its own.
//
// A use case is a function: it reads an account through a [Reader] and returns the [Changes] that it wants, which a
// store applies whole or not at all. A refusal is an [*Error], or [Errors] with every broken rule of the request.
package domain

import "time"

// A Reader gives read access to one account, as it is inside one transaction. What it returns is a copy, but for the
// slices and pointers within, which are shared with the store and must not be written to. A store whose reading can
// fail answers as if nothing were there, and fails the transaction.
type Reader interface {
	Sequences() Sequences
	Settings() Settings
	Funds() Funds
	Organization(id int64) (Organization, bool)
	// Organizations returns a page of organizations and how many there are in all.
	Organizations(query OrganizationQuery) ([]Organization, int)
	// OrganizationsLike returns the ids of the organizations with these details, the oldest first.
	OrganizationsLike(key DetailsKey) []int64
	Person(id int64) (Person, bool)
	// Users returns a page of the people who are users and log in, and how many there are in all.
	Users(query UserQuery) ([]Person, int)
	// ServiceUsers returns a page of the people who are service users, and how many there are in all.
	ServiceUsers(query UserQuery) ([]Person, int)
	// People returns everybody, users and contacts, in the order of their ids.
	People() []Person
	// UserNamed returns the user with a username.
	UserNamed(username string) (Person, bool)
	// Individuals returns the last individuals, at most so many, in the order of their ids.
	Individuals(limit int) []Individual
	Individual(id int64) (Individual, bool)
	Order(id int64) (Order, bool)
	// Orders returns a page of orders and how many there are in all.
	Orders(query OrderQuery) ([]Order, int)
	// HasOrdered tells whether an order of this product has named the organization.
	HasOrdered(organization int64, product string) bool
	// UnfinishedOrders counts the orders that name the organization and keep it from being deactivated.
	UnfinishedOrders(organization int64) int
	// OrdersCalled returns a page of the orders with an alternative id, and how many there are in all.
	OrdersCalled(alternativeID string, page Page) ([]Order, int)
	// OrdersNaming counts the orders that name the organization, whatever their state.
	OrdersNaming(organization int64) int
	// Certificate returns a certificate, whether or not it has been issued.
	Certificate(id int64) (Certificate, bool)
	// CertificateNamed returns the certificate that was made with a serial number or a thumbprint, in upper-case
	// hexadecimal. Zeros at the beginning make no difference to a serial number (see [SerialKey]).
	CertificateNamed(name string) (Certificate, bool)
	// CertificatesOf returns all certificates of an order, the oldest first.
	CertificatesOf(order int64) []Certificate
	// Awaited returns the certificates that are to be made, the oldest first and at most so many.
	Awaited(limit int) []Certificate
	// AwaitedCount tells how many certificates are to be made.
	AwaitedCount() int
	// Expiring returns issued orders that end before a moment, the first to end first and at most so many.
	Expiring(before time.Time, limit int) []Order
	Request(id int64) (Request, bool)
	// Requests returns a page of requests and how many there are in all.
	Requests(query RequestQuery) ([]Request, int)
	// RequestsAbout returns the requests about an order, the oldest first.
	RequestsAbout(order int64) []Request
	// Adjustments returns a page of the changes of the balance, the oldest first, and how many there are in all.
	Adjustments(page Page) ([]Adjustment, int)
	PaymentProfile(id int64) (PaymentProfile, bool)
	// PaymentProfiles returns a page of payment profiles and how many there are in all.
	PaymentProfiles(page Page) ([]PaymentProfile, int)
	DefaultPaymentProfile() (PaymentProfile, bool)
}

// Changes is what a use case wants to be kept. Entities replace the ones with the same id, and no id stands there twice.
type Changes struct {
	Sequences       *Sequences // nil leaves them as they are
	Settings        *Settings  // nil leaves them as they are
	Funds           *Funds     // nil leaves them as they are
	Organizations   []Organization
	Deleted         []int64 // organizations
	People          []Person
	Individuals     []Individual
	Orders          []Order
	Certificates    []Certificate
	Revocations     []Revocation // for the certificate authority; no store keeps them
	Requests        []Request
	Adjustments     []Adjustment
	PaymentProfiles []PaymentProfile
	Keys            []Key
	KeysRevoked     []int64 // users whose keys the store forgets
}

// Sequences are the next ids of an account.
type Sequences struct {
	Order           int64
	Certificate     int64
	Organization    int64
	Person          int64
	VerifiedContact int64
	Individual      int64
	PaymentProfile  int64
	Request         int64
	Note            int64
	Adjustment      int64
	Receipt         int64
}

func next(sequence *int64) int64 {
	id := *sequence
	*sequence++
	return id
}

// A Page is where a page of a list begins and how long it may be.
type Page struct {
	Limit  int
	Offset int
}

// A SortKey is one key that a list is sorted by.
type SortKey struct {
	Name       string
	Descending bool
}

// A plan gathers the changes of a use case, and sees its own changes when it reads.
type plan struct {
	r       Reader
	seq     Sequences
	changes Changes
}

func newPlan(r Reader) *plan {
	return &plan{r: r, seq: r.Sequences()}
}

func (p *plan) newOrganization(details OrganizationDetails) Organization {
	return Organization{ID: next(&p.seq.Organization), OrganizationDetails: details, Active: true}
}

func (p *plan) finish() Changes {
	p.changes.Sequences = &p.seq
	return p.changes
}
