package transport

import (
	"context"
	"errors"

	"github.com/pkio-tools/certcentral/gen/server"
)

var errTODO = errors.New("not built yet")

func (a *API) GetAccount(context.Context, server.GetAccountRequestObject) (server.GetAccountResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListAPIRoles(context.Context, server.ListAPIRolesRequestObject) (server.ListAPIRolesResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListStatusChanges(context.Context, server.ListStatusChangesRequestObject) (server.ListStatusChangesResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListPotentialApprovers(context.Context, server.ListPotentialApproversRequestObject) (server.ListPotentialApproversResponseObject, error) {
	return nil, errTODO
}

func (a *API) DeleteOrganization(context.Context, server.DeleteOrganizationRequestObject) (server.DeleteOrganizationResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListValidations(context.Context, server.ListValidationsRequestObject) (server.ListValidationsResponseObject, error) {
	return nil, errTODO
}

func (a *API) SubmitOrganization(context.Context, server.SubmitOrganizationRequestObject) (server.SubmitOrganizationResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListProducts(context.Context, server.ListProductsRequestObject) (server.ListProductsResponseObject, error) {
	return nil, errTODO
}

func (a *API) GetProduct(context.Context, server.GetProductRequestObject) (server.GetProductResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListRequests(context.Context, server.ListRequestsRequestObject) (server.ListRequestsResponseObject, error) {
	return nil, errTODO
}

func (a *API) CreateUser(context.Context, server.CreateUserRequestObject) (server.CreateUserResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListServiceUsers(context.Context, server.ListServiceUsersRequestObject) (server.ListServiceUsersResponseObject, error) {
	return nil, errTODO
}

func (a *API) GetUser(context.Context, server.GetUserRequestObject) (server.GetUserResponseObject, error) {
	return nil, errTODO
}
