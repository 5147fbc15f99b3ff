package client

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// FinanceService reads the money and the saved cards of the account: [Client.Finance].
type FinanceService struct{ client *Client }

// A Balance is what an account holds, and what it may still spend: the balance and the limit, less what is unpaid and
// what other containers have used.
type Balance struct {
	// Balance is what the account holds; below zero, what it owes.
	Balance Amount
	// Currency is the currency of every amount (ISO 4217), such as EUR.
	Currency string
	// UnpaidInvoiceBalance is the sum of the invoices that have not been paid.
	UnpaidInvoiceBalance Amount
	// UsedCreditFromOtherContainers is what other containers have used of the credit.
	UsedCreditFromOtherContainers Amount
	// UnlimitedNegativeBalance is whether the balance may fall without limit. If so, what follows is empty.
	UnlimitedNegativeBalance bool
	// NegativeBalanceLimit is how far the balance may fall below zero.
	NegativeBalanceLimit Amount
	// TotalAvailableFunds is what can still be spent.
	TotalAvailableFunds Amount
}

// Balance returns the balance of the account. Operation: getBalance.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/finance/view-balance.html
func (s *FinanceService) Balance(ctx context.Context, opts ...RequestOption) (Balance, error) {
	return fetch(ctx, s.client, operation{id: "getBalance"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetBalance(ctx, edit)
		},
		balanceFrom)
}

// A TransactionType is what an adjustment of the balance is for. Values that the service adds pass through.
type TransactionType string

// The types of a transaction.
const (
	// TransactionCharge pays for an order.
	TransactionCharge TransactionType = "Charge"
	// TransactionCredit gives back what was paid for an order.
	TransactionCredit TransactionType = "Credit"
	// TransactionDeposit adds to the balance.
	TransactionDeposit TransactionType = "Deposit"
)

// An Adjustment is a change of the balance.
type Adjustment struct {
	// ID is the id of the adjustment.
	ID string
	// Date is when the balance changed.
	Date time.Time
	// Type is what the change is for.
	Type TransactionType
	// Debit is what was taken. It is empty if something was given.
	Debit Amount
	// Credit is what was given. It is empty if something was taken.
	Credit Amount
	// BalanceAfter is the balance after the change.
	BalanceAfter Amount
	// Currency is the currency of the amounts (ISO 4217), such as EUR.
	Currency string
	// Container is the division of the account whose balance changed.
	Container Container
}

// BalanceHistoryOptions say which adjustments are listed. The zero value lists all of them.
type BalanceHistoryOptions struct {
	// Limit is how many adjustments a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many adjustments are skipped.
	Offset int64
}

// BalanceHistory returns one page of what was taken from the balance and given to it, the oldest first. Operation:
// getBalanceHistory.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/finance/list-balance-history.html
func (s *FinanceService) BalanceHistory(
	ctx context.Context, o BalanceHistoryOptions, opts ...RequestOption,
) (Page[Adjustment], error) {
	op := operation{id: "getBalanceHistory"}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[Adjustment]{}, inOperation(op, err)
	}
	params := &api.GetBalanceHistoryParams{Limit: limit, Offset: offset}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetBalanceHistory(ctx, params, edit)
		},
		func(w listed[api.BalanceHistory]) (Page[Adjustment], error) {
			if w.at == nil && o.Offset == 0 && len(w.list.Adjustments) < min(cmp.Or(o.Limit, maxPage), maxPage) {
				// The vendor's sample has no page (D-68). Less than a page from the beginning on is all that there is.
				w.at = standingOf(len(w.list.Adjustments), value(limit))
			}
			return newPage("adjustments", w.list.Adjustments, w.at, o.Offset, adjustmentFrom)
		})
}

// AllBalanceHistory iterates over what was taken from the balance and given to it, from the offset in the options on,
// and asks for the pages as it goes. It ends with the last adjustment or after the first error. Operation:
// getBalanceHistory.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/finance/list-balance-history.html
func (s *FinanceService) AllBalanceHistory(
	ctx context.Context, o BalanceHistoryOptions, opts ...RequestOption,
) iter.Seq2[Adjustment, error] {
	return all(ctx, operation{id: "getBalanceHistory"}, o.Offset, func(offset int64) (Page[Adjustment], error) {
		o := o
		o.Offset = offset
		return s.BalanceHistory(ctx, o, opts...)
	})
}

// A PaymentProfile is a saved card.
type PaymentProfile struct {
	// ID is the id of the profile, as [PayByProfile] takes it.
	ID int64
	// IsDefault is whether it pays when an order names no profile.
	IsDefault bool
	// Status is the state of the profile, such as active.
	Status string
	// Card is what the service keeps of the card.
	Card SavedCard
	// BillingAddress is the billing address of the card.
	BillingAddress BillingAddress
}

// A SavedCard is what the service keeps of a card.
type SavedCard struct {
	// ShortenedNumber is the last four digits of the number.
	ShortenedNumber string
	// Type is the brand, such as visa.
	Type string
	// ExpirationMonth is the month in which the card expires, from 1 to 12.
	ExpirationMonth int
	// ExpirationYear is the year in which the card expires, such as 2029.
	ExpirationYear int
	// CardholderName is the name of the holder.
	CardholderName string
}

// PaymentProfileListOptions say which payment profiles are listed. The zero value lists all of them.
type PaymentProfileListOptions struct {
	// Limit is how many profiles a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many profiles are skipped.
	Offset int64
}

// PaymentProfiles returns one page of saved cards. Operation: listPaymentProfiles.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/finance/list-payment-profiles.html
func (s *FinanceService) PaymentProfiles(
	ctx context.Context, o PaymentProfileListOptions, opts ...RequestOption,
) (Page[PaymentProfile], error) {
	op := operation{id: "listPaymentProfiles"}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[PaymentProfile]{}, inOperation(op, err)
	}
	params := &api.ListPaymentProfilesParams{Limit: limit, Offset: offset}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListPaymentProfiles(ctx, params, edit)
		},
		func(w listed[api.PaymentProfileList]) (Page[PaymentProfile], error) {
			return newPage("profiles", w.list.Profiles, w.at, o.Offset, paymentProfileFrom)
		})
}

// AllPaymentProfiles iterates over saved cards, from the offset in the options on, and asks for the pages as it goes.
// It ends with the last card or after the first error. Operation: listPaymentProfiles.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/finance/list-payment-profiles.html
func (s *FinanceService) AllPaymentProfiles(
	ctx context.Context, o PaymentProfileListOptions, opts ...RequestOption,
) iter.Seq2[PaymentProfile, error] {
	return all(ctx, operation{id: "listPaymentProfiles"}, o.Offset,
		func(offset int64) (Page[PaymentProfile], error) {
			o := o
			o.Offset = offset
			return s.PaymentProfiles(ctx, o, opts...)
		})
}

func balanceFrom(w api.Balance) (Balance, error) {
	if w.Balance == "" {
		return Balance{}, missing("balance")
	}
	return Balance{
		Balance:                       Amount(w.Balance),
		Currency:                      w.Currency,
		UnpaidInvoiceBalance:          Amount(w.UnpaidInvoiceBalance),
		UsedCreditFromOtherContainers: Amount(w.UsedCreditFromOtherContainers),
		UnlimitedNegativeBalance:      value(w.UnlimitedNegativeBalance),
		NegativeBalanceLimit:          Amount(value(w.NegativeBalanceLimit)),
		TotalAvailableFunds:           Amount(value(w.TotalAvailableFunds)),
	}, nil
}

func adjustmentFrom(w api.Adjustment) (Adjustment, error) {
	if w.ID == "" {
		return Adjustment{}, missing("id")
	}
	date, err := secondFrom("transaction_date", w.TransactionDate)
	if err != nil {
		return Adjustment{}, err
	}
	return Adjustment{
		ID:           w.ID,
		Date:         date,
		Type:         TransactionType(w.TransactionType),
		Debit:        Amount(value(w.Debit)),
		Credit:       Amount(value(w.Credit)),
		BalanceAfter: Amount(w.BalanceAfter),
		Currency:     w.Currency,
		Container:    containerFrom(w.Container),
	}, nil
}

func paymentProfileFrom(w api.PaymentProfile) (PaymentProfile, error) {
	if w.ID <= 0 {
		return PaymentProfile{}, missing("id")
	}
	return PaymentProfile{
		ID:        w.ID,
		IsDefault: w.IsDefault,
		Status:    w.Status,
		Card: SavedCard{
			ShortenedNumber: w.CreditCard.ShortenedNumber,
			Type:            w.CreditCard.Type,
			ExpirationMonth: int(w.CreditCard.ExpirationMonth),
			ExpirationYear:  int(w.CreditCard.ExpirationYear),
			CardholderName:  w.CreditCard.CardholderName,
		},
		BillingAddress: billingAddressFrom(w.BillingAddress),
	}, nil
}
