package client

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

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
				w.at = standingOf(len(w.list.Adjustments), o.Limit)
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
