package ca

import (
	"context"
	"errors"
	"sync"
)

// A Progress is how far the keys of the CAs are.
type Progress string

// The stages. A hierarchy that is being made may have some of its keys: a certificate waits for those of its own chain
// only.
const (
	NotMade Progress = "none"   // no key has been asked for
	Making  Progress = "making" // some are there or being made, and some are missing
	Ready   Progress = "ready"  // all are there
)

// Progress tells how far the keys of the CAs are.
func (h *Hierarchy) Progress() Progress {
	all, some := true, false
	for _, c := range h.chains {
		begun, made := c.made.progress()
		all, some = all && made, some || begun
	}
	for _, key := range h.keys {
		begun, _ := key.progress()
		some = some || begun
	}
	switch {
	case all:
		return Ready
	case some:
		return Making
	default:
		return NotMade
	}
}

// Prepare has the keys of all CAs made, and waits for them as long as ctx lasts.
func (h *Hierarchy) Prepare(ctx context.Context) error {
	for _, c := range h.chains {
		if _, err := h.material(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Warm makes what a first certificate needs before it is asked for, until ctx ends: the keys of the CAs, one after the
// other and chain after chain, and then two spare keys of a kind, which it replaces as they are used. It uses one
// processor, and none while a [Hierarchy.Hold] lasts: it begins no key then. The error is about the CAs; that ctx has
// ended is none.
func (h *Hierarchy) Warm(ctx context.Context, kind KeyKind) error {
	err := h.warm(ctx, kind)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (h *Hierarchy) warm(ctx context.Context, kind KeyKind) error {
	for _, c := range h.chains {
		if _, err := h.complete(ctx, c, h.demand.rest); err != nil {
			return err
		}
	}
	if maker := h.people[kind]; maker != nil && !kind.Quick() {
		return maker.stock(ctx, h.demand.rest)
	}
	return nil
}

// Stocked tells whether a certificate with a key of a kind can be issued without waiting for a key.
func (h *Hierarchy) Stocked(kind KeyKind) bool {
	maker := h.people[kind]
	return h.Progress() == Ready && maker != nil && (kind.Quick() || len(maker.spare) > 0)
}

// Hold says that keys are wanted now, so that [Hierarchy.Warm] begins none for later. The function that it returns ends
// that.
func (h *Hierarchy) Hold() (release func()) { return h.demand.hold() }

// A demand counts what wants keys now.
type demand struct {
	mu    sync.Mutex
	holds int
	idle  chan struct{} // closed when nothing wants keys any more; nil while nothing does
}

func (d *demand) hold() (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.holds++
	if d.holds == 1 {
		d.idle = make(chan struct{})
	}
	return sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.holds--
		if d.holds == 0 {
			close(d.idle)
			d.idle = nil
		}
	})
}

// rest waits until nothing wants keys, or returns the error of ctx.
func (d *demand) rest(ctx context.Context) error {
	for ctx.Err() == nil {
		d.mu.Lock()
		idle := d.idle
		d.mu.Unlock()
		if idle == nil {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}
