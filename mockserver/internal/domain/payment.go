package domain

import (
	"strings"
	"time"
)

// PaymentMethod is the method of payment of an order.
type PaymentMethod string

// The payment methods (D-09).
const (
	PayByBalance PaymentMethod = "balance"
	PayByCard    PaymentMethod = "card"
	PayByProfile PaymentMethod = "profile"
)

// BillingAddress is the billing address of a card.
type BillingAddress struct {
	Address  string
	Address2 string
	City     string
	State    string
	Country  string
	Zip      string
}

// A Card pays for one order. The use case keeps only the last digits of its number, and never gets
// its security code.
type Card struct {
	Number          string
	ExpirationMonth int
	ExpirationYear  int
	CardholderName  string
	Save            bool
	Default         bool
}

func (c Card) expired(now time.Time) bool {
	firstDayAfter := time.Date(c.ExpirationYear, time.Month(c.ExpirationMonth)+1, 1, 0, 0, 0, 0, time.UTC)
	return !now.UTC().Before(firstDayAfter)
}

func (c Card) saved() SavedCard {
	return SavedCard{
		LastFour: strings.Clone(c.Number[len(c.Number)-4:]), Brand: brand(c.Number),
		ExpirationMonth: c.ExpirationMonth, ExpirationYear: c.ExpirationYear, CardholderName: c.CardholderName,
	}
}

// brand returns the brand of a card, by the first digits of its number (ISO/IEC 7812).
func brand(number string) string {
	for _, known := range []struct{ prefix, brand string }{
		{"34", "amex"},
		{"37", "amex"},
		{"4", "visa"},
		{"5", "mastercard"},
		{"2", "mastercard"},
		{"6", "discover"},
		{"3", "diners"},
	} {
		if strings.HasPrefix(number, known.prefix) {
			return known.brand
		}
	}
	return "unknown"
}

// Payment is the payment in an order request.
type Payment struct {
	Method    PaymentMethod
	ProfileID *int64
	Card      *Card
	Address   BillingAddress
}

// pay checks the payment of an order, and charges the balance where that pays (D-34, D-42).
func (p *plan) pay(errs *Errors, now time.Time, order *Order, payment Payment) {
	switch payment.Method {
	case PayByBalance:
		funds := p.r.Funds()
		if order.ValidityYears == 0 {
			return // the validity is refused, so that there is no price
		}
		if !funds.cover(order.Price) {
			errs.add(CodeInsufficientFunds, "", "the order costs "+order.Price.String()+", and only "+funds.Available().String()+" can be spent")
			return
		}
		p.adjust(now, -order.Price, Charge, order.ID)
	case PayByProfile:
		if payment.ProfileID == nil {
			if _, there := p.r.DefaultPaymentProfile(); !there {
				errs.add(CodeMissingField, "payment_profile", "payment_profile is missing: required when the account has no default payment profile")
			}
		} else if _, there := p.r.PaymentProfile(*payment.ProfileID); !there {
			errs.add(CodeInvalidField, "payment_profile.id", "payment_profile.id names no payment profile of this account")
		}
	case PayByCard:
		if payment.Card.expired(now) {
			errs.add(CodeInvalidField, "credit_card.expiration_year", "credit_card.expiration_year and expiration_month say that the card has expired")
			return
		}
		p.saveCard(*payment.Card, payment.Address)
	}
	if payment.Method != PayByBalance {
		order.ReceiptID = next(&p.seq.Receipt)
	}
}

func (p *plan) saveCard(card Card, address BillingAddress) {
	if !card.Save {
		return
	}
	former, there := p.r.DefaultPaymentProfile()
	profile := PaymentProfile{
		ID: next(&p.seq.PaymentProfile), Default: card.Default || !there,
		Card: card.saved(), Address: address,
	}
	if there && card.Default {
		former.Default = false
		p.changes.PaymentProfiles = append(p.changes.PaymentProfiles, former)
	}
	p.changes.PaymentProfiles = append(p.changes.PaymentProfiles, profile)
}
