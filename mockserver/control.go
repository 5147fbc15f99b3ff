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
	return s.server.store.Reset(ctx, account, s.server.seed)
}

func (scoped) NewKey() (string, domain.KeyHash) { return newKey() }

// ID is the account itself.
func (scoped) ID(ctx context.Context) domain.AccountID { return transport.ActorFrom(ctx).Account }

// Progress is closed when a certificate has been made, of whatever account.
func (s scoped) Progress() <-chan struct{} { return s.server.issuance.changed() }

func (s scoped) Now() time.Time { return s.server.now() }
