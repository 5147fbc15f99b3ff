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
	// ErrUnknownCA is the answer to a name that no CA of the hierarchy has.
	ErrUnknownCA = errors.New("ca: no CA of this hierarchy has the name")
	// ErrUnknownSerial is the answer to a serial number that this authority has not given out.
	ErrUnknownSerial = errors.New("ca: no certificate of this authority has the serial number")
	// ErrRefused is the answer to a request for a certificate that no CA grants, whoever asks again.
	ErrRefused = errors.New("ca: refused")
	// ErrClock is the answer when the clock is outside the validity of the issuing CA.
	ErrClock = errors.New("ca: the clock is outside the validity of the issuing CA; use a hierarchy made under this clock")
	// ErrCapacity is the answer when [MaxRevocations] certificates have been revoked.
	ErrCapacity = fmt.Errorf("ca: one CA keeps at most %d revocations", MaxRevocations)
)

// An Authority issues and revokes for one server. All methods may be called concurrently. The ones that take a context
// wait for the keys of the hierarchy as long as it lasts.
type Authority struct {
	hierarchy *Hierarchy
	base      string
	now       func() time.Time
	revision  atomic.Uint64

	chains []issuing // as those of the hierarchy
}

// issuing is a chain of one authority.
type issuing struct {
	building sync.Mutex
	issuers  atomic.Pointer[map[string]*issuer] // nil until they are made, which takes no time once the chain has its keys
}

// An issuer is a CA of one authority.
type issuer struct {
	spec        caSpec
	certificate *x509.Certificate
	key         crypto.Signer
	algorithm   x509.SignatureAlgorithm // of CRLs
	serials     serializer

	mu      sync.Mutex
	revoked map[string]revocation // by the octets of the serial number
	crl     *CRL                  // nil when it has to be made anew

	responder responder
}

// Authority returns a view of the hierarchy for the server at base, such as "http://127.0.0.1:8080", which goes into
// every certificate below the root. An empty base is the one that the hierarchy's directory holds. The clock is the
// server's.
func (h *Hierarchy) Authority(base string, now func() time.Time) (*Authority, error) {
	if base == "" {
		if base = h.Base(); base == "" {
			return nil, errors.New("ca: base address: must be given, as no directory holds one")
		}
	}
	base = strings.TrimRight(base, "/")
	if err := CheckBase(base); err != nil {
		return nil, fmt.Errorf("ca: base address: %w", err)
	}
	return &Authority{hierarchy: h, base: base, now: now, chains: make([]issuing, len(h.chains))}, nil
}

// CheckBase tells what is wrong with a base address: it has to be the address of a server, with a path at most.
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

// Base is the address that the certificates name.
func (a *Authority) Base() string { return a.base }

// Preset is the shape of the hierarchy.
func (a *Authority) Preset() Preset { return a.hierarchy.preset }

// get returns the CAs of a chain, by name. It waits for their keys.
func (a *Authority) get(ctx context.Context, chain int) (map[string]*issuer, error) {
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
		serials, err := newSerializer(key, a.base)
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

// A CA is a CA's certificate.
type CA struct {
	Name       string // as in file names and addresses: root-g3
	CommonName string
	Issuer     string // the name of the CA above it; empty for a root
	KeyID      string // the identifier of its key (RFC 5280, 4.2.1.2), in upper-case hexadecimal
	Serial     string
	Thumbprint string
	DER        []byte
	NotBefore  time.Time
	NotAfter   time.Time
}

// Root tells whether it signed itself.
func (c CA) Root() bool { return c.Issuer == "" }

func (i *issuer) describe() CA {
	return CA{
		Name: i.spec.name, CommonName: i.certificate.Subject.CommonName, Issuer: i.spec.issuer,
		KeyID:  fmt.Sprintf("%X", i.certificate.SubjectKeyId),
		Serial: FormatSerial(i.certificate.SerialNumber), Thumbprint: Thumbprint(i.certificate.Raw), DER: i.certificate.Raw,
		NotBefore: i.certificate.NotBefore, NotAfter: i.certificate.NotAfter,
	}
}

// Names lists the names of the CAs, each after its issuer. It needs no keys.
func (a *Authority) Names() []string {
	names := make([]string, len(a.hierarchy.layout.cas))
	for i, spec := range a.hierarchy.layout.cas {
		names[i] = spec.name
	}
	return names
}

// CAs returns every CA, each after its issuer.
func (a *Authority) CAs(ctx context.Context) ([]CA, error) {
	var all []CA
	for n, c := range a.hierarchy.chains {
		issuers, err := a.get(ctx, n)
		if err != nil {
			return nil, err
		}
		for _, spec := range c.cas {
			all = append(all, issuers[spec.name].describe())
		}
	}
	return all, nil
}

// CA returns the CA of this name, or [ErrUnknownCA].
func (a *Authority) CA(ctx context.Context, name string) (CA, error) {
	i, err := a.issuer(ctx, name)
	if err != nil {
		return CA{}, err
	}
	return i.describe(), nil
}

// Chain returns the CAs above a certificate of this usage: the issuing one first, the root last.
func (a *Authority) Chain(ctx context.Context, usage Usage) ([]CA, error) {
	name, known := a.hierarchy.layout.issuers[usage]
	if !known {
		return nil, fmt.Errorf("ca: chain: %q is not a usage", string(usage))
	}
	return a.ChainOf(ctx, name)
}

// ChainOf returns the CA of this name and the ones above it, the root last.
func (a *Authority) ChainOf(ctx context.Context, name string) ([]CA, error) {
	n, known := a.chainOf(name)
	if !known {
		return nil, ErrUnknownCA
	}
	issuers, err := a.get(ctx, n)
	if err != nil {
		return nil, err
	}
	var chain []CA
	for ; name != ""; name = issuers[name].spec.issuer {
		chain = append(chain, issuers[name].describe())
	}
	return chain, nil
}

// chainOf finds the chain of the CA of this name.
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

// issuer checks the name before anything waits for a key.
func (a *Authority) issuer(ctx context.Context, name string) (*issuer, error) {
	n, known := a.chainOf(name)
	if !known {
		return nil, ErrUnknownCA
	}
	issuers, err := a.get(ctx, n)
	if err != nil {
		return nil, err
	}
	return issuers[name], nil
}

// present returns the CAs that can have issued to people: those whose keys are there. It waits for none.
func (a *Authority) present(ctx context.Context) ([]*issuer, error) {
	var all []*issuer
	for n, c := range a.hierarchy.chains {
		if _, made := c.made.progress(); !made {
			continue
		}
		issuers, err := a.get(ctx, n)
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

// issued returns the CA that gave out the serial number, or nil.
func (a *Authority) issued(ctx context.Context, serial *big.Int) (*issuer, error) {
	issuers, err := a.present(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range issuers {
		if i.serials.knows(serial) {
			return i, nil
		}
	}
	return nil, ErrUnknownSerial
}
