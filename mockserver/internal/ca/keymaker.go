package ca

import (
	"context"
	"crypto"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// KeyWorkers is how many keys of people are made at the same time: few, so that requests have the processors.
func KeyWorkers() int { return max(1, runtime.GOMAXPROCS(0)/4) }

// Key returns a new key for a person. It is made in the background, since making one can take a second and cannot be
// stopped: whoever waits for it can give up, and the key is for the next one who asks. All servers that share the
// hierarchy share the [KeyWorkers] that make keys.
func (h *Hierarchy) Key(ctx context.Context, kind KeyKind) (crypto.Signer, error) {
	maker := h.people[kind]
	if maker == nil {
		return nil, fmt.Errorf("ca: key: %q is not a kind of key", string(kind))
	}
	return maker.get(ctx)
}

// A keyMaker makes keys of one kind for those who wait for them, and has no goroutine when nobody does.
type keyMaker struct {
	kind KeyKind

	mu      sync.Mutex
	waiting []chan madeKey // in the order in which they came; each takes one key
	spare   []crypto.Signer
	running int
}

type madeKey struct {
	key crypto.Signer
	err error
}

func (m *keyMaker) get(ctx context.Context) (crypto.Signer, error) {
	if m.kind.Quick() {
		return GenerateKey(m.kind)
	}
	key, wait := m.ask()
	if key != nil {
		return key, nil
	}
	select {
	case made := <-wait:
		return made.key, made.err
	case <-ctx.Done():
		m.leave(wait)
		return nil, ctx.Err()
	}
}

// ask returns a key that is there already, or where one will come.
func (m *keyMaker) ask() (crypto.Signer, chan madeKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last := len(m.spare) - 1; last >= 0 {
		key := m.spare[last]
		m.spare = m.spare[:last]
		return key, nil
	}
	wait := make(chan madeKey, 1)
	m.waiting = append(m.waiting, wait)
	if m.running < min(KeyWorkers(), len(m.waiting)) {
		m.running++
		go m.work()
	}
	return nil, wait
}

// leave takes somebody who gave up out of the line, and keeps the key that came meanwhile for somebody else.
func (m *keyMaker) leave(wait chan madeKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = slices.DeleteFunc(m.waiting, func(other chan madeKey) bool { return other == wait })
	select {
	case made := <-wait:
		m.deliver(made)
	default:
	}
}

func (m *keyMaker) work() {
	for {
		key, err := GenerateKey(m.kind)
		m.mu.Lock()
		m.deliver(madeKey{key, err})
		if len(m.waiting) == 0 {
			m.running--
			m.mu.Unlock()
			return
		}
		m.mu.Unlock()
	}
}

// deliver gives a key to the first in line, or lays it aside. Spare keys are few: each was made for somebody who gave up.
// The lock must be held.
func (m *keyMaker) deliver(made madeKey) {
	switch {
	case len(m.waiting) > 0:
		m.waiting[0] <- made
		m.waiting = m.waiting[1:]
	case made.err == nil:
		m.spare = append(m.spare, made.key)
	}
}
