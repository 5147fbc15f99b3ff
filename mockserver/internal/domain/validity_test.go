package domain_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func validFor(validity domain.Validity) func(*domain.OrderRequest) {
	return func(in *domain.OrderRequest) { in.Validity = validity }
}

func until(date string) domain.Validity { return domain.Validity{CustomExpirationDate: date} }

// TestValidityPrecedence checks the member that has an effect, and the price (D-11, D-34).
func TestValidityPrecedence(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in, want domain.Validity
		years    int
	}{
		"nothing is one year":   {domain.Validity{}, domain.Validity{Years: 1}, 1},
		"years":                 {domain.Validity{Years: 2}, domain.Validity{Years: 2}, 2},
		"days":                  {domain.Validity{Days: 30}, domain.Validity{Days: 30}, 1},
		"date":                  {until("09 JUN 2027"), until("09 JUN 2027"), 1},
		"days beat years":       {domain.Validity{Years: 3, Days: 1}, domain.Validity{Days: 1}, 1},
		"date beats years":      {domain.Validity{Years: 3, CustomExpirationDate: "24 NOV 2026"}, until("24 NOV 2026"), 1},
		"date beats days":       {domain.Validity{Days: 397, CustomExpirationDate: "24 NOV 2026"}, until("24 NOV 2026"), 1},
		"date beats both":       {domain.Validity{Years: 3, Days: 397, CustomExpirationDate: "24 NOV 2026"}, until("24 NOV 2026"), 1},
		"365 days are a year":   {domain.Validity{Days: 365}, domain.Validity{Days: 365}, 1},
		"366 days begin two":    {domain.Validity{Days: 366}, domain.Validity{Days: 366}, 2},
		"397 days":              {domain.Validity{Days: 397}, domain.Validity{Days: 397}, 2},
		"365 days as a date":    {until("23 NOV 2027"), until("23 NOV 2027"), 1},
		"366 days as a date":    {until("24 NOV 2027"), until("24 NOV 2027"), 2},
		"spelling is kept":      {until("24 nOv 2027"), until("24 nOv 2027"), 2},
		"less than 365 (D-33)":  {domain.Validity{Days: 1}, domain.Validity{Days: 1}, 1},
		"three years (D-12)":    {domain.Validity{Years: 3}, domain.Validity{Years: 3}, 3},
		"a date in summer time": {until("31 MAR 2027"), until("31 MAR 2027"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order := openAccount(t, unlimited()).mustPlace(today(), anOrder(validFor(tc.in)))
			if order.Validity != tc.want || order.ValidityYears != tc.years {
				t.Errorf("got %+v and %d years, want %+v and %d", order.Validity, order.ValidityYears, tc.want, tc.years)
			}
			if want := domain.PricePerYear * domain.Money(tc.years); order.Price != want {
				t.Errorf("price: got %v, want %v", order.Price, want)
			}
		})
	}
}

// TestCustomDates checks the first and the last custom date (D-14).
func TestCustomDates(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("UTC+1", 3600)
	newYork := time.FixedZone("UTC-5", -5*3600)
	leap := time.Date(2028, 1, 10, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		now  time.Time
		date string
		ok   bool
	}{
		{today(), "22 NOV 2026", false},
		{today(), "23 NOV 2026", false}, // today
		{today(), "24 NOV 2026", true},
		{today(), "25 DEC 2027", true},  // 397 days
		{today(), "26 DEC 2027", false}, // 398
		{today(), "01 JAN 0000", false},
		{today(), "31 DEC 9999", false},
		{today(), "23 NOV 2025", false},
		// Days that do not exist, and leap days.
		{today(), "31 FEB 2027", false},
		{today(), "30 FEB 2027", false},
		{today(), "29 FEB 2027", false},
		{today(), "28 FEB 2027", true},
		{today(), "31 APR 2027", false},
		{today(), "31 JUN 2027", false},
		{leap, "29 FEB 2028", true},
		{leap, "29 FEB 2029", false},
		{leap, "10 FEB 2029", true},  // 397 days, one of them the leap day
		{leap, "11 FEB 2029", false}, // 398
		// Months in any case.
		{today(), "09 JUN 2027", true},
		{today(), "09 jun 2027", true},
		{today(), "09 Jun 2027", true},
		{today(), "09 jUN 2027", true},
		// Both ends of a day in UTC, and clocks of other zones.
		{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), "24 NOV 2026", true},
		{time.Date(2026, 11, 23, 23, 59, 59, 999, time.UTC), "24 NOV 2026", true},
		{time.Date(2026, 11, 23, 23, 59, 59, 999, time.UTC), "23 NOV 2026", false},
		{time.Date(2026, 11, 23, 23, 59, 59, 999, time.UTC), "25 DEC 2027", true},
		{time.Date(2026, 11, 24, 0, 30, 0, 0, berlin), "24 NOV 2026", true}, // still the 23rd in UTC
		{time.Date(2026, 11, 23, 20, 0, 0, 0, newYork), "24 NOV 2026", false},
		{time.Date(2026, 11, 23, 20, 0, 0, 0, newYork), "26 DEC 2027", true},
		{time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC), "01 JAN 2027", true},
	} {
		t.Run(tc.now.Format(time.RFC3339)+" "+tc.date, func(t *testing.T) {
			t.Parallel()
			_, err := openAccount(t, unlimited()).place(admin(), tc.now, anOrder(validFor(until(tc.date))))
			if tc.ok {
				checkFaults(t, err)
			} else {
				checkFaults(t, err, fault{domain.CodeInvalidField, "order_validity.custom_expiration_date"})
			}
		})
	}
}

// TestDaylightSaving checks that days are counted in UTC, also with a clock in a zone with summer time.
func TestDaylightSaving(t *testing.T) {
	t.Parallel()
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Skip("no time zones here")
	}
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2026, 1, 1, 0, rapid.IntRange(0, 3*365*24*60).Draw(rt, "minutes"), 0, 0, amsterdam)
		days := rapid.IntRange(-10, 410).Draw(rt, "days")
		date := now.UTC().AddDate(0, 0, days).Format("02 Jan 2006")
		if rapid.Bool().Draw(rt, "upper case") {
			date = strings.ToUpper(date)
		}
		_, placeErr := openAccount(t, unlimited()).place(admin(), now, anOrder(validFor(until(date))))
		if ok := days >= 1 && days <= domain.MaxValidityDays; ok != (placeErr == nil) {
			rt.Fatalf("%s at %s, %d days: %v", date, now, days, placeErr)
		}
	})
}
