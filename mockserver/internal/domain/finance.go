package domain

import (
	"time"
)

// Funds are the money of an account.
type Funds struct {
	Balance   Money
	Limit     Money // how far the balance may fall below zero; unused when Unlimited
	Unlimited bool
}

// Available is the amount that can still be spent, unless the funds are unlimited.
func (f Funds) Available() Money { return f.Balance + f.Limit }

func (f Funds) cover(price Money) bool { return f.Unlimited || price <= f.Available() }

// An Adjustment is a change of the balance (D-68).
type Adjustment struct {
	ID           int64
	Amount       Money // below zero for a debit
	Type         AdjustmentType
	Date         time.Time
	BalanceAfter Money
	OrderID      int64
}

// AdjustmentType is the reason of a change of the balance.
type AdjustmentType string

// A Charge takes the price of an order from the balance; a Credit gives it back. A Deposit, or a Charge
// without an order, is a balance that the control API has changed.
const (
	Charge  AdjustmentType = "Charge"
	Credit  AdjustmentType = "Credit"
	Deposit AdjustmentType = "Deposit"
)

// adjust changes the balance and records the adjustment. No other code changes a balance, so that
// it is always the opening balance plus the sum of its adjustments.
func (p *plan) adjust(now time.Time, amount Money, kind AdjustmentType, order int64) {
	funds := p.r.Funds()
	if p.changes.Funds != nil {
		funds = *p.changes.Funds
	}
	funds.Balance += amount
	p.changes.Funds = &funds
	p.changes.Adjustments = append(p.changes.Adjustments, Adjustment{
		ID: next(&p.seq.Adjustment), Amount: amount, Type: kind, Date: now.UTC(), BalanceAfter: funds.Balance, OrderID: order,
	})
}

// refund gives the price of an order back to the balance, if the balance paid for it.
func (p *plan) refund(now time.Time, order Order) {
	if order.PaymentMethod == PayByBalance && !p.r.Settings().NoRefunds {
		p.adjust(now, order.Price, Credit, order.ID)
	}
}

// A PaymentProfile is a saved card (D-42). Only the last four digits of its number are kept.
type PaymentProfile struct {
	ID      int64
	Default bool
	Card    SavedCard
	Address BillingAddress
}

// SavedCard is the part of a card that is kept.
type SavedCard struct {
	LastFour        string
	Brand           string
	ExpirationMonth int
	ExpirationYear  int
	CardholderName  string
}
