package client

import (
	"math/big"
	"strconv"
	"strings"
)

// An Amount is an amount of money as a decimal number, such as "454.00" or "-12.50", in the
// currency of the account. It is empty if the service gives no amount.
type Amount string

// Rat returns the amount as an exact number, and false if it is empty or not a decimal number.
func (a Amount) Rat() (*big.Rat, bool) {
	digits := strings.TrimPrefix(string(a), "-")
	whole, fraction, hasPoint := strings.Cut(digits, ".")
	if !allDigits(whole) || hasPoint && !allDigits(fraction) {
		return nil, false // big.Rat would also read fractions, hexadecimal numbers and exponents
	}
	return new(big.Rat).SetString(string(a))
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// amountOf converts an amount that the service sends as a JSON number. The result has at least two
// decimals, and no decimal is lost.
func amountOf(f float64) Amount {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	_, fraction, hasPoint := strings.Cut(s, ".")
	if !hasPoint {
		s += "."
	}
	return Amount(s + strings.Repeat("0", max(0, 2-len(fraction))))
}
