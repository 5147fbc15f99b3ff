package control

import (
	"context"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// maxIndividuals is how many individuals an account shows at most: the answer has no pages.
const maxIndividuals = 1000

// ResetAccount puts the account of the request back to its seed.
func (a *API) ResetAccount(ctx context.Context, _ control.ResetAccountRequestObject) (control.ResetAccountResponseObject, error) {
	return control.ResetAccount204Response{}, a.Accounts.Reset(ctx, accountOf(ctx))
}

// GetAccountState returns the settings and the contents of the account.
func (a *API) GetAccountState(ctx context.Context, _ control.GetAccountStateRequestObject) (control.GetAccountStateResponseObject, error) {
	state, err := a.state(ctx)
	return control.GetAccountState200JSONResponse(state), err
}

func (a *API) state(ctx context.Context) (state control.AccountState, err error) {
	err = a.view(ctx, func(r domain.Reader) error {
		settings := r.Settings()
		_, orders := r.Orders(domain.OrderQuery{})
		individuals := r.Individuals(maxIndividuals)
		state = settingsOut(&settings, r.Funds())
		state.Orders = int64(orders)
		state.Individuals = make([]control.Individual, len(individuals))
		for i, individual := range individuals {
			state.Individuals[i] = individualOut(individual)
		}
		return nil
	})
	return state, err
}

func individualOut(individual domain.Individual) control.Individual {
	return control.Individual{
		ID: individual.ID, FirstName: individual.FirstName, LastName: individual.LastName, Email: individual.Email,
		Telephone: optional(individual.Telephone), Country: optional(individual.Country), State: optional(individual.State),
		City: optional(individual.City), Zip: optional(individual.Zip),
	}
}

// optional is nil for no text: what is not known is left out of a reply, not null.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// CreateKey makes an API key for a user of the account.
func (a *API) CreateKey(ctx context.Context, request control.CreateKeyRequestObject) (control.CreateKeyResponseObject, error) {
	user := number(string(request.Body.UserID))
	var role domain.KeyRole
	if limit := request.Body.RoleID; limit != nil {
		role = domain.KeyRole(*limit)
	}
	key, hash := a.NewKey()
	err := a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.CreateKey(r, user, role, hash)
	})
	if err != nil {
		return nil, err
	}
	return control.CreateKey201JSONResponse{APIKey: key}, nil
}

// number reads an id, which the contract has checked to be an integer or a string of digits. One
// that is too large names nothing.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return -1
	}
	return n
}
