package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// A Preset names the form of a hierarchy.
type Preset string

// The presets.
const (
	// G3 has one chain: root, domain CA and TSP CA. Signatures are RSA PKCS#1 v1.5 with SHA-256. It
	// is the default.
	G3 Preset = "g3"
	// G4 has two chains, one for qualified signatures and one for authentication and encryption.
	// Signatures are RSASSA-PSS.
	G4 Preset = "g4"
	// EC is G3 with an issuing CA that has an elliptic-curve key.
	EC Preset = "ec"
)

// Presets lists the presets.
func Presets() []Preset { return []Preset{G3, G4, EC} }

// ParsePreset returns the preset with this name.
func ParsePreset(name string) (Preset, error) {
	if preset := Preset(strings.ToLower(name)); slices.Contains(Presets(), preset) {
		return preset, nil
	}
	return "", fmt.Errorf("CA preset %q: must be one of %v", name, Presets())
}

// A layout is the content of a preset: its CAs, and the profiles of the leaf certificates.
type layout struct {
	cas     []caSpec         // chain after chain; each CA stands after its issuer
	issuers map[Usage]string // names of the issuing CAs
	leaves  map[Usage]profile
	// pss says that RSA keys sign with RSASSA-PSS: with SHA-512 for CA certificates and CRLs, and
	// with SHA-256 for leaf certificates, also if the request does not ask for it. Elliptic-curve
	// keys ignore it.
	pss bool
}

// A caSpec describes one CA.
type caSpec struct {
	name     string // the name in file names and addresses
	issuer   string // name of the CA above; empty for a root
	names    []attribute
	usage    x509.KeyUsage
	eku      []oid
	policies []policy
	qc       []qcStatement
	issues   bool    // issues leaf certificates; pathLenConstraint 0
	key      KeyKind // empty: the kind of WithCAKey
}

func (p Preset) layout() layout {
	switch p {
	case G4:
		return layoutG4()
	case EC:
		return layoutG3("ec", "G3 EC", P384)
	case G3:
		return layoutG3("g3", "G3", "")
	default:
		return layout{}
	}
}

const (
	mockOrganization   = "TEST certcentral-mock"
	mockTSP            = "TEST Trust Services B.V."
	mockTSPIdentifier  = "NTRNL-00000000"
	practiceStatements = "https://cps.example.com"
)

// layoutG3 follows PKIoverheid G3: organizationIdentifier stands before commonName, the domain CA
// and the TSP CA have certificate policies, and only the TSP CA has extended key usage. Its
// extended key usage does not contain OCSPSigning: a responder does not need it there, and linters
// take a CA that has it for a responder.
func layoutG3(suffix, generation string, issuing KeyKind) layout {
	root, domain, tsp := "root-"+suffix, "domain-"+suffix, "tsp-"+suffix
	const usage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	policies := []policy{{id: oidPolicyG3(1)}, {id: oidPolicyG3(2)}, {id: oidPolicyG3(3), cps: practiceStatements}}
	return layout{
		cas: []caSpec{
			{name: root, usage: usage, names: caNames(mockOrganization, "TEST PKIo Root CA - "+generation)},
			{
				name: domain, issuer: root, usage: usage, policies: policies,
				names: caNames(mockOrganization, "TEST PKIo Organisatie Persoon CA - "+generation),
			},
			{
				name: tsp, issuer: domain, usage: usage, policies: policies, issues: true, key: issuing,
				names: []attribute{
					{oidCountry(), "NL"},
					{oidOrganization(), mockTSP},
					{oidOrganizationIdentifier(), mockTSPIdentifier},
					{oidCommonName(), "TEST TSP PKIo Organisatie Persoon CA - " + generation},
				},
				eku: []oid{oidClientAuth(), oidEmailProtection(), oidDocumentSigningMS(), oidFileEncryptionMS()},
				qc:  []qcStatement{qcSemantics},
			},
		},
		issuers: map[Usage]string{Authentication: tsp, Nonrepudiation: tsp, Encryption: tsp},
		leaves:  leavesG3(),
	}
}

// layoutG4 follows the PKIoverheid G4 trial hierarchy: one chain for qualified signatures and one
// for authentication and encryption. Extended key usage and certificate policies begin at the
// intermediate CA. The policies of a CA are those of the certificates below it, without qualifiers.
func layoutG4() layout {
	eutl := layoutG4Chain("eutl", "EUTL G-Sigs",
		[]oid{oidDocumentSigningMS(), oidDocumentSigning()},
		[]policy{{id: oidPolicyNCPPlus()}, {id: oidPolicyQCPNaturalQSCD()}, {id: oidPolicyG4Trial(14, 13, 5)}})
	private := layoutG4Chain("priv", "Priv G-Other",
		[]oid{oidFileEncryptionMS(), oidDocumentSigningMS(), oidClientAuth(), oidDocumentSigning()},
		[]policy{{id: oidPolicyNCP()}, {id: oidPolicyG4Trial(16, 13, 7)}, {id: oidPolicyG4Trial(16, 13, 8)}})
	return layout{
		cas: append(eutl, private...),
		issuers: map[Usage]string{
			Authentication: "tsp-g4-priv", Nonrepudiation: "tsp-g4-eutl", Encryption: "tsp-g4-priv",
		},
		leaves: leavesG4(),
		pss:    true,
	}
}

func layoutG4Chain(suffix, use string, eku []oid, policies []policy) []caSpec {
	root, intermediate, tsp := "root-g4-"+suffix, "intermediate-g4-"+suffix, "tsp-g4-"+suffix
	const usage = x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	return []caSpec{
		{name: root, usage: usage, names: caNames(mockOrganization, "TEST PKIo - G4 Root "+use+" - 2024")},
		{
			name: intermediate, issuer: root, usage: usage, eku: eku, policies: policies,
			names: caNames(mockOrganization, "TEST PKIo - G4 Intm "+use+" NP - 2024"),
		},
		{
			name: tsp, issuer: intermediate, usage: usage, eku: eku, policies: policies, issues: true,
			names: append(caNames(mockTSP, "TEST TSP - G4 PKIo "+use+" NP - 2024"), attribute{oidOrganizationIdentifier(), mockTSPIdentifier}),
			qc:    []qcStatement{qcSemantics},
		},
	}
}

func caNames(organization, common string) []attribute {
	return []attribute{{oidCountry(), "NL"}, {oidOrganization(), organization}, {oidCommonName(), common}}
}

// authorityAlgorithm returns the algorithm with which a CA signs CA certificates and CRLs.
func (l *layout) authorityAlgorithm(public crypto.PublicKey) x509.SignatureAlgorithm {
	if key, ok := public.(*ecdsa.PublicKey); ok {
		return ecdsaAlgorithm(key)
	}
	if l.pss {
		return x509.SHA512WithRSAPSS
	}
	return x509.SHA256WithRSA
}

// leafAlgorithm returns the algorithm with which a CA signs leaf certificates. By the vendor's
// page, RSASSA-PSS is used with SHA-256 only, and a CA with an elliptic-curve key ignores
// is_rsassa_pss.
func (l *layout) leafAlgorithm(public crypto.PublicKey, wantPSS bool) x509.SignatureAlgorithm {
	if key, ok := public.(*ecdsa.PublicKey); ok {
		return ecdsaAlgorithm(key)
	}
	if l.pss || wantPSS {
		return x509.SHA256WithRSAPSS
	}
	return x509.SHA256WithRSA
}
