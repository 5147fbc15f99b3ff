package control_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gencontrol "github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// busy are accounts whose certificates are never made.
type busy struct {
	*store.Memory
	stopping chan error
}

func (busy) Reset(context.Context, domain.AccountID) error { return nil }

func (b busy) Making() []domain.AccountID {
	return []domain.AccountID{"gone", "account", "own"}
}

func (b busy) Wait(ctx context.Context, account domain.AccountID, done func(domain.Reader) (bool, error)) error {
	var settled bool
	err := b.View(ctx, account, func(r domain.Reader) (err error) {
		settled, err = done(r)
		return err
	})
	if err != nil || settled {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-b.stopping:
		return err
	}
}

// TestSettle pins how long settling waits, and that the end of that time is answered with what is
// still pending.
func TestSettle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const account = "account"
		accounts := busy{store.NewMemory(store.DefaultLimits()), make(chan error, 1)}
		seed := domain.Seed(domain.DefaultSettings(), domain.Funds{Unlimited: true}, time.Now())
		seed.Certificates = append(seed.Certificates, domain.Certificate{ID: 1, OrderID: 7, Pending: true})
		if err := accounts.Open(t.Context(), account, func() domain.Changes { return seed }); err != nil {
			t.Fatal(err)
		}
		api := control.New(control.Config{Accounts: accounts, Clock: clock.Shared(time.Now)})
		ctx := domain.WithActor(t.Context(), domain.Actor{Account: account})
		settle := func(timeout *int32) (time.Duration, error) {
			start := time.Now()
			_, err := api.SettleAccount(ctx, gencontrol.SettleAccountRequestObject{Params: gencontrol.SettleAccountParams{Timeout: timeout}})
			return time.Since(start), err
		}
		for _, tc := range []struct {
			timeout *int32
			want    time.Duration
		}{{nil, 30 * time.Second}, {new(int32(7)), 7 * time.Second}, {new(int32(0)), 0}} {
			waited, err := settle(tc.timeout)
			if waited != tc.want || !errors.Is(err, &domain.Error{Code: domain.CodeNotSettled}) || !strings.Contains(err.Error(), "of the order 7; ask again") {
				t.Errorf("waited %s, want %s; answered with %v", waited, tc.want, err)
			}
		}
		stopping := errors.New("stopping")
		accounts.stopping <- stopping
		if waited, err := settle(nil); waited != 0 || !errors.Is(err, stopping) {
			t.Errorf("waited %s while the server stops, and answered with %v", waited, err)
		}
	})
}

// TestServerClockWaits: before the server's clock jumps, the certificates of the accounts that follow it
// are made, for as long as the request says; accounts with a clock of their own are not waited for.
func TestServerClockWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		accounts := busy{store.NewMemory(store.DefaultLimits()), make(chan error, 1)}
		open := func(account domain.AccountID, own, pending bool) {
			seed := domain.Seed(domain.DefaultSettings(), domain.Funds{Unlimited: true}, time.Now())
			if pending {
				seed.Certificates = append(seed.Certificates, domain.Certificate{ID: 1, OrderID: 7, Pending: true})
			}
			if own {
				seed.Settings.Clock = domain.Clock{At: time.Now(), Base: time.Now()}
			}
			if err := accounts.Open(t.Context(), account, func() domain.Changes { return seed }); err != nil {
				t.Fatal(err)
			}
		}
		open("own", true, true)
		source := clock.Shared(time.Now)
		api := control.New(control.Config{Accounts: accounts, Clock: source})
		advance := func(timeout *int32) (waited time.Duration, moved bool, err error) {
			start := time.Now()
			_, err = api.AdvanceServerClock(t.Context(), gencontrol.AdvanceServerClockRequestObject{
				Params: gencontrol.AdvanceServerClockParams{Timeout: timeout}, Body: &gencontrol.ClockAdvanceInput{By: "P1D"},
			})
			return time.Since(start), time.Until(source.ServerNow()) > 0, err
		}
		run := func() error {
			_, err := api.SetServerClock(t.Context(), gencontrol.SetServerClockRequestObject{Body: &gencontrol.ClockInput{Frozen: new(false)}})
			return err
		}
		if waited, moved, err := advance(nil); err != nil || waited != 0 || !moved {
			t.Errorf("without an account that follows: waited %s, moved %v, %v", waited, moved, err)
		}
		if _, err := api.UnsetServerClock(t.Context(), gencontrol.UnsetServerClockRequestObject{}); err != nil {
			t.Fatal(err)
		}
		open("account", false, true)
		for _, tc := range []struct {
			timeout *int32
			want    time.Duration
		}{{nil, 30 * time.Second}, {new(int32(7)), 7 * time.Second}, {new(int32(0)), 0}} {
			waited, moved, err := advance(tc.timeout)
			if waited != tc.want || moved || !errors.Is(err, &domain.Error{Code: domain.CodeNotSettled}) || !strings.Contains(err.Error(), "of the order 7; ask again") {
				t.Errorf("waited %s, want %s; moved %v, answered with %v", waited, tc.want, moved, err)
			}
		}
		if err := run(); err != nil {
			t.Errorf("a change that does not jump: %v", err)
		}
	})
}

// TestHealth pins the answers of a server that takes orders, and of a full one.
func TestHealth(t *testing.T) {
	t.Parallel()
	full := store.Resource("")
	api := control.New(control.Config{Version: "v1", PKI: fresh{}, Full: func(context.Context) store.Resource { return full }})
	answer, err := api.GetHealth(t.Context(), gencontrol.GetHealthRequestObject{})
	if got, ok := answer.(gencontrol.GetHealth200JSONResponse); err != nil || !ok || got.Version != "v1" || got.Cas != "none" || got.Status != "ok" {
		t.Errorf("%v, %+v", err, answer)
	}
	for resource, want := range map[store.Resource]string{store.Accounts: "higher maximum of accounts", store.Orders: "higher maximum of orders"} {
		full = resource
		if _, err := api.GetHealth(t.Context(), gencontrol.GetHealthRequestObject{}); !errors.Is(err, &domain.Error{Code: domain.CodeCapacity}) || !strings.Contains(err.Error(), want) {
			t.Errorf("full of %s: %v", resource, err)
		}
	}
}

// fresh is the certificate authority of a server that has made nothing.
type fresh struct{ control.PKI }

func (fresh) Progress() string { return "none" }
