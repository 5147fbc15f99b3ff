package client

import (
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// choice tells apart the two ways to name somebody or something, and neither.
type choice int

const (
	unchosen  choice = iota
	existing         // by id
	described        // in full
)

// PersonDetails describe somebody who is a contact.
type PersonDetails struct {
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is what the person does in the organization.
	JobTitle string
	// Telephone is the telephone number.
	Telephone string
}

// A Person is somebody who becomes a contact: a user or a contact whom the account knows ([ExistingPerson]), or
// somebody new ([NewPerson]). The zero value is nobody.
type Person struct {
	choice  choice
	userID  int64
	details PersonDetails
}

// ExistingPerson is the user or the contact with this id.
func ExistingPerson(userID int64) Person {
	return Person{choice: existing, userID: userID}
}

// ExistingPersonWith is the user or the contact with this id, and with other details. As a contact of an organization
// the details replace what the account holds of the person; as a contact of a single order they hold for that order
// only. Details that are empty stay as they are.
func ExistingPersonWith(userID int64, details PersonDetails) Person {
	return Person{choice: existing, userID: userID, details: details}
}

// NewPerson is somebody whom the account does not know. All details are needed.
func NewPerson(details PersonDetails) Person {
	return Person{choice: described, details: details}
}

func (p Person) wire(path string) (api.OrderContactInput, error) { return p.wireNamed(path, "user_id") }

// wireNamed converts a person whose id stands in a member of some name.
func (p Person) wireNamed(path, id string) (api.OrderContactInput, error) {
	w := api.OrderContactInput{
		FirstName: optional(p.details.FirstName),
		LastName:  optional(p.details.LastName),
		Email:     optional(p.details.Email),
		JobTitle:  optional(p.details.JobTitle),
		Telephone: optional(p.details.Telephone),
	}
	switch p.choice {
	case existing:
		if err := checkID(path+"."+id, p.userID); err != nil {
			return api.OrderContactInput{}, err
		}
		w.UserID = wireID(p.userID)
	case described:
	default:
		return api.OrderContactInput{}, &ArgumentError{Path: path, Reason: "is nobody: use ExistingPerson or NewPerson"}
	}
	return w, nil
}

// optionalPerson converts a person who may be left out.
func optionalPerson(path string, p Person) (*api.OrderContactInput, error) {
	if p == (Person{}) {
		return nil, nil
	}
	w, err := p.wire(path)
	if err != nil {
		return nil, err
	}
	return &w, nil
}

// wireID writes an id as an integer. The vendor's examples write some as strings; the service takes both.
func wireID(id int64) *api.Identifier {
	return new(api.Identifier(strconv.FormatInt(id, 10)))
}

// A ContactRequest is a person together with what that person is for an organization. [VerifiedContact],
// [OrganizationContact] and [TechnicalContact] make one.
type ContactRequest struct {
	contactType api.ContactType
	person      Person
}

// VerifiedContact makes a person an authorized representative of the organization: somebody who stands in the company
// register, and may approve orders. An organization may get up to fifteen in one request, in addition to those that it
// has.
func VerifiedContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeVerifiedContact, person: p}
}

// OrganizationContact makes a person the one to ask about the organization, in the place of the one before.
func OrganizationContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeOrganizationContact, person: p}
}

// TechnicalContact makes a person the one to ask about technical matters, in the place of the one before.
func TechnicalContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeTechnicalContact, person: p}
}

// wireContacts converts contacts. The result is never nil, since the member has to be there even when it is empty.
func wireContacts(path string, contacts []ContactRequest) ([]api.ContactInput, error) {
	ws := make([]api.ContactInput, 0, len(contacts))
	for i, c := range contacts {
		p, err := c.person.wire(path + "[" + strconv.Itoa(i) + "]")
		if err != nil {
			return nil, err
		}
		ws = append(ws, api.ContactInput{
			ContactType: c.contactType,
			UserID:      p.UserID,
			FirstName:   p.FirstName,
			LastName:    p.LastName,
			Email:       p.Email,
			JobTitle:    p.JobTitle,
			Telephone:   p.Telephone,
		})
	}
	return ws, nil
}

// A Contact is the contact of an order or of an organization.
type Contact struct {
	// ID is the id of the user or contact, as [ExistingPerson] takes it. It is 0 for somebody who was described for
	// one order only.
	ID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is what the person does in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
}

// IsZero reports whether there is no contact.
func (c Contact) IsZero() bool { return c == Contact{} }

func contactFrom(w api.Contact) Contact {
	return Contact{
		ID:        value(w.ID),
		FirstName: w.FirstName,
		LastName:  w.LastName,
		Email:     w.Email,
		JobTitle:  value(w.JobTitle),
		Telephone: value(w.Telephone),
	}
}

// A Representative is an authorized representative of an organization, a verified contact.
type Representative struct {
	// ID is the id of the representative within the organization, which is not the id of the person.
	ID int64
	// UserID is the id of the user or contact, as [ExistingPerson] takes it.
	UserID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is what the person does in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
}

func representativesFrom(ws []api.VerifiedContact) []Representative {
	rs := make([]Representative, 0, len(ws))
	for _, w := range ws {
		rs = append(rs, Representative{
			ID:        w.ID,
			UserID:    w.UserID,
			FirstName: w.FirstName,
			LastName:  w.LastName,
			Email:     w.Email,
			JobTitle:  value(w.JobTitle),
			Telephone: value(w.Telephone),
		})
	}
	return rs
}
