package mockserver

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/memory"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// capacity is how much the server holds, and logs it. The journal has its share of the memory.
func (c *config) capacity() (store.Limits, journal.Limits) {
	found := memory.Find()
	room, calls := found.Room(), journal.Limits{}
	if c.journal {
		calls = journal.LimitsWithin(room)
		room -= calls.Total
	}
	limits := store.LimitsWithin(room)
	if c.most.accounts > 0 {
		limits.Accounts = c.most.accounts
	}
	if c.most.orders > 0 {
		limits = limits.WithOrders(c.most.orders)
	}
	c.logger.Info("capacity", "accounts", limits.Accounts, "orders", limits.Orders,
		"journal_mib", calls.Total>>20, "memory_mib", found.Bytes>>20, "memory_from", string(found.Source))
	return limits, calls
}
