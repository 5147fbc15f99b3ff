package clock_test

import (
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
)

func TestShared(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	source := clock.Shared(func() time.Time { return now })
	for range 2 {
		if !source.Now("a").Equal(now) || !source.Now("b").Equal(now) || !source.ServerNow().Equal(now) {
			t.Errorf("%s in a, %s in b, %s of the server; want %s", source.Now("a"), source.Now("b"), source.ServerNow(), now)
		}
		now = now.Add(time.Hour)
	}
}
