package domain

import (
	"fmt"
	"strconv"
	"strings"
)

// maxNamed is the largest number of orders that a refusal names.
const maxNamed = 20

// Settled returns nil when the account has no pending issuance, and otherwise not_settled with their
// number and their orders (D-41).
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
