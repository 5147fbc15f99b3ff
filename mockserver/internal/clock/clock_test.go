package clock_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func start() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func TestShared(t *testing.T) {
	t.Parallel()
	now := start()
	source := clock.Shared(func() time.Time { return now })
	for range 2 {
		if !source.Now("a").Equal(now) || !source.Now("b").Equal(now) || !source.ServerNow().Equal(now) {
			t.Errorf("%s in a, %s in b, %s of the server; want %s", source.Now("a"), source.Now("b"), source.ServerNow(), now)
		}
		now = now.Add(time.Hour)
	}
}

// TestWalk moves the clocks of the server and of an account at random, and compares what they show
// with a model that adds up.
func TestWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := start()
		var own domain.Clock
		c := clock.New(func() time.Time { return base }, time.Time{}, func(domain.AccountID) domain.Clock { return own })
		type model struct {
			at     time.Time
			frozen bool
		}
		server, account, has := model{at: base}, model{}, false
		shows := func() model {
			if has {
				return account
			}
			return server
		}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			at := start().Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "at")) * time.Hour)
			by := domain.Period{Days: rapid.IntRange(1, 500).Draw(t, "by")}
			change := domain.ClockChange{At: &at, Frozen: new(rapid.Bool().Draw(t, "frozen"))}
			moments := domain.Moments{Now: c.Now("a"), Frozen: c.Frozen(own), Base: base}
			var err error
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				passed := time.Duration(rapid.IntRange(0, 1000).Draw(t, "passed")) * time.Minute
				base = base.Add(passed)
				for _, m := range []*model{&server, &account} {
					if !m.frozen {
						m.at = m.at.Add(passed)
					}
				}
			case 1:
				err, server = c.Move(change.Apply), model{at, *change.Frozen}
			case 2:
				err = c.Move(by.Advance)
				server.at = server.at.AddDate(0, 0, by.Days)
			case 3:
				err = c.Move(c.Started)
				server = model{at: base}
			case 4:
				own, err = change.Apply(own, moments)
				account, has = model{at, *change.Frozen}, true
			case 5:
				own, err = by.Advance(own, moments)
				account, has = model{shows().at.AddDate(0, 0, by.Days), shows().frozen}, true
			case 6:
				own, has = domain.Clock{}, false
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := shows(); !c.Now("a").Equal(want.at) || c.Frozen(own) != want.frozen {
				t.Fatalf("the account's clock shows %s, frozen %v; want %+v", c.Now("a"), c.Frozen(own), want)
			}
			if now, frozen, _ := c.Server(); !now.Equal(server.at) || frozen != server.frozen || !c.Base().Equal(base) {
				t.Fatalf("the server's clock shows %s, frozen %v; want %+v", now, frozen, server)
			}
		}
	})
}

// TestMoved: what waits for the server's clock learns of each change of it.
func TestMoved(t *testing.T) {
	t.Parallel()
	c := clock.New(start, start().Add(time.Hour), nil)
	if _, _, moved := c.Server(); moved || !c.ServerNow().Equal(start().Add(time.Hour)) {
		t.Errorf("at first: %s, moved %v", c.ServerNow(), moved)
	}
	for name, change := range map[string]func() error{
		"set":     func() error { return c.Move(domain.ClockChange{Frozen: new(true)}.Apply) },
		"advance": func() error { return c.Move(domain.Period{Days: 1}.Advance) },
		"forget":  func() error { return c.Move(c.Started) },
	} {
		moved := c.Moved()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-moved:
		default:
			t.Errorf("%s: nothing learns of it", name)
		}
	}
	moved := c.Moved()
	if err := c.Move(domain.Period{Years: 1000}.Advance); err == nil {
		t.Error("advanced past the last year")
	}
	select {
	case <-moved:
		t.Error("a refusal moves the clock")
	default:
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for at, good := range map[string]bool{
		"1969-12-31T23:59:59Z": false, "1970-01-01T00:00:00Z": true, "2199-12-31T23:59:59Z": true, "2199-12-31T23:59:59-01:00": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := clock.Check(moment); (err == nil) != good {
			t.Errorf("%s: %v", at, err)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]domain.Period{
		"P30D": {Days: 30}, "P1Y6M": {Years: 1, Months: 6}, "P2W1D": {Days: 15}, "PT90M": {Rest: 90 * time.Minute},
		"P1DT2H3M4.5S": {Days: 1, Rest: 2*time.Hour + 3*time.Minute + 4500*time.Millisecond},
		"36h":          {Rest: 36 * time.Hour}, "1h30m": {Rest: 90 * time.Minute}, "250ms": {Rest: 250 * time.Millisecond},
	} {
		if got, err := clock.ParsePeriod(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "P", "PT", "P1DT", "P1D2Y", "P1D1D", "-P1D", "P-1D", "P0.5Y", "P1.5D", "PT1.5H", "P1H", "1d", "-36h", "36", "P1000001D", "PT1000001S",
		"P99999999999999999999D", "99999999999999h", "p30d", " P30D", "P30D\n",
	} {
		if got, err := clock.ParsePeriod(text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
