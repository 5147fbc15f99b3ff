package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
)

// A Usage is what a certificate is for: the profile_option of an order.
type Usage string

// The usages.
const (
	Authentication Usage = "authentication"
	Nonrepudiation Usage = "nonrepudiation" // a qualified signature
	Encryption     Usage = "encryption"
)

// Usages lists the usages.
func Usages() []Usage { return []Usage{Authentication, Nonrepudiation, Encryption} }

// A profile is what the certificates of one usage have in common in one generation. Always there besides, and so not in
// the table: critical basicConstraints without CA, both key identifiers, caIssuers and OCSP addresses, and one CRL
// distribution point.
type profile struct {
	keyUsage   x509.KeyUsage // critical
	keyUsageEC x509.KeyUsage // with an elliptic-curve key, where it differs
	eku        []oid
	policies   []policy
	qc         []qcStatement
	san        []sanForm
	names      []oid
}

type policy struct {
	id     oid
	cps    string // optional qualifier: an address
	notice string // optional qualifier: a text
}

// A qcStatement is one of the statements that EN 319 412-5 defines.
type qcStatement int

const (
	qcCompliance qcStatement = iota
	qcSSCD
	qcTypeESign
	qcPDS
	// qcSemantics says that organizationIdentifier follows EN 319 412-1. It is left out where the subject has none, as
	// there is nothing to say then.
	qcSemantics
)

// A sanForm is one alternative name of the person.
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

// leavesG4 is the table of the fourth generation, people whose organization vouches for them ("sponsor validated").
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

// usageFor is the key usage for a key: an elliptic-curve key agrees on keys instead of enciphering them.
func (p profile) usageFor(public crypto.PublicKey) x509.KeyUsage {
	if _, ok := public.(*ecdsa.PublicKey); ok && p.keyUsageEC != 0 {
		return p.keyUsageEC
	}
	return p.keyUsage
}
