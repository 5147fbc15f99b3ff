package ca

import (
	"context"
	"crypto"
)

// Busy tells whether a permit is in use.
func (h *Hierarchy) Busy() bool {
	if !h.permits.TryAcquire(permits()) {
		return true
	}
	h.permits.Release(permits())
	return false
}

// Making tells whether a key is being made for the owner of the permit.
func (p *Permit) Making() bool { return p.users.Load() > 1 }

// Demand keeps Warm from beginning a key, until the function that it returns is called.
func (h *Hierarchy) Demand() (end func()) { return h.demand.add() }

// Key returns a key for a person, with a permit of its own. Only the key, and not the permit, is waited for as long as ctx
// lasts.
func (h *Hierarchy) Key(ctx context.Context, kind KeyKind) (crypto.Signer, error) {
	permit, err := h.Acquire(context.Background())
	if err != nil {
		return nil, err
	}
	defer permit.Release()
	return permit.Key(ctx, kind)
}

// Ready tells whether the keys of the hierarchy are there.
func (a *Authority) Ready() bool { return a.hierarchy.Progress() == Ready }
