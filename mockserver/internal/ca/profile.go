package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
)

// A Usage is the purpose of a certificate: the profile_option of an order.
type Usage string

// The usages.
const (
	Authentication Usage = "authentication"
	Nonrepudiation Usage = "nonrepudiation" // a qualified signature
	Encryption     Usage = "encryption"
)

// Usages lists the usages.
func Usages() []Usage { return []Usage{Authentication, Nonrepudiation, Encryption} }

// A profile describes the leaf certificates of one usage in one generation. It does not contain
// what all leaf certificates have: critical basicConstraints with CA false, both key identifiers,
// the addresses of caIssuers and OCSP, and one CRL distribution point.
type profile struct {
	keyUsage   x509.KeyUsage // the extension is critical
	keyUsageEC x509.KeyUsage // for an elliptic-curve key; zero: as keyUsage
	eku        []oid
	policies   []policy
	qc         []qcStatement
	san        []sanForm
	names      []oid
}

type policy struct {
	id     oid
	cps    string // optional qualifier: CPS address
	notice string // optional qualifier: explicitText of a user notice
}

// A qcStatement is a QCStatement of EN 319 412-5 or RFC 3739.
type qcStatement int

const (
	qcCompliance qcStatement = iota
	qcSSCD
	qcTypeESign
	qcPDS
	// qcSemantics says that organizationIdentifier follows EN 319 412-1. A certificate without
	// organizationIdentifier does not have it.
	qcSemantics
)

// A sanForm is a form of otherName in subjectAltName.
type sanForm int

const (
	sanUserID    sanForm = iota // OID of the TSP and the person's identifier
	sanUPN                      // for smart-card logon
	sanPermanent                // permanentIdentifier, RFC 4043
)

const notice = "TEST certificate of a mock. It was issued to nobody by nobody, its key has been in no secure device, " +
	"and nothing may be trusted because of it."

// leavesG3 is the table of the third generation.
func leavesG3() map[Usage]profile {
	names := []oid{
		oidCountry(), oidOrganization(), oidOrganizationIdentifier(), oidSurname(), oidGivenName(), oidSubjectSerialNumber(), oidCommonName(),
	}
	qualified := func(n int) policy { return policy{id: oidPolicyG3(n), cps: practiceStatements, notice: notice} }
	return map[Usage]profile{
		Authentication: {
			keyUsage: x509.KeyUsageDigitalSignature,
			eku:      []oid{oidClientAuth(), oidEmailProtection(), oidDocumentSigningMS()},
			policies: []policy{qualified(1)},
			san:      []sanForm{sanUserID, sanUPN},
			names:    names,
		},
		Nonrepudiation: {
			keyUsage: x509.KeyUsageContentCommitment,
			eku:      []oid{oidEmailProtection(), oidDocumentSigningMS()},
			policies: []policy{qualified(2), {id: oidPolicyQCPNaturalQSCD()}},
			qc:       []qcStatement{qcCompliance, qcSSCD, qcTypeESign, qcPDS, qcSemantics},
			san:      []sanForm{sanUserID},
			names:    names,
		},
		Encryption: {
			keyUsage:   x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment,
			keyUsageEC: x509.KeyUsageKeyAgreement,
			eku:        []oid{oidEmailProtection(), oidFileEncryptionMS()},
			policies:   []policy{qualified(3)},
			san:        []sanForm{sanUserID},
			names:      names,
		},
	}
}

// leavesG4 is the table of profiles of G4, with the certificates of persons whose identity an
// organization confirms ("sponsor validated").
func leavesG4() map[Usage]profile {
	names := []oid{
		oidCountry(), oidOrganization(), oidSurname(), oidGivenName(), oidCommonName(), oidOrganizationIdentifier(), oidSubjectSerialNumber(),
	}
	return map[Usage]profile{
		Authentication: {
			keyUsage: x509.KeyUsageDigitalSignature,
			eku:      []oid{oidClientAuth()},
			policies: []policy{{id: oidPolicyNCP()}, {id: oidPolicyG4Trial(16, 13, 8)}},
			qc:       []qcStatement{qcSemantics},
			san:      []sanForm{sanPermanent, sanUPN},
			names:    names,
		},
		Nonrepudiation: {
			keyUsage: x509.KeyUsageContentCommitment,
			eku:      []oid{oidDocumentSigningMS(), oidDocumentSigning()},
			policies: []policy{{id: oidPolicyNCPPlus()}, {id: oidPolicyQCPNaturalQSCD()}, {id: oidPolicyG4Trial(14, 13, 5)}},
			qc:       []qcStatement{qcCompliance, qcSSCD, qcTypeESign, qcPDS, qcSemantics},
			san:      []sanForm{sanPermanent},
			names:    names,
		},
		Encryption: {
			keyUsage:   x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment,
			keyUsageEC: x509.KeyUsageKeyAgreement,
			eku:        []oid{oidFileEncryptionMS()},
			policies:   []policy{{id: oidPolicyNCP()}, {id: oidPolicyG4Trial(16, 13, 7)}},
			qc:         []qcStatement{qcSemantics},
			san:        []sanForm{sanPermanent},
			names:      names,
		},
	}
}

// usageFor returns the key usage for a public key. For encryption, an elliptic-curve key has
// keyAgreement instead of keyEncipherment.
func (p profile) usageFor(public crypto.PublicKey) x509.KeyUsage {
	if _, ok := public.(*ecdsa.PublicKey); ok && p.keyUsageEC != 0 {
		return p.keyUsageEC
	}
	return p.keyUsage
}
