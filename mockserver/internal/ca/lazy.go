package ca

import (
	"context"
	"sync"
)

// A lazy value is made on first need, once, in a goroutine of its own, so that whoever waits for it can give up.
type lazy[T any] struct {
	start sync.Once
	done  chan struct{}
	make  func() (T, error)
	value T
	err   error
}

func newLazy[T any](build func() (T, error)) *lazy[T] {
	return &lazy[T]{done: make(chan struct{}), make: build}
}

// begin starts making the value, and does not wait.
func (l *lazy[T]) begin() {
	l.start.Do(func() {
		go func() {
			defer close(l.done)
			l.value, l.err = l.make()
		}()
	})
}

func (l *lazy[T]) get(ctx context.Context) (T, error) {
	l.begin()
	select {
	case <-l.done: // Even when ctx has ended: what is there costs nothing.
		return l.value, l.err
	default:
	}
	select {
	case <-l.done:
		return l.value, l.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
