package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

const (
	workers = 8
	rounds  = 25
)

// together runs a function in several goroutines.
func together(work func(worker int)) {
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() { work(worker) })
	}
	group.Wait()
}

// placeNext adds an order and a certificate with the next ids of the account, as a use case does.
func placeNext(r domain.Reader) (domain.Changes, error) {
	sequences, funds := r.Sequences(), r.Funds()
	changes := orders(sequences.Order)
	changes.Orders[0].CertificateID = sequences.Certificate
	changes.Certificates = []domain.Certificate{certificate(sequences.Certificate, sequences.Order)}
	sequences.Order++
	sequences.Certificate++
	funds.Balance--
	changes.Sequences, changes.Funds = &sequences, &funds
	return changes, nil
}

// testConcurrentUpdates checks that updates of one account run one after the other: no id is used twice,
// and no debit is lost.
func testConcurrentUpdates(s *suite) {
	o := s.open(roomy(), one, two)
	together(func(worker int) {
		account := []domain.AccountID{one, two}[worker%2]
		for range rounds {
			if err := o.Update(s.Context(), account, placeNext); err != nil {
				s.Error(err)
			}
		}
	})
	for _, account := range []domain.AccountID{one, two} {
		const n = workers / 2 * rounds
		o.read(account, func(r domain.Reader) {
			first := seed().Sequences.Order
			list, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 2 * n}})
			s.equal("orders", total, n)
			for i := range list {
				s.equal("id", list[i].ID, first+int64(i))
			}
			s.equal("next id", r.Sequences().Order, first+n)
			s.equal("balance", r.Funds().Balance, domain.Money(100-n))
			s.equal("unfinished", r.UnfinishedOrders(domain.SeedOrganization), n)
			s.equal("to be made", r.PendingIssuanceCount(), n)
		})
	}
}

// testReadersSeeOneState checks that a transaction never sees a part of the changes of another one.
func testReadersSeeOneState(s *suite) {
	o := s.open(roomy(), one)
	var done atomic.Bool
	var writers, readers sync.WaitGroup
	for range workers / 2 {
		writers.Go(func() {
			for range rounds {
				if err := o.Update(s.Context(), one, placeNext); err != nil {
					s.Error(err)
				}
			}
		})
		readers.Go(func() {
			for !done.Load() {
				o.read(one, func(r domain.Reader) {
					_, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1}})
					placed := r.Sequences().Order - seed().Sequences.Order
					debited := 100 - r.Funds().Balance
					if int64(total) != placed || int64(debited) != placed || r.UnfinishedOrders(domain.SeedOrganization) != total || r.PendingIssuanceCount() != total {
						s.Errorf("%d orders, %d ids, %d debits, %d certificates to be made", total, placed, debited, r.PendingIssuanceCount())
					}
				})
			}
		})
	}
	writers.Wait()
	done.Store(true)
	readers.Wait()
}

func testConcurrentOpens(s *suite) {
	const limit = 5
	o := s.open(store.Limits{Accounts: limit, Orders: 1000})
	var accepted [2 * limit]atomic.Int64
	together(func(worker int) {
		for i := range accepted {
			n := (i + worker) % len(accepted)
			account := domain.AccountID(rune('a' + n))
			err := store.ErrNotOpen
			for errors.Is(err, store.ErrNotOpen) { // it can be evicted before it is changed
				if err = o.Open(s.Context(), account, seed); err == nil {
					err = o.Update(s.Context(), account, placeNext)
				}
			}
			if err != nil {
				s.isFull(err)
				continue
			}
			accepted[n].Add(1)
		}
	})
	there := 0
	for i := range accepted {
		n := accepted[i].Load()
		if n == 0 {
			continue
		}
		there++
		o.read(domain.AccountID(rune('a'+i)), func(r domain.Reader) {
			_, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1}})
			s.equal("orders", int64(total), n) // some would be lost if the account had been opened twice
		})
	}
	s.equal("accounts", there, limit)
}

// testConcurrentLimit checks that the number of accepted orders is exactly the limit.
func testConcurrentLimit(s *suite) {
	const limit = 50
	o := s.open(store.Limits{Accounts: 10, Orders: limit}, one, two)
	var accepted atomic.Int64
	together(func(worker int) {
		for range rounds {
			if err := o.Update(s.Context(), []domain.AccountID{one, two}[worker%2], placeNext); err != nil {
				s.isFull(err)
			} else {
				accepted.Add(1)
			}
		}
	})
	s.equal("accepted", accepted.Load(), int64(limit))
}

// testConcurrentResets checks the count of orders after concurrent resets and orders.
func testConcurrentResets(s *suite) {
	const limit = 20
	o := s.open(store.Limits{Accounts: 10, Orders: limit}, one, two)
	together(func(worker int) {
		account := []domain.AccountID{one, two}[worker%2]
		for round := range rounds {
			if (round+worker)%5 == 0 {
				if err := o.Reset(s.Context(), account, seed); err != nil {
					s.Error(err)
				}
			} else if err := o.Update(s.Context(), account, placeNext); err != nil {
				s.isFull(err)
			}
		}
	})
	for _, account := range []domain.AccountID{one, two} {
		if err := o.Reset(s.Context(), account, seed); err != nil {
			s.Fatal(err)
		}
	}
	for range limit {
		if err := o.Update(s.Context(), one, placeNext); err != nil {
			s.Fatal(err)
		}
	}
	s.isFull(o.Update(s.Context(), one, placeNext))
}

// testAccountsDoNotWait checks that a transaction does not block another account.
func testAccountsDoNotWait(s *suite) {
	o := s.open(roomy(), one, two)
	err := o.Update(s.Context(), one, func(domain.Reader) (domain.Changes, error) {
		finished := make(chan error, 1)
		go func() {
			err := o.Update(s.Context(), two, placeNext)
			if err == nil {
				err = o.Open(s.Context(), "three", seed)
			}
			finished <- err
		}()
		select {
		case err := <-finished:
			return domain.Changes{}, err
		case <-time.After(10 * time.Second):
			return domain.Changes{}, errors.New("the other account waits")
		}
	})
	if err != nil {
		s.Fatal(err)
	}
}
