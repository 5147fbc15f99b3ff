package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Memory keeps accounts in memory, each behind a lock of its own.
type Memory struct {
	limits    Limits
	lost      func(account domain.AccountID, reset bool) // see [Memory.OnLoss]
	orders    atomic.Int64                               // of all accounts together
	bytes     atomic.Int64                               // that all accounts together hold, as [state.growth] estimates them
	unchanged atomic.Int64                               // accounts that can be evicted
	uses      atomic.Uint64                              // how often accounts that can be evicted were used, to find the idle ones

	mu       sync.RWMutex
	accounts map[domain.AccountID]*memoryAccount
	idle     []idleAccount // see evict
	keys     map[domain.KeyHash]KeyOwner
}

type memoryAccount struct {
	phase atomic.Int32
	used  atomic.Uint64 // the value of Memory.uses when an unchanged account was last used
	// settings are those of the state, for readers that do not wait for the lock.
	settings atomic.Pointer[domain.Settings]
	opened   atomic.Int64          // in nanoseconds since 1970; zero before the first call
	lastCall atomic.Int64          // the same
	seed     func() domain.Changes // of an account that was created; nil for one that a key has opened
	mu       sync.RWMutex
	state    *state
}

// publish shows the settings of the state. The lock must be held, or the account be new.
func (a *memoryAccount) publish() {
	settings := a.state.settings
	a.settings.Store(&settings)
}

// The phases of an account. Every step from one to another is atomic, so that an eviction and the
// first change of an account exclude each other although they hold different locks.
const (
	phaseUnchanged int32 = iota // as it was seeded: it can be evicted
	phaseChanged
	phaseEvicted // final; transactions under way may still read it
)

// NewMemory returns an empty store.
func NewMemory(limits Limits) *Memory {
	return &Memory{limits: limits, lost: func(domain.AccountID, bool) {}, accounts: map[domain.AccountID]*memoryAccount{}, keys: map[domain.KeyHash]KeyOwner{}}
}

// OnLoss has a function called for each account that has been evicted or removed or, with reset, put back to
// its seed. It must not use the store. OnLoss is called before the store is used.
func (m *Memory) OnLoss(call func(account domain.AccountID, reset bool)) { m.lost = call }

// Owner implements [Store].
func (m *Memory) Owner(_ context.Context, key domain.KeyHash) (KeyOwner, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	owner, there := m.keys[key]
	return owner, there
}

// ErrNotOpen is the error for an account that was never opened, or that was evicted.
var ErrNotOpen = errors.New("store: the account has not been opened")

// find returns an account, and notes that it is used.
func (m *Memory) find(account domain.AccountID) *memoryAccount {
	m.mu.RLock()
	defer m.mu.RUnlock()
	a := m.accounts[account]
	if a != nil {
		m.markUsed(a)
	}
	return a
}

// markUsed notes that an account is used. It counts only accounts that can be evicted, so that
// requests for other accounts write to no memory that they share.
func (m *Memory) markUsed(a *memoryAccount) {
	if a.phase.Load() == phaseUnchanged {
		a.used.Store(m.uses.Add(1))
	}
}

// Open implements [Store].
func (m *Memory) Open(_ context.Context, account domain.AccountID, seed func() domain.Changes) error {
	if m.find(account) != nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.accounts[account] != nil {
		return nil
	}
	if len(m.accounts) >= m.limits.Accounts && !m.evict() {
		return capacityError(m.limits.Accounts, "accounts", remedy)
	}
	a := &memoryAccount{state: newState(seed())}
	a.publish()
	m.orders.Add(int64(len(a.state.orders)))
	m.unchanged.Add(1)
	m.markUsed(a)
	m.accounts[account] = a
	return nil
}

// Reset implements [Store].
func (m *Memory) Reset(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error {
	for {
		if err := m.Open(ctx, account, seed); err != nil {
			return err
		}
		if a := m.find(account); a != nil && m.reset(account, a, seed) {
			m.lost(account, true)
			return nil
		}
		// The account was evicted after it was opened. The next round opens it again.
	}
}

// reset puts an account back to its seed. It returns false for an account that has been evicted.
func (m *Memory) reset(account domain.AccountID, a *memoryAccount, seed func() domain.Changes) bool {
	if a.seed != nil {
		seed = a.seed
	}
	contents := seed()
	fresh := newState(contents)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !m.markChanged(a) { // so that it is not evicted while it is being reset
		return false
	}
	m.orders.Add(int64(len(fresh.orders) - len(a.state.orders)))
	m.bytes.Add(-a.state.bytes)
	m.mu.Lock()
	for key := range a.state.keys {
		delete(m.keys, key)
	}
	m.handOut(account, contents.Keys)
	m.mu.Unlock()
	a.state = fresh
	a.publish()
	if a.seed != nil {
		return true // and the account stays, with its keys
	}
	a.used.Store(m.uses.Add(1))
	a.phase.Store(phaseUnchanged)
	m.unchanged.Add(1)
	return true
}

// Keep implements [Store].
func (m *Memory) Keep(_ context.Context, account domain.AccountID) error {
	if a := m.find(account); a == nil || !m.markChanged(a) {
		return ErrNotOpen
	}
	return nil
}

// View implements [Store].
func (m *Memory) View(_ context.Context, account domain.AccountID, run func(domain.Reader) error) error {
	a := m.find(account)
	if a == nil {
		return ErrNotOpen
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	return read(a.state, run)
}

// Update implements [Store].
func (m *Memory) Update(_ context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error {
	a := m.find(account)
	if a == nil {
		return ErrNotOpen
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var changes domain.Changes
	if err := read(a.state, func(r domain.Reader) (err error) {
		changes, err = decide(r)
		return err
	}); err != nil {
		return err
	}
	if a.phase.Load() != phaseChanged && !a.state.changedBy(changes) {
		return nil // and the account can still be evicted
	}
	needs, err := m.reserve(a.state, changes)
	if err != nil {
		return err
	}
	if !m.markChanged(a) {
		m.release(needs)
		return ErrNotOpen
	}
	revoked := a.state.keysOf(changes.KeysRevoked)
	a.state.apply(changes)
	if changes.Settings != nil {
		a.publish()
	}
	a.state.bytes += needs.bytes
	if len(changes.Keys)+len(revoked) > 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, key := range revoked {
			delete(m.keys, key)
		}
		for _, key := range changes.Keys {
			m.keys[key.Hash] = KeyOwner{Account: account, Key: key}
		}
	}
	return nil
}

// needs are the orders and bytes that changes take from the caps that all accounts share.
type needs struct{ orders, bytes int64 }

// reserve takes what changes need from the caps, or refuses the changes.
func (m *Memory) reserve(s *state, changes domain.Changes) (needs, error) {
	if err := m.limits.checkRoom(s, changes); err != nil {
		return needs{}, err
	}
	n := needs{s.added(changes), s.growth(changes)}
	orders, bytes := m.orders.Add(n.orders), m.bytes.Add(n.bytes)
	switch {
	case n.orders > 0 && orders > int64(m.limits.Orders):
		m.release(n)
		return needs{}, capacityError(m.limits.Orders, "orders", remedy)
	case n.bytes > 0 && m.limits.Bytes > 0 && bytes > m.limits.Bytes && !s.completesWork(changes):
		m.release(n)
		return needs{}, memoryError(m.limits.Bytes)
	default:
		return n, nil
	}
}

func (m *Memory) release(n needs) {
	m.orders.Add(-n.orders)
	m.bytes.Add(-n.bytes)
}

// Full implements [Store].
func (m *Memory) Full(context.Context) Resource {
	m.mu.RLock()
	accounts := len(m.accounts)
	m.mu.RUnlock()
	switch {
	case accounts >= m.limits.Accounts && m.unchanged.Load() <= 0:
		return Accounts
	case m.orders.Load() >= int64(m.limits.Orders):
		return Orders
	case m.limits.Bytes > 0 && m.bytes.Load()+perOrder > m.limits.Bytes:
		return Bytes
	default:
		return ""
	}
}
