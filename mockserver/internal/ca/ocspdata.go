package ca

import (
	"crypto"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

// addData writes the fields of ResponseData.
func (s responseSigner) addData(b *cryptobyte.Builder, answer singleResponse) {
	b.AddASN1(explicit(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString(s.keyHash) })
	b.AddASN1GeneralizedTime(answer.now)
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { addSingle(b, answer) })
	})
	if len(answer.nonce) > 0 {
		b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidOCSPNonce())
					b.AddASN1OctetString(answer.nonce)
				})
			})
		})
	}
}

// addSingle writes the fields of a SingleResponse. Its CertID is the one of the request.
func addSingle(b *cryptobyte.Builder, answer singleResponse) {
	b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(hashOID(answer.request.HashAlgorithm))
			b.AddASN1NULL()
		})
		b.AddASN1OctetString(answer.request.IssuerNameHash)
		b.AddASN1OctetString(answer.request.IssuerKeyHash)
		b.AddASN1BigInt(answer.request.SerialNumber)
	})
	switch answer.status {
	case ocsp.Good:
		b.AddASN1(cryptobyteasn1.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
	case ocsp.Revoked:
		b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
			b.AddASN1GeneralizedTime(answer.revoked.at)
			if answer.revoked.reason != Unspecified {
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(answer.revoked.reason)) })
			}
		})
	default:
		b.AddASN1(cryptobyteasn1.Tag(2).ContextSpecific(), func(*cryptobyte.Builder) {})
	}
	b.AddASN1GeneralizedTime(answer.thisUpdate)
	b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(answer.nextUpdate) })
}

// hashOID returns the identifier of a hash algorithm that x/crypto/ocsp accepts in a request.
func hashOID(hash crypto.Hash) oid {
	switch hash {
	case crypto.SHA256:
		return oid{2, 16, 840, 1, 101, 3, 4, 2, 1}
	case crypto.SHA384:
		return oid{2, 16, 840, 1, 101, 3, 4, 2, 2}
	case crypto.SHA512:
		return oid{2, 16, 840, 1, 101, 3, 4, 2, 3}
	default:
		return oid{1, 3, 14, 3, 2, 26} // SHA-1
	}
}

// requestNonce returns the nonce in the requestExtensions, which x/crypto/ocsp does not read. A
// malformed or too long nonce is treated as absent.
func requestNonce(request []byte) []byte {
	var r struct {
		TBS struct {
			Version    int           `asn1:"explicit,tag:0,default:0,optional"`
			Requestor  asn1.RawValue `asn1:"explicit,tag:1,optional"`
			Requests   asn1.RawValue
			Extensions []struct {
				ID       asn1.ObjectIdentifier
				Critical bool `asn1:"optional"`
				Value    []byte
			} `asn1:"explicit,tag:2,optional"`
		}
		Signature asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	if _, err := asn1.Unmarshal(request, &r); err != nil {
		return nil
	}
	for _, e := range r.TBS.Extensions {
		if e.ID.Equal(oidOCSPNonce()) && nonceLength(e.Value) <= maxNonce {
			return e.Value
		}
	}
	return nil
}

// nonceLength returns the length of the nonce in the value of its extension. The value is an OCTET
// STRING (RFC 9654), or the nonce itself from clients of the time before RFC 8954.
func nonceLength(value []byte) int {
	input := cryptobyte.String(value)
	var nonce cryptobyte.String
	if input.ReadASN1(&nonce, cryptobyteasn1.OCTET_STRING) && input.Empty() {
		return len(nonce)
	}
	return len(value)
}
