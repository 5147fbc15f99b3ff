package issuance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
)

// TestPauses: the longer the CAs cannot be had, the longer the pauses between two attempts, up to a
// minute. After a certificate the pauses are short again.
func TestPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		broken := fmt.Errorf("%w: the directory is broken", pki.ErrUnavailable)
		b.order(t, "authentication")
		attempt := func(outcome error) time.Duration {
			start := time.Now()
			<-b.begun
			waited := time.Since(start)
			b.release <- outcome
			return waited.Round(time.Second)
		}
		var pauses []time.Duration
		for range 9 {
			pauses = append(pauses, attempt(broken))
		}
		pauses = append(pauses, attempt(nil))
		b.order(t, "authentication")
		pauses = append(pauses, attempt(broken), attempt(broken), attempt(nil))
		const s, most = time.Second, time.Minute
		want := []time.Duration{0, s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, most, most, most, 0, s, 2 * s}
		if !slices.Equal(pauses, want) {
			t.Errorf("pauses %v, want %v", pauses, want)
		}
		b.stop()
	})
}

// TestMaking: an account counts as one whose certificates are being made from its order on until they
// are there, but not while none can be made.
func TestMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		want := func(when string, accounts ...domain.AccountID) {
			t.Helper()
			synctest.Wait()
			if got := b.Making(); !slices.Equal(got, accounts) {
				t.Errorf("%s: %v, want %v", when, got, accounts)
			}
		}
		want("at first")
		b.delay = slowStart
		b.order(t, "authentication")
		want("queued", b.actor.Account)
		<-b.begun
		want("begun", b.actor.Account)
		b.order(t, "authentication")
		want("one begun, one queued", b.actor.Account)
		b.release <- fmt.Errorf("%w: the directory is broken", pki.ErrUnavailable)
		for {
			select {
			case <-b.begun:
				b.release <- pki.ErrUnavailable
				continue
			default:
			}
			break
		}
		want("suspended")
		for range 2 {
			<-b.begun
			want("again", b.actor.Account)
			b.release <- nil
		}
		if err := b.settle(t.Context()); err != nil {
			t.Error(err)
		}
		want("made")
		b.stop()
	})
}

// TestSlowStart: the first certificate is begun a moment after its order.
func TestSlowStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.delay = slowStart
		start := time.Now()
		b.order(t, "authentication")
		<-b.begun
		if waited := time.Since(start); waited != slowStart {
			t.Errorf("begun after %s", waited)
		}
		b.stop()
	})
}

// TestSettledByGivingUp: settling ends with a certificate that is no longer pending, because its
// order was rejected or its account reset, although none has been made.
func TestSettledByGivingUp(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(t *testing.T, b *bench, order int64){
		"rejected": func(t *testing.T, b *bench, order int64) {
			t.Helper()
			err := b.Update(t.Context(), b.actor.Account, func(r domain.Reader) (changes domain.Changes, err error) {
				_, changes, err = domain.MoveOrder(r, domain.Moments{Now: now(), Base: now()}, domain.OrderMove{ID: order, To: domain.StatusRejected})
				return changes, err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		"reset": func(t *testing.T, b *bench, _ int64) {
			t.Helper()
			if err := b.Reset(t.Context(), b.actor.Account); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				order := b.order(t, "authentication")
				<-b.begun // and is being made for as long as the test lasts
				settled := make(chan error)
				go func() { settled <- b.settle(context.Background()) }()
				synctest.Wait()
				give(t, b, order)
				if err := <-settled; err != nil {
					t.Error(err)
				}
				b.stop()
			})
		})
	}
}

// TestStillPending: settling that ends early says how many certificates are pending, and of which
// orders, a few of them by their ids.
func TestStillPending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for range 22 {
			b.order(t, "authentication")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		err := b.settle(ctx)
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("waited %s", waited)
		}
		const want = "not_settled: 22 certificates are still being made, of the orders 843668399, 843668400, 843668401, " +
			"843668402, 843668403, 843668404, 843668405, 843668406, 843668407, 843668408, 843668409, 843668410, 843668411, 843668412, " +
			"843668413, 843668414, 843668415, 843668416, 843668417, 843668418 and 2 more: context deadline exceeded"
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, &domain.Error{Code: domain.CodeNotSettled}) || err.Error() != want {
			t.Errorf("got %v", err)
		}
		b.stop()
	})
}
