package domain

import (
	"strings"
	"time"
)

// MaxValidityDays is the greatest number of days of an order, and the latest custom expiration date
// in days from today (vendor page, order_validity).
const MaxValidityDays = 397

// Validity is the validity of a certificate. [Validity.resolve] leaves only one member set.
type Validity struct {
	Years                int
	Days                 int
	CustomExpirationDate string // such as "09 JUN 2027"
}

// effective returns the validity with the one member that has an effect: a custom date before days
// before years (D-11). Without any member it is one year.
func (v Validity) effective() Validity {
	switch {
	case v.CustomExpirationDate != "":
		return Validity{CustomExpirationDate: v.CustomExpirationDate}
	case v.Days != 0:
		return Validity{Days: v.Days}
	default:
		return Validity{Years: max(v.Years, 1)}
	}
}

// resolve returns the effective validity, and checks a custom date against today (D-14). It also
// returns the years, begun ones included, or zero when the validity is refused. The switches of the
// account can replace it by one year.
func (v Validity) resolve(errs *Errors, now time.Time, switches Switches) (Validity, int) {
	v = v.effective()
	days := v.Days
	if v.CustomExpirationDate != "" {
		days = daysUntil(errs, now, v.CustomExpirationDate)
	}
	switch {
	case switches.IgnoreValidity, switches.RaiseShortValidity && 0 < days && days < daysOfYear:
		return Validity{Years: 1}, 1
	case v.CustomExpirationDate != "":
		return v, yearsBegun(days)
	case v.Days != 0:
		return v, yearsBegun(v.Days)
	default:
		return v, v.Years
	}
}

func daysUntil(errs *Errors, now time.Time, text string) int {
	const path = "order_validity.custom_expiration_date"
	date, err := parseDate(text)
	if err != nil {
		errs.add(CodeInvalidField, path, path+" is not a date of the calendar")
		return 0
	}
	days := int(date.Sub(now.UTC().Truncate(24*time.Hour)) / (24 * time.Hour))
	if days < 1 || days > MaxValidityDays {
		errs.add(CodeInvalidField, path, path+" has to be from tomorrow to 397 days from today (UTC)")
		return 0
	}
	return days
}

// parseDate reads a custom expiration date. time.Parse accepts English months in title case only,
// and refuses a day that the month does not have.
func parseDate(text string) (time.Time, error) {
	return time.Parse("02 Jan 2006", text[:3]+strings.ToUpper(text[3:4])+strings.ToLower(text[4:]))
}

// daysOfYear is the length of a year (D-34).
const daysOfYear = 365

func yearsBegun(days int) int { return (days + daysOfYear - 1) / daysOfYear }
