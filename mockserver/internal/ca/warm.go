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
// at a time, and starts none while a [Permit] is held or waited for. The error is about the keys of the CAs; the
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
		if _, err := h.complete(ctx, c, h.demand.wait); err != nil {
			return err
		}
	}
	if h.spare[kind] == nil || kind.Quick() {
		return nil
	}
	return h.stock(ctx, kind)
}

// Stocked reports whether a certificate with a new key of this kind can be issued without waiting
// for a key.
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
