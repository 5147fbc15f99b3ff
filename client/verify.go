package client

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Verify checks that a certificate is valid at a time, that its chain leads to one of the roots,
// and that it is for a usage: authentication, encryption or signatures ([ProfileNonrepudiation]).
// [Certificate.ProfileOption] is the usage that was ordered. The chain is built and checked by
// crypto/x509 from the certificates in cert.Chain; a root in it is not trusted unless it is one of
// roots. The time is now, unless [AtTime] says otherwise.
//
// The usage is checked by the key usage and the extended key usage, which every certificate of
// PKIoverheid has:
//
//	usage           key usage                        extended key usage, one of
//	authentication  digitalSignature                 clientAuth
//	nonrepudiation  nonRepudiation                   emailProtection, document signing
//	encryption      keyEncipherment or keyAgreement  emailProtection, file encryption
//
// The extended key usages of the CAs must allow the usage too. Verify does not check whether the
// certificate is revoked, and not its policies.
//
// The error is a [*VerifyError], which says why not, or an [*ArgumentError] for a wrong argument.
func Verify(cert IssuedCertificate, roots *x509.CertPool, usage ProfileOption, opts ...VerifyOption) error {
	v := verification{cert: cert, roots: roots, usage: usage, intermediates: x509.NewCertPool()}
	if err := v.checkArguments(opts); err != nil {
		return err
	}
	for _, ca := range cert.Chain {
		v.intermediates.AddCert(ca)
	}
	if v.at.IsZero() {
		v.at = time.Now() //nolint:forbidigo // the documented default, as in crypto/x509
	}
	chains, err := v.chains(v.at)
	if err != nil {
		return v.explain(err)
	}
	return v.checkUsage(chains)
}

// A VerifyOption changes what [Verify] checks.
type VerifyOption func(*verification)

// AtTime sets the time at which the certificates must be valid. The zero time is now.
func AtTime(t time.Time) VerifyOption { return func(v *verification) { v.at = t } }

// An InvalidReason is why a certificate is not valid.
type InvalidReason string

// The reasons of [Verify] to refuse a certificate.
const (
	// InvalidExpired means that the validity of the certificate is over.
	InvalidExpired InvalidReason = "expired"
	// InvalidNotYet means that the validity of the certificate has not begun.
	InvalidNotYet InvalidReason = "not yet valid"
	// InvalidRoot means that the chain does not end with a trusted root.
	InvalidRoot InvalidReason = "unknown root"
	// InvalidIntermediate means that the issuer of the certificate is not in the chain.
	InvalidIntermediate InvalidReason = "missing intermediate"
	// InvalidSignature means that the signature of the certificate is not by its issuer.
	InvalidSignature InvalidReason = "signature"
	// InvalidUsage means that the certificate, or the CA that it belongs to, does not allow the
	// usage.
	InvalidUsage InvalidReason = "wrong usage"
	// InvalidNameConstraints means that a CA may not issue a certificate with these names.
	InvalidNameConstraints InvalidReason = "name constraints"
	// InvalidOther is any other reason, for example a path length. [VerifyError.Unwrap] has it.
	InvalidOther InvalidReason = "other"
)

// A VerifyError means that a certificate is not valid for a usage. It wraps the error of
// crypto/x509, if there is one.
type VerifyError struct {
	// Reason is made for programs.
	Reason InvalidReason
	// Certificate is the certificate that the reason is about: the certificate of the person, or
	// one of a CA.
	Certificate *x509.Certificate

	detail string
	cause  error
}

// Error returns the certificate and the reason in one line. It names a CA by its name, and the
// certificate of a person by its serial number, so that no person is named in a log.
func (e *VerifyError) Error() string {
	return "verify: " + certificateName(e.Certificate) + " " + e.detail
}

// Unwrap returns the error of crypto/x509. Its text may name the person.
func (e *VerifyError) Unwrap() error { return e.cause }

// certificateName names a certificate in an error.
func certificateName(c *x509.Certificate) string {
	if c.IsCA {
		return fmt.Sprintf("the certificate of the CA %q", sanitize(caName(c), 100))
	}
	return fmt.Sprintf("the certificate with serial number %X", c.SerialNumber)
}

func caName(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	return c.Subject.String()
}

// A verification is one call of Verify.
type verification struct {
	cert          IssuedCertificate
	roots         *x509.CertPool
	intermediates *x509.CertPool
	usage         ProfileOption
	at            time.Time
}

func (v *verification) checkArguments(opts []VerifyOption) error {
	for i, opt := range opts {
		if opt == nil {
			return &ArgumentError{Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
		opt(v)
	}
	switch {
	case v.cert.Leaf == nil:
		return &ArgumentError{Path: "cert.Leaf", Reason: "is nil"}
	case slices.Contains(v.cert.Chain, nil):
		return &ArgumentError{Path: "cert.Chain", Reason: "holds nil"}
	case v.roots == nil:
		return &ArgumentError{Path: "roots", Reason: "is nil: give the roots that you trust"}
	}
	if _, known := purposesOf(v.usage); !known {
		return &ArgumentError{Path: "usage", Reason: "is none of authentication, nonrepudiation and encryption"}
	}
	return nil
}

// chains returns the chains that are valid at a time, for any usage.
func (v *verification) chains(at time.Time) ([][]*x509.Certificate, error) {
	return v.cert.Leaf.Verify(x509.VerifyOptions{
		Roots: v.roots, Intermediates: v.intermediates, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
}

// explain finds the reason for an error of crypto/x509.
func (v *verification) explain(err error) error {
	if e := v.outdated(v.cert.Leaf, err); e != nil {
		return e
	}
	// A CA that has expired is, for crypto/x509, one that does not exist. If there is a chain at
	// another time, the time is the reason.
	chains, errThen := v.chains(v.timeOfAll())
	if errThen == nil {
		for _, certificate := range chains[0] {
			if e := v.outdated(certificate, err); e != nil {
				return e
			}
		}
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](errThen); ok {
		err = unknown
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok && unknown.Cert != nil {
		return v.withoutIssuer(unknown.Cert, err)
	}
	e := &VerifyError{Reason: InvalidOther, Certificate: v.cert.Leaf, detail: "is not valid: crypto/x509 refuses it", cause: err}
	if errors.As(err, new(x509.UnhandledCriticalExtension)) {
		e.detail = "is not valid: it has a critical extension that crypto/x509 does not know"
	}
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	if !ok || invalid.Cert == nil {
		return e
	}
	e.Certificate = invalid.Cert
	switch invalid.Reason {
	case x509.Expired:
		if outdated := v.outdated(invalid.Cert, err); outdated != nil {
			return outdated
		}
	case x509.TooManyIntermediates:
		e.detail = "is not valid: there are more CAs below it than it allows"
	case x509.CANotAuthorizedForThisName, x509.NameConstraintsWithoutSANs, x509.UnconstrainedName, x509.TooManyConstraints:
		e.Reason = InvalidNameConstraints
		e.detail = "has a name for which the name constraints of a CA above it allow no certificate"
	default:
	}
	return e
}

// timeOfAll is the first time at which all certificates can be valid.
func (v *verification) timeOfAll() time.Time {
	at := v.cert.Leaf.NotBefore
	for _, ca := range v.cert.Chain {
		if ca.NotBefore.After(at) {
			at = ca.NotBefore
		}
	}
	return at
}

// outdated returns the error for a certificate that is not valid at the time, and otherwise nil.
func (v *verification) outdated(c *x509.Certificate, cause error) error {
	const form = "2006-01-02 15:04:05 MST"
	at := v.at.UTC().Format(form)
	switch {
	case v.at.After(c.NotAfter):
		return &VerifyError{
			InvalidExpired, c, fmt.Sprintf("has expired: it was valid until %s, and the time is %s", c.NotAfter.UTC().Format(form), at), cause,
		}
	case v.at.Before(c.NotBefore):
		return &VerifyError{
			InvalidNotYet, c, fmt.Sprintf("is not valid yet: it will be from %s, and the time is %s", c.NotBefore.UTC().Format(form), at), cause,
		}
	default:
		return nil
	}
}

// withoutIssuer returns the error for a certificate for which crypto/x509 has found no issuer.
func (v *verification) withoutIssuer(c *x509.Certificate, cause error) error {
	e := &VerifyError{Certificate: c, cause: cause}
	isRoot := func(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }
	i := slices.IndexFunc(v.cert.Chain, func(ca *x509.Certificate) bool {
		return bytes.Equal(ca.RawSubject, c.RawIssuer) && !ca.Equal(c)
	})
	trusted := slices.ContainsFunc(v.roots.Subjects(), func(name []byte) bool { //nolint:staticcheck // the pool is not the system's
		return bytes.Equal(name, c.RawIssuer)
	})
	issuer := sanitize(c.Issuer.CommonName, 100)
	switch {
	case i >= 0:
		err := c.CheckSignatureFrom(v.cert.Chain[i])
		switch {
		case err == nil:
			e.Reason, e.detail = InvalidOther, fmt.Sprintf("is not valid: the CA %q may not issue it", issuer)
		case errors.As(err, new(x509.ConstraintViolationError)):
			e.Reason, e.detail = InvalidOther, fmt.Sprintf("is not valid: its issuer %q is no CA", issuer)
		default:
			e.Reason, e.detail = InvalidSignature, fmt.Sprintf("is not signed by the key of its issuer %q", issuer)
		}
	case isRoot(c) && trusted:
		e.Reason, e.detail = InvalidRoot, "is not a trusted root: a trusted root has the same name, but another key"
	case isRoot(c):
		e.Reason, e.detail = InvalidRoot, "is not a trusted root"
	case trusted:
		e.Reason, e.detail = InvalidSignature, fmt.Sprintf("is not signed by the key of the trusted root %q", issuer)
	case !c.IsCA || slices.ContainsFunc(v.cert.Chain, isRoot):
		e.Reason, e.detail = InvalidIntermediate, fmt.Sprintf("has an issuer that is not in the chain: %q", issuer)
	default:
		e.Reason, e.detail = InvalidRoot, fmt.Sprintf("has an issuer that is neither in the chain nor a trusted root: %q", issuer)
	}
	return e
}
