// Package transport implements the generated server: it converts requests into calls of use cases
// of the domain, and their results into answers.
package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Prefix is the prefix of the vendor's API.
const Prefix = "/services/v2"

// Accounts are the functions of the store that requests need.
type Accounts interface {
	View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error
	Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error
}

// PKI are the functions of the certificate authority that requests need.
type PKI interface {
	// Chain returns the CA with this name and its issuers, the root last.
	Chain(ctx context.Context, name string) ([]domain.Authority, error)
	// Authorities returns every CA, each after its issuer.
	Authorities(ctx context.Context) ([]domain.Authority, error)
	// PublicKey reads a PKCS#10 request and returns the SubjectPublicKeyInfo of its key. Member is
	// the member of the body with the request, for the path of a refusal.
	PublicKey(member, csr string) ([]byte, error)
}

// API serves the vendor's operations.
type API struct {
	accounts Accounts
	pki      PKI
	clock    clock.Source
	newKey   KeySource
	mountain *time.Location // of the dates of status changes (D-58)
}

// A KeySource makes a random API key, and its hash. Only one answer contains the key itself.
type KeySource func() (key string, hash domain.KeyHash)

var _ server.StrictServerInterface = (*API)(nil)

// New returns the vendor's operations on accounts. The keys of service users come from newKey.
func New(accounts Accounts, pki PKI, source clock.Source, newKey KeySource) *API {
	return &API{accounts: accounts, pki: pki, clock: source, newKey: newKey, mountain: mountainTime()}
}

// now is the time in the account of a transaction.
func (a *API) now(r domain.Reader) time.Time { return a.clock.In(r) }

func (a *API) view(ctx context.Context, read func(domain.Reader, domain.Actor) error) error {
	actor := domain.ActorFrom(ctx)
	return a.accounts.View(ctx, actor.Account, func(r domain.Reader) error { return read(r, actor) })
}

func (a *API) update(ctx context.Context, decide func(domain.Reader, domain.Actor) (domain.Changes, error)) error {
	actor := domain.ActorFrom(ctx)
	return a.accounts.Update(ctx, actor.Account, func(r domain.Reader) (domain.Changes, error) { return decide(r, actor) })
}

// timestamp returns a time in the form of the vendor, in UTC with a numeric offset
// (certcentral-facts 1.6).
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// optional returns nil for the zero value, so that an unknown member is left out of an answer, not
// null.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

func value[T any](pointer *T) T {
	if pointer == nil {
		var zero T
		return zero
	}
	return *pointer
}
