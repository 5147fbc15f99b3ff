package transport

import (
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func contactsIn(contacts []api.ContactRequest) []domain.ContactInput {
	in := make([]domain.ContactInput, len(contacts))
	for i, contact := range contacts {
		in[i] = domain.ContactInput{
			Type:        domain.ContactType(contact.ContactType),
			PersonInput: personIn(contact.UserID, contact.FirstName, contact.LastName, contact.Email, contact.JobTitle, contact.Telephone),
		}
	}
	return in
}

func orderContactIn(contact *api.OrderContact) *domain.PersonInput {
	if contact == nil {
		return nil
	}
	in := personIn(contact.UserID, contact.FirstName, contact.LastName, contact.Email, contact.JobTitle, contact.Telephone)
	return &in
}

func contactOut(person domain.Person) api.Contact {
	return api.Contact{
		ID: optional(person.ID), FirstName: person.FirstName, LastName: person.LastName, Email: person.Email,
		JobTitle: optional(person.JobTitle), Telephone: optional(person.Telephone),
	}
}

func verifiedOut(r domain.Reader, contacts []domain.VerifiedContact) []api.VerifiedContact {
	out := make([]api.VerifiedContact, len(contacts))
	for i, contact := range contacts {
		person, _ := r.Person(contact.PersonID)
		out[i] = api.VerifiedContact{
			ID: contact.ID, UserID: person.ID, FirstName: person.FirstName, LastName: person.LastName, Email: person.Email,
			JobTitle: optional(person.JobTitle), Telephone: optional(person.Telephone),
		}
	}
	return out
}
