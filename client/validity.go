package client

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A Date is a day of the calendar, without a time or a place.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero reports whether the date was never set.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the date in the form 2027-06-09, or nothing for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// In returns the beginning of the day in a location.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// DateOf returns the day of a time, in the location of the time.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// exists reports whether the calendar has the day, in a year of four digits.
func (d Date) exists() bool {
	return d.Year > 0 && d.Year < 10000 && DateOf(d.In(time.UTC)) == d
}

// expirationLayout is how orders write a date, with the month in capitals: 09 JUN 2027.
const expirationLayout = "02 Jan 2006"

// A Validity is how long a certificate is valid: a number of years, a number of days, or until a day. [Years], [Days]
// and [ExpiresOn] make one. In a request, the zero value leaves it to the service, which takes one year.
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

// ExpiresOn is a validity until the end of a day, from tomorrow to 397 days from today (UTC). It takes what
// [time.Time.Date] returns: ExpiresOn(t.Date()).
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

// count converts a number for the wire. Whether it is one that the service takes is left to the service.
func count(path string, n int) (int32, error) {
	if n < 1 || n > math.MaxInt32 {
		return 0, &ArgumentError{Path: path, Reason: "must be positive and not huge"}
	}
	return int32(n), nil
}

func validityFrom(path string, w api.Validity) (Validity, error) {
	v := Validity{Years: int(value(w.Years)), Days: int(value(w.Days))}
	if s := value(w.CustomExpirationDate); s != "" {
		// The month may be in capitals or not.
		t, err := time.Parse(expirationLayout, s)
		if err != nil {
			return Validity{}, &wireError{path: path + ".custom_expiration_date", reason: "is not a date"}
		}
		v.ExpiresOn = DateOf(t)
	}
	return v, nil
}

// timeFrom reads a timestamp, such as 2026-11-23T09:30:00+00:00. One that was left out is the zero time.
func timeFrom(path, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, &wireError{path: path, reason: "is not a timestamp"}
	}
	return t, nil
}

// secondFrom reads a time as some answers write it, in UTC, such as 2026-11-23 09:30:00.
func secondFrom(path, s string) (time.Time, error) {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		return time.Time{}, &wireError{path: path, reason: "is not a timestamp"}
	}
	return t, nil
}

// dateFrom reads a day, such as 2027-06-09. One that was left out is the zero date.
func dateFrom(path, s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, &wireError{path: path, reason: "is not a date"}
	}
	return DateOf(t), nil
}
