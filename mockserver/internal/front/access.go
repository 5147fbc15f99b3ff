package front

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// An access decides which requests an API key lets through.
type access struct {
	store   store.Store
	seed    func(domain.AccountID) domain.Changes
	keys    Keyring
	limiter *limit.Limiter
	clock   *clock.Clock
	errors  *envelope.Writer
}

// admit puts a request through the stages that depend on its API key: the account and the user of
// the key, their roles, and the rate limit. It returns the request with its actor in the context,
// or answers it and returns false.
func (a *access) admit(w http.ResponseWriter, r *http.Request, op *contract.Operation) (*http.Request, bool) {
	key := r.Header.Get(contract.KeyHeader)
	if !validKey(key) {
		envelope.WriteErrors(w, http.StatusForbidden, envelope.InvalidKey())
		return nil, false
	}
	hash := HashKey(key)
	actor, known, err := a.identify(r.Context(), key, hash)
	switch {
	case err != nil:
		a.errors.WriteError(w, r, err)
		return nil, false
	case !known:
		envelope.WriteErrors(w, http.StatusForbidden, envelope.InvalidKey())
		return nil, false
	}
	exchangeOf(w).admit(actor, a.clock.Now(actor.Account))
	settings := a.enter(w, r, actor.Account)
	switch {
	case !permits(op, actor):
		a.errors.WriteError(w, r, domain.MissingPermission())
	case !a.withinLimits(settings, op, actor.Account, hash):
		// The code and the message are documented. So is that there is nothing more, such as
		// Retry-After (D-55).
		envelope.WriteErrors(w, http.StatusTooManyRequests, api.ErrorReason{
			Code: "request_limit_exceeded", Message: "Service unavailable, please limit request volume",
		})
	default:
		return r.WithContext(domain.WithActor(r.Context(), actor)), true
	}
	return nil, false
}

// enter notes a call of an account, and returns its settings. Where the clock of the account is frozen,
// a header of every answer says so: no window moves.
func (a *access) enter(w http.ResponseWriter, r *http.Request, account domain.AccountID) domain.Settings {
	settings, _ := a.store.Enter(r.Context(), account, a.clock.ServerNow())
	if a.clock.Frozen(settings.Clock) {
		w.Header().Set(clockHeader, "frozen at "+a.clock.Of(settings.Clock).UTC().Format(time.RFC3339))
	}
	return settings
}

// withinLimits tells whether the limits of an account let a request through, by the clock of the account (D-55).
func (a *access) withinLimits(settings domain.Settings, op *contract.Operation, account domain.AccountID, hash domain.KeyHash) bool {
	return len(settings.RateLimit) == 0 || !op.Declares(http.StatusTooManyRequests) ||
		a.limiter.Allow(account, hash, a.clock.Of(settings.Clock), settings.RateLimit)
}

// clockHeader says that the clock of the account is frozen (D-84).
const clockHeader = "X-Mock-Clock"

// identify finds the actor of an API key. A key that an account handed out acts as its user, even
// where the list of keys is closed. Every other key opens the account of its own hash, as the
// account's first administrator.
func (a *access) identify(ctx context.Context, key string, hash domain.KeyHash) (actor domain.Actor, known bool, err error) {
	if owner, handedOut := a.store.Owner(ctx, hash); handedOut {
		err = a.store.View(ctx, owner.Account, func(r domain.Reader) error {
			actor, known = domain.ActorOf(r, owner.Account, owner.Key)
			return nil
		})
		if errors.Is(err, store.ErrNotOpen) { // the account has been reset and evicted since, and the key is forgotten
			err = nil
		}
		return actor, known, err
	}
	if !a.keys.opens(key, hash) {
		return actor, false, nil
	}
	actor = domain.Actor{Account: domain.AccountID(hash), UserID: domain.SeedAdministrator, Role: domain.Administrator()}
	return actor, true, a.store.Open(ctx, actor.Account, func() domain.Changes { return a.seed(actor.Account) })
}

// tolerates tells whether the account of a request also takes the forms that the contract tolerates
// (D-80). An operation that needs no key has no account.
func (a *access) tolerates(ctx context.Context) bool {
	actor := domain.ActorFrom(ctx)
	if actor.Account == "" {
		return false
	}
	settings, open := a.store.Settings(ctx, actor.Account)
	if !open { // evicted while the body was read; the handler opens it again, with its seed
		settings = *a.seed(actor.Account).Settings
	}
	return settings.Tolerance == domain.ToleranceOn
}

// permits tells whether the contract lets an actor call an operation (D-56). A key of role zero is
// not limited.
func permits(op *contract.Operation, actor domain.Actor) bool {
	return (actor.KeyRole == 0 || op.KeyRoles == nil || slices.Contains(op.KeyRoles, int64(actor.KeyRole))) &&
		(op.AccessRoles == nil || slices.Contains(op.AccessRoles, actor.Role.Name))
}
