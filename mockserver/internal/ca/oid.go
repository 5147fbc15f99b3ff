package ca

import "encoding/asn1"

// oid is an object identifier. The identifiers are functions because Go has no constant slices.
type oid = asn1.ObjectIdentifier

// Extensions (RFC 5280, RFC 3739, RFC 6960).
func oidSubjectAltName() oid      { return oid{2, 5, 29, 17} }
func oidCertificatePolicies() oid { return oid{2, 5, 29, 32} }
func oidQCStatements() oid        { return oid{1, 3, 6, 1, 5, 5, 7, 1, 3} }
func oidOCSPNoCheck() oid         { return oid{1, 3, 6, 1, 5, 5, 7, 48, 1, 5} }
func oidOCSPBasic() oid           { return oid{1, 3, 6, 1, 5, 5, 7, 48, 1, 1} }
func oidOCSPNonce() oid           { return oid{1, 3, 6, 1, 5, 5, 7, 48, 1, 2} }
func oidQualifierCPS() oid        { return oid{1, 3, 6, 1, 5, 5, 7, 2, 1} }
func oidQualifierNotice() oid     { return oid{1, 3, 6, 1, 5, 5, 7, 2, 2} }
func oidSHA256WithRSA() oid       { return oid{1, 2, 840, 113549, 1, 1, 11} }
func oidECDSAWithSHA256() oid     { return oid{1, 2, 840, 10045, 4, 3, 2} }
func oidUPN() oid                 { return oid{1, 3, 6, 1, 4, 1, 311, 20, 2, 3} }
func oidPermanentIdentifier() oid { return oid{1, 3, 6, 1, 5, 5, 7, 8, 3} }
func oidSubjectSerialNumber() oid { return oid{2, 5, 4, 5} }
func oidUserIDAttribute() oid     { return oid{2, 5, 5, 5} }
func oidDocumentSigningMS() oid   { return oid{1, 3, 6, 1, 4, 1, 311, 10, 3, 12} }
func oidFileEncryptionMS() oid    { return oid{1, 3, 6, 1, 4, 1, 311, 10, 3, 4} }
func oidClientAuth() oid          { return oid{1, 3, 6, 1, 5, 5, 7, 3, 2} }
func oidEmailProtection() oid     { return oid{1, 3, 6, 1, 5, 5, 7, 3, 4} }
func oidDocumentSigning() oid     { return oid{1, 3, 6, 1, 5, 5, 7, 3, 36} } // RFC 9336
func oidOCSPSigning() oid         { return oid{1, 3, 6, 1, 5, 5, 7, 3, 9} }

// Certificate policies of PKIoverheid. The arc of the G4 trial hierarchy ends in 41; production has
// another one.
func oidPolicyG3(n int) oid { return oid{2, 16, 528, 1, 1003, 1, 2, 5, n} }

func oidPolicyG4Trial(sub ...int) oid { return append(oid{2, 16, 528, 1, 1003, 1, 2, 41}, sub...) }
func oidPolicyNCP() oid               { return oid{0, 4, 0, 2042, 1, 1} }
func oidPolicyNCPPlus() oid           { return oid{0, 4, 0, 2042, 1, 2} }
func oidPolicyQCPNaturalQSCD() oid    { return oid{0, 4, 0, 194112, 1, 2} }

// QCStatements (EN 319 412-5, RFC 3739).
func oidQCCompliance() oid   { return oid{0, 4, 0, 1862, 1, 1} }
func oidQCSSCD() oid         { return oid{0, 4, 0, 1862, 1, 4} }
func oidQCPDS() oid          { return oid{0, 4, 0, 1862, 1, 5} }
func oidQCType() oid         { return oid{0, 4, 0, 1862, 1, 6} }
func oidQCTypeESign() oid    { return oid{0, 4, 0, 1862, 1, 6, 1} }
func oidQCSyntaxV2() oid     { return oid{1, 3, 6, 1, 5, 5, 7, 11, 2} }
func oidSemanticsLegal() oid { return oid{0, 4, 0, 194121, 1, 2} }

// oidMock is below 2.999, the arc that X.660 reserves for examples, so that it never equals the
// identifier of a real organization.
func oidMock(sub ...int) oid { return append(oid{2, 999, 1003}, sub...) }
