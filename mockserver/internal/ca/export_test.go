package ca

import (
	"context"
	"crypto"
)

// Busy reports whether a permit is in use.
func (h *Hierarchy) Busy() bool {
	if !h.permits.TryAcquire(permits()) {
		return true
	}
	h.permits.Release(permits())
	return false
}

// Making reports whether a key is being made for the owner of the permit.
func (p *Permit) Making() bool { return p.users.Load() > 1 }

// Demand keeps Warm from beginning a key, until the function that it returns is called.
func (h *Hierarchy) Demand() (end func()) { return h.demand.add() }

// Key returns a key for a person, with a permit of its own. The end of ctx ends the wait for the key,
// but not the wait for the permit.
func (h *Hierarchy) Key(ctx context.Context, kind KeyKind) (crypto.Signer, error) {
	permit, err := h.Acquire(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	defer permit.Release()
	return permit.Key(ctx, kind)
}

// Ready reports whether all keys of the CAs exist.
func (a *Authority) Ready() bool { return a.hierarchy.Progress() == Ready }
