package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	certcentral "github.com/pkio-tools/certcentral/client"
)

type whoamiCommand struct {
	Output string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the answer."`
}

// whoamiOutput is the answer in JSON. The account or the balance is null if the user may not read it.
type whoamiOutput struct {
	Server  string         `json:"server"`
	User    userOutput     `json:"user"`
	Account *accountOutput `json:"account"`
	Balance *balanceOutput `json:"balance"`
}

type userOutput struct {
	ID          int64         `json:"id"`
	Username    string        `json:"username"`
	FirstName   string        `json:"first_name"`
	LastName    string        `json:"last_name"`
	Email       string        `json:"email"`
	AccessRoles []namedOutput `json:"access_roles"`
	Container   namedOutput   `json:"container"`
}

type accountOutput struct {
	ID                  int64       `json:"id"`
	PrimaryOrganization namedOutput `json:"primary_organization"`
}

type balanceOutput struct {
	Balance             json.Number `json:"balance"`
	Currency            string      `json:"currency"`
	TotalAvailableFunds json.Number `json:"total_available_funds,omitempty"`
}

func (c *whoamiCommand) run(ctx context.Context, s *session) error {
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	user, err := cc.Users.GetCurrent(ctx)
	if err != nil {
		return err
	}
	out := whoamiOutput{
		Server: cc.BaseURL(),
		User: userOutput{
			ID: user.ID, Username: user.Username, FirstName: user.FirstName, LastName: user.LastName, Email: user.Email,
			AccessRoles: []namedOutput{}, Container: namedOutput{user.Container.ID, user.Container.Name},
		},
	}
	for _, role := range user.AccessRoles {
		out.User.AccessRoles = append(out.User.AccessRoles, namedOutput{int64(role.ID), role.Name})
	}
	switch account, err := cc.Account.Get(ctx); {
	case err == nil:
		out.Account = &accountOutput{account.ID, namedOutput{account.PrimaryOrganization.ID, account.PrimaryOrganization.Name}}
	case !errors.Is(err, certcentral.ErrForbidden):
		return err
	}
	switch balance, err := cc.Finance.GetBalance(ctx); {
	case err == nil:
		out.Balance = &balanceOutput{json.Number(balance.Balance), balance.Currency, json.Number(balance.TotalAvailableFunds)}
	case !errors.Is(err, certcentral.ErrForbidden):
		return err
	}
	if c.Output == "json" {
		return writeJSON(s.stdout, out)
	}
	return s.printRows(out.rows())
}

func (o whoamiOutput) rows() [][2]string {
	roles := make([]string, 0, len(o.User.AccessRoles))
	for _, role := range o.User.AccessRoles {
		roles = append(roles, role.Name)
	}
	const hidden = "not permitted to see"
	account, balance := hidden, hidden
	if o.Account != nil {
		account = fmt.Sprintf("%d, %s", o.Account.ID, o.Account.PrimaryOrganization.Name)
	}
	if o.Balance != nil {
		balance = strings.TrimSpace(o.Balance.Balance.String() + " " + o.Balance.Currency)
		if o.Balance.TotalAvailableFunds != "" {
			balance += ", of which can be spent: " + o.Balance.TotalAvailableFunds.String()
		}
	}
	return [][2]string{
		{"server", o.Server},
		{"user", fmt.Sprintf("%s (%d)", strings.TrimSpace(o.User.FirstName+" "+o.User.LastName), o.User.ID)},
		{"login", o.User.Username},
		{"email", o.User.Email},
		{"roles", strings.Join(roles, ", ")},
		{"division", o.User.Container.Name},
		{"account", account},
		{"balance", balance},
	}
}
