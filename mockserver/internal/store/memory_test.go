package store_test

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/store"
	"github.com/pkio-tools/certcentral/mockserver/internal/store/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(limits store.Limits) store.Store { return store.NewMemory(limits) })
}

// TestLimitsWithin pins the documented caps, and what becomes of them where memory is short (D-44).
func TestLimitsWithin(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	for bytes, want := range map[int64]store.Limits{
		0:          {Accounts: 100, Orders: 1_000, Bytes: 1_000 * 8 << 10},
		80 * mib:   {Accounts: 2_560, Orders: 7_680, Bytes: 60 * mib},
		1024 * mib: {Accounts: 10_000, Orders: 121_072, Bytes: 1024*mib - 10_000*8<<10},
		1 << 40:    {Accounts: 10_000, Orders: 1_000_000, Bytes: 1<<40 - 10_000*8<<10},
	} {
		want.Organizations, want.People, want.Keys = 100_000, 100_000, 10_000
		if got := store.LimitsWithin(bytes); got != want {
			t.Errorf("within %d bytes: %+v, want %+v", bytes, got, want)
		}
	}
	if got := store.DefaultLimits(); got.Accounts != 10_000 || got.Orders != 1_000_000 {
		t.Errorf("the caps where memory sets none: %+v", got)
	}
	small := store.LimitsWithin(80 * mib)
	if got := small.WithOrders(1); got.Orders != 1 || got.Bytes != small.Bytes {
		t.Errorf("one order: %+v; that leaves room for what is no order", got)
	}
	if got := small.WithOrders(1_000_000); got.Orders != 1_000_000 || got.Bytes != 1_000_000*8<<10 {
		t.Errorf("more orders than there is memory for: %+v; what was asked for wins", got)
	}
}
