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
// processor, and begins no key while a [Permit] is held or waited for. The error is about the CAs; that ctx has ended is
// none.
func (h *Hierarchy) Warm(ctx context.Context, kind KeyKind) error {
	err := h.warm(ctx, kind)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (h *Hierarchy) warm(ctx context.Context, kind KeyKind) error {
	for _, c := range h.chains {
		if _, err := h.complete(ctx, c, h.demand.wait); err != nil {
			return err
		}
	}
	if h.spare[kind] == nil || kind.Quick() {
		return nil
	}
	return h.stock(ctx, kind)
}

// Stocked tells whether a certificate with a key of a kind can be issued without waiting for a key.
func (h *Hierarchy) Stocked(kind KeyKind) bool {
	return h.Progress() == Ready && (kind.Quick() || len(h.spare[kind]) > 0)
}

// A demand counts the callers that want keys now.
type demand struct {
	mu    sync.Mutex
	count int
	ended chan struct{} // closed when no caller wants a key any more; nil while none does
}

// add counts one caller more. The function that it returns, called once or more, counts it off again.
func (d *demand) add() (end func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if d.count == 1 {
		d.ended = make(chan struct{})
	}
	return sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.count--
		if d.count == 0 {
			close(d.ended)
			d.ended = nil
		}
	})
}

// wait waits until no caller wants a key, or returns the error of ctx.
func (d *demand) wait(ctx context.Context) error {
	for ctx.Err() == nil {
		d.mu.Lock()
		ended := d.ended
		d.mu.Unlock()
		if ended == nil {
			return nil
		}
		select {
		case <-ended:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}
