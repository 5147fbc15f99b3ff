package client

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// FinanceService reads the balance and the saved cards of the account: [Client.Finance].
type FinanceService struct{ client *Client }

// A Balance is the balance of an account and the funds that it can spend. The funds are the balance
// plus the negative balance limit, minus unpaid invoices and the credit that other containers have
// used.
type Balance struct {
	// Balance is the balance of the account. A negative amount is a debt.
	Balance Amount
	// Currency is the currency of the amounts (ISO 4217), such as EUR.
	Currency string
	// UnpaidInvoiceBalance is the total of the unpaid invoices.
	UnpaidInvoiceBalance Amount
	// UsedCreditFromOtherContainers is the credit that other containers have used.
	UsedCreditFromOtherContainers Amount
	// UnlimitedNegativeBalance is whether the balance may fall without a limit. If it is true,
	// NegativeBalanceLimit and TotalAvailableFunds are empty.
	UnlimitedNegativeBalance bool
	// NegativeBalanceLimit is the largest amount that the balance may be below zero.
	NegativeBalanceLimit Amount
	// TotalAvailableFunds is the amount that the account can spend.
	TotalAvailableFunds Amount
}

// GetBalance returns the balance of the account. Operation: getBalance.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/finance/view-balance.html
func (s *FinanceService) GetBalance(ctx context.Context, opts ...RequestOption) (Balance, error) {
	return fetch(ctx, s.client, operation{id: "getBalance"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetBalance(ctx, edit)
		},
		balanceFrom)
}

// A TransactionType is the reason for an adjustment of the balance. Values that the service adds
// pass through.
type TransactionType string

// The types of a transaction.
const (
	// TransactionCharge is the price of an order.
	TransactionCharge TransactionType = "Charge"
	// TransactionCredit is a refund of the price of an order.
	TransactionCredit TransactionType = "Credit"
	// TransactionDeposit is a deposit.
	TransactionDeposit TransactionType = "Deposit"
)

// An Adjustment is a change of the balance.
type Adjustment struct {
	// ID is the id of the adjustment.
	ID string
	// Date is the time of the change.
	Date time.Time
	// Type is the reason for the change.
	Type TransactionType
	// Debit is the amount that was taken from the balance. It is empty for a credit.
	Debit Amount
	// Credit is the amount that was added to the balance. It is empty for a debit.
	Credit Amount
	// BalanceAfter is the balance after the change.
	BalanceAfter Amount
	// Currency is the currency of the amounts (ISO 4217), such as EUR.
	Currency string
	// Container is the division of the account that the balance belongs to.
	Container Container
}

// BalanceHistoryOptions choose the page of adjustments. The zero value starts with the oldest
// adjustment.
type BalanceHistoryOptions struct {
	// Limit is the largest number of adjustments on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of adjustments to skip.
	Offset int64
}

// BalanceHistory returns one page of the adjustments of the balance, the oldest first. Operation:
// getBalanceHistory.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/finance/list-balance-history.html
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
		func(w listAnswer[api.BalanceHistory]) (Page[Adjustment], error) {
			if w.page == nil && o.Offset == 0 && len(w.list.Adjustments) < min(cmp.Or(o.Limit, maxPage), maxPage) {
				// The vendor's sample has no member page (D-68). If the list starts at offset 0 and
				// is shorter than a full page, it is complete.
				w.page = onlyPage(len(w.list.Adjustments), value(limit))
			}
			return newPage("adjustments", w.list.Adjustments, w.page, o.Offset, adjustmentFrom)
		})
}

// AllBalanceHistory iterates over the adjustments of the balance, from the offset in the options
// on. It requests one page after the other, and ends after the last adjustment or the first error.
// Operation: getBalanceHistory.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/finance/list-balance-history.html
func (s *FinanceService) AllBalanceHistory(
	ctx context.Context, o BalanceHistoryOptions, opts ...RequestOption,
) iter.Seq2[Adjustment, error] {
	return all(ctx, operation{id: "getBalanceHistory"}, o.Offset, func(offset int64) (Page[Adjustment], error) {
		o := o
		o.Offset = offset
		return s.BalanceHistory(ctx, o, opts...)
	})
}

// A PaymentProfile is a saved card with its billing address.
type PaymentProfile struct {
	// ID is the id of the profile, as [PayByProfile] takes it.
	ID int64
	// IsDefault is whether the card pays if an order names no profile.
	IsDefault bool
	// Status is the state of the profile, such as active.
	Status string
	// Card is the part of the card that the service shows.
	Card SavedCard
	// BillingAddress is the billing address of the card.
	BillingAddress BillingAddress
	// BillingEmail is the address that bills go to. It may be empty, and the mock has none.
	BillingEmail string
}

// A SavedCard is the part of a saved card that the service shows.
type SavedCard struct {
	// ShortenedNumber is the last four digits of the card number.
	ShortenedNumber string
	// Type is the card brand, such as visa.
	Type string
	// ExpirationMonth is the month in which the card expires, from 1 to 12.
	ExpirationMonth int
	// ExpirationYear is the year in which the card expires, such as 2029.
	ExpirationYear int
	// CardholderName is the name of the cardholder.
	CardholderName string
	// Label is the label of the card. It may be empty, and the mock has none.
	Label string
}

// PaymentProfileListOptions choose the page of payment profiles. The zero value starts with the
// first profile.
type PaymentProfileListOptions struct {
	// Limit is the largest number of profiles on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of profiles to skip.
	Offset int64
}

// PaymentProfiles returns one page of saved cards. Operation: listPaymentProfiles.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/finance/list-payment-profiles.html
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
		func(w listAnswer[api.PaymentProfileList]) (Page[PaymentProfile], error) {
			return newPage("profiles", w.list.Profiles, w.page, o.Offset, paymentProfileFrom)
		})
}

// AllPaymentProfiles iterates over saved cards, from the offset in the options on. It requests one
// page after the other, and ends after the last card or the first error. Operation:
// listPaymentProfiles.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/finance/list-payment-profiles.html
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
	date, err := utcTimeFrom("transaction_date", w.TransactionDate)
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
			Label:           value(w.CreditCard.Label),
		},
		BillingAddress: billingAddressFrom(w.BillingAddress),
		BillingEmail:   value(w.BillingEmail),
	}, nil
}
