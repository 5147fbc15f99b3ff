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

// GetHealth tells that orders can be placed: a server that answers takes them.
func (a *API) GetHealth(context.Context, control.GetHealthRequestObject) (control.GetHealthResponseObject, error) {
	return control.GetHealth200JSONResponse{Status: "ok", Version: a.server.Version(), Cas: control.CAProgress(a.server.CAs())}, nil
}
