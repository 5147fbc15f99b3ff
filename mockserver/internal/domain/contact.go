package domain

import (
	"fmt"
)

// ContactType is the purpose of a contact of an organization.
type ContactType string

// The contact types of the vendor's page.
const (
	VerifiedContactType     ContactType = "verified_contact"
	OrganizationContactType ContactType = "organization_contact"
	TechnicalContactType    ContactType = "technical_contact"
)

// MaxVerifiedContacts is the largest number of verified contacts in a request (vendor page, contacts;
// D-31).
const MaxVerifiedContacts = 15

// ContactInput is a person and its purpose.
type ContactInput struct {
	Type ContactType
	PersonInput
}

// contacts applies the contacts of a request to an organization: verified contacts are added, the
// others replace the stored ones (vendor page, contacts; D-31). It returns the number of contacts of
// each type in the request.
func (p *plan) contacts(errs *Errors, path string, organization *Organization, in []ContactInput) map[ContactType]int {
	seen := map[ContactType]int{}
	for i, contact := range in {
		at := fmt.Sprintf("%s[%d]", path, i)
		seen[contact.Type]++
		if contact.Type != VerifiedContactType && seen[contact.Type] > 1 {
			errs.add(CodeInvalidField, at+".contact_type", at+".contact_type is a second "+string(contact.Type)+", and there may be only one")
		}
		person := p.person(errs, at, contact.PersonInput)
		switch contact.Type {
		case VerifiedContactType:
			*organization = organization.withVerified(&p.seq, person)
		case OrganizationContactType:
			organization.OrganizationContact = person
		case TechnicalContactType:
			organization.TechnicalContact = person
		}
	}
	if n := seen[VerifiedContactType]; n > MaxVerifiedContacts {
		errs.add(CodeTooManyVerifiedContacts, path, fmt.Sprintf("%s holds %d verified contacts, and there may be at most %d", path, n, MaxVerifiedContacts))
	}
	return seen
}

// fallbackContact makes the actor the organization contact of a new organization, when the request
// names none. A service user cannot be one (vendor page, contacts).
func fallbackContact(errs *Errors, path string, organization *Organization, actor Actor) {
	if actor.ServiceUser {
		errs.add(CodeMissingOrganizationContact, path, path+" has to hold an organization_contact, since a service user cannot be it")
		return
	}
	organization.OrganizationContact = actor.UserID
}

// An OrderContact is a contact of one order: a person of the account, with details that replace those
// of the person in this order only, or a person that only this order describes (D-27).
type OrderContact struct {
	PersonID int64   // zero for a person that only the order describes
	Own      *Person // the details of this order; nil when it has none
}

// orderContact returns a contact of an order: the one of the request, or else the contact of the
// organization, a person or zero (D-27).
func (p *plan) orderContact(errs *Errors, path string, in *PersonInput, fallback int64) OrderContact {
	if in == nil {
		return OrderContact{PersonID: fallback}
	}
	own := in.update(Person{})
	if in.UserID == nil {
		return OrderContact{Own: &own}
	}
	person, known := p.findPerson(*in.UserID)
	if !known {
		errs.add(CodeInvalidUser, path+".user_id", path+".user_id names no user or contact of this account")
		return OrderContact{}
	}
	if own == (Person{}) {
		return OrderContact{PersonID: person.ID}
	}
	return OrderContact{PersonID: person.ID, Own: &own}
}

// Contact returns a contact of an order, with the current details of its person.
func Contact(r Reader, contact OrderContact) Person {
	person, _ := r.Person(contact.PersonID)
	if own := contact.Own; own != nil {
		person = PersonInput{
			FirstName: own.FirstName, LastName: own.LastName, Email: own.Email, JobTitle: own.JobTitle, Telephone: own.Telephone,
		}.update(person)
	}
	return person
}
