package client

import (
	"fmt"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A PaymentMethod is the way in which an order was paid. Values that the service adds pass through.
type PaymentMethod string

// The payment methods.
const (
	PaymentMethodBalance PaymentMethod = "balance"
	PaymentMethodCard    PaymentMethod = "card"
	PaymentMethodProfile PaymentMethod = "profile"
)

// A Payment is the way in which an order is paid. [PayByBalance], [PayByCard], [PayByProfile] and
// [PayByDefaultProfile] make one.
type Payment struct {
	method    PaymentMethod
	card      Card
	billing   BillingAddress
	profileID int64
	byDefault bool
}

// PayByBalance charges the balance of the account.
func PayByBalance() Payment { return Payment{method: PaymentMethodBalance} }

// PayByCard charges a credit card.
func PayByCard(card Card, billing BillingAddress) Payment {
	return Payment{method: PaymentMethodCard, card: card, billing: billing}
}

// PayByProfile charges the saved card with this id. [FinanceService.PaymentProfiles] lists the
// saved cards.
func PayByProfile(id int64) Payment { return Payment{method: PaymentMethodProfile, profileID: id} }

// PayByDefaultProfile charges the default card of the account.
func PayByDefaultProfile() Payment { return Payment{method: PaymentMethodProfile, byDefault: true} }

// A Card is a credit card. The client does not keep it after the call.
type Card struct {
	// Number is the card number, 12 to 19 digits.
	Number Secret
	// CVV is the security code, 3 or 4 digits.
	CVV Secret
	// ExpirationMonth is the month in which the card expires, from 1 to 12.
	ExpirationMonth int
	// ExpirationYear is the year in which the card expires, such as 2029.
	ExpirationYear int
	// CardholderName is the first and the last name of the cardholder.
	CardholderName string
	// Save makes the service keep the card as a payment profile.
	Save bool
	// SetAsDefault makes a card that the service keeps the default card of the account.
	SetAsDefault bool
}

// A BillingAddress is the billing address of a card.
type BillingAddress struct {
	// Address is the street address.
	Address string
	// Address2 is the second line of the street address. It may be empty.
	Address2 string
	// City is the city.
	City string
	// State is the state or province. Some countries have none.
	State string
	// Zip is the postal code. Some countries have none.
	Zip string
	// Country is the country.
	Country string
}

// fill sets the members of an order that describe the payment.
func (p Payment) fill(w *api.OrderInput) error {
	w.PaymentMethod = api.PaymentMethodInput(p.method)
	switch p.method {
	case PaymentMethodBalance:
	case PaymentMethodCard:
		w.CreditCard = p.card.wire()
		w.BillingAddress = p.billing.wire()
	case PaymentMethodProfile:
		if p.byDefault {
			return nil
		}
		if err := checkID("payment_profile.id", p.profileID); err != nil {
			return err
		}
		w.PaymentProfile = &api.PaymentProfileRef{ID: *wireID(p.profileID)}
	default:
		return &ArgumentError{Path: "payment_method", Reason: "is not chosen: use PayByBalance, PayByCard or PayByProfile"}
	}
	return nil
}

// secrets returns the secrets of the payment, which no error may repeat.
func (p Payment) secrets() []Secret { return []Secret{p.card.Number, p.card.CVV} }

func (c Card) wire() *api.CreditCard {
	w := &api.CreditCard{
		Number:          c.Number.Reveal(),
		Cvv:             c.CVV.Reveal(),
		ExpirationMonth: fmt.Sprintf("%02d", c.ExpirationMonth),
		ExpirationYear:  fmt.Sprintf("%04d", c.ExpirationYear),
		CardholderName:  c.CardholderName,
		SaveCreditCard:  new(c.Save),
		SetAsDefault:    api.SetAsDefaultNo,
	}
	if c.SetAsDefault {
		w.SetAsDefault = api.SetAsDefaultYes
	}
	return w
}

func (a BillingAddress) wire() *api.BillingAddressInput {
	return &api.BillingAddressInput{
		Address:  a.Address,
		Address2: optional(a.Address2),
		City:     a.City,
		State:    optional(a.State),
		Zip:      optional(a.Zip),
		Country:  a.Country,
	}
}

func billingAddressFrom(w api.BillingAddress) BillingAddress {
	return BillingAddress{
		Address:  w.Address,
		Address2: value(w.Address2),
		City:     w.City,
		State:    value(w.State),
		Zip:      value(w.Zip),
		Country:  w.Country,
	}
}
