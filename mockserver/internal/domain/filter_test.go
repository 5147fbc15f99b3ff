package domain_test

import (
	"math"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func TestRanges(t *testing.T) {
	t.Parallel()
	five := domain.Exactly(5)
	day := domain.During(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	at := func(text string) int64 {
		moment, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return domain.Nanos(moment)
	}
	far := func(year int) domain.Range {
		return domain.During(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 1, 2, 0, 0, 0, 0, time.UTC))
	}
	var zero time.Time
	for _, tc := range []struct {
		what   string
		ranges []domain.Range
		number int64
		want   bool
	}{
		{"exactly", []domain.Range{five}, 5, true},
		{"not exactly", []domain.Range{five}, 6, false},
		{"above itself", []domain.Range{five.Above()}, 5, false},
		{"above", []domain.Range{five.Above()}, 6, true},
		{"above, the last", []domain.Range{five.Above()}, math.MaxInt64, true},
		{"above the last", []domain.Range{domain.Exactly(math.MaxInt64).Above()}, math.MaxInt64, false},
		{"below itself", []domain.Range{five.Below()}, 5, false},
		{"below", []domain.Range{five.Below()}, 4, true},
		{"below, nothing", []domain.Range{five.Below()}, domain.None, false},
		{"through, begin", []domain.Range{five.Through(domain.Exactly(7))}, 5, true},
		{"through, end", []domain.Range{five.Through(domain.Exactly(7))}, 7, true},
		{"through, beyond", []domain.Range{five.Through(domain.Exactly(7))}, 8, false},
		{"through backward", []domain.Range{domain.Exactly(7).Through(five)}, 6, false},
		{"the second of two", []domain.Range{five, domain.Exactly(9)}, 9, true},
		{"none at all", nil, 5, false},
		{"day, begin", []domain.Range{day}, at("2026-11-23T00:00:00Z"), true},
		{"day, end", []domain.Range{day}, at("2026-11-23T23:59:59.999999999Z"), true},
		{"day, after", []domain.Range{day}, at("2026-11-24T00:00:00Z"), false},
		{"day, before", []domain.Range{day}, at("2026-11-22T23:59:59.999999999Z"), false},
		{"above a day", []domain.Range{day.Above()}, at("2026-11-24T00:00:00Z"), true},
		{"above a day, within", []domain.Range{day.Above()}, at("2026-11-23T23:00:00Z"), false},
		{"below a day", []domain.Range{day.Below()}, at("2026-11-22T23:59:59Z"), true},
		{"below a day, within", []domain.Range{day.Below()}, at("2026-11-23T00:00:00Z"), false},
		{"below a day, no time", []domain.Range{day.Below()}, domain.Nanos(zero), false},
		{"above year 1", []domain.Range{far(1).Above()}, at("2026-11-23T00:00:00Z"), true},
		{"above year 1, no time", []domain.Range{far(1).Above()}, domain.None, false},
		{"below year 0", []domain.Range{far(0).Below()}, at("2026-11-23T00:00:00Z"), false},
		{"below year 9999", []domain.Range{far(9999).Below()}, at("2026-11-23T00:00:00Z"), true},
		{"above year 9999", []domain.Range{far(9999).Above()}, at("2026-11-23T00:00:00Z"), false},
		{"all years", []domain.Range{far(0).Through(far(9999))}, at("2026-11-23T00:00:00Z"), true},
	} {
		filter := domain.Filter{Ranges: tc.ranges}
		if got := filter.HasNumber(tc.number); got != tc.want {
			t.Errorf("%s: got %v", tc.what, got)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what  string
		texts []domain.Text
		value string
		want  bool
	}{
		{"the same", []domain.Text{domain.Whole("John Doe")}, "John Doe", true},
		{"in another case", []domain.Text{domain.Whole("JOHN doe")}, "John Doe", true},
		{"beyond ASCII", []domain.Text{domain.Whole("ÉLODIE")}, "Élodie", true},
		{"a part that has to be all", []domain.Text{domain.Whole("John")}, "John Doe", false},
		{"a part", []domain.Text{domain.Part("N D")}, "John Doe", true},
		{"any part", []domain.Text{domain.Part("")}, "John Doe", true},
		{"no part", []domain.Text{domain.Part("Jane")}, "John Doe", false},
		{"the second of two", []domain.Text{domain.Whole("Jane"), domain.Part("doe")}, "John Doe", true},
		{"no value", []domain.Text{domain.Part("")}, "", false},
		{"no value, no text", []domain.Text{domain.Whole("")}, "", false},
		{"none at all", nil, "John Doe", false},
	} {
		filter := domain.Filter{Texts: tc.texts}
		if got := filter.HasText(domain.Fold(tc.value)); got != tc.want {
			t.Errorf("%s: got %v", tc.what, got)
		}
	}
}
