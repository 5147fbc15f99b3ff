package transport

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetAccount returns the account of the key. Its members are the same for every account, except the
// organization, the container and the funds (D-66).
func (a *API) GetAccount(ctx context.Context, _ server.GetAccountRequestObject) (server.GetAccountResponseObject, error) {
	var out api.Account
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		primary, err := domain.FindOrganization(r, domain.SeedOrganization)
		no := false
		out = api.Account{
			ID: accountID, BillingAccountID: accountID, RootContainerID: domain.ContainerID,
			PrimaryOrganizationID: primary.ID, PrimaryOrganizationName: primary.Name, PrimaryOrganizationCountry: primary.Country,
			CertTransparency: "embed", CertCentralType: "retail", LanguageID: 1, DefaultCountry: primary.Country,
			MakeRenewalCalls: &no, ExpressInstallEnabled: &no, Migrated: &no, HasAuthKey: &no,
		}
		if funds := r.Funds(); !funds.Unlimited {
			limit := funds.Limit.Float() // a limit of zero is shown too
			out.BalanceNegativeLimit = &limit
		}
		return err
	})
	return server.GetAccount200JSONResponse(out), err
}
