package transport

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListUsers returns a page of users.
func (a *API) ListUsers(ctx context.Context, request server.ListUsersRequestObject) (server.ListUsersResponseObject, error) {
	page := pageFrom(request.Params.Limit, request.Params.Offset)
	var out api.UserList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		users, total := r.Users(domain.UserQuery{Page: page})
		out = api.UserList{Users: make([]api.User, len(users)), Page: pageOut(page, total)}
		for i := range users {
			out.Users[i] = userOut(users[i])
		}
		return nil
	})
	return server.ListUsers200JSONResponse(out), err
}

// GetCurrentUser returns the user of the API key.
func (a *API) GetCurrentUser(ctx context.Context, _ server.GetCurrentUserRequestObject) (server.GetCurrentUserResponseObject, error) {
	var out api.User
	err := a.view(ctx, func(r domain.Reader, actor domain.Actor) error {
		user, _ := r.Person(actor.UserID)
		out = userOut(user)
		return nil
	})
	return server.GetCurrentUser200JSONResponse(out), err
}

// accountID is the id of every account; nothing refers to it.
const accountID = 1

func userOut(person domain.Person) api.User {
	user := value(person.User)
	return api.User{
		ID: person.ID, Username: user.Username, AccountID: accountID, FirstName: person.FirstName, LastName: person.LastName,
		Email: person.Email, JobTitle: optional(person.JobTitle), Telephone: optional(person.Telephone), Status: "active",
		Container: api.UserContainer{
			ID: domain.ContainerID, PublicID: "mock-container-4", Name: containerName, TemplateID: 1, Ekey: "mock-container-4", IsActive: true,
		},
		AccessRoles: []api.AccessRole{{ID: user.Role.ID, Name: user.Role.Name}},
		Type:        "standard",
	}
}

func personIn(userID *api.ID, firstName, lastName, email, jobTitle, telephone *string) domain.PersonInput {
	return domain.PersonInput{
		UserID: number(userID), FirstName: value(firstName), LastName: value(lastName), Email: value(email),
		JobTitle: value(jobTitle), Telephone: value(telephone),
	}
}

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
