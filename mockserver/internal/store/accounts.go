package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// An Account is one of the accounts of a store, as a list shows it.
type Account struct {
	ID       domain.AccountID
	Name     string    // the shortest beginning of the id that no other account has, of eight digits at least
	Opened   time.Time // when it was opened, with its first call or without one
	LastCall time.Time // zero before the first call
	Orders   int
}

// shortName is the length of the shortest name of an account, which log lines have too.
const shortName = 8

// Enter implements [Store].
func (m *Memory) Enter(_ context.Context, account domain.AccountID, at time.Time) (settings domain.Settings, open bool) {
	a := m.lookup(account)
	if a == nil {
		return settings, false
	}
	now := at.UnixNano()
	a.opened.CompareAndSwap(0, now)
	a.lastCall.Store(now)
	return *a.settings.Load(), true
}

// Settings implements [Store].
func (m *Memory) Settings(_ context.Context, account domain.AccountID) (settings domain.Settings, open bool) {
	a := m.lookup(account)
	if a == nil {
		return settings, false
	}
	return *a.settings.Load(), true
}

// lookup returns an account, and does not count as a use of it.
func (m *Memory) lookup(account domain.AccountID) *memoryAccount {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.accounts[account]
}

// Accounts implements [Store].
func (m *Memory) Accounts(_ context.Context, page domain.Page) ([]Account, int) {
	m.mu.RLock()
	found := make(map[domain.AccountID]*memoryAccount, len(m.accounts))
	all := make([]Account, 0, len(m.accounts))
	for id, a := range m.accounts {
		found[id] = a
		all = append(all, Account{ID: id, Opened: instant(a.opened.Load()), LastCall: instant(a.lastCall.Load())})
	}
	m.mu.RUnlock()
	nameAccounts(all)
	slices.SortFunc(all, func(a, b Account) int { return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID)) })
	shown := onPage(all, page)
	for i := range shown { // without the lock of the store, since a transaction may take it while it has that of its account
		a := found[shown[i].ID]
		a.mu.RLock()
		shown[i].Orders = len(a.state.orders)
		a.mu.RUnlock()
	}
	return shown, len(all)
}

// nameAccounts sorts accounts by their ids, and names them.
func nameAccounts(all []Account) {
	slices.SortFunc(all, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	for i := range all {
		n := shortName
		if i > 0 {
			n = max(n, common(all[i].ID, all[i-1].ID)+1)
		}
		if i+1 < len(all) {
			n = max(n, common(all[i].ID, all[i+1].ID)+1)
		}
		all[i].Name = string(all[i].ID[:min(n, len(all[i].ID))])
	}
}

// common is the length of the beginning that two ids share.
func common(a, b domain.AccountID) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func instant(nanoseconds int64) time.Time {
	if nanoseconds == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanoseconds).UTC()
}

// Named implements [Store].
func (m *Memory) Named(_ context.Context, name string) (found domain.AccountID, matches int) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for id := range m.accounts {
		if strings.HasPrefix(string(id), name) {
			found = id
			matches++
		}
	}
	return found, matches
}

// Create implements [Store].
func (m *Memory) Create(_ context.Context, account domain.AccountID, at time.Time, seed func() domain.Changes) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.accounts) >= m.limits.Accounts && !m.evict() {
		return capacityError(m.limits.Accounts, "accounts", remedy)
	}
	contents := seed()
	a := &memoryAccount{state: newState(contents), seed: seed}
	a.publish()
	a.opened.Store(at.UnixNano())
	a.phase.Store(phaseChanged) // so that its keys last
	m.orders.Add(int64(len(a.state.orders)))
	m.accounts[account] = a
	m.handOut(account, contents.Keys)
	return nil
}

// handOut notes the keys of an account. The lock must be held.
func (m *Memory) handOut(account domain.AccountID, keys []domain.Key) {
	for _, key := range keys {
		m.keys[key.Hash] = KeyOwner{Account: account, Key: key}
	}
}

// Remove implements [Store].
func (m *Memory) Remove(_ context.Context, account domain.AccountID) bool {
	a := m.lookup(account)
	if a == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch phase := a.phase.Swap(phaseEvicted); phase {
	case phaseEvicted:
		return false
	case phaseUnchanged:
		m.unchanged.Add(-1)
	}
	m.orders.Add(-int64(len(a.state.orders)))
	m.bytes.Add(-a.state.bytes)
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range a.state.keys {
		delete(m.keys, key)
	}
	delete(m.accounts, account)
	m.lost(account, false)
	return true
}
