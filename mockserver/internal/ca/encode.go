package ca

import (
	"crypto/x509/pkix"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The standard library cannot write these extensions in the form of the profiles. They are written
// with cryptobyte, not with structs of encoding/asn1: encoding/asn1 drops an explicit tag on an
// asn1.RawValue without an error.

func extension(id oid, build func(*cryptobyte.Builder)) (pkix.Extension, error) {
	var b cryptobyte.Builder
	b.AddASN1(cryptobyteasn1.SEQUENCE, build)
	value, err := b.Bytes()
	return pkix.Extension{Id: id, Value: value}, err
}

// policiesExtension returns certificatePolicies (RFC 5280, 4.2.1.4).
func policiesExtension(policies []policy) (pkix.Extension, error) {
	return extension(oidCertificatePolicies(), func(b *cryptobyte.Builder) {
		for _, p := range policies {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(p.id)
				if p.cps != "" || p.notice != "" {
					b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { addQualifiers(b, p) })
				}
			})
		}
	})
}

func addQualifiers(b *cryptobyte.Builder, p policy) {
	if p.cps != "" {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidQualifierCPS())
			addString(b, cryptobyteasn1.IA5String, p.cps)
		})
	}
	if p.notice != "" {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidQualifierNotice())
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { addString(b, cryptobyteasn1.UTF8String, p.notice) })
		})
	}
}

// qcExtension returns qcStatements (RFC 3739, 3.2.6, and EN 319 412-5).
func qcExtension(statements []qcStatement) (pkix.Extension, error) {
	return extension(oidQCStatements(), func(b *cryptobyte.Builder) {
		for _, s := range statements {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { addStatement(b, s) })
		}
	})
}

func addStatement(b *cryptobyte.Builder, s qcStatement) {
	switch s {
	case qcCompliance:
		b.AddASN1ObjectIdentifier(oidQCCompliance())
	case qcSSCD:
		b.AddASN1ObjectIdentifier(oidQCSSCD())
	case qcTypeESign:
		b.AddASN1ObjectIdentifier(oidQCType())
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidQCTypeESign()) })
	case qcPDS:
		b.AddASN1ObjectIdentifier(oidQCPDS())
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addString(b, cryptobyteasn1.IA5String, practiceStatements+"/pds_en.pdf")
				addString(b, cryptobyteasn1.PrintableString, "en")
			})
		})
	case qcSemantics:
		b.AddASN1ObjectIdentifier(oidQCSyntaxV2())
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidSemanticsLegal()) })
	}
}

// sanExtension returns subjectAltName (RFC 5280, 4.2.1.6). All names are of the form otherName.
func sanExtension(forms []sanForm, s Subject) (pkix.Extension, error) {
	return extension(oidSubjectAltName(), func(b *cryptobyte.Builder) {
		for _, form := range forms {
			switch form {
			case sanUserID:
				addOtherName(b, oidUserIDAttribute(), func(b *cryptobyte.Builder) {
					addString(b, cryptobyteasn1.IA5String, oidMock(1).String()+"-"+s.SerialNumber())
				})
			case sanUPN:
				addOtherName(b, oidUPN(), func(b *cryptobyte.Builder) {
					addString(b, cryptobyteasn1.UTF8String, s.SerialNumber()+"@test.example.com")
				})
			case sanPermanent:
				addOtherName(b, oidPermanentIdentifier(), func(b *cryptobyte.Builder) {
					b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						addString(b, cryptobyteasn1.UTF8String, s.SerialNumber())
						b.AddASN1ObjectIdentifier(oidMock(1))
					})
				})
			}
		}
	})
}

// addOtherName writes a GeneralName of the form otherName: [0] IMPLICIT OtherName, with a value
// that is [0] EXPLICIT.
func addOtherName(b *cryptobyte.Builder, id oid, value func(*cryptobyte.Builder)) {
	tag := cryptobyteasn1.Tag(0).Constructed().ContextSpecific()
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id)
		b.AddASN1(tag, value)
	})
}
