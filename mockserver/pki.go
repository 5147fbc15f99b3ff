package mockserver

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"sync"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// defaultBase is the address in certificates of a server that doesn't listen by itself.
const defaultBase = "http://127.0.0.1:8080"

// A pki is the certificate authority of a server. It belongs to the server and not to an account: resetting one
// un-revokes nothing.
type pki struct {
	server    *Server
	authority func() (*ca.Authority, error) // made on first need, when the server knows its address
	answers   ocspAnswers
}

var (
	_ transport.PKI = (*pki)(nil)
	_ control.PKI   = (*pki)(nil)
)

func newPKI(s *Server) *pki {
	p := &pki{server: s}
	p.authority = sync.OnceValues(func() (*ca.Authority, error) {
		return s.ca.hierarchy.Authority(p.base(), s.now)
	})
	return p
}

// base is the address that certificates name.
func (p *pki) base() string {
	listening := reachable(p.server.URL())
	switch kept := p.server.ca.hierarchy.Base(); {
	case p.server.baseURL != "":
		return p.server.baseURL
	case kept != "":
		if listening != "" && kept != listening {
			p.server.logger.Warn("certificates name another address than the one that the server listens on",
				"certificates", kept, "listening", listening)
		}
		return kept
	case listening != "":
		return listening
	default:
		return defaultBase
	}
}

// reachable is the address of a server as a verifier on this machine can use it: one that listens everywhere is reached
// over loopback.
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

// Base is the address that certificates name.
func (p *pki) Base() (string, error) {
	authority, err := p.authority()
	if err != nil {
		return "", err
	}
	return authority.Base(), nil
}

// Preset is the shape of the hierarchy.
func (p *pki) Preset() string { return string(p.server.ca.hierarchy.Preset()) }

// Chain returns the CA of this name and the ones above it, the root last.
func (p *pki) Chain(ctx context.Context, name string) ([]domain.Authority, error) {
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
func (p *pki) Authorities(ctx context.Context) ([]domain.Authority, error) {
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
	return &domain.Error{Code: domain.CodeCANotFound, Message: "CA not found: the server has no CA of this name; GET /_mock/ca lists them"}
}

// CRL returns the current CRL of a CA in DER.
func (p *pki) CRL(ctx context.Context, name string) ([]byte, error) {
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

// PublicKey reads a PKCS#10 request, which stands in a member of a body, and returns the SubjectPublicKeyInfo of its key.
func (*pki) PublicKey(member, csr string) ([]byte, error) {
	key, err := ca.ParseCertificateRequest([]byte(csr))
	if err != nil {
		return nil, &domain.Error{Code: domain.CodeInvalidField, Path: member, Message: member + " is refused: " + err.Error()}
	}
	return x509.MarshalPKIXPublicKey(key)
}

// revoke tells the CA of revocations.
func (p *pki) revoke(ctx context.Context, revocations []domain.Revocation) error {
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
				Message: fmt.Sprintf("a CA of the mock keeps as many revocations as it may, %d; start it anew", ca.MaxRevocations),
			}
		case err != nil:
			return err
		}
	}
	return nil
}

var errNoCA = errors.New("the CAs, or keys, cannot be had")

// make makes a key, unless there is one, and the certificate that an assignment asks for. The error is errNoCA or the
// context's, or else is about this certificate alone.
func (p *pki) make(ctx context.Context, a domain.Assignment) (made domain.Made, key []byte, err error) {
	authority, err := p.authority()
	if err != nil {
		return made, nil, fmt.Errorf("%w: %w", errNoCA, err)
	}
	// The keys of the CAs come first: making two at the same time would take two processors.
	chain, err := authority.Chain(ctx, ca.Usage(a.Usage))
	if err != nil {
		return made, nil, fmt.Errorf("%w: %w", errNoCA, err)
	}
	request := ca.Request{
		Usage: ca.Usage(a.Usage), PSS: a.PSS,
		Subject: ca.Subject{
			Country: a.Country, Organization: a.Organization, GivenName: a.GivenName, Surname: a.Surname,
			Identifier: fmt.Sprintf("%010d", a.IndividualID),
		},
		Validity: ca.Validity{Years: a.Years, Days: a.Days, Date: a.Date, End: a.Until},
	}
	if err := request.Subject.Check(); err != nil { // before a key is made for nothing
		return made, nil, fmt.Errorf("%w: subject: %w", ca.ErrRefused, err)
	}
	if request.PublicKey, key, err = p.keyFor(ctx, a); err != nil {
		return made, nil, err
	}
	certificate, err := authority.Issue(ctx, request)
	if err != nil {
		return made, nil, err
	}
	return domain.Made{
		DER: certificate.DER, SerialNumber: certificate.Serial, Thumbprint: certificate.Thumbprint,
		CommonName: certificate.CommonName, Issuer: certificate.Issuer, IssuerID: chain[0].KeyID, IssuerCommon: chain[0].CommonName,
		KeySize: certificate.KeySize, NotBefore: certificate.NotBefore, NotAfter: certificate.NotAfter,
	}, key, nil
}

// keyFor returns the public key of a certificate, and the private one in PKCS#8 where the mock has made it.
func (p *pki) keyFor(ctx context.Context, a domain.Assignment) (public crypto.PublicKey, private []byte, err error) {
	if a.PublicKey != "" {
		public, err = x509.ParsePKIXPublicKey([]byte(a.PublicKey))
		return public, nil, err
	}
	key, err := p.server.ca.hierarchy.Key(ctx, p.server.tokenKey)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errNoCA, err)
	}
	private, err = x509.MarshalPKCS8PrivateKey(key)
	return key.Public(), private, err
}
