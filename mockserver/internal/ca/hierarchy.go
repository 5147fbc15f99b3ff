package ca

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// A Hierarchy holds the keys of all CAs of a preset, and the roots. Several servers can share one;
// see [Authority].
type Hierarchy struct {
	preset Preset
	layout layout
	caKey  KeyKind
	now    func() time.Time
	paths  Paths
	dir    directory // empty: in memory only
	chains []*chain
	keys   map[string]*lazy[crypto.Signer] // of the CAs, by name
	// responders holds the keys of the OCSP responders, by the name of the issuing CA. The
	// directory does not store them: each process makes its own.
	responders map[string]*lazy[crypto.Signer]
	permits    *semaphore.Weighted // to make a certificate of a person
	// spare keys of people were made for a caller that gave up, or for the stock. There is room for
	// one of each kind.
	spare  map[KeyKind]chan crypto.Signer
	demand demand

	mu   sync.Mutex // for rewriting the directory
	base string     // of the intermediates that the directory holds
}

// A chain is a group of CAs whose keys are made together: a root and the CAs below it. A hierarchy
// with a directory has one chain with all CAs, because the directory stores all of them together.
type chain struct {
	cas  []caSpec // each after its issuer
	made *lazy[*material]
}

// material holds the keys and the certificates of a chain.
type material struct {
	keys  map[string]crypto.Signer     // by the name of the CA
	roots map[string]*x509.Certificate // by name
	// intermediates are the certificates that the directory holds. They contain the address base.
	// Without a directory both fields are empty.
	base          string
	intermediates map[string]*x509.Certificate
}

// An Option changes how [New] makes a hierarchy.
type Option func(*settings) error

type settings struct {
	preset Preset
	caKey  KeyKind
	dir    string
}

// WithPreset sets the preset. The default is [G3], or the preset in the directory.
func WithPreset(preset Preset) Option {
	return func(s *settings) error {
		_, err := ParsePreset(string(preset))
		s.preset = preset
		return err
	}
}

// WithCAKey sets the kind of the keys of the CAs. The default is [RSA2048], or the kind in the
// directory. Larger RSA keys take more time: the keys of a hierarchy of [RSA4096] take some
// seconds, and no verifier needs them. If the kind is an elliptic curve, all signatures are ECDSA.
// The issuing CA of [EC] has P-384 unless the kind is an elliptic curve.
func WithCAKey(kind KeyKind) Option {
	return func(s *settings) error {
		_, err := ParseKeyKind(string(kind))
		s.caKey = kind
		return err
	}
}

// WithDirectory stores the hierarchy in a directory, together with the address that its
// intermediates contain, or loads the one that is stored there. A missing directory is created. It
// is an error if other users can read the directory, or if it holds a hierarchy with another preset
// or other keys than the options say.
func WithDirectory(dir string) Option {
	return func(s *settings) error {
		if dir == "" {
			return errors.New("CA directory: the name is empty")
		}
		s.dir = dir
		return nil
	}
}

// New returns a hierarchy. Its keys are made when they are first needed. The validity of a root is
// fifteen years and starts on January 1 four years before now, so that servers with an earlier
// clock can share it. The certificates below the roots name the paths.
func New(now func() time.Time, paths Paths, opts ...Option) (*Hierarchy, error) {
	var set settings
	var errs []error
	for _, opt := range opts {
		errs = append(errs, opt(&set))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	h := &Hierarchy{
		preset: set.preset, caKey: set.caKey, now: now, paths: paths, dir: directory(set.dir),
		keys: map[string]*lazy[crypto.Signer]{}, responders: map[string]*lazy[crypto.Signer]{},
		permits: semaphore.NewWeighted(permits()), spare: map[KeyKind]chan crypto.Signer{},
	}
	for _, kind := range KeyKinds() {
		h.spare[kind] = make(chan crypto.Signer, 1)
	}
	var found *material
	if h.dir != "" {
		stored, err := h.dir.open()
		if err != nil {
			return nil, fmt.Errorf("ca: directory: %w", err)
		}
		if stored != nil {
			if found, err = h.load(stored); err != nil {
				return nil, fmt.Errorf("ca: directory %s: %w", set.dir, err)
			}
		}
	}
	if h.preset == "" {
		h.preset = G3
	}
	if h.caKey == "" {
		h.caKey = RSA2048
	}
	h.layout = h.preset.layout()
	h.chains = h.newChains()
	if found != nil {
		h.base = found.base
		h.chains[0].made = newMade(found)
	}
	for _, spec := range h.layout.cas {
		h.keys[spec.name] = newLazy(func() (crypto.Signer, error) { return GenerateKey(h.kind(spec)) })
		h.responders[spec.name] = newLazy(func() (crypto.Signer, error) { return GenerateKey(responderKey(h.kind(spec))) })
	}
	return h, nil
}

// Paths are what the certificates name below the base address of a server.
func (h *Hierarchy) Paths() Paths { return h.paths }

// Preset is the form of the hierarchy.
func (h *Hierarchy) Preset() Preset { return h.preset }

// Base is the address that the intermediates in the directory contain. It is empty without a
// directory and before the first authority.
func (h *Hierarchy) Base() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.base
}

// kind is the kind of the key of a CA.
func (h *Hierarchy) kind(spec caSpec) KeyKind {
	if spec.key == "" || h.caKey.Quick() {
		return h.caKey
	}
	return spec.key
}

func responderKey(issuer KeyKind) KeyKind {
	if issuer.Quick() {
		return P256
	}
	return RSA2048
}

// newChains returns the chains of the hierarchy, without their keys.
func (h *Hierarchy) newChains() []*chain {
	var chains []*chain
	for _, spec := range h.layout.cas {
		if len(chains) == 0 || spec.issuer == "" && h.dir == "" {
			c := &chain{}
			c.made = newLazy(func() (*material, error) { return h.build(c) })
			chains = append(chains, c)
		}
		last := chains[len(chains)-1]
		last.cas = append(last.cas, spec)
	}
	return chains
}

// material returns the keys and certificates of a chain. Missing keys are made one after the other,
// so that requests have the other processors. If ctx ends, the key that is being made is used by
// the next call.
func (h *Hierarchy) material(ctx context.Context, c *chain) (*material, error) {
	defer h.demand.add()()
	return h.complete(ctx, c, context.Context.Err)
}

// complete does the work of material. It calls begin before it makes a key, and stops if begin
// returns an error.
func (h *Hierarchy) complete(ctx context.Context, c *chain, begin func(context.Context) error) (*material, error) {
	if _, made := c.made.progress(); !made {
		for _, spec := range c.cas {
			if err := begin(ctx); err != nil {
				return nil, err
			}
			if _, err := h.keys[spec.name].get(ctx); err != nil {
				return nil, fmt.Errorf("ca: key of %s: %w", spec.name, err)
			}
		}
	}
	return c.made.get(ctx)
}

// build returns the material of a chain whose keys exist.
func (h *Hierarchy) build(c *chain) (*material, error) {
	m := &material{keys: map[string]crypto.Signer{}, roots: map[string]*x509.Certificate{}}
	for _, spec := range c.cas {
		key, err := h.keys[spec.name].wait()
		if err != nil {
			return nil, fmt.Errorf("ca: key of %s: %w", spec.name, err)
		}
		m.keys[spec.name] = key
		if spec.issuer == "" {
			if m.roots[spec.name], err = h.root(spec, key); err != nil {
				return nil, fmt.Errorf("ca: certificate of %s: %w", spec.name, err)
			}
		}
	}
	if h.dir == "" {
		return m, nil
	}
	stored, err := h.dir.create(h.stored(m))
	if err != nil {
		return nil, fmt.Errorf("ca: directory: %w", err)
	}
	if stored == nil {
		return m, nil
	}
	// Another process has written the file first. Both processes use its hierarchy.
	if m, err = h.load(stored); err != nil {
		return nil, fmt.Errorf("ca: directory %s: %w", h.dir, err)
	}
	return m, nil
}

const (
	rootYearsBack = 4
	rootYears     = 15
)

func (h *Hierarchy) root(spec caSpec, key crypto.Signer) (*x509.Certificate, error) {
	template, err := h.caTemplate(spec, key.Public())
	if err != nil {
		return nil, err
	}
	template.NotBefore = time.Date(h.now().UTC().Year()-rootYearsBack, time.January, 1, 0, 0, 0, 0, time.UTC)
	template.NotAfter = lastSecond(template.NotBefore.AddDate(rootYears, 0, 0))
	return sign(template, template, key.Public(), key, h.layout.authorityAlgorithm(key.Public()))
}

// certificates returns the certificate of each CA of a chain. The intermediates contain base.
func (h *Hierarchy) certificates(c *chain, m *material, base string) (map[string]*x509.Certificate, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[string]*x509.Certificate{}
	intermediates := map[string]*x509.Certificate{}
	for _, spec := range c.cas {
		if spec.issuer == "" {
			all[spec.name] = m.roots[spec.name]
			continue
		}
		certificate := m.intermediates[spec.name]
		if certificate == nil || m.base != base {
			var err error
			if certificate, err = h.intermediate(spec, m.keys[spec.name].Public(), all[spec.issuer], m.keys[spec.issuer], base); err != nil {
				return nil, fmt.Errorf("ca: certificate of %s: %w", spec.name, err)
			}
		}
		all[spec.name], intermediates[spec.name] = certificate, certificate
	}
	if h.dir != "" && m.base != base {
		moved := &material{keys: m.keys, roots: m.roots, base: base, intermediates: intermediates}
		if err := h.dir.replace(h.stored(moved)); err != nil {
			return nil, fmt.Errorf("ca: directory: %w", err)
		}
		h.base, m.base, m.intermediates = base, base, intermediates
	}
	return all, nil
}

// intermediate issues the certificate of an intermediate CA. It begins one day after its issuer and
// ends one day before it, as in PKIoverheid.
func (h *Hierarchy) intermediate(
	spec caSpec, public crypto.PublicKey, issuer *x509.Certificate, key crypto.Signer, base string,
) (*x509.Certificate, error) {
	template, err := h.caTemplate(spec, public)
	if err != nil {
		return nil, err
	}
	template.NotBefore = issuer.NotBefore.AddDate(0, 0, 1)
	template.NotAfter = issuer.NotAfter.AddDate(0, 0, -1)
	template.IssuingCertificateURL = []string{base + h.paths.Certificate(spec.issuer)}
	template.CRLDistributionPoints = []string{base + h.paths.CRL(spec.issuer)}
	return sign(template, issuer, public, key, h.layout.authorityAlgorithm(key.Public()))
}

func (h *Hierarchy) caTemplate(spec caSpec, public crypto.PublicKey) (*x509.Certificate, error) {
	subject, err := encodeName(spec.names)
	if err != nil {
		return nil, err
	}
	id, err := keyID(public)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          randomSerial(),
		RawSubject:            subject,
		SubjectKeyId:          id,
		KeyUsage:              spec.usage,
		UnknownExtKeyUsage:    spec.eku,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLen:            -1,
	}
	if spec.issues {
		template.MaxPathLen, template.MaxPathLenZero = 0, true
	}
	if len(spec.policies) > 0 {
		policies, err := policiesExtension(spec.policies)
		if err != nil {
			return nil, err
		}
		template.ExtraExtensions = append(template.ExtraExtensions, policies)
	}
	if len(spec.qc) > 0 {
		statements, err := qcExtension(spec.qc)
		if err != nil {
			return nil, err
		}
		template.ExtraExtensions = append(template.ExtraExtensions, statements)
	}
	return template, nil
}

func sign(
	template, issuer *x509.Certificate, public crypto.PublicKey, key crypto.Signer, algorithm x509.SignatureAlgorithm,
) (*x509.Certificate, error) {
	template.SignatureAlgorithm = algorithm
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
