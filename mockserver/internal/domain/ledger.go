package domain

import "time"

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
