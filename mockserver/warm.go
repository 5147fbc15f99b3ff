package mockserver

import (
	"context"
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// WithWarmCA makes the keys of the CAs in the background as soon as [New] returns, and then keeps two spare keys for
// certificates of people, so that the first certificate is issued at once. One processor makes the keys, and no key is
// begun while orders wait for certificates. The command uses this option. Without it the server makes no key before the
// first order, so that a test without certificates does not pay for keys. [Server.Close] ends the work.
func WithWarmCA() Option {
	return func(c *config) error {
		c.warm = true
		return nil
	}
}

// WaitForCAs makes the keys of the CAs, unless [WithWarmCA] has made them, and waits until they are there. On a server that
// listens it also waits for the certificates of the CAs. The error is that of ctx when ctx ends first, or says why the keys
// cannot be made, or that the server is being stopped.
func (s *Server) WaitForCAs(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.issuance.ctx, cancel)() //nolint:contextcheck // The other context that ends the waiting: that of Close.
	err := s.ca.hierarchy.Prepare(waiting)
	if err == nil && s.URL() != "" {
		// Before it listens, the server doesn't know the address that the certificates are to name.
		_, err = s.pki.Authorities(waiting)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case s.issuance.ctx.Err() != nil:
		err = transport.ErrStopping
	}
	return fmt.Errorf("mockserver: wait for the CAs: %w", err)
}

// warm makes keys before they are needed, until the server is closed.
func (i *issuance) warm() {
	i.workers.Go(func() {
		authority := i.server.ca.hierarchy
		if err := authority.Warm(i.ctx, i.server.tokenKey); err != nil {
			i.server.logger.Error("the CAs cannot be had; an order tries again", "error", err)
		}
	})
}
