package mockserver

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// A scoped gives the control API the account of each request, and nothing of the others.
type scoped struct{ server *Server }

var _ control.Account = scoped{}

func (s scoped) View(ctx context.Context, read func(domain.Reader) error) error {
	return s.server.accounts.View(ctx, transport.ActorFrom(ctx).Account, read)
}

func (s scoped) Update(ctx context.Context, decide func(domain.Reader) (domain.Changes, error)) error {
	return s.server.accounts.Update(ctx, transport.ActorFrom(ctx).Account, decide)
}

// Reset puts the account back to its seed. The keys that it handed out are forgotten, the one of the request included
// if it is such a key.
func (s scoped) Reset(ctx context.Context) error {
	account := transport.ActorFrom(ctx).Account
	s.server.logger.InfoContext(ctx, "account reset", "account", shortHash(account))
	defer s.server.issuance.tell()
	return s.server.store.Reset(ctx, account, s.server.seed)
}

func (scoped) NewKey() (string, domain.KeyHash) { return newKey() }

// ID is the account itself.
func (scoped) ID(ctx context.Context) domain.AccountID { return transport.ActorFrom(ctx).Account }

// patience is how long a request waits for certificates to be made.
const patience = 30 * time.Second

// Wait asks again after each certificate that was made, until the answer is yes or the patience is over.
func (s scoped) Wait(ctx context.Context, done func(domain.Reader) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.server.wait(ctx, s.ID(ctx), done)
}

func (s scoped) Now() time.Time { return s.server.now() }
