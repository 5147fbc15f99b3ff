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

// A Reason is a CRLReason: the codes of RFC 5280, 5.3.1, that the API has.
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

// String returns the name of the reason in RFC 5280 and in the API.
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

// ParseReason returns the reason with this name, in upper or lower case.
func ParseReason(name string) (Reason, error) {
	for _, reason := range Reasons() {
		if strings.EqualFold(reason.String(), name) {
			return reason, nil
		}
	}
	return 0, fmt.Errorf("revocation reason %q: must be one of %v", name, Reasons())
}

// MaxRevocations is the largest number of revoked certificates of one CA. Revocations are never
// removed.
const MaxRevocations = 100_000

type revocation struct {
	serial *big.Int
	reason Reason
	at     time.Time
}

// Revoke revokes certificates of one CA of this authority: all of them, or none if there is an
// error. Certificates that are revoked already keep their date and reason. The error is
// [ErrUnknownSerial], [ErrCapacity] or the error of the context.
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
		issuer, err := a.issuerOf(ctx, number)
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
	by.crl = numberOnly(by.crl)
	a.revision.Add(1)
	return nil
}

// Revision returns a number that changes with each revocation. A cache of [Authority.OCSP]
// responses must be emptied when it changes.
func (a *Authority) Revision() uint64 { return a.revision.Load() }

// A CRL is a certificate revocation list (RFC 5280, 5).
type CRL struct {
	DER        []byte
	Number     *big.Int
	ThisUpdate time.Time
	NextUpdate time.Time

	signed, fresh time.Time // when it was signed, and until when no other one is
}

// numberOnly returns the number of a CRL without its DER, so that the next request signs a new CRL
// with a higher number.
func numberOnly(old *CRL) *CRL {
	if old == nil {
		return nil
	}
	return &CRL{Number: old.Number}
}

// CRL returns the current CRL of a CA. A new one is signed after a revocation, after half of
// its lifetime, and if the clock was set back. Otherwise the DER is the same.
func (a *Authority) CRL(ctx context.Context, name string) (CRL, error) {
	issuer, err := a.issuer(ctx, name)
	if err != nil {
		return CRL{}, err
	}
	now := a.now().UTC().Truncate(time.Second)
	issuer.mu.Lock()
	defer issuer.mu.Unlock()
	if c := issuer.crl; c != nil && c.DER != nil && !now.Before(c.signed) && now.Before(c.fresh) {
		return *c, nil
	}
	crl, err := issuer.sign(now, a.crlLifetime)
	if err != nil {
		return CRL{}, fmt.Errorf("ca: CRL of %s: %w", name, err)
	}
	issuer.crl = crl
	return *crl, nil
}

func (i *issuer) sign(now time.Time, lifetime time.Duration) (*CRL, error) {
	entries := make([]x509.RevocationListEntry, 0, len(i.revoked))
	for _, r := range i.revoked {
		// crypto/x509 writes no reasonCode for unspecified, as RFC 5280 requires.
		entries = append(entries, x509.RevocationListEntry{SerialNumber: r.serial, RevocationTime: r.at, ReasonCode: int(r.reason)})
	}
	slices.SortFunc(entries, func(a, b x509.RevocationListEntry) int {
		if order := a.RevocationTime.Compare(b.RevocationTime); order != 0 {
			return order
		}
		return a.SerialNumber.Cmp(b.SerialNumber)
	})
	crl := &CRL{Number: i.nextNumber(now), signed: now, fresh: freshUntil(now, lifetime)}
	crl.ThisUpdate, crl.NextUpdate = updates(now, lifetime)
	var err error
	crl.DER, err = x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		SignatureAlgorithm: i.algorithm, RevokedCertificateEntries: entries,
		Number: crl.Number, ThisUpdate: crl.ThisUpdate, NextUpdate: crl.NextUpdate,
	}, i.certificate, i.key)
	return crl, err
}

// nextNumber returns a higher number for each CRL: the time in seconds, or the previous number plus
// one. The time makes the numbers grow from run to run of a stored hierarchy.
func (i *issuer) nextNumber(now time.Time) *big.Int {
	number := big.NewInt(max(now.Unix(), 1))
	if i.crl != nil && i.crl.Number.Cmp(number) >= 0 {
		return new(big.Int).Add(i.crl.Number, big.NewInt(1))
	}
	return number
}
