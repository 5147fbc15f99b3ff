// Package pki is what one server does with its hierarchy of CAs: its intermediates, certificates,
// CRLs and OCSP.
package pki

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"sync"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// defaultBase is the address in the certificates of a server that does not listen.
const defaultBase = "http://127.0.0.1:8080"

// A PKI is the certificate authority of a server. Its revocations belong to the server and not to
// an account: the reset of an account takes none back.
type PKI struct {
	hierarchy *ca.Hierarchy
	baseURL   string
	tokenKey  ca.KeyKind
	clock     clock.Source
	logger    *slog.Logger
	authority func() (*ca.Authority, error) // made on first need, when the address of the server is known
	answers   ocspAnswers

	mu        sync.Mutex
	listening string // empty until ListenOn
}

// New returns the PKI of a server. Certificates name baseURL; see [PKI.ListenOn] for an empty one.
// Keys of people are of the kind tokenKey.
func New(hierarchy *ca.Hierarchy, baseURL string, tokenKey ca.KeyKind, source clock.Source, logger *slog.Logger, opts ...ca.AuthorityOption) *PKI {
	p := &PKI{hierarchy: hierarchy, baseURL: baseURL, tokenKey: tokenKey, clock: source, logger: logger}
	p.authority = sync.OnceValues(func() (*ca.Authority, error) {
		return hierarchy.Authority(p.base(), source.ServerNow, opts...)
	})
	return p
}

// ListenOn sets the address that the server listens on, such as "http://127.0.0.1:8080".
// Certificates name it unless the PKI has a base URL, or its hierarchy was kept in a directory with
// another address, or a CA's certificate was needed before.
func (p *PKI) ListenOn(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listening = reachable(address)
}

func (p *PKI) listensOn() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.listening
}

// base is the address that certificates name.
func (p *PKI) base() string {
	listening := p.listensOn()
	switch kept := p.hierarchy.Base(); {
	case p.baseURL != "":
		return p.baseURL
	case kept != "":
		if listening != "" && kept != listening {
			p.logger.Warn("certificates name another address than the one that the server listens on",
				"certificates", kept, "listening", listening)
		}
		return kept
	case listening != "":
		return listening
	default:
		return defaultBase
	}
}

// reachable is the address of a server as a verifier on this machine can use it. A server that
// listens on all addresses is reached over loopback.
func reachable(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if host, err := netip.ParseAddr(u.Hostname()); err == nil && host.IsUnspecified() {
		u.Host = net.JoinHostPort("127.0.0.1", u.Port())
	}
	return u.String()
}

// Prepare waits until the keys of all CAs are there, as long as ctx lasts. Where the server
// listens, and so knows the address that certificates name, it also waits for the certificates of
// the CAs.
func (p *PKI) Prepare(ctx context.Context) error {
	err := p.hierarchy.Prepare(ctx)
	if err == nil && p.listensOn() != "" {
		_, err = p.Authorities(ctx)
	}
	return err
}

// Warm makes keys before they are needed, until ctx ends, which is no error; see
// [ca.Hierarchy.Warm].
func (p *PKI) Warm(ctx context.Context) error { return p.hierarchy.Warm(ctx, p.tokenKey) }

// Progress is how far the keys of the CAs are: none, making or ready.
func (p *PKI) Progress() string { return string(p.hierarchy.Progress()) }

// Base is the address that certificates name.
func (p *PKI) Base() (string, error) {
	authority, err := p.authority()
	if err != nil {
		return "", err
	}
	return authority.Base(), nil
}

// Preset is the shape of the hierarchy.
func (p *PKI) Preset() string { return string(p.hierarchy.Preset()) }

// Chain returns the CA of this name and the ones above it, the root last, or the refusal
// not_found|ca.
func (p *PKI) Chain(ctx context.Context, name string) ([]domain.Authority, error) {
	all, err := p.Authorities(ctx)
	if err != nil {
		return nil, err
	}
	var chain []domain.Authority
	for _, authority := range slices.Backward(all) { // each after its issuer
		if authority.Name == name {
			chain, name = append(chain, authority), authority.Issuer
		}
	}
	if len(chain) == 0 {
		return nil, noSuchCA()
	}
	return chain, nil
}

// Authorities returns every CA, each after its issuer.
func (p *PKI) Authorities(ctx context.Context) ([]domain.Authority, error) {
	authority, err := p.authority()
	if err != nil {
		return nil, err
	}
	cas, err := authority.CAs(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]domain.Authority, len(cas))
	common := map[string]string{}
	for i, one := range cas {
		common[one.Name] = one.CommonName
		issuer := one.Issuer
		if one.Root() {
			issuer = one.Name
		}
		all[i] = domain.Authority{
			ID: one.KeyID, Name: one.Name, Issuer: one.Issuer, CommonName: one.CommonName, IssuerCommon: common[issuer],
			SerialNumber: one.Serial, Thumbprint: one.Thumbprint, DER: one.DER, NotBefore: one.NotBefore, NotAfter: one.NotAfter,
		}
	}
	return all, nil
}

func noSuchCA() error {
	return &domain.Error{
		Code: domain.CodeCANotFound, Message: "CA not found: the server has no CA of this name", Hint: domain.HintListCAs,
	}
}

// CRL returns the current CRL of the CA of this name in DER, or the refusal not_found|ca.
func (p *PKI) CRL(ctx context.Context, name string) ([]byte, error) {
	authority, err := p.authority()
	if err != nil {
		return nil, err
	}
	crl, err := authority.CRL(ctx, name)
	if errors.Is(err, ca.ErrUnknownCA) {
		return nil, noSuchCA()
	}
	return crl.DER, err
}

// PublicKey reads a PKCS#10 request, which stands in a member of a body, and returns the
// SubjectPublicKeyInfo of its key.
func (*PKI) PublicKey(member, csr string) ([]byte, error) {
	key, err := ca.ParseCertificateRequest([]byte(csr))
	if err != nil {
		return nil, &domain.Error{Code: domain.CodeInvalidField, Path: member, Message: member + " is refused: " + err.Error()}
	}
	return x509.MarshalPKIXPublicKey(key)
}

// Revoke has the CAs revoke certificates. Revoking one twice is revoking it once.
func (p *PKI) Revoke(ctx context.Context, revocations []domain.Revocation) error {
	authority, err := p.authority()
	if err != nil {
		return err
	}
	serials := map[domain.RevocationReason][]string{}
	for _, one := range revocations {
		serials[one.Reason] = append(serials[one.Reason], one.SerialNumber)
	}
	for name, numbers := range serials {
		reason, err := ca.ParseReason(string(name))
		if err != nil {
			return err
		}
		switch err := authority.Revoke(ctx, reason, numbers...); {
		case errors.Is(err, ca.ErrCapacity):
			return &domain.Error{
				Code:    domain.CodeCapacity,
				Message: fmt.Sprintf("a CA of the mock keeps as many revocations as it may, %d; start the mock again", ca.MaxRevocations),
			}
		case err != nil:
			return err
		}
	}
	return nil
}
