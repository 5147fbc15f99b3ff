package ca

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// A Reason is why a certificate was revoked: the codes of RFC 5280, 5.3.1, that the API has.
type Reason int

// The reasons.
const (
	Unspecified          Reason = 0
	KeyCompromise        Reason = 1
	AffiliationChanged   Reason = 3
	Superseded           Reason = 4
	CessationOfOperation Reason = 5
)

// Reasons lists the reasons.
func Reasons() []Reason {
	return []Reason{Unspecified, KeyCompromise, AffiliationChanged, Superseded, CessationOfOperation}
}

// String is the name of the reason, as RFC 5280 and the API have it.
func (r Reason) String() string {
	switch r {
	case Unspecified:
		return "unspecified"
	case KeyCompromise:
		return "keyCompromise"
	case AffiliationChanged:
		return "affiliationChanged"
	case Superseded:
		return "superseded"
	case CessationOfOperation:
		return "cessationOfOperation"
	default:
		return fmt.Sprintf("reason %d", int(r))
	}
}

// ParseReason returns the reason of this name, in any case.
func ParseReason(name string) (Reason, error) {
	for _, reason := range Reasons() {
		if strings.EqualFold(reason.String(), name) {
			return reason, nil
		}
	}
	return 0, fmt.Errorf("revocation reason %q: must be one of %v", name, Reasons())
}

// MaxRevocations is how many revocations one CA keeps; they are never forgotten.
const MaxRevocations = 100_000

// CRLLifetime is how long a CRL is valid; the policy authority asks for a new one at least as often.
const CRLLifetime = 48 * time.Hour

type revocation struct {
	serial *big.Int
	reason Reason
	at     time.Time
}

// Revoke revokes certificates of one CA of this authority, for good, and all of them or none. One that is revoked already
// stays as it is. The error is [ErrUnknownSerial] or [ErrCapacity], or the context's.
func (a *Authority) Revoke(ctx context.Context, reason Reason, serials ...string) error {
	if !slices.Contains(Reasons(), reason) {
		return fmt.Errorf("ca: revoke: %d is not a reason", int(reason))
	}
	var by *issuer
	numbers := make([]*big.Int, len(serials))
	for i, serial := range serials {
		number, err := ParseSerial(serial)
		if err != nil {
			return ErrUnknownSerial
		}
		issuer, err := a.issued(ctx, number)
		if err != nil {
			return err
		}
		if by != nil && by != issuer {
			return errors.New("ca: revoke: the certificates are of several CAs")
		}
		by, numbers[i] = issuer, number
	}
	if by == nil {
		return nil
	}
	at := a.now().UTC().Truncate(time.Second)
	by.mu.Lock()
	defer by.mu.Unlock()
	numbers = slices.DeleteFunc(numbers, func(number *big.Int) bool {
		_, already := by.revoked[string(number.Bytes())]
		return already
	})
	if len(numbers) == 0 {
		return nil
	}
	if len(by.revoked)+len(numbers) > MaxRevocations {
		return ErrCapacity
	}
	for _, number := range numbers {
		by.revoked[string(number.Bytes())] = revocation{number, reason, at}
	}
	by.crl = renewable(by.crl)
	a.revision.Add(1)
	return nil
}

// Revision changes with every revocation: whoever caches answers of [Authority.OCSP] drops them when it does.
func (a *Authority) Revision() uint64 { return a.revision.Load() }

// A CRL is a signed list of what a CA has revoked.
type CRL struct {
	DER        []byte
	Number     *big.Int
	ThisUpdate time.Time
	NextUpdate time.Time
}

// renewable keeps of a CRL what the next one needs to know.
func renewable(old *CRL) *CRL {
	if old == nil {
		return nil
	}
	return &CRL{Number: old.Number}
}

// CRL returns the current CRL of a CA. It is made anew after a revocation, when half of its life is over, and when the
// clock was set back; otherwise the same octets come again.
func (a *Authority) CRL(ctx context.Context, name string) (CRL, error) {
	issuer, err := a.issuer(ctx, name)
	if err != nil {
		return CRL{}, err
	}
	now := a.now().UTC().Truncate(time.Second)
	issuer.mu.Lock()
	defer issuer.mu.Unlock()
	if c := issuer.crl; c != nil && c.DER != nil && !now.Before(c.ThisUpdate) && now.Before(c.ThisUpdate.Add(CRLLifetime/2)) {
		return *c, nil
	}
	crl, err := issuer.sign(now)
	if err != nil {
		return CRL{}, fmt.Errorf("ca: CRL of %s: %w", name, err)
	}
	issuer.crl = crl
	return *crl, nil
}

func (i *issuer) sign(now time.Time) (*CRL, error) {
	entries := make([]x509.RevocationListEntry, 0, len(i.revoked))
	for _, r := range i.revoked {
		// crypto/x509 leaves the extension out for unspecified, as RFC 5280 wants.
		entries = append(entries, x509.RevocationListEntry{SerialNumber: r.serial, RevocationTime: r.at, ReasonCode: int(r.reason)})
	}
	slices.SortFunc(entries, func(a, b x509.RevocationListEntry) int {
		if order := a.RevocationTime.Compare(b.RevocationTime); order != 0 {
			return order
		}
		return a.SerialNumber.Cmp(b.SerialNumber)
	})
	crl := &CRL{Number: i.nextNumber(now), ThisUpdate: now, NextUpdate: now.Add(CRLLifetime)}
	var err error
	crl.DER, err = x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		SignatureAlgorithm: i.algorithm, RevokedCertificateEntries: entries,
		Number: crl.Number, ThisUpdate: crl.ThisUpdate, NextUpdate: crl.NextUpdate,
	}, i.certificate, i.key)
	return crl, err
}

// nextNumber grows with every CRL, and from run to run of a hierarchy that is kept: it is the time, unless that isn't
// later.
func (i *issuer) nextNumber(now time.Time) *big.Int {
	number := big.NewInt(max(now.Unix(), 1))
	if i.crl != nil && i.crl.Number.Cmp(number) >= 0 {
		return new(big.Int).Add(i.crl.Number, big.NewInt(1))
	}
	return number
}
