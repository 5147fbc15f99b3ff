package issuance

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// errStopping stands for the cause with which a server stops.
var errStopping = errors.New("stopping")

// A bench is an Issuance with an account, whose certificates are made one step at a time.
type bench struct {
	*Issuance
	hierarchy *ca.Hierarchy
	store     *store.Memory
	source    *clock.Clock
	log       *bytes.Buffer
	begun     chan domain.IssuanceJob // that is being made
	release   chan error              // what comes of it; nil for a certificate
	cancel    context.CancelCauseFunc
	actor     domain.Actor
}

func now() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{
		log: &bytes.Buffer{}, begun: make(chan domain.IssuanceJob), release: make(chan error), store: store.NewMemory(store.DefaultLimits()),
		actor: domain.Actor{Account: "account-of-the-test", UserID: domain.SeedAdministrator, Role: domain.Administrator()},
	}
	var err error
	if b.hierarchy, err = ca.New(now, ca.Paths{Files: "/ca/", OCSP: "/ocsp"}, ca.WithCAKey(ca.P256)); err != nil {
		t.Fatal(err)
	}
	source := clock.New(now, time.Time{}, nil) // of the server; accounts have theirs in the store
	b.source = source
	logger := slog.New(slog.NewTextHandler(b.log, nil))
	var ctx context.Context
	ctx, b.cancel = context.WithCancelCause(t.Context())
	b.Issuance = New(ctx, Config{
		Store: b.store, PKI: pki.New(b.hierarchy, "", ca.P256, source, logger), Clock: source, Logger: logger,
		Seed: func(domain.AccountID) domain.Changes {
			return domain.Seed(domain.DefaultSettings(), domain.Funds{Unlimited: true}, source.ServerNow())
		},
	})
	really := b.make
	b.make = func(ctx context.Context, permit *ca.Permit, a domain.IssuanceJob, begins time.Time) (domain.IssuedMaterial, []byte, error) {
		var err error
		select {
		case b.begun <- a:
		case <-ctx.Done():
			return domain.IssuedMaterial{}, nil, ctx.Err()
		}
		select {
		case err = <-b.release:
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			return domain.IssuedMaterial{}, nil, err
		}
		return really(ctx, permit, a, begins)
	}
	if err := b.store.Open(t.Context(), b.actor.Account, b.seedOf(b.actor.Account)); err != nil {
		t.Fatal(err)
	}
	return b
}

// stop ends the Issuance, as a server that stops does.
func (b *bench) stop() {
	b.cancel(errStopping)
	b.Stop()
}

func (b *bench) settle(ctx context.Context) error {
	return b.Settle(ctx, domain.KeyHash(b.actor.Account))
}

// order places an order, and returns its id.
func (b *bench) order(t *testing.T, usage string) int64 {
	t.Helper()
	in := domain.OrderRequest{
		ProfileOption: usage, IndividualID: new(int64(domain.SeedIndividual)), OrganizationID: new(int64(domain.SeedOrganization)),
		Contacts: []domain.ContactInput{{Type: domain.VerifiedContactType, PersonInput: domain.PersonInput{UserID: new(int64(domain.SeedAdministrator))}}},
		Shipping: domain.Shipping{Name: "John", Addr1: "A", City: "C", State: "S", Zip: "Z", Country: "nl", Method: "STANDARD"},
		Payment:  domain.Payment{Method: domain.PayByBalance},
	}
	var placed domain.Placed
	err := b.Update(t.Context(), b.actor.Account, func(r domain.Reader) (changes domain.Changes, err error) {
		placed, changes, err = domain.PlaceOrder(r, b.actor, now(), in)
		return changes, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return placed.OrderID
}

func (b *bench) status(t *testing.T, id int64) domain.Status {
	t.Helper()
	var order domain.Order
	err := b.View(t.Context(), b.actor.Account, func(r domain.Reader) (err error) {
		order, err = domain.FindOrder(r, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return order.Status
}
