package domain

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Money is an amount in cents.
type Money int64

// maxMoney is the largest amount that ParseMoney accepts. Sums of many such amounts do not overflow.
const maxMoney = Money(1e15)

var errMoney = errors.New("must be an amount such as 1000.00, with at most two decimals")

// ParseMoney reads a decimal such as "1000.00", "-5" or "0.5".
func ParseMoney(text string) (Money, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if whole == "" || len(fraction) > 2 || strings.HasSuffix(digits, ".") || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, errMoney
	}
	cents, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil || Money(cents) > maxMoney {
		return 0, fmt.Errorf("%w, and at most %v", errMoney, maxMoney)
	}
	if negative {
		cents = -cents
	}
	return Money(cents), nil
}

// String writes the amount with two decimals.
func (m Money) String() string {
	sign, cents := "", int64(m)
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// Float returns the amount in euros, which orders show as a JSON number.
func (m Money) Float() float64 { return float64(m) / 100 }
