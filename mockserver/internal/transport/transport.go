// Package transport implements the generated server: it turns requests into use cases of the domain, and what they
// return into replies.
package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Prefix is the prefix of the vendor's API.
const Prefix = "/services/v2"

// Accounts is the store, as far as requests need it.
type Accounts interface {
	View(ctx context.Context, account domain.AccountID, read func(domain.Reader) error) error
	Update(ctx context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error
}

// PKI is the certificate authority, as far as requests need it.
type PKI interface {
	// Chain returns the CA of this name and the ones above it, the root last.
	Chain(ctx context.Context, name string) ([]domain.Authority, error)
	// Authorities returns every CA, each after its issuer.
	Authorities(ctx context.Context) ([]domain.Authority, error)
	// PublicKey reads a PKCS#10 request and returns the SubjectPublicKeyInfo of its key. A refusal names the member of the
	// body that the request stands in.
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

// A KeySource makes an API key that nobody can guess, and its hash. The key itself goes nowhere but into one answer.
type KeySource func() (key string, hash domain.KeyHash)

var _ server.StrictServerInterface = (*API)(nil)

// New returns the vendor's operations on accounts. The keys of service users come from newKey.
func New(accounts Accounts, pki PKI, source clock.Source, newKey KeySource) *API {
	return &API{accounts: accounts, pki: pki, clock: source, newKey: newKey, mountain: mountainTime()}
}

// now is the time in the account of the request.
func (a *API) now(ctx context.Context) time.Time { return a.clock.Now(domain.ActorFrom(ctx).Account) }

func (a *API) view(ctx context.Context, read func(domain.Reader, domain.Actor) error) error {
	actor := domain.ActorFrom(ctx)
	return a.accounts.View(ctx, actor.Account, func(r domain.Reader) error { return read(r, actor) })
}

func (a *API) update(ctx context.Context, decide func(domain.Reader, domain.Actor) (domain.Changes, error)) error {
	actor := domain.ActorFrom(ctx)
	return a.accounts.Update(ctx, actor.Account, func(r domain.Reader) (domain.Changes, error) { return decide(r, actor) })
}

// The bounds of a page when the request names none (D-39).
const defaultLimit = 1000

func pageFrom(limit *api.Limit, offset *api.Offset) domain.Page {
	page := domain.Page{Limit: defaultLimit}
	if limit != nil {
		page.Limit = int(*limit)
	}
	if offset != nil {
		page.Offset = int(*offset)
	}
	return page
}

func pageOut(page domain.Page, total int) api.Page {
	return api.Page{Limit: int32(page.Limit), Offset: int64(page.Offset), Total: int64(total)} //nolint:gosec // the contract bounds the limit at 1000
}

// timestamp writes a time as the vendor does, in UTC with a numeric offset (certcentral-facts 1.6).
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// optional is nil for the zero value: what is not known is left out of a reply, not null.
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
