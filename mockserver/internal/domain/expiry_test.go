package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// expire expires the orders that are over at a time, a batch at a time, and returns the sizes of
// the batches.
func (a *account) expire(now time.Time, limit int) (batches []int) {
	a.Helper()
	for more := true; more; {
		a.must(func(r domain.Reader) (changes domain.Changes, _ error) {
			changes, more = domain.ExpireOrders(r, now, limit)
			batches = append(batches, len(changes.Orders))
			return changes, nil
		})
	}
	return batches
}

// TestExpireOrders checks that only issued orders expire, after the end of their certificates.
func TestExpireOrders(t *testing.T) {
	t.Parallel()
	everywhere(t, func(a *account, s situation, order domain.Order) {
		ends := today().AddDate(0, 0, 365)
		before := a.snapshot()
		a.expire(ends, 10)
		unchanged(t, before, a.snapshot()) // a certificate is still valid at its end
		later := ends.Add(time.Nanosecond).In(time.FixedZone("CET", 3600))
		a.expire(later, 10)
		if order.Status == domain.StatusIssued {
			before.Orders[0].Status, before.Orders[0].StatusChanged = domain.StatusExpired, ends // the end, not the time of the call
		}
		unchanged(t, before, a.snapshot())
		if got := a.order(order.ID).StatusChanged; got.Location() != time.UTC {
			t.Errorf("%s: changed in %v", s.name, got.Location())
		}
	})
}

// TestExpireInBatches checks the limit of a batch, that the first orders to end come first, and
// that the result tells whether there may be more.
func TestExpireInBatches(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	for _, days := range []int{5, 3, 1, 4, 2} {
		a.mustPlace(today(), anOrder(validFor(domain.Validity{Days: days})))
	}
	a.makeAll()
	expired := func() (ids []int64) {
		for _, order := range a.snapshot().Orders {
			if order.Status == domain.StatusExpired {
				ids = append(ids, order.ID-843668399)
			}
		}
		return ids
	}
	a.must(func(r domain.Reader) (domain.Changes, error) {
		changes, more := domain.ExpireOrders(r, today().AddDate(1, 0, 0), 2)
		if !more {
			t.Error("there are more")
		}
		return changes, nil
	})
	if diff := cmp.Diff([]int64{2, 4}, expired()); diff != "" {
		t.Errorf("the first ones (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1}, a.expire(today().AddDate(0, 0, 3).Add(time.Second), 2)); diff != "" {
		t.Errorf("what is over after three days (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{1, 2, 4}, expired()); diff != "" {
		t.Errorf("expired (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{2, 0}, a.expire(today().AddDate(1, 0, 0), 2)); diff != "" {
		t.Errorf("the rest (-want +got):\n%s", diff)
	}
}

// TestExpireWhileReissued checks that an order expires only after its reissue has ended. The new
// certificate ends with the order.
func TestExpireWhileReissued(t *testing.T) {
	t.Parallel()
	late := today().AddDate(2, 0, 0)
	for name, end := range map[string]step{
		"canceled": cancel,
		"issued":   func(a *account, id int64) { a.makeAll(); a.must(moving(id, domain.StatusIssued)) },
		"refused":  func(a *account, _ int64) { a.refuse(late, a.job()) },
	} {
		a := openAccount(t, unlimited())
		order := a.issued()
		a.must(reissuing(order.ID))
		a.must(movingToken(order.ID, domain.TokenPersonalized))
		a.expire(late, 10)
		if got := a.order(order.ID).Status; got != domain.StatusReissuePending {
			t.Errorf("%s: the order is %s", name, got)
		}
		end(a, order.ID)
		if got := a.order(order.ID); got.Status != domain.StatusIssued || !got.ValidTill.Equal(order.ValidTill) {
			t.Errorf("%s: the order is %+v", name, got)
		}
		a.expire(late, 10)
		if got := a.order(order.ID).Status; got != domain.StatusExpired {
			t.Errorf("%s: the order is %s", name, got)
		}
	}
}

// TestMovedToExpired checks that an order that is moved to expired takes the clock of the account
// past the end of its certificate, unless it is there, and that the orders which end before expire
// each at its own end (D-41).
func TestMovedToExpired(t *testing.T) {
	t.Parallel()
	for _, frozen := range []bool{false, true} {
		a := openAccount(t, unlimited())
		order := a.issued()
		a.must(func(r domain.Reader) (domain.Changes, error) {
			_, changes, err := domain.MoveOrder(r, domain.Moments{Now: today(), Base: today(), Frozen: frozen},
				domain.OrderMove{ID: order.ID, To: domain.StatusExpired, Reason: "It is over."})
			return changes, err
		})
		got, end := a.order(order.ID), order.ValidTill
		if got.Status != domain.StatusExpired || !got.StatusChanged.Equal(end) || len(got.Notes) != 1 || got.Notes[0].Text != "It is over." {
			t.Errorf("%+v", got)
		}
		a.read(func(r domain.Reader) {
			clock := r.Settings().Clock
			if !clock.Time(today()).Equal(end.Add(time.Second)) || clock.Frozen != frozen {
				t.Errorf("the clock is %+v, and the certificate ends at %s", clock, end)
			}
		})
	}
	a := openAccount(t, unlimited())
	order := a.issued()
	late := order.ValidTill.Add(time.Minute)
	a.must(func(r domain.Reader) (domain.Changes, error) {
		_, changes, err := domain.MoveOrder(r, domain.Moments{Now: late, Base: late}, domain.OrderMove{ID: order.ID, To: domain.StatusExpired})
		return changes, err
	})
	a.read(func(r domain.Reader) {
		if r.Settings().Clock.IsSet() {
			t.Error("the clock is set although the certificate was over")
		}
	})
}
