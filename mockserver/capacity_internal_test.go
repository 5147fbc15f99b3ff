package mockserver

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/memory"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// TestCapacity: the caps of options win over those that follow from the memory, and the caps are
// logged.
func TestCapacity(t *testing.T) {
	t.Parallel()
	found := memory.Find().Room()
	room := store.LimitsWithin(found - journal.LimitsWithin(found).Total)
	for _, test := range []struct {
		options []Option
		want    store.Limits
	}{
		{nil, room},
		{[]Option{WithMaxOrders(7)}, room.WithOrders(7)},
		{[]Option{WithMaxOrders(1_000_000_000)}, room.WithOrders(1_000_000_000)},
	} {
		var log bytes.Buffer
		c := defaults()
		c.logger = slog.New(slog.NewTextHandler(&log, nil))
		for _, option := range test.options {
			if err := option(&c); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := c.capacity(); got != test.want {
			t.Errorf("%+v, want %+v", got, test.want)
		}
		if !strings.Contains(log.String(), "msg=capacity accounts=") || !strings.Contains(log.String(), " memory_from=") {
			t.Errorf("logged: %q", log.String())
		}
	}
	c := defaults()
	if err := WithMaxAccounts(3)(&c); err != nil {
		t.Fatal(err)
	}
	if got, _ := c.capacity(); got.Accounts != 3 || got.Orders != room.Orders {
		t.Errorf("%+v", got)
	}
}
