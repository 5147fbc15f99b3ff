package ca

import (
	"context"
	"sync"
)

// A lazy value is made on first need, once, in a goroutine of its own, so that a caller that waits
// for it can give up. One that could not be made is tried again when it is asked for again.
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

// newMade returns a lazy value that is there already.
func newMade[T any](value T) *lazy[T] {
	a := &attempt[T]{done: make(chan struct{}), value: value}
	close(a.done)
	return &lazy[T]{last: a}
}

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

// progress tells whether the making has begun, and whether the value is there.
func (l *lazy[T]) progress() (begun, made bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last != nil, l.last != nil && l.last.over() && l.last.err == nil
}

// over tells whether the attempt has ended.
func (a *attempt[T]) over() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

// failed tells whether the attempt has ended without a value.
func (a *attempt[T]) failed() bool { return a.over() && a.err != nil }

func (l *lazy[T]) get(ctx context.Context) (T, error) {
	a := l.begin()
	if a.over() { // Even when ctx has ended: what is there costs nothing.
		return a.value, a.err
	}
	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// wait returns the value of an attempt that is over, or waits for it however long it takes.
func (l *lazy[T]) wait() (T, error) {
	a := l.begin()
	<-a.done
	return a.value, a.err
}
