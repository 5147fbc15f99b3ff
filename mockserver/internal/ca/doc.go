// Package ca is the test PKI of the mock: a throw-away hierarchy shaped like PKIoverheid's, the certificates of people
// that it issues, and their revocation. It knows no order, no account and no HTTP.
//
// A [Hierarchy] holds the keys and the roots. Making one costs nothing: the keys come on first need, in the background,
// so that a process which never issues doesn't pay for them. Several servers can share one.
//
// An [Authority] is one server's view of a hierarchy: the same roots, and intermediates, issued certificates, CRLs and
// OCSP responses that name that server's own address. What an authority has revoked stays revoked.
//
//	h, err := ca.New(now, paths, ca.WithPreset(ca.G3))
//	a, err := h.Authority("http://127.0.0.1:8080", now)
//	certificate, err := a.Issue(ctx, ca.Request{Usage: ca.Nonrepudiation, Subject: subject, PublicKey: key})
//
// Nothing here is trusted by anybody: every name says TEST, and qualified certificates say that their key is in a
// secure device although it is not.
package ca
