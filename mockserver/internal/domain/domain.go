// Package domain holds the entities of an account and the rules that a contract cannot state: ids
// that must exist, dates relative to today, money, and states. It knows no HTTP, no store and no
// clock of its own.
//
// A use case is a function: it reads an account through a [Reader] and returns the [Changes] that a
// store applies whole or not at all. A refusal is an [*Error], or [Errors] with every broken rule
// of the request.
package domain

import "time"

// A Reader gives read access to one account inside one transaction. It returns copies of entities.
// The slices and pointers in them are shared with the store and must not be written to. A store
// that fails to read returns no entities, and fails the transaction.
type Reader interface {
	Sequences() Sequences
	Settings() Settings
	Funds() Funds
	Organization(id int64) (Organization, bool)
	// Organizations returns a page of organizations and how many there are in all.
	Organizations(query OrganizationQuery) ([]Organization, int)
	// OrganizationsWithDetails returns the ids of the organizations with these details, the oldest
	// first.
	OrganizationsWithDetails(key DetailsKey) []int64
	Person(id int64) (Person, bool)
	// Users returns a page of the users that log in, and how many there are in all.
	Users(query UserQuery) ([]Person, int)
	// ServiceUsers returns a page of the service users, and how many there are in all.
	ServiceUsers(query UserQuery) ([]Person, int)
	// People returns all users and contacts, in the order of their ids.
	People() []Person
	// UserByUsername returns the user with a username.
	UserByUsername(username string) (Person, bool)
	// Individuals returns the newest individuals, up to the limit, in the order of their ids.
	Individuals(limit int) []Individual
	Individual(id int64) (Individual, bool)
	Order(id int64) (Order, bool)
	// Orders returns a page of orders and how many there are in all.
	Orders(query OrderQuery) ([]Order, int)
	// HasOrdered tells whether the organization has an order of the product, in any state.
	HasOrdered(organization int64, product string) bool
	// UnfinishedOrders counts the orders of the organization that are unfinished: see
	// [Status.Unfinished].
	UnfinishedOrders(organization int64) int
	// OrdersByAlternativeID returns a page of the orders with an alternative id, and how many there
	// are in all.
	OrdersByAlternativeID(alternativeID string, page Page) ([]Order, int)
	// OrderCountOf counts the orders of the organization, in any state.
	OrderCountOf(organization int64) int
	// Certificate returns a certificate, whether or not it has been issued.
	Certificate(id int64) (Certificate, bool)
	// CertificateBySerialOrThumbprint returns the certificate with a serial number or a thumbprint,
	// given in upper-case hexadecimal. Zeros at the beginning of a serial number do not matter (see
	// [SerialKey]).
	CertificateBySerialOrThumbprint(name string) (Certificate, bool)
	// CertificatesOfOrder returns all certificates of an order, the oldest first.
	CertificatesOfOrder(order int64) []Certificate
	// PendingIssuances returns the certificates with a pending issuance, the oldest first, up to
	// the limit.
	PendingIssuances(limit int) []Certificate
	// PendingIssuanceCount counts all pending issuances of the account.
	PendingIssuanceCount() int
	// Expiring returns issued orders that end before a moment, in the order of their ends, up to
	// the limit.
	Expiring(before time.Time, limit int) []Order
	Request(id int64) (Request, bool)
	// Requests returns a page of requests and how many there are in all.
	Requests(query RequestQuery) ([]Request, int)
	// RequestsOfOrder returns the requests of an order, the oldest first.
	RequestsOfOrder(order int64) []Request
	// Adjustments returns a page of the changes of the balance, the oldest first, and how many
	// there are in all.
	Adjustments(page Page) ([]Adjustment, int)
	PaymentProfile(id int64) (PaymentProfile, bool)
	// PaymentProfiles returns a page of payment profiles and how many there are in all.
	PaymentProfiles(page Page) ([]PaymentProfile, int)
	DefaultPaymentProfile() (PaymentProfile, bool)
}

// Changes are the entities that a use case wants stored. Each replaces the stored entity with the
// same id. No id occurs twice.
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
	Revocations     []Revocation // for the certificate authority; a store does not keep them
	Requests        []Request
	Adjustments     []Adjustment
	PaymentProfiles []PaymentProfile
	Keys            []Key
	KeysRevoked     []int64 // ids of users; the store deletes all their keys
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

// A Page is a part of a list: where it begins, and its greatest length.
type Page struct {
	Limit  int
	Offset int
}

// A SortKey is one key that a list is sorted by.
type SortKey struct {
	Name       string
	Descending bool
}

// A plan collects the changes of a use case.
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

// AccountID names an account without revealing its API key.
type AccountID string
