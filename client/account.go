package client

import (
	"context"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An Account is a customer account of CertCentral. API keys, users and orders belong to it.
type Account struct {
	// ID is the id of the account.
	ID int64
	// Type is the kind of account, such as retail.
	Type string
	// BillingAccountID is the id of the account that gets the bills.
	BillingAccountID int64
	// BillingAccountName is the name of that account. The mock leaves it out.
	BillingAccountName string
	// PrimaryOrganization is the first organization of the account.
	PrimaryOrganization OrganizationRef
	// PrimaryOrganizationCountry is the country of that organization.
	PrimaryOrganizationCountry string
	// RootContainerID is the id of the top division of the account.
	RootContainerID int64
	// NegativeBalanceLimit is the largest amount that the balance may be below zero. It is empty if
	// there is no limit.
	NegativeBalanceLimit Amount
	// DefaultCountry is the default country of new addresses.
	DefaultCountry string
	// LanguageID is the id of the language of the account.
	LanguageID int64
	// CertTransparency is the setting for logging certificates in Certificate Transparency logs.
	CertTransparency string
	// ExpressInstallEnabled is whether express installation is enabled.
	ExpressInstallEnabled bool
	// HasAuthKey is whether the account has an authentication key.
	HasAuthKey bool
	// MakeRenewalCalls is whether the vendor calls the customer about renewals.
	MakeRenewalCalls bool
	// Migrated is whether the account was migrated from another platform.
	Migrated bool
}

// AccountService reads the account: [Client.Account].
type AccountService struct{ client *Client }

// Get returns the account of the API key. Operation: getAccount.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/account/account-details.html
func (s *AccountService) Get(ctx context.Context, opts ...RequestOption) (Account, error) {
	return fetch(ctx, s.client, operation{id: "getAccount"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetAccount(ctx, edit)
		},
		accountFrom)
}

func accountFrom(w api.Account) (Account, error) {
	if w.ID <= 0 {
		return Account{}, missing("id")
	}
	a := Account{
		ID:                         w.ID,
		Type:                       w.CertCentralType,
		BillingAccountID:           w.BillingAccountID,
		BillingAccountName:         value(w.BillingAccountName),
		PrimaryOrganization:        OrganizationRef{ID: w.PrimaryOrganizationID, Name: w.PrimaryOrganizationName},
		PrimaryOrganizationCountry: w.PrimaryOrganizationCountry,
		RootContainerID:            w.RootContainerID,
		DefaultCountry:             w.DefaultCountry,
		LanguageID:                 w.LanguageID,
		CertTransparency:           w.CertTransparency,
		ExpressInstallEnabled:      value(w.ExpressInstallEnabled),
		HasAuthKey:                 value(w.HasAuthKey),
		MakeRenewalCalls:           value(w.MakeRenewalCalls),
		Migrated:                   value(w.Migrated),
	}
	if w.BalanceNegativeLimit != nil {
		a.NegativeBalanceLimit = amountOf(*w.BalanceNegativeLimit)
	}
	return a, nil
}
