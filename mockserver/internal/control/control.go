// Package control implements the mock's own control API, under /_mock.
package control

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/control"
)

// Server is what the control API can do to the mock.
type Server interface {
	// Version is the version of the mock.
	Version() string
	// Reset puts the account of the request back to its seed.
	Reset(ctx context.Context) error
}

// API serves the control operations.
type API struct{ server Server }

var _ control.StrictServerInterface = (*API)(nil)

// New returns the control operations of a server.
func New(server Server) *API { return &API{server: server} }

// GetHealth tells that orders can be placed: a server that answers takes them.
func (a *API) GetHealth(context.Context, control.GetHealthRequestObject) (control.GetHealthResponseObject, error) {
	return control.GetHealth200JSONResponse{Status: "ok", Version: a.server.Version()}, nil
}

// ResetAccount puts the account of the request back to its seed.
func (a *API) ResetAccount(ctx context.Context, _ control.ResetAccountRequestObject) (control.ResetAccountResponseObject, error) {
	return control.ResetAccount204Response{}, a.server.Reset(ctx)
}
