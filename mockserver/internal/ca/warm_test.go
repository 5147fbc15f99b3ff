package ca_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestKeysOnNeed: no key is made before it is needed. The first certificate needs the keys of its
// own chain only.
func TestKeysOnNeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHierarchy(ca.WithPreset(ca.G4), ca.WithCAKey(ca.P256))
		a := authorityAt(t, h, time.Now)
		_ = a.Names()
		synctest.Wait() // All goroutines have ended or wait now.
		if h.Progress() != ca.NotMade {
			t.Errorf("%s before a key was needed", h.Progress())
		}
		r := request(ca.Nonrepudiation)
		r.PublicKey = ecKey().Public()
		certificate, err := a.Issue(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if h.Progress() != ca.Making {
			t.Errorf("%s after a certificate of one chain of two", h.Progress())
		}
		if err := a.Revoke(t.Context(), ca.Superseded, certificate.Serial); err != nil {
			t.Errorf("revoking while the other chain has no keys: %v", err)
		}
		if err := a.Revoke(t.Context(), ca.Superseded, "01"); !errors.Is(err, ca.ErrUnknownSerial) || h.Progress() != ca.Making {
			t.Errorf("a strange serial number: error %v, and the keys are %s", err, h.Progress())
		}
		if err := h.Prepare(t.Context()); err != nil || h.Progress() != ca.Ready {
			t.Errorf("prepared: %v, %s", err, h.Progress())
		}
	})
}

// TestDirectoryIsWhole: a directory holds all chains, so the first certificate needs the keys of
// all of them.
func TestDirectoryIsWhole(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ca")
	h := newHierarchy(ca.WithPreset(ca.G4), ca.WithCAKey(ca.P256), ca.WithDirectory(dir))
	a := authorityAt(t, h, time.Now)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("the directory holds %v before a key was needed: %v", entries, err)
	}
	if _, err := a.Issue(t.Context(), request(ca.Encryption)); err != nil || h.Progress() != ca.Ready {
		t.Errorf("%v, %s", err, h.Progress())
	}
	again := newHierarchy(ca.WithDirectory(dir))
	if again.Progress() != ca.Ready {
		t.Errorf("%s, with the keys in the directory", again.Progress())
	}
}

// TestWarm makes the keys of the CAs in advance, then two keys for persons. When these are used, it
// makes two again.
func TestWarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHierarchy(ca.WithCAKey(ca.P256))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- h.Warm(ctx, ca.RSA2048) }()
		hurried, cancel := context.WithCancel(t.Context())
		cancel()
		for range 2 {
			synctest.Wait()
			if h.Progress() != ca.Ready || !h.Stocked(ca.RSA2048) || h.Stocked(ca.RSA3072) {
				t.Errorf("%s, stocked %t and %t", h.Progress(), h.Stocked(ca.RSA2048), h.Stocked(ca.RSA3072))
			}
			keys := map[any]bool{}
			release := h.Demand() // otherwise new spare keys could be made during the loop
			for n := range 3 {
				key, err := h.Key(hurried, ca.RSA2048)
				if n < 2 && err != nil || n == 2 && !errors.Is(err, context.Canceled) {
					t.Errorf("key %d of a stock of two: %v", n+1, err)
				}
				if err == nil {
					keys[key] = true
				}
			}
			if len(keys) != 2 {
				t.Error("a key was handed out twice")
			}
			release()
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("stopped: %v", err)
		}
	})
}

// TestDemand: no key is started in advance while one is needed now. The end of the context ends the
// wait.
func TestDemand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHierarchy(ca.WithCAKey(ca.P256))
		one, other := h.Demand(), h.Demand()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- h.Warm(ctx, ca.RSA2048) }()
		synctest.Wait()
		one()
		one() // the second call of the same release has no effect
		synctest.Wait()
		if h.Progress() != ca.NotMade {
			t.Errorf("%s while keys are needed", h.Progress())
		}
		other()
		synctest.Wait()
		if !h.Stocked(ca.RSA2048) {
			t.Error("nothing is made once no key is needed")
		}
		stop()
		<-ended
		held := newHierarchy(ca.WithCAKey(ca.P256))
		defer held.Demand()()
		if err := held.Warm(ctx, ca.RSA2048); err != nil || held.Progress() != ca.NotMade {
			t.Errorf("stopped before it began: %v, %s", err, held.Progress())
		}
	})
}

// TestWarmFailure: if the CAs cannot be stored, Warm returns the error, not only the first order.
func TestWarmFailure(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ca")
	h := newHierarchy(ca.WithCAKey(ca.P256), ca.WithDirectory(dir))
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := h.Warm(t.Context(), ca.RSA2048); err == nil {
		t.Error("no error without the directory")
	}
	if err := h.Prepare(t.Context()); err == nil || h.Progress() != ca.Making {
		t.Errorf("error %v, %s", err, h.Progress())
	}
}

// TestAbandonedKey: the key of a caller that gave up is used by the next caller, which then needs
// no new key.
func TestAbandonedKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHierarchy()
		permit, err := h.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer permit.Release()
		ctx, cancel := context.WithCancel(t.Context())
		asked := make(chan error)
		go func() {
			_, err := permit.Key(ctx, ca.RSA3072)
			asked <- err
		}()
		for !permit.Making() { // until the making of the key has started, which cannot be canceled
			runtime.Gosched()
		}
		cancel()
		if err := <-asked; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want canceled", err)
		}
		synctest.Wait()
		if _, err := permit.Key(ctx, ca.RSA3072); err != nil {
			t.Errorf("the abandoned key: %v", err)
		}
		if _, err := permit.Key(t.Context(), "dsa"); err == nil {
			t.Error("a kind that there is not")
		}
	})
}

// TestPermits: no more certificates are made at the same time than there are permits, and the permit of a caller that
// gave up is in use until its key is there.
func TestPermits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHierarchy()
		var held []*ca.Permit
		for range max(1, runtime.GOMAXPROCS(0)/4) {
			permit, err := h.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, permit)
		}
		acquired := make(chan *ca.Permit)
		go func() {
			permit, err := h.Acquire(t.Context())
			if err != nil {
				t.Error(err)
			}
			acquired <- permit
		}()
		synctest.Wait()
		select {
		case <-acquired:
			t.Error("a permit more than there are")
		default:
		}
		ctx, cancel := context.WithCancel(t.Context())
		asked := make(chan error)
		go func() {
			_, err := held[0].Key(ctx, ca.RSA2048)
			asked <- err
		}()
		for !held[0].Making() { // until the key has been begun, which cannot be stopped from there on
			runtime.Gosched()
		}
		cancel()
		if err := <-asked; !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that has given up: %v", err)
		}
		if _, err := held[0].Key(ctx, ca.RSA3072); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller whose context has ended: %v", err)
		}
		held[0].Release()
		(<-acquired).Release() // comes once the key that nothing waits for is there
		for _, permit := range held[1:] {
			permit.Release()
		}
		synctest.Wait()
		if h.Busy() {
			t.Error("a permit was not given back")
		}
		canceled, stop := context.WithCancel(t.Context())
		stop()
		if _, err := h.Acquire(canceled); !errors.Is(err, context.Canceled) {
			t.Errorf("acquired with an ended context: %v", err)
		}
		if h.Busy() {
			t.Error("a refused caller keeps a permit")
		}
	})
}
