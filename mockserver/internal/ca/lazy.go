package ca

import (
	"context"
	"sync"
)

// A lazy value is made on first need, once, in a goroutine of its own, so that whoever waits for it can give up. One that
// could not be made is tried again when it is asked for again.
type lazy[T any] struct {
	make func() (T, error)

	mu   sync.Mutex
	last *attempt[T] // nil before the first one
}

type attempt[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func newLazy[T any](build func() (T, error)) *lazy[T] { return &lazy[T]{make: build} }

// begin returns the attempt that has made the value, or is about to, and does not wait.
func (l *lazy[T]) begin() *attempt[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil && !l.last.failed() {
		return l.last
	}
	a := &attempt[T]{done: make(chan struct{})}
	l.last = a
	go func() {
		defer close(a.done)
		a.value, a.err = l.make()
	}()
	return a
}

// failed tells whether the attempt is over, and came to nothing.
func (a *attempt[T]) failed() bool {
	select {
	case <-a.done:
		return a.err != nil
	default:
		return false
	}
}

func (l *lazy[T]) get(ctx context.Context) (T, error) {
	a := l.begin()
	select {
	case <-a.done: // Even when ctx has ended: what is there costs nothing.
		return a.value, a.err
	default:
	}
	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
