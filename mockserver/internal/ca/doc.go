// Package ca is the test PKI of the mock: a hierarchy of CAs in the form of PKIoverheid's, the
// certificates that it issues to persons (leaf certificates), and their revocation. It does not
// depend on orders, accounts or HTTP.
//
// A [Hierarchy] holds the keys of the CAs and the roots. [New] makes no key: the keys are made in
// the background when they are first needed, so that a process which issues nothing does not wait
// for them. Several servers can share one hierarchy.
//
// An [Authority] is the view that one server has of a hierarchy. All authorities of a hierarchy
// have the same roots. Each has its own intermediates, leaf certificates, CRLs and OCSP responses,
// which contain the address of its server. A revocation cannot be undone.
//
//	h, err := ca.New(now, paths, ca.WithPreset(ca.G3))
//	a, err := h.Authority("http://127.0.0.1:8080", now)
//	certificate, err := a.Issue(ctx, ca.Request{Usage: ca.Nonrepudiation, Subject: subject, PublicKey: key})
//
// No relying party may trust these certificates: every name contains TEST. A qualified certificate
// states that its key is in a secure device (QcSSCD), which is not true here.
package ca
