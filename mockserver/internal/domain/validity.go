package domain

import (
	"strings"
	"time"
)

// MaxValidityDays bounds the days of an order and its custom expiration date (vendor page, order_validity).
const MaxValidityDays = 397

// Validity is how long a certificate is valid. At most one member is set once [Validity.resolve] has been asked.
type Validity struct {
	Years                int
	Days                 int
	CustomExpirationDate string // such as "09 JUN 2027"
}

// counting is the validity with the one member that counts: custom date before days before years (D-11). Without any member
// it is one year.
func (v Validity) counting() Validity {
	switch {
	case v.CustomExpirationDate != "":
		return Validity{CustomExpirationDate: v.CustomExpirationDate}
	case v.Days != 0:
		return Validity{Days: v.Days}
	default:
		return Validity{Years: max(v.Years, 1)}
	}
}

// resolve returns the validity that counts, and checks a custom date against today (D-14). It also returns the years begun, which are zero
// when the validity is refused.
func (v Validity) resolve(errs *Errors, now time.Time) (Validity, int) {
	v = v.counting()
	switch {
	case v.CustomExpirationDate != "":
		return v, yearsBegun(daysUntil(errs, now, v.CustomExpirationDate))
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

// parseDate reads a custom expiration date. time.Parse knows English months in title case only, and refuses days that a
// month does not have.
func parseDate(text string) (time.Time, error) {
	return time.Parse("02 Jan 2006", text[:3]+strings.ToUpper(text[3:4])+strings.ToLower(text[4:]))
}

func yearsBegun(days int) int { return (days + 364) / 365 }
