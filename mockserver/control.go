package mockserver

import (
	"context"
	"errors"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A scoped gives the control API the account of each request, and nothing of the others.
type scoped struct{ server *Server }

var _ control.Account = scoped{}

func (s scoped) View(ctx context.Context, read func(domain.Reader) error) error {
	return s.server.accounts.View(ctx, domain.ActorFrom(ctx).Account, read)
}

func (s scoped) Update(ctx context.Context, decide func(domain.Reader) (domain.Changes, error)) error {
	return s.server.accounts.Update(ctx, domain.ActorFrom(ctx).Account, decide)
}

// Reset puts the account back to its seed. The keys that it handed out are forgotten, the one of the request included
// if it is such a key.
func (s scoped) Reset(ctx context.Context) error {
	account := domain.ActorFrom(ctx).Account
	s.server.logger.InfoContext(ctx, "account reset", "account", account.Short())
	defer s.server.issuance.tell()
	return s.server.store.Reset(ctx, account, s.server.seed)
}

func (scoped) NewKey() (string, domain.KeyHash) { return newKey() }

// ID is the account itself.
func (scoped) ID(ctx context.Context) domain.AccountID { return domain.ActorFrom(ctx).Account }

// Wait asks again after each certificate that was made, until the answer is yes or the time is up, which is no error.
func (s scoped) Wait(ctx context.Context, limit time.Duration, done func(domain.Reader) (bool, error)) error {
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := s.server.wait(waiting, s.ID(ctx), done)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (s scoped) Now() time.Time { return s.server.now() }
