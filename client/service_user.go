package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ServiceUserCreateRequest creates a service user: a program with an API key of its own.
type ServiceUserCreateRequest struct {
	// Name is the name of the program.
	Name string
	// Email is the email address of a contact for the program.
	Email string
	// Limit limits the permissions of the API key. It is required; [Unlimited] makes a key without
	// a limit.
	Limit KeyLimit
	// LimitedToContainers are the divisions that the program is limited to. An empty list means no
	// limit.
	LimitedToContainers []int64
}

// A CreatedServiceUser is a new service user with its API key.
type CreatedServiceUser struct {
	// ID is the id of the user.
	ID int64
	// APIKey is the API key of the user. The service shows it only once. Pass APIKey.Reveal() to
	// [WithAPIKey].
	APIKey Secret
}

// A KeyLimit limits the permissions of an API key. [LimitedTo] and [Unlimited] make one.
type KeyLimit struct {
	chosen bool // false in the zero value, which is no limit that the caller has chosen
	role   APIKeyRoleID
}

// LimitedTo gives an API key only the permissions of a role, such as [KeyRoleOrders].
func LimitedTo(role APIKeyRoleID) KeyLimit { return KeyLimit{chosen: true, role: role} }

// Unlimited gives an API key all permissions of an administrator.
func Unlimited() KeyLimit { return KeyLimit{chosen: true, role: KeyRoleNone} }

// CreateServiceUser creates a service user and returns its API key, which the service shows only
// once. After [ErrOutcomeUnknown] the user may exist, but its key is lost. Only an administrator
// has the permission. The service user acts as an administrator, within the limit of its key. It
// cannot be an organization contact: if one of its orders creates an organization, the order must
// name an organization contact. Operation: createUser.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/users/add-service-user.html
func (s *UserService) CreateServiceUser(
	ctx context.Context, r ServiceUserCreateRequest, opts ...RequestOption,
) (CreatedServiceUser, error) {
	if !r.Limit.chosen {
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

// ServiceUserListOptions choose the service users of a list. The zero value lists all of them,
// sorted by id.
type ServiceUserListOptions struct {
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

	// Status lists only users in these states.
	Status EnumFilter[UserStatus]
	// Search lists only users whose username, name or email address matches.
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
		FiltersStatus: enumTerms[api.UserStatusFilter](f.terms("status", o.Status.terms)),
		FiltersSearch: f.terms("search", o.Search.terms),
	}
	return params, f.err
}

// ListServiceUsers returns one page of service users. The service shows them like other users: the
// answer has neither the limit of their keys nor a sign that they are service users. Operation:
// listServiceUsers.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html
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
		func(w listAnswer[api.ServiceUserList]) (Page[User], error) {
			return newPage("users", w.list.Users, w.page, o.Offset, userFrom)
		})
}

// AllServiceUsers iterates over service users, from the offset in the options on. It requests one
// page after the other, and ends after the last user or the first error. Operation:
// listServiceUsers.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/users/list-service-users.html
func (s *UserService) AllServiceUsers(
	ctx context.Context, o ServiceUserListOptions, opts ...RequestOption,
) iter.Seq2[User, error] {
	return all(ctx, operation{id: "listServiceUsers"}, o.Offset, func(offset int64) (Page[User], error) {
		o := o
		o.Offset = offset
		return s.ListServiceUsers(ctx, o, opts...)
	})
}

// An APIKeyRoleID is the id of a role that limits the permissions of an API key. Roles that the
// service adds pass through.
type APIKeyRoleID int64

// The roles of an API key.
const (
	// KeyRoleNone means no limit.
	KeyRoleNone APIKeyRoleID = 0
	// KeyRoleOrders has the permission to read and change orders and requests, and to read
	// products.
	KeyRoleOrders APIKeyRoleID = 100
	// KeyRoleOrdersDomainsOrganizations has the permissions of KeyRoleOrders, and may read and
	// change organizations.
	KeyRoleOrdersDomainsOrganizations APIKeyRoleID = 101
	// KeyRoleViewOnly has the permission to read everything.
	KeyRoleViewOnly APIKeyRoleID = 102
	// KeyRoleUserManagement has the permission to read, add and change users.
	KeyRoleUserManagement APIKeyRoleID = 103
)

// An APIKeyRole is a role that an API key can be limited to.
type APIKeyRole struct {
	// ID is the id of the role, for [LimitedTo].
	ID APIKeyRoleID
	// Name is the name of the role, such as Orders.
	Name string
}

// APIKeyRoles returns the roles that can limit an API key. Operation: listAPIRoles.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/api-keys/list-api-access-roles.html
func (s *UserService) APIKeyRoles(ctx context.Context, opts ...RequestOption) ([]APIKeyRole, error) {
	return fetch(ctx, s.client, operation{id: "listAPIRoles"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListAPIRoles(ctx, edit)
		},
		func(w listAnswer[api.APIRoleList]) ([]APIKeyRole, error) {
			return wholeList("access_roles", w.list.AccessRoles, w.page, func(w api.AccessRole) (APIKeyRole, error) {
				if w.Name == "" { // the id 0 is valid (no limit), so that only the name shows a missing role
					return APIKeyRole{}, missing("name")
				}
				return APIKeyRole{ID: APIKeyRoleID(w.ID), Name: w.Name}, nil
			})
		})
}
