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

// BenchmarkReset resets an account with 10,000 orders. It has to take less than a millisecond.
func BenchmarkReset(b *testing.B) {
	s := store.NewMemory(store.DefaultLimits())
	if err := s.Open(b.Context(), "one", benchSeed); err != nil {
		b.Fatal(err)
	}
	orders := make([]domain.Order, 10_000)
	for i := range orders {
		orders[i] = domain.Order{ID: int64(i + 1), OrganizationID: domain.SeedOrganization, Product: domain.OrganisationPerson, Status: domain.StatusIssued}
	}
	for b.Loop() {
		b.StopTimer()
		err := s.Update(b.Context(), "one", func(domain.Reader) (domain.Changes, error) { return domain.Changes{Orders: orders}, nil })
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := s.Reset(b.Context(), "one", benchSeed); err != nil {
			b.Fatal(err)
		}
	}
	if perReset := b.Elapsed() / time.Duration(b.N); perReset > time.Millisecond {
		b.Errorf("a reset takes %s", perReset)
	}
}

// BenchmarkEnter notes a call, as every request does.
func BenchmarkEnter(b *testing.B) {
	s := store.NewMemory(store.DefaultLimits())
	if err := s.Open(b.Context(), "one", benchSeed); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	at := time.Now()
	for b.Loop() {
		s.Enter(b.Context(), "one", at)
	}
}
