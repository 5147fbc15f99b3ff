package transport

import (
	"context"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetBalance returns the balance of the account.
func (a *API) GetBalance(ctx context.Context, _ server.GetBalanceRequestObject) (server.GetBalanceResponseObject, error) {
	var funds domain.Funds
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		funds = r.Funds()
		return nil
	})
	if err != nil {
		return nil, err
	}
	zero := domain.Money(0).String()
	out := api.Balance{
		Balance: funds.Balance.String(), Currency: currency, UnpaidInvoiceBalance: zero, UsedCreditFromOtherContainers: zero,
	}
	if funds.Unlimited {
		out.UnlimitedNegativeBalance = optional(true)
	} else {
		out.NegativeBalanceLimit = optional(funds.Limit.String())
		out.TotalAvailableFunds = optional(funds.Available().String())
	}
	return server.GetBalance200JSONResponse(out), nil
}

// GetBalanceHistory returns a page of the changes of the balance.
func (a *API) GetBalanceHistory(ctx context.Context, request server.GetBalanceHistoryRequestObject) (server.GetBalanceHistoryResponseObject, error) {
	page := pageFrom(request.Params.Limit, request.Params.Offset)
	adjustments, out, err := list(ctx, a, page,
		func(r domain.Reader) ([]domain.Adjustment, int) { return r.Adjustments(page) },
		func(_ domain.Reader, adjustment domain.Adjustment) api.Adjustment { return adjustmentOut(adjustment) })
	return server.GetBalanceHistory200JSONResponse{Adjustments: adjustments, Page: out}, err
}

func adjustmentOut(adjustment domain.Adjustment) api.Adjustment {
	out := api.Adjustment{
		ID: strconv.FormatInt(adjustment.ID, 10), Container: container(), TransactionType: api.TransactionType(adjustment.Type),
		TransactionDate: adjustment.Date.Format(time.DateTime), BalanceAfter: adjustment.BalanceAfter.String(), Currency: currency,
	}
	if adjustment.Amount < 0 {
		out.Debit = optional((-adjustment.Amount).String())
	} else {
		out.Credit = optional(adjustment.Amount.String())
	}
	return out
}

// currency is the currency of every account (D-34).
const currency = "EUR"

// ListPaymentProfiles returns a page of saved cards.
func (a *API) ListPaymentProfiles(ctx context.Context, request server.ListPaymentProfilesRequestObject) (server.ListPaymentProfilesResponseObject, error) {
	page := pageFrom(request.Params.Limit, request.Params.Offset)
	profiles, out, err := list(ctx, a, page,
		func(r domain.Reader) ([]domain.PaymentProfile, int) { return r.PaymentProfiles(page) },
		func(_ domain.Reader, profile domain.PaymentProfile) api.PaymentProfile { return profileOut(profile) })
	return server.ListPaymentProfiles200JSONResponse{Profiles: profiles, Page: out}, err
}

func profileOut(profile domain.PaymentProfile) api.PaymentProfile {
	card, address := profile.Card, profile.Address
	return api.PaymentProfile{
		ID: profile.ID, IsDefault: profile.Default, Status: "active",
		CreditCard: api.SavedCard{
			ShortenedNumber: card.LastFour, Type: card.Brand, CardholderName: card.CardholderName,
			ExpirationMonth: int32(card.ExpirationMonth), ExpirationYear: int32(card.ExpirationYear), //nolint:gosec // two and four digits
		},
		BillingAddress: api.BillingAddress{
			Address: address.Address, Address2: optional(address.Address2), City: address.City,
			State: optional(address.State), Country: address.Country, Zip: optional(address.Zip),
		},
	}
}
