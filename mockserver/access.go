package mockserver

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// admit puts a request through the stages that depend on its key: whose key it is, what that may do, and how much of
// it. It returns the request with who sends it, or answers it and returns false.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, op *contract.Operation) (*http.Request, bool) {
	key := r.Header.Get(keyHeader)
	if !validKey(key) {
		transport.WriteErrors(w, http.StatusForbidden, transport.InvalidKey())
		return nil, false
	}
	hash := hashKey(key)
	actor, known, err := s.identify(r.Context(), key, hash)
	if err == nil && known {
		exchangeOf(w).admit(actor.Account)
	}
	switch {
	case err != nil:
		transport.WriteError(r.Context(), s.logger, w, err)
	case !known:
		transport.WriteErrors(w, http.StatusForbidden, transport.InvalidKey())
	case !permits(op, actor):
		transport.WriteError(r.Context(), s.logger, w, domain.MissingPermission())
	case s.limiter != nil && op.Declares(http.StatusTooManyRequests) && !s.limiter.Allow(string(hash)):
		// The code and the message are documented. So is that there is nothing more, such as Retry-After (D-55).
		transport.WriteErrors(w, http.StatusTooManyRequests, api.ErrorReason{
			Code: "request_limit_exceeded", Message: "Service unavailable, please limit request volume",
		})
	default:
		return r.WithContext(transport.WithActor(r.Context(), actor)), true
	}
	return nil, false
}

// identify finds out who sends a key. A key that an account handed out comes first: it acts as its user, however the
// list of keys is closed. Any other opens the account that it names, as the account's first administrator.
func (s *Server) identify(ctx context.Context, key string, hash domain.KeyHash) (actor domain.Actor, known bool, err error) {
	if owner, handedOut := s.store.Owner(ctx, hash); handedOut {
		err = s.store.View(ctx, owner.Account, func(r domain.Reader) error {
			actor, known = domain.ActorOf(r, owner.Account, owner.Key)
			return nil
		})
		if errors.Is(err, store.ErrNotOpen) { // the account has been reset and evicted since, and the key is forgotten
			err = nil
		}
		return actor, known, err
	}
	if !s.keys.opens(key, hash) {
		return actor, false, nil
	}
	actor = domain.Actor{Account: domain.AccountID(hash), UserID: domain.SeedAdministrator, Role: domain.Administrator()}
	return actor, true, s.store.Open(ctx, actor.Account, s.seed)
}

// permits tells whether the contract lets somebody call an operation (D-56). A key of role zero is not limited.
func permits(op *contract.Operation, actor domain.Actor) bool {
	return (actor.KeyRole == 0 || op.KeyRoles == nil || slices.Contains(op.KeyRoles, int64(actor.KeyRole))) &&
		(op.AccessRoles == nil || slices.Contains(op.AccessRoles, actor.Role.Name))
}
