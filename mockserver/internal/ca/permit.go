package ca

import (
	"context"
	"crypto"
	"fmt"
	"runtime"
	"sync/atomic"
)

// permits is how many certificates of people are made at the same time: few, so that requests have
// the processors.
func permits() int64 { return int64(max(1, runtime.GOMAXPROCS(0)/4)) }

// A Permit allows its owner to make one certificate. There are few of them, and all servers that
// share a hierarchy share them. While one is held or waited for, [Hierarchy.Warm] begins no key.
type Permit struct {
	hierarchy *Hierarchy
	endDemand func()
	// users are the owner, and the keys that are still being made for it. The last one gives the
	// permit back.
	users atomic.Int32
}

// Acquire waits for a permit, until ctx ends. Permits are given out in the order in which they were
// asked for.
func (h *Hierarchy) Acquire(ctx context.Context) (*Permit, error) {
	endDemand := h.demand.add()
	if err := h.permits.Acquire(ctx, 1); err != nil {
		endDemand()
		return nil, err
	}
	p := &Permit{hierarchy: h, endDemand: endDemand}
	p.users.Store(1)
	return p, nil
}

// Release gives the permit back, once.
func (p *Permit) Release() {
	p.endDemand()
	p.drop()
}

func (p *Permit) drop() {
	if p.users.Add(-1) == 0 {
		p.hierarchy.permits.Release(1)
	}
}

type madeKey struct {
	key crypto.Signer
	err error
}

// Key returns a key for a person: a spare one, or a new one. Making one can take a second and
// cannot be stopped, so that it happens in the background. A caller that gives up because ctx ends
// leaves the key to the next caller, and the permit is in use until that key is there.
func (p *Permit) Key(ctx context.Context, kind KeyKind) (crypto.Signer, error) {
	spare := p.hierarchy.spare[kind]
	switch {
	case spare == nil:
		return nil, fmt.Errorf("ca: key: %q is not a kind of key", string(kind))
	case kind.Quick():
		return GenerateKey(kind)
	}
	select {
	case key := <-spare:
		return key, nil
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	wanted, served := context.WithCancel(ctx)
	defer served()
	own := make(chan madeKey)
	p.users.Add(1)
	go func() {
		defer p.drop()
		key, err := GenerateKey(kind)
		select {
		case own <- madeKey{key, err}:
		case <-wanted.Done():
			offer(spare, key, err)
		}
	}()
	select {
	case made := <-own:
		return made.key, made.err
	case key := <-spare: // which the stock has made in the time
		return key, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// offer keeps a key for a later caller, if there is room for it.
func offer(spare chan<- crypto.Signer, key crypto.Signer, err error) {
	if err != nil {
		return
	}
	select {
	case spare <- key:
	default:
	}
}

// stock keeps two keys spare until ctx ends, whose error it returns: one in the channel, and one
// that it holds until there is room. It begins none while there is a demand. It needs no permit, so
// that no caller waits behind it.
func (h *Hierarchy) stock(ctx context.Context, kind KeyKind) error {
	for {
		if err := h.demand.wait(ctx); err != nil {
			return err
		}
		made := make(chan madeKey, 1)
		go func() { // the end of ctx does not wait for it
			key, err := GenerateKey(kind)
			made <- madeKey{key, err}
		}()
		var one madeKey
		select {
		case one = <-made:
		case <-ctx.Done():
			return ctx.Err()
		}
		if one.err != nil {
			return one.err
		}
		select {
		case h.spare[kind] <- one.key:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
