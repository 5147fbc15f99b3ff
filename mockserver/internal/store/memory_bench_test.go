package store_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

func benchSeed() domain.Changes {
	return domain.Seed(domain.DefaultSettings(), domain.Funds{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
}

// BenchmarkUse opens and reads accounts that are there, as every request does, with as many
// goroutines as there are processors: one that has been changed, and one that can be evicted.
func BenchmarkUse(b *testing.B) {
	for _, changes := range map[string]domain.Changes{"changed": {Settings: &domain.Settings{}}, "unchanged": {}} {
		name := "unchanged"
		if changes.Settings != nil {
			name = "changed"
		}
		b.Run(name, func(b *testing.B) {
			s := store.NewMemory(store.DefaultLimits())
			var last atomic.Int64
			b.RunParallel(func(p *testing.PB) {
				account := domain.AccountID(strconv.FormatInt(last.Add(1), 10))
				_ = s.Open(b.Context(), account, benchSeed)
				_ = s.Update(b.Context(), account, func(domain.Reader) (domain.Changes, error) { return changes, nil })
				for p.Next() {
					if s.Open(b.Context(), account, benchSeed) != nil || s.View(b.Context(), account, func(domain.Reader) error { return nil }) != nil {
						b.Error("the account is gone")
					}
				}
			})
		})
	}
}

// BenchmarkEvict opens new accounts in a store that is full of others, which have to give way.
func BenchmarkEvict(b *testing.B) {
	s := store.NewMemory(store.DefaultLimits())
	next := 0
	open := func() {
		next++
		if err := s.Open(b.Context(), domain.AccountID(strconv.Itoa(next)), benchSeed); err != nil {
			b.Fatal(err)
		}
	}
	for range store.DefaultLimits().Accounts {
		open()
	}
	for b.Loop() {
		open()
	}
}
