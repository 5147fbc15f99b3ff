package ca

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the API names certificates by their SHA-1 thumbprint
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"time"
)

// A Request describes the leaf certificate of a person.
type Request struct {
	Usage     Usage
	Subject   Subject
	PublicKey crypto.PublicKey // RSA of 2048 bits or more, or ECDSA on P-256 or bigger
	PSS       bool             // is_rsassa_pss of the order: sign with RSASSA-PSS
	Validity  Validity
	NotBefore time.Time // zero: now
}

// A Validity says how long a certificate is valid. If several fields are set, End is used before
// Date, Date before Days and Days before Years, as in order_validity. Without any it is one year.
// The caller checks the limits of the product.
type Validity struct {
	Years int
	Days  int
	Date  time.Time // the last day, in UTC; the time of the day is ignored
	End   time.Time // notAfter itself, such as that of the certificate that is replaced
}

const day = 24 * time.Hour

// NotAfter returns the notAfter of a certificate with this notBefore: its last second, since a
// validity includes notAfter (RFC 5280, 4.1.2.5). So one day is 86,400 seconds. A year has 365
// days, as in the vendor's certificates.
func (v Validity) NotAfter(notBefore time.Time) time.Time {
	switch {
	case !v.End.IsZero():
		return v.End
	case !v.Date.IsZero():
		year, month, date := v.Date.UTC().Date()
		return time.Date(year, month, date, 23, 59, 59, 0, time.UTC)
	case v.Days != 0:
		return lastSecond(notBefore.Add(time.Duration(v.Days) * day))
	default:
		return lastSecond(notBefore.Add(time.Duration(max(v.Years, 1)) * 365 * day))
	}
}

// lastSecond returns the notAfter of a validity that ends before a time.
func lastSecond(before time.Time) time.Time { return before.Add(-time.Second) }

// A Certificate is an issued leaf certificate.
type Certificate struct {
	DER        []byte
	Serial     string // see [FormatSerial]
	Thumbprint string // see [Thumbprint]
	Issuer     string // the name of the CA; see [Authority.ChainOf]
	CommonName string
	KeySize    int // bits
	Algorithm  x509.SignatureAlgorithm
	NotBefore  time.Time
	NotAfter   time.Time
}

// Thumbprint returns the SHA-1 of a certificate in upper-case hexadecimal. The API identifies
// certificates by it.
func Thumbprint(der []byte) string { return fmt.Sprintf("%X", sha1.Sum(der)) } //nolint:gosec // See the import.

// Issue signs a certificate and keeps no record of it, so a caller may drop the result. If the
// request is wrong, the error is [ErrRefused].
func (a *Authority) Issue(ctx context.Context, r Request) (Certificate, error) {
	p, known := a.hierarchy.layout.leaves[r.Usage]
	if !known {
		return Certificate{}, fmt.Errorf("%w: %q is not a usage", ErrRefused, string(r.Usage))
	}
	if err := r.Subject.Check(); err != nil {
		return Certificate{}, fmt.Errorf("%w: subject: %w", ErrRefused, err)
	}
	if err := checkSubscriberKey(r.PublicKey); err != nil {
		return Certificate{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	issuer, err := a.issuer(ctx, a.hierarchy.layout.issuers[r.Usage])
	if err != nil {
		return Certificate{}, err
	}
	template, err := a.leafTemplate(issuer, p, r)
	if err != nil {
		return Certificate{}, fmt.Errorf("ca: issue: %w", err)
	}
	template.SignatureAlgorithm = a.hierarchy.layout.leafAlgorithm(issuer.key.Public(), r.PSS)
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, r.PublicKey, issuer.key)
	if err != nil {
		return Certificate{}, fmt.Errorf("ca: issue: %w", err)
	}
	return Certificate{
		DER: der, Serial: FormatSerial(template.SerialNumber), Thumbprint: Thumbprint(der), Issuer: issuer.spec.name,
		CommonName: r.Subject.CommonName(), KeySize: keySize(r.PublicKey), Algorithm: template.SignatureAlgorithm,
		NotBefore: template.NotBefore, NotAfter: template.NotAfter,
	}, nil
}

func (a *Authority) leafTemplate(issuer *issuer, p profile, r Request) (*x509.Certificate, error) {
	notBefore, notAfter, err := a.validity(issuer, r)
	if err != nil {
		return nil, err
	}
	subject, err := encodeName(r.Subject.attributes(p.names))
	if err != nil {
		return nil, err
	}
	id, err := keyID(r.PublicKey)
	if err != nil {
		return nil, err
	}
	extensions, err := leafExtensions(p, r.Subject)
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber:          issuer.serials.next(),
		RawSubject:            subject,
		NotBefore:             notBefore,
		NotAfter:              notAfter,
		SubjectKeyId:          id,
		KeyUsage:              p.usageFor(r.PublicKey),
		UnknownExtKeyUsage:    p.eku,
		BasicConstraintsValid: true,
		IssuingCertificateURL: []string{a.base + a.hierarchy.paths.Certificate(issuer.spec.name)},
		OCSPServer:            []string{a.base + a.hierarchy.paths.OCSP},
		CRLDistributionPoints: []string{a.base + a.hierarchy.paths.CRL(issuer.spec.name)},
		ExtraExtensions:       extensions,
	}, nil
}

// validity returns notBefore and notAfter. Both lie within the validity of the issuer.
func (a *Authority) validity(issuer *issuer, r Request) (notBefore, notAfter time.Time, err error) {
	notBefore = r.NotBefore
	if notBefore.IsZero() {
		notBefore = a.now()
	}
	notBefore = notBefore.UTC().Truncate(time.Second)
	if notBefore.Before(issuer.certificate.NotBefore) || !notBefore.Before(issuer.certificate.NotAfter) {
		return time.Time{}, time.Time{}, fmt.Errorf("%w: %w", ErrRefused, ErrClock)
	}
	notAfter = r.Validity.NotAfter(notBefore)
	if notAfter.After(issuer.certificate.NotAfter) {
		notAfter = issuer.certificate.NotAfter
	}
	if !notAfter.After(notBefore) {
		return time.Time{}, time.Time{}, fmt.Errorf("%w: validity: ends %s, before it begins", ErrRefused, notAfter.Format(time.DateOnly))
	}
	return notBefore, notAfter, nil
}

func leafExtensions(p profile, s Subject) ([]pkix.Extension, error) {
	var extensions []pkix.Extension
	policies, err := policiesExtension(p.policies)
	if err != nil {
		return nil, err
	}
	extensions = append(extensions, policies)
	names, err := sanExtension(p.san, s)
	if err != nil {
		return nil, err
	}
	extensions = append(extensions, names)
	statements := make([]qcStatement, 0, len(p.qc))
	for _, statement := range p.qc {
		if statement != qcSemantics || s.OrganizationIdentifier != "" {
			statements = append(statements, statement)
		}
	}
	if len(statements) == 0 {
		return extensions, nil
	}
	qualified, err := qcExtension(statements)
	if err != nil {
		return nil, err
	}
	return append(extensions, qualified), nil
}
