package issuance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
)

// TestTurns: accounts take turns, each stands in the queue once, and one that comes back goes to
// the end.
func TestTurns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.failure = pki.ErrUnavailable // nothing is dispatched
	for _, account := range []domain.AccountID{"a", "b", "a", "c", "b"} {
		b.wake(account)
	}
	b.failure, b.dispatching = nil, true // by the test
	first, _ := b.next()
	b.wake(first)
	turns := []domain.AccountID{first}
	for account, more := b.next(); more; account, more = b.next() {
		turns = append(turns, account)
	}
	if want := []domain.AccountID{"a", "b", "c", "a"}; !slices.Equal(turns, want) {
		t.Errorf("turns %q, want %q", turns, want)
	}
	if b.dispatching {
		t.Error("the dispatcher of an empty queue goes on")
	}
}

// TestIssued: an order gets its certificate, and no goroutine is left.
func TestIssued(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		id := b.order(t, "authentication")
		<-b.begun
		b.release <- nil
		if err := b.settle(t.Context()); err != nil || b.status(t, id) != domain.StatusIssued {
			t.Errorf("%v, the order is %s", err, b.status(t, id))
		}
		b.goroutines.Wait() // would not end while there is one
		b.stop()
	})
}

// TestPermits: the servers that share a hierarchy make no more certificates at the same time than
// it has permits.
func TestPermits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		var held []*ca.Permit
		for range max(1, runtime.GOMAXPROCS(0)/4) { // as another server
			permit, err := b.hierarchy.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, permit)
		}
		b.order(t, "authentication")
		synctest.Wait()
		select {
		case <-b.begun:
			t.Error("begun without a permit")
		default:
		}
		for _, permit := range held {
			permit.Release()
		}
		<-b.begun
		b.release <- nil
		if err := b.settle(t.Context()); err != nil {
			t.Error(err)
		}
		b.stop()
	})
}

// TestResetDropsWhatIsBeingMade: the certificate of an order that is gone does not end up with the
// next order, although that has the same ids.
func TestResetDropsWhatIsBeingMade(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.order(t, "authentication")
	<-b.begun
	if err := b.Reset(t.Context(), b.actor.Account); err != nil {
		t.Fatal(err)
	}
	id := b.order(t, "encryption")
	b.release <- nil
	if again := <-b.begun; again.Usage != "encryption" {
		t.Errorf("the next to be made is for %s", again.Usage)
	}
	b.release <- nil
	if err := b.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.status(t, id); got != domain.StatusIssued {
		t.Errorf("the order is %s", got)
	}
	b.stop()
	if !strings.Contains(b.log.String(), "certificate dropped") {
		t.Errorf("nothing was dropped: %s", b.log)
	}
}

// TestStopEndsIssuing in the middle of it. The order stays as it is, and waiting ends with the
// cause of the stop.
func TestStopEndsIssuing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.order(t, "authentication")
	<-b.begun
	settled := make(chan error)
	go func() { settled <- b.settle(t.Context()) }()
	b.stop()
	if err := <-settled; !errors.Is(err, errStopping) {
		t.Errorf("settled: %v", err)
	}
	second := b.order(t, "encryption") // is taken, and only nothing is made any more
	for _, id := range []int64{first, second} {
		if got := b.status(t, id); got != domain.StatusProcessing {
			t.Errorf("order %d is %s", id, got)
		}
	}
}

// TestNoCAs: when the CAs cannot be had, orders wait, the next attempt comes after a pause, and
// waiting ends with the reason.
func TestNoCAs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 3 {
		b.order(t, "authentication")
	}
	broken := errors.New("the directory is broken")
	<-b.begun
	b.release <- fmt.Errorf("%w: %w", pki.ErrUnavailable, broken)
	for b.unavailable() == nil {
		runtime.Gosched()
	}
	if err := b.settle(t.Context()); !errors.Is(err, broken) {
		t.Errorf("settled: %v", err)
	}
	b.order(t, "authentication")
	select {
	case <-b.begun:
		t.Error("tried again at once")
	default:
	}
	b.resume() // as after the pause
	for range 4 {
		<-b.begun
		b.release <- nil
	}
	if err := b.settle(t.Context()); err != nil {
		t.Error(err)
	}
	b.stop()
	if got := strings.Count(b.log.String(), "no certificates for now"); got != 1 {
		t.Errorf("logged %d times: %s", got, b.log)
	}
}

// TestRefused: an order that the CA refuses is rejected, with the reason in a note.
func TestRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.order(t, "authentication")
	<-b.begun
	b.release <- fmt.Errorf("%w: ca: the name is too long", ca.ErrRefused)
	if err := b.settle(t.Context()); err != nil || b.status(t, id) != domain.StatusRejected {
		t.Errorf("%v, the order is %s", err, b.status(t, id))
	}
	err := b.View(t.Context(), b.actor.Account, func(r domain.Reader) error {
		order, err := domain.FindOrder(r, id)
		if len(order.Notes) != 1 || !strings.HasSuffix(order.Notes[0].Text, ": the name is too long") {
			t.Errorf("notes %+v", order.Notes)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	b.stop()
}

// TestOrdersBeforeStock: while an order waits for its certificate, no key is begun for later.
func TestOrdersBeforeStock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.order(t, "authentication")
		<-b.begun
		b.Warm()
		synctest.Wait()
		if got := b.hierarchy.Progress(); got != ca.NotMade {
			t.Errorf("while an order waits, keys are %s", got)
		}
		b.release <- nil
		synctest.Wait()
		if got := b.hierarchy.Progress(); got != ca.Ready {
			t.Errorf("once it has its certificate, keys are %s", got)
		}
		b.stop()
	})
}

// TestEvicted: a request finds its account again that was evicted on its way; background work does
// not open it.
func TestEvicted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := domain.Actor{Account: "never-opened"}
	read := func(domain.Reader) error { return nil }
	if err := b.View(t.Context(), other.Account, read); err == nil {
		t.Error("background work has opened an account")
	}
	if err := b.View(domain.WithActor(t.Context(), other), other.Account, read); err != nil {
		t.Errorf("a request of the account: %v", err)
	}
	if err := b.Settle(context.Background(), "not used"); err != nil {
		t.Errorf("an account that is not open has pending certificates: %v", err)
	}
	b.stop()
}
