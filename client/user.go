package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A User is a user of the account.
type User struct {
	// ID is the id of the user, for [ExistingPerson].
	ID int64
	// Username is the login name. A service user has an opaque one.
	Username string
	// AccountID is the id of the account.
	AccountID int64
	// FirstName is the given name. For a service user, the mock shows the name of the service user
	// here.
	FirstName string
	// LastName is the surname. It is empty for a service user of the mock.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the user's job title in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
	// Status is the state of the user.
	Status UserStatus
	// LastLogin is the time of the last login. It is zero for a user that has not logged in; the
	// users of the mock never do.
	LastLogin time.Time
	// Type is the kind of user, such as standard.
	Type string
	// AccessRoles are the roles of the user, which give permissions.
	AccessRoles []AccessRole
	// Container is the division that the user belongs to.
	Container Container
	// HasContainerAssignments is whether the user is limited to some containers.
	HasContainerAssignments bool
	// VisibleContainers are the divisions that the user can see. Lists leave them out.
	VisibleContainers []Container
}

// A UserStatus is the state of a user. Values that the service adds pass through.
type UserStatus string

// The states of a user.
const (
	UserActive   UserStatus = "active"
	UserInactive UserStatus = "inactive"
)

// An AccessRoleID is the id of a role of users. Roles that the service adds pass through.
type AccessRoleID int64

// The roles of a user.
const (
	RoleAdministrator  AccessRoleID = 1
	RoleLimitedUser    AccessRoleID = 2
	RoleFinanceManager AccessRoleID = 3
	RoleManager        AccessRoleID = 4
	RoleStandardUser   AccessRoleID = 5
)

// An AccessRole is a role of a user.
type AccessRole struct {
	// ID is the id of the role.
	ID AccessRoleID
	// Name is the name of the role, such as Administrator.
	Name string
}

// A UserRef names a user.
type UserRef struct {
	// ID is the id of the user.
	ID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
}

// UserService manages the users of the account: persons, and programs with an API key (service
// users): [Client.Users].
type UserService struct{ client *Client }

// GetCurrent returns the user that the API key belongs to. It is the simplest call to check a key.
// Operation: getCurrentUser.
//
// The vendor's page, which describes it in a note:
// https://dev.digicert.com/certcentral-apis/services-api/users/user-info.html
func (s *UserService) GetCurrent(ctx context.Context, opts ...RequestOption) (User, error) {
	return fetch(ctx, s.client, operation{id: "getCurrentUser"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetCurrentUser(ctx, edit)
		},
		userFrom)
}

// Get returns a user. An unknown id is [ErrNotFound]. Operation: getUser.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/user-info.html
func (s *UserService) Get(ctx context.Context, id int64, opts ...RequestOption) (User, error) {
	op := operation{id: "getUser"}
	if err := checkID("user_id", id); err != nil {
		return User{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetUser(ctx, id, edit)
		},
		userFrom)
}

// UserListOptions choose the users of a list. The zero value lists all users, sorted by id.
type UserListOptions struct {
	// Limit is the largest number of users on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of users to skip.
	Offset int64
	// Sort is a list of sort keys, separated by commas: id, username, first_name, last_name, email.
	// A minus sign before a key reverses its order.
	Sort string
	// ContainerID lists only users of this division.
	ContainerID int64
	// Role lists only users with this role.
	Role AccessRoleID

	// Search lists only users whose username, name or email address matches.
	Search TextFilter
}

func (o UserListOptions) params() (*api.ListUsersParams, error) {
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return nil, err
	}
	if o.ContainerID != 0 {
		if err := checkID("container_id", o.ContainerID); err != nil {
			return nil, err
		}
	}
	var f filters
	params := &api.ListUsersParams{
		Limit:         limit,
		Offset:        offset,
		Sort:          optional(o.Sort),
		ContainerID:   optional(o.ContainerID),
		AccessRoleID:  optional(api.AccessRoleID(o.Role)),
		FiltersSearch: f.terms("search", o.Search.terms),
	}
	return params, f.err
}

// List returns one page of users. It does not contain contacts that are not users;
// [OrganizationService.Get] returns the contacts of an organization. Operation: listUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-users.html
func (s *UserService) List(ctx context.Context, o UserListOptions, opts ...RequestOption) (Page[User], error) {
	op := operation{id: "listUsers"}
	params, err := o.params()
	if err != nil {
		return Page[User]{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListUsers(ctx, params, edit)
		},
		func(w listAnswer[api.UserList]) (Page[User], error) {
			return newPage("users", w.list.Users, w.page, o.Offset, userFrom)
		})
}

// All iterates over users, from the offset in the options on. It requests one page after the other,
// and ends after the last user or the first error. If users are added during the iteration, it may
// miss some users or return some twice. Operation: listUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-users.html
func (s *UserService) All(ctx context.Context, o UserListOptions, opts ...RequestOption) iter.Seq2[User, error] {
	return all(ctx, operation{id: "listUsers"}, o.Offset, func(offset int64) (Page[User], error) {
		o := o
		o.Offset = offset
		return s.List(ctx, o, opts...)
	})
}

// A UserCreateRequest creates a user that is a person with a login.
type UserCreateRequest struct {
	// Username is the login name. No other user may have it.
	Username string
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the user's job title in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
	// Roles are the roles of the user. At least one is required.
	Roles []AccessRoleID
	// ContainerID is the division that the user belongs to. If it is 0, the service chooses it.
	ContainerID int64
	// LimitedToContainers are the divisions that the user is limited to. An empty list means no
	// limit.
	LimitedToContainers []int64
}

// A CreatedUser holds the id of a new user.
type CreatedUser struct {
	// ID is the id of the user, for [UserService.Get].
	ID int64
}

// Create creates a user that is a person with a login. After [ErrOutcomeUnknown] the user may
// exist; [UserService.List] shows whether it does. Only an administrator has the permission.
// Operation: createUser.
//
// The vendor's page, which describes service users:
// https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html
func (s *UserService) Create(ctx context.Context, r UserCreateRequest, opts ...RequestOption) (CreatedUser, error) {
	body := api.UserInput{
		Username:               optional(r.Username),
		FirstName:              optional(r.FirstName),
		LastName:               optional(r.LastName),
		Email:                  r.Email,
		JobTitle:               optional(r.JobTitle),
		Telephone:              optional(r.Telephone),
		ContainerIDAssignments: r.LimitedToContainers,
	}
	for _, role := range r.Roles {
		body.AccessRoles = append(body.AccessRoles, api.AccessRoleRef{ID: api.AccessRoleRefID(role)})
	}
	if r.ContainerID != 0 {
		if err := checkID("container.id", r.ContainerID); err != nil {
			return CreatedUser{}, inOperation(operation{id: "createUser"}, err)
		}
		body.Container = &api.ContainerRef{ID: *wireID(r.ContainerID)}
	}
	return create(ctx, s, body, opts, func(w api.UserCreated) (CreatedUser, error) {
		if w.ID <= 0 {
			return CreatedUser{}, missing("id")
		}
		return CreatedUser{ID: w.ID}, nil
	})
}

func create[T any](
	ctx context.Context, s *UserService, body api.UserInput, opts []RequestOption,
	convert func(api.UserCreated) (T, error),
) (T, error) {
	return fetch(ctx, s.client, operation{id: "createUser"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.CreateUser(ctx, body, edit)
		},
		convert)
}

// A UserUpdateRequest changes a user. For a service user, only the email address changes.
type UserUpdateRequest struct {
	// Username is the login name. No other user may have it. An empty value changes nothing.
	Username string
	// FirstName is the given name. An empty value changes nothing.
	FirstName string
	// LastName is the surname. An empty value changes nothing.
	LastName string
	// Email is the email address. It is required, also if it does not change.
	Email string
	// JobTitle is the user's job title in the organization. An empty value removes it.
	JobTitle string
	// Telephone is the telephone number. An empty value removes it.
	Telephone string
	// SSOOnly is whether the user logs in by single sign-on only. Nil changes nothing. The mock
	// ignores it.
	SSOOnly *bool
}

// Update changes a user. The service removes the job title and the telephone number if they are
// empty in the request. To keep them, read the user first and send them again. An unknown id is
// [ErrNotFound]. Only an administrator has the permission. After [ErrOutcomeUnknown] the user may
// be changed; [UserService.Get] shows whether it is. Operation: updateUser.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/edit-user.html
func (s *UserService) Update(ctx context.Context, id int64, r UserUpdateRequest, opts ...RequestOption) error {
	op := operation{id: "updateUser"}
	if err := checkID("user_id", id); err != nil {
		return inOperation(op, err)
	}
	body := api.UserUpdateInput{
		Username:      optional(r.Username),
		FirstName:     optional(r.FirstName),
		LastName:      optional(r.LastName),
		Email:         r.Email,
		JobTitle:      optional(r.JobTitle),
		Telephone:     optional(r.Telephone),
		IsSamlSsoOnly: r.SSOOnly,
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.UpdateUser(ctx, id, body, edit)
	}, nil)
}

// Delete deletes a user, also a service user. The API keys of the user stop working: they are
// refused as wrong keys. The mock refuses to delete the first user of the account and the user of
// the API key, with the code user_in_use. An unknown id is [ErrNotFound]. Only an administrator has
// the permission. After [ErrOutcomeUnknown] the user may be gone; [UserService.Get] is then
// [ErrNotFound]. Operation: deleteUser.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/delete-user.html
func (s *UserService) Delete(ctx context.Context, id int64, opts ...RequestOption) error {
	op := operation{id: "deleteUser"}
	if err := checkID("user_id", id); err != nil {
		return inOperation(op, err)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.DeleteUser(ctx, id, edit)
	}, nil)
}

func userFrom(w api.User) (User, error) {
	if w.ID <= 0 {
		return User{}, missing("id")
	}
	login, err := timeFrom("last_login_date", value(w.LastLoginDate))
	if err != nil {
		return User{}, err
	}
	u := User{
		ID:                      w.ID,
		Username:                w.Username,
		AccountID:               w.AccountID,
		FirstName:               w.FirstName,
		LastName:                w.LastName,
		Email:                   w.Email,
		JobTitle:                value(w.JobTitle),
		Telephone:               value(w.Telephone),
		Status:                  UserStatus(w.Status),
		LastLogin:               login,
		Type:                    string(w.Type),
		AccessRoles:             make([]AccessRole, 0, len(w.AccessRoles)),
		Container:               userContainerFrom(w.Container),
		HasContainerAssignments: w.HasContainerAssignments,
	}
	for _, role := range w.AccessRoles {
		u.AccessRoles = append(u.AccessRoles, AccessRole{ID: AccessRoleID(role.ID), Name: role.Name})
	}
	for _, visible := range w.ContainerVisibility {
		u.VisibleContainers = append(u.VisibleContainers, userContainerFrom(visible))
	}
	return u, nil
}

func userRefFrom(w api.UserRef) UserRef {
	return UserRef{ID: w.ID, FirstName: w.FirstName, LastName: w.LastName, Email: w.Email}
}

func userRefsFrom(ws []api.UserRef) []UserRef {
	refs := make([]UserRef, 0, len(ws))
	for _, w := range ws {
		refs = append(refs, userRefFrom(w))
	}
	return refs
}
