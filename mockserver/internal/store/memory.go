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
	limits   Limits
	orders   atomic.Int64 // of all accounts together
	mu       sync.RWMutex
	accounts map[domain.AccountID]*memoryAccount
	keys     map[domain.KeyHash]KeyOwner
}

type memoryAccount struct {
	mu    sync.RWMutex
	state *state
}

// NewMemory returns an empty store.
func NewMemory(limits Limits) *Memory {
	return &Memory{limits: limits, accounts: map[domain.AccountID]*memoryAccount{}, keys: map[domain.KeyHash]KeyOwner{}}
}

// Owner implements [Store].
func (m *Memory) Owner(_ context.Context, key domain.KeyHash) (KeyOwner, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	owner, there := m.keys[key]
	return owner, there
}

// ErrNotOpen is the answer of a store that does not have the account.
var ErrNotOpen = errors.New("store: the account has not been opened")

func (m *Memory) find(account domain.AccountID) *memoryAccount {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.accounts[account]
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
	if len(m.accounts) >= m.limits.Accounts {
		return full(m.limits.Accounts, "accounts", "start it with a higher maximum")
	}
	fresh := newState(seed())
	m.orders.Add(int64(len(fresh.orders)))
	m.accounts[account] = &memoryAccount{state: fresh}
	return nil
}

// Reset implements [Store].
func (m *Memory) Reset(ctx context.Context, account domain.AccountID, seed func() domain.Changes) error {
	if err := m.Open(ctx, account, seed); err != nil {
		return err
	}
	a := m.find(account)
	fresh := newState(seed())
	a.mu.Lock()
	defer a.mu.Unlock()
	m.orders.Add(int64(len(fresh.orders) - len(a.state.orders)))
	m.mu.Lock()
	for key := range a.state.keys {
		delete(m.keys, key)
	}
	m.mu.Unlock()
	a.state = fresh
	return nil
}

// View implements [Store].
func (m *Memory) View(_ context.Context, account domain.AccountID, read func(domain.Reader) error) error {
	a := m.find(account)
	if a == nil {
		return ErrNotOpen
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	return read(a.state)
}

// Update implements [Store].
func (m *Memory) Update(_ context.Context, account domain.AccountID, decide func(domain.Reader) (domain.Changes, error)) error {
	a := m.find(account)
	if a == nil {
		return ErrNotOpen
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	changes, err := decide(a.state)
	if err != nil {
		return err
	}
	if err := m.limits.room(a.state, changes); err != nil {
		return err
	}
	added := a.state.added(changes)
	if m.orders.Add(added) > int64(m.limits.Orders) && added > 0 {
		m.orders.Add(-added)
		return full(m.limits.Orders, "orders", "reset an account, or start it with a higher maximum")
	}
	revoked := a.state.keysOf(changes.KeysRevoked)
	a.state.apply(changes)
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
