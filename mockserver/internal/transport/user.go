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
	users, page, err := list(ctx, a, query.Page,
		func(r domain.Reader) ([]domain.Person, int) { return r.Users(query) },
		func(_ domain.Reader, user domain.Person) api.User { return userOut(user) })
	if wantsCSV(ctx) && err == nil {
		return server.ListUsers200TextCsvResponse(writeCSV(users)), nil
	}
	return server.ListUsers200JSONResponse{Users: users, Page: page}, err
}

// GetCurrentUser returns the user of the API key.
func (a *API) GetCurrentUser(ctx context.Context, _ server.GetCurrentUserRequestObject) (server.GetCurrentUserResponseObject, error) {
	var out api.User
	err := a.view(ctx, func(r domain.Reader, actor domain.Actor) error {
		user, err := domain.FindUser(r, actor.UserID)
		if err != nil { // the user was deleted after its key was looked up
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
	users, page, err := list(ctx, a, query.Page,
		func(r domain.Reader) ([]domain.Person, int) { return r.ServiceUsers(query) },
		func(_ domain.Reader, user domain.Person) api.User { return userOut(user) })
	return server.ListServiceUsers200JSONResponse{Users: users, Page: page}, err
}

// CreateUser creates a user that logs in, or a service user with its key.
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

// ListAPIRoles returns the roles that limit API keys.
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

// accountID is the id of every account. No operation takes it.
const accountID = 1

// userOut returns a user in the form of the wire. A service user has the same type as the others
// (D-62).
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
	out.ContainerVisibility = []api.UserContainer{userContainer()}
	return out
}

func personIn(userID *api.Identifier, firstName, lastName, email, jobTitle, telephone *string) domain.PersonInput {
	return domain.PersonInput{
		UserID: number(userID), FirstName: value(firstName), LastName: value(lastName), Email: value(email),
		JobTitle: value(jobTitle), Telephone: value(telephone),
	}
}

func userFilters(params api.ListUsersParams) []domain.Filter {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	f.number(domain.FieldAccessRoleID, params.AccessRoleID)
	f.texts(domain.FieldSearch, params.FiltersSearch)
	return f.list
}

func serviceUserFilters(params api.ListServiceUsersParams) []domain.Filter {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	f.number(domain.FieldAccessRoleID, params.AccessRoleID)
	words(&f, domain.FieldStatus, params.FiltersStatus)
	f.texts(domain.FieldSearch, params.FiltersSearch)
	return f.list
}

func userByID(r domain.Reader, id int64) api.UserRef {
	person, _ := r.Person(id)
	return userRef(person)
}

func userRef(person domain.Person) api.UserRef {
	return api.UserRef{ID: person.ID, FirstName: person.FirstName, LastName: person.LastName, Email: person.Email}
}
