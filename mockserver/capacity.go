package mockserver

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/memory"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

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
