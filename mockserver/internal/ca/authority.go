package ca

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Errors that callers tell apart.
var (
	// ErrUnknownCA says that no CA of the hierarchy has this name.
	ErrUnknownCA = errors.New("ca: no CA of this hierarchy has the name")
	// ErrUnknownSerial says that this authority has not issued a certificate with this serial
	// number.
	ErrUnknownSerial = errors.New("ca: no certificate of this authority has the serial number")
	// ErrRefused says that no CA issues the requested certificate. The same request fails again.
	ErrRefused = errors.New("ca: refused")
	// ErrClock says that the time is outside the validity of the issuing CA.
	ErrClock = errors.New("ca: the clock is outside the validity of the issuing CA")
	// ErrCapacity says that the CA already holds [MaxRevocations] revocations.
	ErrCapacity = fmt.Errorf("ca: one CA keeps at most %d revocations", MaxRevocations)
)

// An Authority issues and revokes certificates for one server. All methods may be called
// concurrently. A method that takes a context waits for the keys of the hierarchy until the context
// ends.
type Authority struct {
	hierarchy *Hierarchy
	base      string
	now       func() time.Time
	revision  atomic.Uint64

	crlLifetime, ocspLifetime time.Duration

	chains []authorityChain // in the order of the chains of the hierarchy
}

// An authorityChain is one chain of the hierarchy with the certificates of one authority.
type authorityChain struct {
	building sync.Mutex
	issuers  atomic.Pointer[map[string]*issuer] // by name; nil until the first use
}

// An issuer is one CA of one authority.
type issuer struct {
	spec        caSpec
	certificate *x509.Certificate
	key         crypto.Signer
	algorithm   x509.SignatureAlgorithm // of its CRLs
	serials     serialNumbers

	mu      sync.Mutex
	revoked map[string]revocation // key: the octets of the serial number
	crl     *CRL                  // nil or without DER: the next request for it signs a new one

	responder responder
}

// Authority returns the view of the hierarchy for the server at base, such as
// "http://127.0.0.1:8080". Every certificate below the root contains base. If base is empty, it is
// the address that the directory of the hierarchy holds. now is the clock of the server.
func (h *Hierarchy) Authority(base string, now func() time.Time, opts ...AuthorityOption) (*Authority, error) {
	if base == "" {
		if base = h.Base(); base == "" {
			return nil, errors.New("ca: base address: must be given, as no directory holds one")
		}
	}
	base = strings.TrimRight(base, "/")
	if err := CheckBase(base); err != nil {
		return nil, fmt.Errorf("ca: base address: %w", err)
	}
	a := &Authority{
		hierarchy: h, base: base, now: now, chains: make([]authorityChain, len(h.chains)),
		crlLifetime: CRLLifetime, ocspLifetime: OCSPLifetime,
	}
	for _, opt := range opts {
		opt(a)
	}
	return a, nil
}

// CheckBase returns an error unless base is the address of a server: a scheme, a host and at most a
// path.
func CheckBase(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("must be of the form http://host:port, with a path at most")
	}
	if !consistsOf(base, func(r rune) bool { return r > ' ' && r <= '~' }) {
		return errors.New("must be ASCII")
	}
	return nil
}

// Base is the address of the server, which the certificates contain.
func (a *Authority) Base() string { return a.base }

// Preset is the form of the hierarchy.
func (a *Authority) Preset() Preset { return a.hierarchy.preset }

// issuersOf returns the CAs of a chain by name. It waits for their keys.
func (a *Authority) issuersOf(ctx context.Context, chain int) (map[string]*issuer, error) {
	own := &a.chains[chain]
	if made := own.issuers.Load(); made != nil {
		return *made, nil
	}
	m, err := a.hierarchy.material(ctx, a.hierarchy.chains[chain])
	if err != nil {
		return nil, err
	}
	own.building.Lock()
	defer own.building.Unlock()
	if made := own.issuers.Load(); made != nil {
		return *made, nil
	}
	issuers, err := a.build(a.hierarchy.chains[chain], m)
	if err == nil {
		own.issuers.Store(&issuers)
	}
	return issuers, err
}

func (a *Authority) build(c *chain, m *material) (map[string]*issuer, error) {
	certificates, err := a.hierarchy.certificates(c, m, a.base)
	if err != nil {
		return nil, err
	}
	issuers := map[string]*issuer{}
	for _, spec := range c.cas {
		key := m.keys[spec.name]
		serials, err := newSerialNumbers(key, a.base)
		if err != nil {
			return nil, fmt.Errorf("ca: serial numbers of %s: %w", spec.name, err)
		}
		issuers[spec.name] = &issuer{
			spec: spec, certificate: certificates[spec.name], key: key, serials: serials,
			algorithm: a.hierarchy.layout.authorityAlgorithm(key.Public()),
			revoked:   map[string]revocation{},
		}
	}
	return issuers, nil
}

// A CA is the certificate of a certification authority, with its most used fields.
type CA struct {
	Name       string // the name in file names and addresses, such as root-g3
	CommonName string
	Issuer     string // the name of the CA above it; empty for a root
	KeyID      string // subjectKeyIdentifier (RFC 5280, 4.2.1.2) in upper-case hexadecimal
	Serial     string
	Thumbprint string
	DER        []byte
	NotBefore  time.Time
	NotAfter   time.Time
}

// Root reports whether the certificate is self-signed.
func (c CA) Root() bool { return c.Issuer == "" }

func (i *issuer) describe() CA {
	return CA{
		Name: i.spec.name, CommonName: i.certificate.Subject.CommonName, Issuer: i.spec.issuer,
		KeyID:  fmt.Sprintf("%X", i.certificate.SubjectKeyId),
		Serial: FormatSerial(i.certificate.SerialNumber), Thumbprint: Thumbprint(i.certificate.Raw), DER: i.certificate.Raw,
		NotBefore: i.certificate.NotBefore, NotAfter: i.certificate.NotAfter,
	}
}

// Names lists the names of the CAs. Each CA stands after its issuer. It does not wait for keys.
func (a *Authority) Names() []string {
	names := make([]string, len(a.hierarchy.layout.cas))
	for i, spec := range a.hierarchy.layout.cas {
		names[i] = spec.name
	}
	return names
}

// CAs returns all CAs. Each CA stands after its issuer.
func (a *Authority) CAs(ctx context.Context) ([]CA, error) {
	var all []CA
	for n, c := range a.hierarchy.chains {
		issuers, err := a.issuersOf(ctx, n)
		if err != nil {
			return nil, err
		}
		for _, spec := range c.cas {
			all = append(all, issuers[spec.name].describe())
		}
	}
	return all, nil
}

// CA returns the CA with this name. If there is none, the error is [ErrUnknownCA].
func (a *Authority) CA(ctx context.Context, name string) (CA, error) {
	i, err := a.issuer(ctx, name)
	if err != nil {
		return CA{}, err
	}
	return i.describe(), nil
}

// Chain returns the CA that issues certificates of this usage, and the CAs above it. The root is
// last.
func (a *Authority) Chain(ctx context.Context, usage Usage) ([]CA, error) {
	name, known := a.hierarchy.layout.issuers[usage]
	if !known {
		return nil, fmt.Errorf("ca: chain: %q is not a usage", string(usage))
	}
	return a.ChainOf(ctx, name)
}

// ChainOf returns the CA with this name and the CAs above it. The root is last.
func (a *Authority) ChainOf(ctx context.Context, name string) ([]CA, error) {
	n, known := a.chainOf(name)
	if !known {
		return nil, ErrUnknownCA
	}
	issuers, err := a.issuersOf(ctx, n)
	if err != nil {
		return nil, err
	}
	var chain []CA
	for ; name != ""; name = issuers[name].spec.issuer {
		chain = append(chain, issuers[name].describe())
	}
	return chain, nil
}

// chainOf returns the index of the chain that contains the CA with this name.
func (a *Authority) chainOf(name string) (n int, known bool) {
	for n, c := range a.hierarchy.chains {
		for i := range c.cas {
			if c.cas[i].name == name {
				return n, true
			}
		}
	}
	return 0, false
}

// issuer returns the CA with this name. An unknown name fails at once, without waiting for keys.
func (a *Authority) issuer(ctx context.Context, name string) (*issuer, error) {
	n, known := a.chainOf(name)
	if !known {
		return nil, ErrUnknownCA
	}
	issuers, err := a.issuersOf(ctx, n)
	if err != nil {
		return nil, err
	}
	return issuers[name], nil
}

// leafIssuers returns the CAs that may have issued leaf certificates already: the ones whose keys
// exist. It does not wait for keys.
func (a *Authority) leafIssuers(ctx context.Context) ([]*issuer, error) {
	var all []*issuer
	for n, c := range a.hierarchy.chains {
		if _, made := c.made.progress(); !made {
			continue
		}
		issuers, err := a.issuersOf(ctx, n)
		if err != nil {
			return nil, err
		}
		for _, spec := range c.cas {
			if spec.issues {
				all = append(all, issuers[spec.name])
			}
		}
	}
	return all, nil
}

// issuerOf returns the CA that issued the serial number, or [ErrUnknownSerial].
func (a *Authority) issuerOf(ctx context.Context, serial *big.Int) (*issuer, error) {
	issuers, err := a.leafIssuers(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range issuers {
		if i.serials.verify(serial) {
			return i, nil
		}
	}
	return nil, ErrUnknownSerial
}
