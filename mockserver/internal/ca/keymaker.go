package ca

import (
	"context"
	"crypto"
	"fmt"
	"runtime"

	"golang.org/x/sync/semaphore"
)

// KeyWorkers is how many keys of people are made at the same time: few, so that requests have the processors.
func KeyWorkers() int { return max(1, runtime.GOMAXPROCS(0)/4) }

// Key returns a new key for a person. It is made in the background, since making one can take a second and cannot be
// stopped: a caller that waits for it can give up, and the key is for the next one that asks. All servers that share the
// hierarchy share the [KeyWorkers] that make keys, and the spare keys.
func (h *Hierarchy) Key(ctx context.Context, kind KeyKind) (crypto.Signer, error) {
	maker := h.people[kind]
	if maker == nil {
		return nil, fmt.Errorf("ca: key: %q is not a kind of key", string(kind))
	}
	return maker.get(ctx)
}

// A keyMaker makes keys of one kind, and has no goroutine when no key is wanted.
type keyMaker struct {
	kind  KeyKind
	slots *semaphore.Weighted // one for each key that is being made for a caller; of all kinds together
	// spare keys were made for a caller that gave up, or for the stock. There is room for one.
	spare chan crypto.Signer
}

func newKeyMaker(kind KeyKind, slots *semaphore.Weighted) *keyMaker {
	return &keyMaker{kind: kind, slots: slots, spare: make(chan crypto.Signer, 1)}
}

type madeKey struct {
	key crypto.Signer
	err error
}

// get returns a spare key, or a new one: whichever is there first. Callers get theirs in the order in which they came.
func (m *keyMaker) get(ctx context.Context) (crypto.Signer, error) {
	if m.kind.Quick() {
		return GenerateKey(m.kind)
	}
	select {
	case key := <-m.spare:
		return key, nil
	default:
	}
	waiting, served := context.WithCancel(ctx)
	defer served()
	own := make(chan madeKey)
	go m.make(waiting, own)
	select {
	case made := <-own:
		return made.key, made.err
	case key := <-m.spare:
		return key, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// make makes a key for a caller that waits. Where it no longer does, the key is a spare one, if there is room for it.
func (m *keyMaker) make(waiting context.Context, own chan<- madeKey) {
	if m.slots.Acquire(waiting, 1) != nil {
		return
	}
	key, err := GenerateKey(m.kind)
	m.slots.Release(1)
	select {
	case own <- madeKey{key, err}:
		return
	case <-waiting.Done():
	}
	if err != nil {
		return
	}
	select {
	case m.spare <- key:
	default:
	}
}

// stock keeps two keys spare until ctx ends, whose error it returns: one in the channel, and one that it holds until there
// is room. It begins none while rest waits. A caller is never behind it in a queue: the stock takes no slot.
func (m *keyMaker) stock(ctx context.Context, rest func(context.Context) error) error {
	for {
		if err := rest(ctx); err != nil {
			return err
		}
		// In a goroutine of its own, which the end of ctx does not wait for.
		key, err := newLazy(func() (crypto.Signer, error) { return GenerateKey(m.kind) }).get(ctx)
		if err != nil {
			return err
		}
		select {
		case m.spare <- key:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
