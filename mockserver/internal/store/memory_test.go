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

// TestDefaultLimits pins the documented caps (D-44).
func TestDefaultLimits(t *testing.T) {
	t.Parallel()
	if got := store.DefaultLimits(); got != (store.Limits{Accounts: 10_000, Orders: 1_000_000, Organizations: 100_000, People: 100_000, Keys: 10_000}) {
		t.Errorf("limits: %+v", got)
	}
}
