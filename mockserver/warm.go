package mockserver

import (
	"context"
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// WithWarmCA has the keys of the CAs made in the background as soon as [New] returns, and then keeps two keys for people
// spare, so that the first certificate is there at once. One processor makes them, and no key is begun while orders wait
// for certificates. The command does so. Without this option nothing is made before the first order: a test that needs
// no certificate pays for none. [Server.Close] ends it.
func WithWarmCA() Option {
	return func(c *config) error {
		c.warm = true
		return nil
	}
}

// WaitForCAs waits until the CAs of the server have their keys, which it has made first where [WithWarmCA] has not, and
// until a server that listens has their certificates. The error is that of ctx when it ends first, or says why they cannot
// be had, or that the server is being stopped.
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
		err = envelope.ErrStopping
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
