package ca

import (
	"errors"
	"time"
)

// The usual times from thisUpdate to nextUpdate.
const (
	// CRLLifetime is that of a CRL. PKIoverheid's policy requires a new CRL at least as often.
	CRLLifetime = 48 * time.Hour
	// OCSPLifetime is that of an OCSP response.
	OCSPLifetime = 24 * time.Hour
)

// maxLifetime bounds a lifetime, before and after now.
const maxLifetime = 366 * day

// CheckLifetime returns an error unless a CRL or an OCSP response can have this lifetime. A negative
// one makes what is stale when it is signed.
func CheckLifetime(d time.Duration) error {
	if d.Abs() < time.Second || d.Abs() > maxLifetime {
		return errors.New("must be from 1s to 8784h, or from -8784h to -1s for what is stale from the beginning")
	}
	return nil
}

// An AuthorityOption changes how an [Authority] answers.
type AuthorityOption func(*Authority)

// WithCRLLifetime sets the lifetime of CRLs; the default is [CRLLifetime]. See [CheckLifetime].
func WithCRLLifetime(d time.Duration) AuthorityOption {
	return func(a *Authority) { a.crlLifetime = d }
}

// WithOCSPLifetime sets the lifetime of OCSP responses; the default is [OCSPLifetime]. See
// [CheckLifetime].
func WithOCSPLifetime(d time.Duration) AuthorityOption {
	return func(a *Authority) { a.ocspLifetime = d }
}

// updates returns thisUpdate and nextUpdate of what is signed now. With a negative lifetime,
// nextUpdate is that long ago, and thisUpdate as long before it: a program that checks the dates has
// to refuse what it gets for being stale, and for nothing else.
func updates(now time.Time, lifetime time.Duration) (thisUpdate, nextUpdate time.Time) {
	if lifetime < 0 {
		return now.Add(2 * lifetime), now.Add(lifetime)
	}
	return now, now.Add(lifetime)
}

// freshUntil returns when what is signed now is signed again: after half of its lifetime.
func freshUntil(now time.Time, lifetime time.Duration) time.Time { return now.Add(lifetime.Abs() / 2) }
