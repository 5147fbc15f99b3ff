package transport

import (
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// paymentIn returns the payment of an order request. It drops the card and the address with another
// method (D-16), and always the security code of the card.
func paymentIn(body *api.OrderRequest) domain.Payment {
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

// digits reads a number. The contract has checked that the text has only digits.
func digits(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
