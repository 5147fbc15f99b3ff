package domain

import (
	"fmt"
	"time"
)

// A Clock is how the time of an account or of the server was last set. It runs from there as fast
// as the base of time does, which is the real clock unless the mock was given another one, or it
// stands still. The zero Clock was never set. Clocks of the same moments are equal with ==.
type Clock struct {
	At     time.Time // what it showed when it was set
	Base   time.Time // the base of time at that moment
	Frozen bool
}

// IsSet tells whether the clock was set.
func (c Clock) IsSet() bool { return !c.At.IsZero() }

// Time returns what a clock that was set shows at a moment of the base of time.
func (c Clock) Time(base time.Time) time.Time {
	if c.Frozen {
		return c.At
	}
	return c.At.Add(base.Sub(c.Base))
}

// Moments are one moment on two clocks.
type Moments struct {
	Now    time.Time // on the clock in question
	Frozen bool      // whether that one stands still
	Base   time.Time // the base of time
}

// setClock returns a clock that shows a time from a moment on.
func setClock(at, base time.Time, frozen bool) Clock {
	return Clock{At: at.UTC().Round(0), Base: base.UTC().Round(0), Frozen: frozen} // without what == must not see
}

// The years that a clock can show. A certificate of three years still ends within the nanoseconds
// of an int64.
const (
	FirstYear = 1970
	LastYear  = 2199
)

// A ClockChange is what a clock is to become; nil leaves it as it is.
type ClockChange struct {
	At     *time.Time
	Frozen *bool
}

// A ClockMove returns what becomes of a clock at a moment.
type ClockMove func(Clock, Moments) (Clock, error)

// Apply is the [ClockMove] that sets a clock to another time, freezes it, or has it run again.
func (c ClockChange) Apply(clock Clock, m Moments) (Clock, error) {
	at, frozen := m.Now, m.Frozen
	if c.At != nil {
		at = *c.At
	}
	set(&frozen, c.Frozen)
	if year := at.UTC().Year(); year < FirstYear || year > LastYear {
		return clock, &Error{Code: CodeInvalidField, Path: "at", Message: fmt.Sprintf("at has to be in the years from %d to %d", FirstYear, LastYear)}
	}
	return setClock(at, m.Base, frozen), nil
}

// A Period is a length of time on the calendar.
type Period struct {
	Years, Months, Days int
	Rest                time.Duration
}

// Advance is the [ClockMove] that has a clock show a later time. A frozen clock stays frozen.
func (p Period) Advance(clock Clock, m Moments) (Clock, error) {
	at := p.After(m.Now)
	if !at.After(m.Now) || at.UTC().Year() > LastYear {
		return clock, &Error{
			Code: CodeInvalidField, Path: "by",
			Message: fmt.Sprintf("by has to be longer than nothing, and end before the year %d; PUT sets a clock back", LastYear+1),
		}
	}
	return setClock(at, m.Base, m.Frozen), nil
}

// UnsetClock is the [ClockMove] by which an account follows the clock of the server again.
func UnsetClock(Clock, Moments) (Clock, error) { return Clock{}, nil }

// MoveClock moves the clock of an account (D-84).
func MoveClock(r Reader, m Moments, move ClockMove) (Changes, error) {
	settings := r.Settings()
	var err error
	if settings.Clock, err = move(settings.Clock, m); err != nil {
		return Changes{}, err
	}
	return Changes{Settings: &settings}, nil
}

// After returns the end of the period. A month after January 31 is the last day of February.
func (p Period) After(t time.Time) time.Time {
	t = t.UTC()
	year, month, day := t.Date()
	first := time.Date(year+p.Years, month+time.Month(p.Months), 1, 0, 0, 0, 0, time.UTC)
	day = min(day, first.AddDate(0, 1, -1).Day())
	clock := t.Sub(t.Truncate(24 * time.Hour))
	return first.AddDate(0, 0, day-1+p.Days).Add(clock + p.Rest)
}
