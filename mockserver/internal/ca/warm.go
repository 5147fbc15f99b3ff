package ca

import (
	"context"
	"errors"
	"sync"
)

// A Progress says how many of the keys of the CAs exist.
type Progress string

// The stages. While keys are being made, a certificate can be issued as soon as all keys of its
// chain exist.
const (
	NotMade Progress = "none"   // no key exists or is being made
	Making  Progress = "making" // some keys exist or are being made
	Ready   Progress = "ready"  // all keys exist
)

// Progress returns the stage of the keys of the CAs.
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

// Prepare makes the keys of all CAs. It waits for them until ctx ends.
func (h *Hierarchy) Prepare(ctx context.Context) error {
	for _, c := range h.chains {
		if _, err := h.material(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Warm makes keys in advance, until ctx ends: first the keys of all CAs, one after the other, then
// two spare keys of this kind for persons. A spare key that is used is replaced. It makes one key
// at a time, and starts none during a [Hierarchy.Hold]. The error is about the keys of the CAs; the
// end of ctx is no error.
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

// Stocked reports whether a certificate with a new key of this kind can be issued without waiting
// for a key.
func (h *Hierarchy) Stocked(kind KeyKind) bool {
	maker := h.people[kind]
	return h.Progress() == Ready && maker != nil && (kind.Quick() || len(maker.spare) > 0)
}

// Hold makes [Hierarchy.Warm] start no further key until release is called. It is called while a
// request waits for a key.
func (h *Hierarchy) Hold() (release func()) { return h.demand.hold() }

// A demand counts the calls of hold that have not been released.
type demand struct {
	mu    sync.Mutex
	holds int
	idle  chan struct{} // closed by the last release; nil while nothing holds
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

// rest waits until nothing holds, or returns the error of ctx.
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
