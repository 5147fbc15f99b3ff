package control

import (
	"context"
	"errors"

	"github.com/pkio-tools/certcentral/gen/control"
)

var errTODO = errors.New("not built yet")

func (a *API) GetAccountState(context.Context, control.GetAccountStateRequestObject) (control.GetAccountStateResponseObject, error) {
	return nil, errTODO
}

func (a *API) ChangeAccountSettings(context.Context, control.ChangeAccountSettingsRequestObject) (control.ChangeAccountSettingsResponseObject, error) {
	return nil, errTODO
}

func (a *API) CreateKey(context.Context, control.CreateKeyRequestObject) (control.CreateKeyResponseObject, error) {
	return nil, errTODO
}

func (a *API) MoveOrder(context.Context, control.MoveOrderRequestObject) (control.MoveOrderResponseObject, error) {
	return nil, errTODO
}
