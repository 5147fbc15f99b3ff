package client

import (
	"fmt"

	"github.com/pkio-tools/certcentral/gen/api"
)

// PersonDetails describe a person that is a contact.
type PersonDetails struct {
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the person's job title in the organization.
	JobTitle string
	// Telephone is the telephone number.
	Telephone string
}

// A Person names a person that becomes a contact: a user or a contact of the account
// ([ExistingPerson]), or a new person ([NewPerson]). The zero value names no person.
type Person struct {
	choice  choice
	userID  int64
	details PersonDetails
}

// ExistingPerson names the user or the contact with this id.
func ExistingPerson(userID int64) Person {
	return Person{choice: existing, userID: userID}
}

// ExistingPersonWith names the user or the contact with this id, and gives other details of that
// person. For a contact of an organization, the account replaces the details that it has. For a
// contact of one order, the details apply to that order only. Empty details change nothing.
func ExistingPersonWith(userID int64, details PersonDetails) Person {
	return Person{choice: existing, userID: userID, details: details}
}

// NewPerson describes a person that is not in the account yet. All details are needed.
func NewPerson(details PersonDetails) Person {
	return Person{choice: described, details: details}
}

func (p Person) wire() (api.OrderContactInput, error) { return p.wireNamed("user_id") }

// wireNamed converts a person. The argument id is the name of the member that holds the person's
// id. The path of an error begins at the person.
func (p Person) wireNamed(id string) (api.OrderContactInput, error) {
	w := api.OrderContactInput{
		FirstName: optional(p.details.FirstName),
		LastName:  optional(p.details.LastName),
		Email:     optional(p.details.Email),
		JobTitle:  optional(p.details.JobTitle),
		Telephone: optional(p.details.Telephone),
	}
	switch p.choice {
	case existing:
		if err := checkID(id, p.userID); err != nil {
			return api.OrderContactInput{}, err
		}
		w.UserID = wireID(p.userID)
	case described:
	default:
		return api.OrderContactInput{}, &ArgumentError{Reason: "is not chosen: use ExistingPerson or NewPerson"}
	}
	return w, nil
}

// optionalPerson converts a person that is optional in the request.
func optionalPerson(path string, p Person) (*api.OrderContactInput, error) {
	if p == (Person{}) {
		return nil, nil
	}
	w, err := p.wire()
	if err != nil {
		return nil, inMember(path, err)
	}
	return &w, nil
}

// A ContactRequest is a person with a type of contact for an organization. [VerifiedContact],
// [OrganizationContact] and [TechnicalContact] make one.
type ContactRequest struct {
	contactType api.ContactType
	person      Person
}

// VerifiedContact makes a person an authorized representative of the organization. Such a person is
// listed in the company register and may approve orders. One request may add up to fifteen of them;
// those that the organization has stay.
func VerifiedContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeVerifiedContact, person: p}
}

// OrganizationContact makes a person the organization contact, for questions about the
// organization. It replaces the former organization contact.
func OrganizationContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeOrganizationContact, person: p}
}

// TechnicalContact makes a person the technical contact, for technical questions. It replaces the
// former technical contact.
func TechnicalContact(p Person) ContactRequest {
	return ContactRequest{contactType: api.ContactTypeTechnicalContact, person: p}
}

// wireContacts converts contacts. The result is never nil, since the member is required even if it
// is empty.
func wireContacts(path string, contacts []ContactRequest) ([]api.ContactInput, error) {
	ws := make([]api.ContactInput, 0, len(contacts))
	for i, c := range contacts {
		p, err := c.person.wire()
		if err != nil {
			return nil, inMember(fmt.Sprintf("%s[%d]", path, i), err)
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
	// ID is the id of the user or contact, for [ExistingPerson]. It is 0 for a person that was
	// described for one order only.
	ID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the person's job title in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
	// TelephoneExtension is the extension of the telephone number. It may be empty, and the mock has
	// none.
	TelephoneExtension string
}

// IsZero reports whether there is no contact.
func (c Contact) IsZero() bool { return c == Contact{} }

func contactFrom(w api.Contact) Contact {
	return Contact{
		ID:                 value(w.ID),
		FirstName:          w.FirstName,
		LastName:           w.LastName,
		Email:              w.Email,
		JobTitle:           value(w.JobTitle),
		Telephone:          value(w.Telephone),
		TelephoneExtension: value(w.TelephoneExtension),
	}
}

// A Representative is an authorized representative of an organization: a verified contact.
type Representative struct {
	// ID is the id of the representative within the organization, which is not the id of the
	// person.
	ID int64
	// UserID is the id of the user or contact, for [ExistingPerson].
	UserID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the person's job title in the organization. It may be empty.
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
