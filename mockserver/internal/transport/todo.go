package transport

import (
	"context"
	"errors"

	"github.com/pkio-tools/certcentral/gen/server"
)

var errTODO = errors.New("not built yet")

func (a *API) ListStatusChanges(context.Context, server.ListStatusChangesRequestObject) (server.ListStatusChangesResponseObject, error) {
	return nil, errTODO
}

func (a *API) ListRequests(context.Context, server.ListRequestsRequestObject) (server.ListRequestsResponseObject, error) {
	return nil, errTODO
}
