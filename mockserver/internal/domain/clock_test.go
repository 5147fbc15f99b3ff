package domain_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func TestClock(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	at := time.Date(2027, 1, 31, 8, 0, 0, 0, time.FixedZone("", 3600))
	clock, err := domain.ClockChange{At: &at}.Apply(domain.Clock{}, domain.Moments{Now: base, Base: base})
	if err != nil || !clock.IsSet() || (domain.Clock{}).IsSet() {
		t.Fatalf("%+v, %v", clock, err)
	}
	if got := clock.Time(base.Add(time.Hour)); !got.Equal(at.Add(time.Hour)) {
		t.Errorf("an hour later it shows %s", got)
	}
	later := domain.Moments{Now: clock.Time(base.Add(time.Hour)), Base: base.Add(time.Hour)}
	still := later
	still.Frozen = true
	frozen, err := domain.ClockChange{Frozen: new(true)}.Apply(clock, later)
	if err != nil || !frozen.Time(base.Add(time.Hour*100)).Equal(later.Now) {
		t.Errorf("frozen: %+v, %v", frozen, err)
	}
	advanced, err := domain.Period{Days: 1}.Advance(frozen, still)
	if err != nil || !advanced.Frozen || !advanced.Time(base).Equal(later.Now.Add(24*time.Hour)) {
		t.Errorf("advanced: %+v, %v", advanced, err)
	}
	runs, err := domain.ClockChange{Frozen: new(false)}.Apply(advanced, domain.Moments{Now: advanced.At, Base: base})
	if err != nil || !runs.Time(base.Add(time.Minute)).Equal(advanced.At.Add(time.Minute)) {
		t.Errorf("runs again: %+v, %v", runs, err)
	}
}

func TestClockRefuses(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	m := domain.Moments{Now: today(), Base: today()}
	move := func(to domain.ClockMove) error {
		return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.MoveClock(r, m, to) })
	}
	refused := func(want string, to domain.ClockMove) {
		t.Helper()
		if err := move(to); !errors.Is(err, &domain.Error{Code: domain.CodeInvalidField}) {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, at := range []time.Time{time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)} {
		refused(at.String(), domain.ClockChange{At: &at}.Apply)
	}
	for _, by := range []domain.Period{{}, {Years: 300}} {
		refused("by", by.Advance)
	}
	if err := move(domain.Period{Days: 1}.Advance); err != nil {
		t.Fatal(err)
	}
	a.read(func(r domain.Reader) {
		if got := r.Settings().Clock.Time(today()); !got.Equal(today().Add(24 * time.Hour)) {
			t.Errorf("the clock shows %s", got)
		}
	})
	if err := move(domain.UnsetClock); err != nil {
		t.Fatal(err)
	}
	a.read(func(r domain.Reader) {
		if r.Settings().Clock.IsSet() {
			t.Error("a clock that was unset is set")
		}
	})
}

// TestPeriods pins the arithmetic of the calendar.
func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from string
		by   domain.Period
		want string
	}{
		{"2027-01-31T10:00:00Z", domain.Period{Months: 1}, "2027-02-28T10:00:00Z"},
		{"2028-01-31T10:00:00Z", domain.Period{Months: 1}, "2028-02-29T10:00:00Z"},
		{"2028-02-29T10:00:00Z", domain.Period{Years: 1}, "2029-02-28T10:00:00Z"},
		{"2027-11-30T23:59:59.5Z", domain.Period{Months: 3, Days: 1, Rest: time.Second}, "2028-03-02T00:00:00.5Z"},
		{"2027-10-31T00:00:00+02:00", domain.Period{Days: 1}, "2027-10-31T22:00:00Z"},
		{"2027-12-31T00:00:00Z", domain.Period{Years: 1, Months: 14}, "2030-02-28T00:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, tc.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := tc.by.After(from).Format(time.RFC3339Nano); got != tc.want {
			t.Errorf("%s and %+v: %s, want %s", tc.from, tc.by, got, tc.want)
		}
	}
}

// TestPeriodsGoForward: a period that is longer than nothing ends later, and days are days.
func TestPeriodsGoForward(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(0, 5e9).Draw(t, "from"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanoseconds"))
		days := rapid.IntRange(0, 1000).Draw(t, "days")
		if got := (domain.Period{Days: days}).After(from); got.Sub(from) != time.Duration(days)*24*time.Hour {
			t.Errorf("%d days after %s: %s", days, from, got)
		}
		months := rapid.IntRange(1, 100).Draw(t, "months")
		after := (domain.Period{Months: months}).After(from)
		if want := from.UTC().Year()*12 + int(from.UTC().Month()) + months; after.Year()*12+int(after.Month()) != want || !after.After(from) {
			t.Errorf("%d months after %s: %s", months, from, after)
		}
	})
}
