package domain

import (
	"fmt"
	"strconv"
	"strings"
)

// maxNamed is the largest number of orders that a refusal names.
const maxNamed = 20

// stillBeingMade is the refusal of a step that needs the certificate of an order.
func stillBeingMade(order int64) *Error {
	return &Error{Code: CodeNotSettled, Message: "the certificate of the order " + strconv.FormatInt(order, 10) + " is still being made"}
}

// Personalized returns nil when the token of an order is not being made, and otherwise not_settled
// (D-41). An order without a token has nothing to wait for.
func Personalized(r Reader, name string) (*Error, error) {
	order, certificate, err := FindToken(r, name)
	if err != nil {
		_, err = FindOrderByReference(r, name)
		return nil, err
	}
	if certificate.Pending {
		return stillBeingMade(order.ID), nil
	}
	return nil, nil
}

// Settled returns nil when the account has no pending issuance, and otherwise not_settled with
// their number and their orders (D-41).
func Settled(r Reader) *Error {
	count := r.PendingIssuanceCount()
	if count == 0 {
		return nil
	}
	pending := r.PendingIssuances(maxNamed)
	orders := make([]string, len(pending))
	for i := range pending {
		orders[i] = strconv.FormatInt(pending[i].OrderID, 10)
	}
	named := strings.Join(orders, ", ")
	if more := count - len(pending); more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	what := "1 certificate is still being made, of the order "
	if count > 1 {
		what = strconv.Itoa(count) + " certificates are still being made, of the orders "
	}
	return &Error{Code: CodeNotSettled, Message: what + named}
}
