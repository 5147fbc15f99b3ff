package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// An idleAccount is an account that could be evicted when the list that it stands in was made.
type idleAccount struct {
	id      domain.AccountID
	account *memoryAccount
	used    uint64 // the value of memoryAccount.used then
}

// change marks an account as changed, so that it stays. It is false for an account that has been evicted.
func (m *Memory) change(a *memoryAccount) bool {
	if a.phase.CompareAndSwap(phaseUnchanged, phaseChanged) {
		m.unchanged.Add(-1)
		return true
	}
	return a.phase.Load() == phaseChanged
}

// evict removes the account that is idle for longest among those that nothing has ever changed, and tells whether there
// was one. A later request opens it again, as if for the first time. The lock must be held.
//
// The list of idle accounts is made once for many evictions: an account that is not in it, or that was used after the
// list was made, was used later than every account that was not.
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
			return true
		}
		m.idle = nil // with it, the accounts that it held
		if listed || m.unchanged.Load() <= 0 {
			return false
		}
		m.findIdle()
	}
}

// findIdle lists the accounts that can be evicted, the one that is idle for longest first. The lock must be held.
func (m *Memory) findIdle() {
	for id, a := range m.accounts {
		if a.phase.Load() == phaseUnchanged {
			m.idle = append(m.idle, idleAccount{id, a, a.used.Load()})
		}
	}
	slices.SortFunc(m.idle, func(a, b idleAccount) int { return cmp.Compare(a.used, b.used) })
}
