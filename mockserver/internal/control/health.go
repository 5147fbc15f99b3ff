package control

import (
	"context"
	"fmt"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// GetHealth tells that orders can be placed: a server that answers takes them, unless it is full.
func (a *API) GetHealth(ctx context.Context, _ control.GetHealthRequestObject) (control.GetHealthResponseObject, error) {
	if full := a.Full(ctx); full != "" {
		return nil, &domain.Error{Code: domain.CodeCapacity, Message: fmt.Sprintf("full: %s; %s", full, remedy(full))}
	}
	return control.GetHealth200JSONResponse{Status: "ok", Version: a.Version, Cas: control.CAProgress(a.PKI.Progress())}, nil
}

// remedy is what makes room in a full server.
func remedy(full store.Resource) string {
	if full == store.Accounts {
		return "every account has been changed, so that none gives way to a new one; reset one, " +
			"or start the mock with a higher maximum of accounts"
	}
	return "reset an account, or start the mock with a higher maximum of orders"
}
