package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// An idleAccount is an entry in the list of accounts that can be evicted.
type idleAccount struct {
	id      domain.AccountID
	account *memoryAccount
	used    uint64 // the value of memoryAccount.used when the list was made
}

// markChanged marks an account as changed, so that it is never evicted. It returns false for an
// account that has been evicted already.
func (m *Memory) markChanged(a *memoryAccount) bool {
	if a.phase.CompareAndSwap(phaseUnchanged, phaseChanged) {
		m.unchanged.Add(-1)
		return true
	}
	return a.phase.Load() == phaseChanged
}

// evict removes the unchanged account that has been idle for longest, and tells whether there was
// one. A later request opens it again with a new seed. The lock must be held.
//
// The list of idle accounts is made once for many evictions: accounts that were opened or used
// after the list was made have not been idle for as long as the others in it.
func (m *Memory) evict() bool {
	for listed := false; ; listed = true {
		for len(m.idle) > 0 {
			next := m.idle[0]
			m.idle = m.idle[1:]
			if next.account.used.Load() != next.used || !next.account.phase.CompareAndSwap(phaseUnchanged, phaseEvicted) {
				continue
			}
			m.unchanged.Add(-1)
			m.orders.Add(-int64(len(next.account.state.orders)))
			delete(m.accounts, next.id)
			m.lost(next.id, false)
			return true
		}
		m.idle = nil // so that the memory of the evicted accounts is freed
		if listed || m.unchanged.Load() <= 0 {
			return false
		}
		m.findIdle()
	}
}

// findIdle lists the accounts that can be evicted, the one that has been idle for longest first.
// The lock must be held.
func (m *Memory) findIdle() {
	for id, a := range m.accounts {
		if a.phase.Load() == phaseUnchanged {
			m.idle = append(m.idle, idleAccount{id, a, a.used.Load()})
		}
	}
	slices.SortFunc(m.idle, func(a, b idleAccount) int { return cmp.Compare(a.used, b.used) })
}
