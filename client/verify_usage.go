package client

import (
	"crypto/x509"
	"fmt"
	"slices"
)

// purposes are what the extensions of a certificate say about a usage.
type purposes struct {
	// keyUsage has the bits of which the certificate needs one.
	keyUsage x509.KeyUsage
	// keyUsageName names them in an error.
	keyUsageName string
	// extended are the extended key usages of which the certificate needs one.
	extended []purpose
}

// A purpose is an extended key usage: one that crypto/x509 knows, or another one by its OID.
type purpose struct {
	known x509.ExtKeyUsage
	oid   string
}

// purposesOf returns the purposes of a usage in the profiles of PKIoverheid, in its third and
// fourth generation. The OIDs are those of document signing (Microsoft's and RFC 9336) and of file
// encryption (Microsoft's).
func purposesOf(usage ProfileOption) (purposes, bool) {
	email := purpose{known: x509.ExtKeyUsageEmailProtection}
	switch usage {
	case ProfileAuthentication:
		return purposes{
			x509.KeyUsageDigitalSignature, "digitalSignature",
			[]purpose{{known: x509.ExtKeyUsageClientAuth}},
		}, true
	case ProfileNonrepudiation:
		return purposes{
			x509.KeyUsageContentCommitment, "nonRepudiation",
			[]purpose{email, {oid: "1.3.6.1.4.1.311.10.3.12"}, {oid: "1.3.6.1.5.5.7.3.36"}},
		}, true
	case ProfileEncryption:
		return purposes{
			x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement, "keyEncipherment or keyAgreement",
			[]purpose{email, {oid: "1.3.6.1.4.1.311.10.3.4"}},
		}, true
	default:
		return purposes{}, false
	}
}

// in reports whether a certificate has the extended key usage, or allows any.
func (p purpose) in(c *x509.Certificate) bool {
	if slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
		return true
	}
	if p.oid == "" {
		return slices.Contains(c.ExtKeyUsage, p.known)
	}
	for _, oid := range c.UnknownExtKeyUsage {
		if oid.String() == p.oid {
			return true
		}
	}
	return false
}

// checkUsage checks that one of the chains allows the usage. The certificate of the person must say
// so. A CA may also have no extended key usage, which allows every usage.
func (v *verification) checkUsage(chains [][]*x509.Certificate) error {
	needs, _ := purposesOf(v.usage)
	leaf := v.cert.Leaf
	if leaf.KeyUsage&needs.keyUsage == 0 {
		return &VerifyError{
			Reason: InvalidUsage, Certificate: leaf,
			detail: fmt.Sprintf("is not for %s: it does not have the key usage %s", v.usage, needs.keyUsageName),
		}
	}
	var first *VerifyError
	for _, chain := range chains {
		e := v.refusedBy(chain, needs.extended)
		if e == nil {
			return nil
		}
		if first == nil {
			first = e
		}
	}
	return first
}

// refusedBy returns the error for the first certificate of a chain that allows no purpose which all
// certificates below it allow.
func (v *verification) refusedBy(chain []*x509.Certificate, allowed []purpose) *VerifyError {
	for i, c := range chain {
		if i > 0 && len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 {
			continue
		}
		allowed = slices.DeleteFunc(slices.Clone(allowed), func(p purpose) bool { return !p.in(c) })
		if len(allowed) > 0 {
			continue
		}
		detail := fmt.Sprintf("is not for %s: it has no extended key usage of this kind", v.usage)
		if i > 0 {
			detail = fmt.Sprintf("allows no certificate for %s: it has no extended key usage of this kind", v.usage)
		}
		return &VerifyError{Reason: InvalidUsage, Certificate: c, detail: detail}
	}
	return nil
}
