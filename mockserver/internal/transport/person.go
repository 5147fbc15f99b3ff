package transport

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListUsers returns a page of users.
func (a *API) ListUsers(ctx context.Context, request server.ListUsersRequestObject) (server.ListUsersResponseObject, error) {
	params := request.Params
	query := domain.UserQuery{
		Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: userFilters(params),
	}
	var out api.UserList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		users, total := r.Users(query)
		out = api.UserList{Users: make([]api.User, len(users)), Page: pageOut(query.Page, total)}
		for i := range users {
			out.Users[i] = userOut(users[i])
		}
		return nil
	})
	if wantsCSV(ctx) && err == nil {
		return server.ListUsers200TextCsvResponse(writeCSV(out.Users)), nil
	}
	return server.ListUsers200JSONResponse(out), err
}

// GetCurrentUser returns the user of the API key.
func (a *API) GetCurrentUser(ctx context.Context, _ server.GetCurrentUserRequestObject) (server.GetCurrentUserResponseObject, error) {
	var out api.User
	err := a.view(ctx, func(r domain.Reader, actor domain.Actor) error {
		user, err := domain.FindUser(r, actor.UserID)
		if err != nil { // deleted, after the key had been looked up
			return domain.MissingPermission()
		}
		out = userInfo(user)
		return nil
	})
	return server.GetCurrentUser200JSONResponse(out), err
}

// GetUser returns a user.
func (a *API) GetUser(ctx context.Context, request server.GetUserRequestObject) (server.GetUserResponseObject, error) {
	var out api.User
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		user, err := domain.FindUser(r, request.UserID)
		out = userInfo(user)
		return err
	})
	return server.GetUser200JSONResponse(out), err
}

// ListServiceUsers returns a page of service users.
func (a *API) ListServiceUsers(ctx context.Context, request server.ListServiceUsersRequestObject) (server.ListServiceUsersResponseObject, error) {
	params := request.Params
	query := domain.UserQuery{
		Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: serviceUserFilters(params),
	}
	var out api.ServiceUserList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		users, total := r.ServiceUsers(query)
		out = api.ServiceUserList{Users: make([]api.User, len(users)), Page: pageOut(query.Page, total)}
		for i := range users {
			out.Users[i] = userOut(users[i])
		}
		return nil
	})
	return server.ListServiceUsers200JSONResponse(out), err
}

// CreateUser creates a user who logs in, or a service user and its key.
func (a *API) CreateUser(ctx context.Context, request server.CreateUserRequestObject) (server.CreateUserResponseObject, error) {
	in := userIn(request.Body)
	var created api.UserCreated
	if in.ServiceUser {
		var key string
		key, in.Key = a.newKey()
		created.APIKey = &key
	}
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (changes domain.Changes, err error) {
		created.ID, changes, err = domain.CreateUser(r, in)
		return changes, err
	})
	return server.CreateUser201JSONResponse(created), err
}

// UpdateUser changes a user.
func (a *API) UpdateUser(ctx context.Context, request server.UpdateUserRequestObject) (server.UpdateUserResponseObject, error) {
	body := request.Body
	in := domain.UserUpdate{
		Username: value(body.Username), FirstName: value(body.FirstName), LastName: value(body.LastName), Email: body.Email,
		JobTitle: value(body.JobTitle), Telephone: value(body.Telephone),
	}
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		return domain.UpdateUser(r, request.UserID, in)
	})
	return server.UpdateUser204Response{}, err
}

// DeleteUser deletes a user and its keys.
func (a *API) DeleteUser(ctx context.Context, request server.DeleteUserRequestObject) (server.DeleteUserResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (domain.Changes, error) {
		return domain.DeleteUser(r, actor, request.UserID)
	})
	return server.DeleteUser204Response{}, err
}

func userIn(body *api.UserInput) domain.NewUser {
	in := domain.NewUser{
		FirstName: value(body.FirstName), LastName: value(body.LastName), Email: body.Email, JobTitle: value(body.JobTitle),
		Telephone: value(body.Telephone), Username: value(body.Username), ServiceUser: value(body.IsAPIOnly),
		APIName: value(body.APIName), KeyRole: domain.KeyRole(value(body.RestrictedToRoleID)), ContainerIDs: body.ContainerIDAssignments,
	}
	for _, role := range body.AccessRoles {
		in.Roles = append(in.Roles, int64(role.ID))
	}
	if container := body.Container; container != nil {
		in.ContainerID = number(&container.ID)
	}
	return in
}

// ListAPIRoles returns what API keys can be limited to.
func (*API) ListAPIRoles(context.Context, server.ListAPIRolesRequestObject) (server.ListAPIRolesResponseObject, error) {
	return server.ListAPIRoles200JSONResponse{AccessRoles: rolesOut(domain.KeyRoles())}, nil
}

func rolesOut(roles []domain.Role) []api.AccessRole {
	out := make([]api.AccessRole, len(roles))
	for i, role := range roles {
		out[i] = api.AccessRole{ID: role.ID, Name: role.Name}
	}
	return out
}

// accountID is the id of every account; nothing refers to it.
const accountID = 1

// userOut shows a user. A service user is of the same type as the others (D-62).
func userOut(person domain.Person) api.User {
	user := value(person.User)
	return api.User{
		ID: person.ID, Username: user.Username, AccountID: accountID, FirstName: person.FirstName, LastName: person.LastName,
		Email: person.Email, JobTitle: optional(person.JobTitle), Telephone: optional(person.Telephone), Status: api.UserStatusActive,
		Container:               userContainer(),
		AccessRoles:             rolesOut(user.Roles()),
		Type:                    api.UserTypeStandard,
		HasContainerAssignments: user.Limited,
	}
}

// userInfo is a user that was asked for alone.
func userInfo(person domain.Person) api.User {
	out := userOut(person)
	out.ContainerVisibility = []api.Container{container()}
	return out
}

func personIn(userID *api.Identifier, firstName, lastName, email, jobTitle, telephone *string) domain.PersonInput {
	return domain.PersonInput{
		UserID: number(userID), FirstName: value(firstName), LastName: value(lastName), Email: value(email),
		JobTitle: value(jobTitle), Telephone: value(telephone),
	}
}

func contactsIn(contacts []api.ContactInput) []domain.ContactInput {
	in := make([]domain.ContactInput, len(contacts))
	for i, contact := range contacts {
		in[i] = domain.ContactInput{
			Type:        domain.ContactType(contact.ContactType),
			PersonInput: personIn(contact.UserID, contact.FirstName, contact.LastName, contact.Email, contact.JobTitle, contact.Telephone),
		}
	}
	return in
}

func orderContactIn(contact *api.OrderContactInput) *domain.PersonInput {
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
