package mockserver

import (
	"context"
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/memory"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// maximums are the caps that options set; zero leaves one to the memory there is.
type maximums struct{ accounts, orders int }

// capacity is how much the server holds, and logs it.
func (c *config) capacity() store.Limits {
	found := memory.Find()
	limits := store.LimitsWithin(found.Room())
	if c.most.accounts > 0 {
		limits.Accounts = c.most.accounts
	}
	if c.most.orders > 0 {
		limits = limits.WithOrders(c.most.orders)
	}
	c.logger.Info("capacity", "accounts", limits.Accounts, "orders", limits.Orders,
		"memory_mib", found.Bytes>>20, "memory_from", string(found.Source))
	return limits
}

// A health tells how the server is.
type health struct{ server *Server }

var _ control.Server = health{}

func (health) Version() string { return Version() }

// CAs tells how far the keys of the CAs are: none, making or ready.
func (h health) CAs() string { return string(h.server.ca.hierarchy.Progress()) }

// Full is the refusal of a server that is full.
func (h health) Full(ctx context.Context) error {
	resource := h.server.store.Full(ctx)
	if resource == "" {
		return nil
	}
	return &domain.Error{Code: domain.CodeCapacity, Message: fmt.Sprintf("full: %s; %s", resource, remedy(resource))}
}

func remedy(resource store.Resource) string {
	if resource == store.Accounts {
		return "every account has been changed, so that none gives way to a new one; reset one, or start the mock with a higher maximum of accounts"
	}
	return "reset an account, or start the mock with a higher maximum of orders"
}
