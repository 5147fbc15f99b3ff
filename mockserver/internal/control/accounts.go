package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// listed is the length of a page of accounts without the parameter limit.
const listed = 1000

// ListAccounts lists the accounts of the server.
func (a *API) ListAccounts(ctx context.Context, request control.ListAccountsRequestObject) (control.ListAccountsResponseObject, error) {
	page := domain.Page{Limit: listed}
	if limit := request.Params.Limit; limit != nil {
		page.Limit = int(*limit)
	}
	if offset := request.Params.Offset; offset != nil {
		page.Offset = int(*offset)
	}
	accounts, total := a.Accounts.Accounts(ctx, page)
	out := control.ListAccounts200JSONResponse{
		Accounts: make([]control.AccountSummary, len(accounts)),
		Page:     control.Page{Total: int64(total), Limit: int32(page.Limit), Offset: int64(page.Offset)}, //nolint:gosec // at most 1000
	}
	for i, account := range accounts {
		out.Accounts[i] = control.AccountSummary{ID: account.Name, Opened: moment(account.Opened), Orders: int64(account.Orders)}
		if !account.LastCall.IsZero() {
			out.Accounts[i].LastCall = optional(moment(account.LastCall))
		}
	}
	return out, nil
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// CreateAccount makes an account with settings and keys, to which a reset goes back. No key opens
// it but those that are made with it.
func (a *API) CreateAccount(ctx context.Context, request control.CreateAccountRequestObject) (control.CreateAccountResponseObject, error) {
	var change domain.SettingsChange
	if settings := request.Body.Settings; settings != nil {
		var err error
		if change, err = settingsIn(settings); err != nil {
			return nil, within("settings", err)
		}
	}
	asked := request.Body.Keys
	if len(asked) == 0 {
		asked = []control.KeyInput{{UserID: control.Identifier(strconv.Itoa(domain.SeedAdministrator))}}
	}
	out := control.CreateAccount201JSONResponse{Keys: make([]control.MadeKey, len(asked))}
	keys := make([]domain.Key, len(asked))
	for i, one := range asked {
		out.Keys[i].UserID = number(string(one.UserID))
		if one.RoleID != nil {
			out.Keys[i].RoleID = int64(*one.RoleID)
		}
		out.Keys[i].APIKey, keys[i].Hash = a.NewKey()
		keys[i].UserID, keys[i].Role = out.Keys[i].UserID, domain.KeyRole(out.Keys[i].RoleID)
	}
	account := a.nextAccount()
	if _, err := domain.SeedKeys(a.Seed(account), keys); err != nil {
		return nil, err
	}
	err := a.Accounts.Create(ctx, account, a.Clock.ServerNow(), func() domain.Changes {
		seed, _ := domain.SeedKeys(a.Seed(account), keys) // which has the same users each time
		settings, funds := change.Apply(*seed.Settings, *seed.Funds)
		seed.Settings, seed.Funds = &settings, &funds
		return seed
	})
	out.ID = account.Short()
	return out, err
}

// nextAccount names an account that no API key opens, since no key holds a blank. The same calls give
// the same names, and so the same init codes and PINs (D-74).
func (a *API) nextAccount() domain.AccountID {
	digest := sha256.Sum256(fmt.Appendf(nil, "account %d", a.made.Add(1)))
	return domain.AccountID(hex.EncodeToString(digest[:]))
}

// within puts a member before the paths of errors.
func within(member string, err error) error {
	errs, several := err.(domain.Errors) //nolint:errorlint // settingsIn returns no other error
	if !several {
		return err
	}
	inner := make(domain.Errors, len(errs))
	for i, one := range errs {
		inner[i] = &domain.Error{Code: one.Code, Path: member + "." + one.Path, Message: member + "." + one.Message}
	}
	return inner
}

// DeleteAccount removes an account of the server.
func (a *API) DeleteAccount(ctx context.Context, request control.DeleteAccountRequestObject) (control.DeleteAccountResponseObject, error) {
	account, err := a.named(ctx, request.ID)
	if err == nil && !a.Accounts.Remove(ctx, account) {
		err = domain.AccountNotFound(0)
	}
	return control.DeleteAccount204Response{}, err
}

// ResetAccountByID puts an account of the server back to its seed.
func (a *API) ResetAccountByID(ctx context.Context, request control.ResetAccountByIDRequestObject) (control.ResetAccountByIDResponseObject, error) {
	account, err := a.named(ctx, request.ID)
	if err == nil {
		err = a.Accounts.Reset(ctx, account)
	}
	return control.ResetAccountByID204Response{}, err
}

func (a *API) named(ctx context.Context, name string) (domain.AccountID, error) {
	account, matches := a.Accounts.Named(ctx, name)
	if matches != 1 {
		return "", domain.AccountNotFound(matches)
	}
	return account, nil
}
