package domain

import (
	"fmt"
	"slices"
)

// ContactType is what a contact of an organization is for.
type ContactType string

// The contact types of the vendor's page.
const (
	VerifiedContactType     ContactType = "verified_contact"
	OrganizationContactType ContactType = "organization_contact"
	TechnicalContactType    ContactType = "technical_contact"
)

// MaxVerifiedContacts is how many verified contacts a request may name (vendor page, contacts; D-31).
const MaxVerifiedContacts = 15

// PersonInput names a user or contact by id, with names that update that person, or describes a new contact.
type PersonInput struct {
	UserID    *int64
	FirstName string
	LastName  string
	Email     string
	JobTitle  string
	Telephone string
}

// ContactInput is a person and what the person is for.
type ContactInput struct {
	Type ContactType
	PersonInput
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

// contacts applies the contacts of a request to an organization: verified contacts are added, the others replace the
// stored ones (vendor page, contacts; D-31). It returns how many there were of each type.
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

// fallbackContact makes the user who sends the request the organization contact of a new organization, when the request
// names none. A service user cannot be one (vendor page, contacts).
func fallbackContact(errs *Errors, path string, organization *Organization, actor Actor) {
	if actor.ServiceUser {
		errs.add(CodeMissingOrganizationContact, path, path+" has to hold an organization_contact, since a service user cannot be it")
		return
	}
	organization.OrganizationContact = actor.UserID
}
