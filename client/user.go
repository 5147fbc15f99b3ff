package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A User is a user of the account.
type User struct {
	// ID is the id of the user, as [ExistingPerson] takes it.
	ID int64
	// Username is the name that the user logs in with. A service user has an opaque one.
	Username string
	// AccountID is the id of the account.
	AccountID int64
	// FirstName is the given name. The mock shows the name of a service user here.
	FirstName string
	// LastName is the surname. It is empty for a service user of the mock.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is what the user does in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
	// Status is the state of the user.
	Status UserStatus
	// Type is the kind of user, such as standard.
	Type string
	// AccessRoles are what the user may do.
	AccessRoles []AccessRole
	// Container is the division that the user belongs to.
	Container Container
	// HasContainerAssignments is whether the user is limited to some containers.
	HasContainerAssignments bool
	// VisibleContainers are the divisions that the user can see. Lists leave them out.
	VisibleContainers []Container
}

// A UserStatus is whether a user can use the account. Values that the service adds pass through.
type UserStatus string

// The states of a user.
const (
	UserActive   UserStatus = "active"
	UserInactive UserStatus = "inactive"
)

// An AccessRoleID is a role of a user, by its id. Roles that the service adds pass through.
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

// A UserUpdateRequest says what becomes of a user. Of a service user only the email address changes.
type UserUpdateRequest struct {
	// Username is the name that the user logs in with. No other user may have it. Empty leaves it as it is.
	Username string
	// FirstName is the given name. Empty leaves it as it is.
	FirstName string
	// LastName is the surname. Empty leaves it as it is.
	LastName string
	// Email is the email address. Needed, also when it stays the same.
	Email string
	// JobTitle is what the user does in the organization. Empty removes it.
	JobTitle string
	// Telephone is the telephone number. Empty removes it.
	Telephone string
	// SSOOnly is whether the user logs in by single sign-on only. Nil leaves it as it is. The mock ignores it.
	SSOOnly *bool
}

// A UserRef is a user, by name.
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

// UserListOptions say which users are listed. The zero value lists all of them by their id.
type UserListOptions struct {
	// Limit is how many users a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many users are skipped.
	Offset int64
	// Sort holds the keys to sort by, separated by commas: id, username, first_name, last_name, email; downwards with a
	// minus sign before it.
	Sort string
	// ContainerID lists only users who belong to this division.
	ContainerID int64
	// Role lists only users with this role.
	Role AccessRoleID

	// Search lists only users with this text as the username, as the name or as the email address.
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

// UserService keeps who uses the account, people and programs: [Client.Users].
type UserService struct{ client *Client }

// Me returns the user whom the API key belongs to. It is the simplest call to check a key with. Operation:
// getCurrentUser.
//
// The vendor's page, which describes it in a note: https://dev.digicert.com/certcentral-apis/services-api/users/user-info.html
func (s *UserService) Me(ctx context.Context, opts ...RequestOption) (User, error) {
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

// List returns one page of users. Contacts who are not users are not in it; read the organization for those.
// Operation: listUsers.
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
		func(w listed[api.UserList]) (Page[User], error) {
			return newPage("users", w.list.Users, w.at, o.Offset, userFrom)
		})
}

// All iterates over users, from the offset in the options on, and asks for the pages as it goes. It ends with the last
// user or after the first error. Users who are added meanwhile may be missed, or come twice. Operation: listUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-users.html
func (s *UserService) All(ctx context.Context, o UserListOptions, opts ...RequestOption) iter.Seq2[User, error] {
	return all(ctx, operation{id: "listUsers"}, o.Offset, func(offset int64) (Page[User], error) {
		o := o
		o.Offset = offset
		return s.List(ctx, o, opts...)
	})
}

// Update changes a user. The service removes a job title and a telephone number that are left empty, so a program that
// changes one thing reads the user first and sends the rest back. An unknown id is [ErrNotFound]. Only an administrator
// may do this. [ErrOutcomeUnknown] means that the user may be changed, which [UserService.Get] tells. Operation:
// updateUser.
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

// Delete removes a user, also a service user. The mock keeps the first user of the account and the user of the API key,
// and refuses with the code user_in_use. The API keys of a deleted user are refused as wrong ones. An unknown id is
// [ErrNotFound]. Only an administrator may do this. [ErrOutcomeUnknown] means that the user may be gone, and then
// [UserService.Get] is [ErrNotFound]. Operation: deleteUser.
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
		Type:                    string(w.Type),
		AccessRoles:             make([]AccessRole, 0, len(w.AccessRoles)),
		Container:               userContainerFrom(w.Container),
		HasContainerAssignments: w.HasContainerAssignments,
	}
	for _, role := range w.AccessRoles {
		u.AccessRoles = append(u.AccessRoles, AccessRole{ID: AccessRoleID(role.ID), Name: role.Name})
	}
	for _, visible := range w.ContainerVisibility {
		u.VisibleContainers = append(u.VisibleContainers, containerFrom(visible))
	}
	return u, nil
}
