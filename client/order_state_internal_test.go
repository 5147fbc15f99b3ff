package client

import (
	"testing"
	"time"
)

// TestMountainTime compares mountainTime with the time zone database, hour by hour.
func TestMountainTime(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	for year := 2024; year < 2032; year++ {
		begin := time.Date(year, time.January, 1, 0, 59, 59, 0, time.UTC)
		for at := begin; at.Year() == year; at = at.Add(time.Hour) {
			if got, want := mountainTime(at), at.In(zone).Format(time.DateTime); got != want {
				t.Fatalf("%v is %s, want %s", at, got, want)
			}
			if at = at.Add(time.Second); mountainTime(at) != at.In(zone).Format(time.DateTime) {
				t.Fatalf("%v is %s", at, mountainTime(at))
			}
			at = at.Add(-time.Second)
		}
	}
}
