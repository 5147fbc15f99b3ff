// Package control implements the mock's own control API, under /_mock.
package control

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/control"
)

// Server is what the control API can do to the mock as a whole.
type Server interface {
	// Version is the version of the mock.
	Version() string
	// CAs tells how far the keys of the CAs are: none, making or ready.
	CAs() string
	// Full is the refusal of a server that can take no new account or no order, or nil.
	Full(ctx context.Context) error
}

// API serves the control operations.
type API struct {
	server  Server
	account Account
	pki     PKI
}

var _ control.StrictServerInterface = (*API)(nil)

// New returns the control operations of a server, of the account of each request, and of the server's CAs.
func New(server Server, account Account, pki PKI) *API {
	return &API{server: server, account: account, pki: pki}
}

// GetHealth tells that orders can be placed: a server that answers takes them, unless it is full.
func (a *API) GetHealth(ctx context.Context, _ control.GetHealthRequestObject) (control.GetHealthResponseObject, error) {
	if err := a.server.Full(ctx); err != nil {
		return nil, err
	}
	return control.GetHealth200JSONResponse{Status: "ok", Version: a.server.Version(), Cas: control.CAProgress(a.server.CAs())}, nil
}
