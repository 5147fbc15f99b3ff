package client

import (
	"fmt"
	"time"
)

// A Date is a day of the calendar, without a time of day or a time zone. The service does not say in
// which time zone a day begins. The certificates themselves have exact times, in UTC. [Date.Time] and
// [Date.In] make a [time.Time] of a date, [DateOf] a date of a time.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero reports whether the date is not set.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the date in the form 2027-06-09. It returns an empty text for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Time returns the start of the day in UTC. For the zero date it returns the zero time.
func (d Date) Time() time.Time { return d.In(time.UTC) }

// In returns the start of the day in a time zone, such as [time.Local] for days that people see. A
// day that lasts until its end, such as the last day of a validity, ends at the start of the next:
// d.In(loc).AddDate(0, 0, 1). For the zero date it returns the zero time.
func (d Date) In(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// DateOf returns the day of a time, in the time zone of t.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// exists reports whether the calendar has the day and the year has at most four digits.
func (d Date) exists() bool {
	return d.Year > 0 && d.Year < 10000 && DateOf(d.In(time.UTC)) == d
}

// timeFrom reads a timestamp, such as 2026-11-23T09:30:00+00:00. An empty text gives the zero time.
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

// utcTimeFrom reads a time in the second form of the service, which is in UTC, such as 2026-11-23
// 09:30:00.
func utcTimeFrom(path, s string) (time.Time, error) {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		return time.Time{}, &wireError{path: path, reason: "is not a timestamp"}
	}
	return t, nil
}

// dateFrom reads a day, such as 2027-06-09. An empty text gives the zero date.
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
