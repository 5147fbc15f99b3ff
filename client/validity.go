package client

import (
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// expirationLayout is the form of dates in orders. The month is in upper case: 09 JUN 2027.
const expirationLayout = "02 Jan 2006"

// A Validity is the time for which a certificate is valid: a number of years, a number of days, or
// the time until a last day. [Years], [Days] and [ExpiresOn] make one. The zero value in a request
// means one year, the default of the service.
type Validity struct {
	// Years is a number of years, from 1 to 3.
	Years int
	// Days is a number of days, from 1 to 397.
	Days int
	// ExpiresOn is the last day, from tomorrow to 397 days from today (UTC).
	ExpiresOn Date
}

// Years is a validity of n years, from 1 to 3.
func Years(n int) Validity { return Validity{Years: n} }

// Days is a validity of n days, from 1 to 397.
func Days(n int) Validity { return Validity{Days: n} }

// ExpiresOn is a validity until the end of a day, from tomorrow to 397 days from today (UTC). Its
// arguments are the results of [time.Time.Date], so that ExpiresOn(t.Date()) works.
func ExpiresOn(year int, month time.Month, day int) Validity {
	return Validity{ExpiresOn: Date{Year: year, Month: month, Day: day}}
}

func (v Validity) wire() (*api.OrderValidity, error) {
	set := 0
	for _, isSet := range []bool{v.Years != 0, v.Days != 0, !v.ExpiresOn.IsZero()} {
		if isSet {
			set++
		}
	}
	if set == 0 {
		return nil, nil
	}
	if set > 1 {
		return nil, &ArgumentError{Path: "order_validity", Reason: "must be one of years, days and a date"}
	}
	var w api.OrderValidity
	switch {
	case v.Years != 0:
		n, err := count("order_validity.years", v.Years)
		if err != nil {
			return nil, err
		}
		w.Years = &n
	case v.Days != 0:
		n, err := count("order_validity.days", v.Days)
		if err != nil {
			return nil, err
		}
		w.Days = &n
	default:
		if !v.ExpiresOn.exists() {
			return nil, &ArgumentError{Path: "order_validity.custom_expiration_date", Reason: "is not a day of the calendar"}
		}
		w.CustomExpirationDate = new(strings.ToUpper(v.ExpiresOn.In(time.UTC).Format(expirationLayout)))
	}
	return &w, nil
}

func validityFrom(path string, w api.Validity) (Validity, error) {
	v := Validity{Years: int(value(w.Years)), Days: int(value(w.Days))}
	if s := value(w.CustomExpirationDate); s != "" {
		// time.Parse accepts the month in upper and in lower case.
		t, err := time.Parse(expirationLayout, s)
		if err != nil {
			return Validity{}, &wireError{path: path + ".custom_expiration_date", reason: "is not a date"}
		}
		v.ExpiresOn = DateOf(t)
	}
	return v, nil
}
