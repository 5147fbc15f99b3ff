package transport

import (
	"context"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// paymentIn drops the card and the address of an order that another method pays (D-16). The security code of a card
// goes nowhere.
func paymentIn(body *api.OrderInput) domain.Payment {
	payment := domain.Payment{Method: domain.PaymentMethod(body.PaymentMethod)}
	if profile := body.PaymentProfile; profile != nil {
		payment.ProfileID = number(&profile.ID)
	}
	card, address := body.CreditCard, body.BillingAddress
	if payment.Method != domain.PayByCard || card == nil || address == nil {
		return payment
	}
	payment.Card = &domain.Card{
		Number: card.Number, ExpirationMonth: digits(card.ExpirationMonth), ExpirationYear: digits(card.ExpirationYear),
		CardholderName: card.CardholderName, Save: value(card.SaveCreditCard), Default: card.SetAsDefault == api.SetAsDefaultYes,
	}
	payment.Address = domain.BillingAddress{
		Address: address.Address, Address2: value(address.Address2), City: address.City, State: value(address.State),
		Country: address.Country, Zip: value(address.Zip),
	}
	return payment
}

// digits reads text that the contract has checked to be digits.
func digits(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

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
	var out api.BalanceHistory
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		adjustments, total := r.Adjustments(page)
		out = api.BalanceHistory{Adjustments: make([]api.Adjustment, len(adjustments)), Page: pageOut(page, total)}
		for i, adjustment := range adjustments {
			out.Adjustments[i] = adjustmentOut(adjustment)
		}
		return nil
	})
	return server.GetBalanceHistory200JSONResponse(out), err
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
	var out api.PaymentProfileList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		profiles, total := r.PaymentProfiles(page)
		out = api.PaymentProfileList{Profiles: make([]api.PaymentProfile, len(profiles)), Page: pageOut(page, total)}
		for i, profile := range profiles {
			out.Profiles[i] = profileOut(profile)
		}
		return nil
	})
	return server.ListPaymentProfiles200JSONResponse(out), err
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
