package issuance

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
)

// setClock sets the clock of the account.
func (b *bench) setClock(t *testing.T, at time.Time) {
	t.Helper()
	err := b.Update(t.Context(), b.actor.Account, func(r domain.Reader) (domain.Changes, error) {
		return domain.MoveClock(r, b.source.Moments(r), domain.ClockChange{At: &at}.Apply)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClockSetBackWhileMaking: a certificate that would begin in the future is made again. One whose
// making was overtaken by the clock is kept.
func TestClockSetBackWhileMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		order := b.order(t, "authentication")
		<-b.begun
		b.setClock(t, now().Add(-time.Hour))
		b.release <- nil
		<-b.begun // again
		b.setClock(t, now().AddDate(0, 1, 0))
		b.release <- nil
		if err := b.settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := b.View(t.Context(), b.actor.Account, func(r domain.Reader) error {
			certificate, err := domain.FindIssued(r, 845503702)
			if err == nil && !certificate.Material.NotBefore.Equal(now().Add(-time.Hour)) {
				t.Errorf("it begins at %s", certificate.Material.NotBefore)
			}
			return err
		})
		if got := b.status(t, order); err != nil || got != domain.StatusIssued {
			t.Errorf("%v, %s", err, got)
		}
		b.stop()
	})
}

// TestFrozenPause: the pause after the CAs could not be had ends when the server's clock has passed
// it, and not while that clock is frozen, which the refusal to wait says.
func TestFrozenPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		if err := b.source.Move(domain.ClockChange{Frozen: new(true)}.Apply); err != nil {
			t.Fatal(err)
		}
		b.order(t, "authentication")
		<-b.begun
		b.release <- fmt.Errorf("%w: the directory is broken", pki.ErrUnavailable)
		time.Sleep(time.Hour)
		select {
		case <-b.begun:
			t.Fatal("tried again while the clock was frozen")
		default:
		}
		if err := b.settle(t.Context()); !errors.Is(err, pki.ErrUnavailable) || !strings.Contains(err.Error(), "frozen") {
			t.Errorf("settle: %v", err)
		}
		if err := b.source.Move(domain.Period{Rest: time.Second}.Advance); err != nil {
			t.Fatal(err)
		}
		<-b.begun
		b.release <- nil
		if err := b.settle(t.Context()); err != nil {
			t.Error(err)
		}
		b.stop()
	})
}
