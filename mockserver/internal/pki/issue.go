package pki

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ErrUnavailable is the error when no certificate at all can be made, because the keys of the CAs
// cannot be had.
var ErrUnavailable = errors.New("the CAs, or keys, cannot be had")

// Acquire waits for a permit to make one certificate, as long as ctx lasts. Servers that share a
// hierarchy share its permits.
func (p *PKI) Acquire(ctx context.Context) (*ca.Permit, error) { return p.hierarchy.Acquire(ctx) }

// Stocked tells whether a certificate can be made without waiting for a key.
func (p *PKI) Stocked() bool { return p.hierarchy.Stocked(p.tokenKey) }

// Make makes the certificate that a job asks for, valid from a moment on, and its private key in
// PKCS#8 unless the job has a public key. An error that is neither [ErrUnavailable] nor that of ctx is about
// this certificate only; see [Reason].
func (p *PKI) Make(ctx context.Context, permit *ca.Permit, a domain.IssuanceJob, begins time.Time) (made domain.IssuedMaterial, key []byte, err error) {
	authority, err := p.authority()
	if err != nil {
		return made, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	// The keys of the CAs come first: to make two keys at the same time takes two processors.
	chain, err := authority.Chain(ctx, ca.Usage(a.Usage))
	if err != nil {
		return made, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	request := ca.Request{
		Usage: ca.Usage(a.Usage), PSS: a.PSS,
		Subject: ca.Subject{
			Country: a.Country, Organization: a.Organization, GivenName: a.GivenName, Surname: a.Surname,
			Identifier: fmt.Sprintf("%010d", a.IndividualID),
		},
		Validity:  ca.Validity{Years: a.Years, Days: a.Days, Date: a.Date, End: a.Until},
		NotBefore: begins,
	}
	if err := request.Subject.Check(); err != nil { // before a key is made
		return made, nil, fmt.Errorf("%w: subject: %w", ca.ErrRefused, err)
	}
	if request.PublicKey, key, err = p.keyFor(ctx, permit, a); err != nil {
		return made, nil, err
	}
	certificate, err := authority.Issue(ctx, request)
	if err != nil {
		return made, nil, err
	}
	return domain.IssuedMaterial{
		DER: certificate.DER, SerialNumber: certificate.Serial, Thumbprint: certificate.Thumbprint,
		CommonName: certificate.CommonName, Issuer: certificate.Issuer, IssuerID: chain[0].KeyID, IssuerCommon: chain[0].CommonName,
		KeySize: certificate.KeySize, NotBefore: certificate.NotBefore, NotAfter: certificate.NotAfter,
	}, key, nil
}

// keyFor returns the public key of a certificate, and the private one in PKCS#8 where the mock has
// made it.
func (p *PKI) keyFor(ctx context.Context, permit *ca.Permit, a domain.IssuanceJob) (public crypto.PublicKey, private []byte, err error) {
	if a.PublicKey != "" {
		public, err = x509.ParsePKIXPublicKey([]byte(a.PublicKey))
		return public, nil, err
	}
	key, err := permit.Key(ctx, p.tokenKey)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	private, err = x509.MarshalPKCS8PrivateKey(key)
	return key.Public(), private, err
}

// Reason is why a certificate was refused, in one line for people.
func Reason(err error) string {
	text := err.Error()
	if _, reason, found := strings.Cut(text, ca.ErrRefused.Error()+": "); found {
		text = strings.TrimPrefix(reason, "ca: ")
	}
	return strings.ReplaceAll(text, "\n", "; ")
}
