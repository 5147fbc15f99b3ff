package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A UserCreateRequest adds somebody who logs in.
type UserCreateRequest struct {
	// Username is the name that the user logs in with. Nobody else may have it.
	Username string
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is what the user does in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
	// Roles are what the user may do. Needed.
	Roles []AccessRoleID
	// ContainerID is the division that the user belongs to. Zero leaves it to the service.
	ContainerID int64
	// LimitedToContainers are the divisions that the user is limited to. None means no limit.
	LimitedToContainers []int64
}

// A CreatedUser is what a new user is known by.
type CreatedUser struct {
	// ID is the id of the user, as [UserService.Get] takes it.
	ID int64
}

// A ServiceUserCreateRequest adds a program that uses the account with an API key of its own.
type ServiceUserCreateRequest struct {
	// Name is what the program is called.
	Name string
	// Email is the email address of whoever cares for it.
	Email string
	// Limit is what its API key may do. Needed: a key that may do everything has to be asked for.
	Limit KeyLimit
	// LimitedToContainers are the divisions that the program is limited to. None means no limit.
	LimitedToContainers []int64
}

// A CreatedServiceUser is a new service user with its API key.
type CreatedServiceUser struct {
	// ID is the id of the user.
	ID int64
	// APIKey is the API key of the user, as [WithAPIKey] takes it once it is revealed. The service shows it this once.
	APIKey Secret
}

// An APIKeyRoleID is what an API key is limited to, by its id. Roles that the service adds pass through.
type APIKeyRoleID int64

// The roles of an API key.
const (
	// KeyRoleNone is no limit.
	KeyRoleNone APIKeyRoleID = 0
	// KeyRoleOrders may read and change orders and requests, and read products.
	KeyRoleOrders APIKeyRoleID = 100
	// KeyRoleOrdersDomainsOrganizations may read and change organizations besides.
	KeyRoleOrdersDomainsOrganizations APIKeyRoleID = 101
	// KeyRoleViewOnly may read everything.
	KeyRoleViewOnly APIKeyRoleID = 102
	// KeyRoleUserManagement may read, add and change users.
	KeyRoleUserManagement APIKeyRoleID = 103
)

// An APIKeyRole is a role that an API key can be limited to.
type APIKeyRole struct {
	// ID is the id of the role, as [LimitedTo] takes it.
	ID APIKeyRoleID
	// Name is the name of the role, such as Orders.
	Name string
}

// A KeyLimit says what an API key may do. [LimitedTo] and [Unlimited] make one.
type KeyLimit struct {
	choice choice
	role   APIKeyRoleID
}

// LimitedTo lets an API key do what a role allows, such as [KeyRoleOrders].
func LimitedTo(role APIKeyRoleID) KeyLimit { return KeyLimit{choice: existing, role: role} }

// Unlimited lets an API key do everything that an administrator may.
func Unlimited() KeyLimit { return KeyLimit{choice: existing, role: KeyRoleNone} }

// ServiceUserListOptions say which service users are listed. The zero value lists all of them by their id.
type ServiceUserListOptions struct {
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

	// Status lists only users in these states.
	Status EnumFilter[UserStatus]
	// Search lists only users with this text as the username, as the name or as the email address.
	Search TextFilter
}

func (o ServiceUserListOptions) params() (*api.ListServiceUsersParams, error) {
	users, err := UserListOptions{
		Limit: o.Limit, Offset: o.Offset, Sort: o.Sort, ContainerID: o.ContainerID, Role: o.Role,
	}.params()
	if err != nil {
		return nil, err
	}
	var f filters
	params := &api.ListServiceUsersParams{
		Limit:         users.Limit,
		Offset:        users.Offset,
		Sort:          users.Sort,
		ContainerID:   users.ContainerID,
		AccessRoleID:  users.AccessRoleID,
		FiltersStatus: words[api.UserStatusFilter](f.terms("status", o.Status.terms)),
		FiltersSearch: f.terms("search", o.Search.terms),
	}
	return params, f.err
}

// Create adds somebody who logs in. It fails with [ErrOutcomeUnknown] if the user may have been created nevertheless.
// Only an administrator may do this. Operation: createUser.
//
// The vendor's page, which describes service users: https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html
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

// CreateServiceUser adds a program that uses the account, and returns its API key, which the service shows this once.
// It fails with [ErrOutcomeUnknown] if the user may have been created nevertheless; its key is then lost. Only an
// administrator may do this. The user acts as an administrator, as far as its key may, but cannot be the organization
// contact of what it orders: each of its orders that make an organization has to name one. Operation: createUser.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html
func (s *UserService) CreateServiceUser(
	ctx context.Context, r ServiceUserCreateRequest, opts ...RequestOption,
) (CreatedServiceUser, error) {
	if r.Limit.choice == unchosen {
		err := &ArgumentError{Path: "restricted_to_role_id", Reason: "is not chosen: use LimitedTo or Unlimited"}
		return CreatedServiceUser{}, inOperation(operation{id: "createUser"}, err)
	}
	body := api.UserInput{
		IsAPIOnly:              new(true),
		APIName:                optional(r.Name),
		Email:                  r.Email,
		RestrictedToRoleID:     new(api.UserInputRestrictedToRoleID(r.Limit.role)),
		ContainerIDAssignments: r.LimitedToContainers,
	}
	return create(ctx, s, body, opts, func(w api.UserCreated) (CreatedServiceUser, error) {
		if w.ID <= 0 {
			return CreatedServiceUser{}, missing("id")
		}
		key := NewSecret(value(w.APIKey))
		if key.IsZero() {
			return CreatedServiceUser{}, missing("api_key")
		}
		return CreatedServiceUser{ID: w.ID, APIKey: key}, nil
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

// ListServiceUsers returns one page of service users. The service shows them like other users: it tells neither what
// the key of one is limited to nor that it is a service user. Operation: listServiceUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html
func (s *UserService) ListServiceUsers(
	ctx context.Context, o ServiceUserListOptions, opts ...RequestOption,
) (Page[User], error) {
	op := operation{id: "listServiceUsers"}
	params, err := o.params()
	if err != nil {
		return Page[User]{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListServiceUsers(ctx, params, edit)
		},
		func(w listed[api.ServiceUserList]) (Page[User], error) {
			return newPage("users", w.list.Users, w.at, o.Offset, userFrom)
		})
}

// AllServiceUsers iterates over service users, from the offset in the options on, and asks for the pages as it goes. It
// ends with the last user or after the first error. Operation: listServiceUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html
func (s *UserService) AllServiceUsers(
	ctx context.Context, o ServiceUserListOptions, opts ...RequestOption,
) iter.Seq2[User, error] {
	return all(ctx, operation{id: "listServiceUsers"}, o.Offset, func(offset int64) (Page[User], error) {
		o := o
		o.Offset = offset
		return s.ListServiceUsers(ctx, o, opts...)
	})
}

// APIKeyRoles returns the roles that an API key can be limited to. Operation: listAPIRoles.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/api-keys/list-api-access-roles.html
func (s *UserService) APIKeyRoles(ctx context.Context, opts ...RequestOption) ([]APIKeyRole, error) {
	return fetch(ctx, s.client, operation{id: "listAPIRoles"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListAPIRoles(ctx, edit)
		},
		func(w listed[api.APIRoleList]) ([]APIKeyRole, error) {
			return wholeList("access_roles", w.list.AccessRoles, w.at, func(w api.AccessRole) (APIKeyRole, error) {
				if w.Name == "" { // the id 0 is no limit at all, and must not be read from nothing
					return APIKeyRole{}, missing("name")
				}
				return APIKeyRole{ID: APIKeyRoleID(w.ID), Name: w.Name}, nil
			})
		})
}
