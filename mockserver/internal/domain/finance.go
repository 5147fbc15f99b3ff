package domain

import (
	"time"
)

// Funds are what an account can pay with.
type Funds struct {
	Balance   Money
	Limit     Money // how far the balance may fall below zero; without meaning when Unlimited
	Unlimited bool
}

// Available is what can still be spent. It is without meaning when the funds are unlimited.
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

// AdjustmentType is what a change of the balance is for.
type AdjustmentType string

// A Charge is what an order costs; a Credit gives it back.
const (
	Charge AdjustmentType = "Charge"
	Credit AdjustmentType = "Credit"
)

// adjust changes the balance and writes it down. Every change of a balance goes through here, so that the balance is
// always the opening balance plus the sum of its adjustments.
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

// refund gives back what the balance paid for an order.
func (p *plan) refund(now time.Time, order Order) {
	if order.PaymentMethod == PayByBalance {
		p.adjust(now, order.Price, Credit, order.ID)
	}
}

// A PaymentProfile is a saved card (D-42). Of its number only the last four digits are kept.
type PaymentProfile struct {
	ID      int64
	Default bool
	Card    SavedCard
	Address BillingAddress
}

// SavedCard is what is kept of a card.
type SavedCard struct {
	LastFour        string
	Brand           string
	ExpirationMonth int
	ExpirationYear  int
	CardholderName  string
}
