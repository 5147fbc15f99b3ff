package ca

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cryptobyteasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

const (
	// OCSPLifetime is how long an OCSP response is valid.
	OCSPLifetime = 24 * time.Hour
	// responderLifetime is how long a responder has its certificate.
	responderLifetime = 30 * day
	// maxNonce is the longest nonce that is repeated (RFC 9654).
	maxNonce = 128
)

// A responder signs OCSP responses on behalf of a CA.
type responder struct {
	mu          sync.Mutex
	certificate *x509.Certificate
	keyHash     []byte
}

// An OCSPResponse is a signed answer, or an unsigned refusal, whose times are zero.
type OCSPResponse struct {
	DER        []byte
	ThisUpdate time.Time
	NextUpdate time.Time
	// Nonced answers repeat what that request sent, and so must not be cached.
	Nonced bool
}

// OCSPFailure is the answer of a responder that has failed.
func OCSPFailure() OCSPResponse { return OCSPResponse{DER: ocsp.InternalErrorErrorResponse} }

// OCSP answers a request in DER about one certificate that a CA has issued to a person. What isn't such a request gets
// a refusal of the protocol, not an error; an error is about keys or the context.
func (a *Authority) OCSP(ctx context.Context, request []byte) (OCSPResponse, error) {
	asked, err := ocsp.ParseRequest(request)
	if err != nil {
		return OCSPResponse{DER: ocsp.MalformedRequestErrorResponse}, nil //nolint:nilerr // The answer says it.
	}
	issuers, err := a.present(ctx)
	if err != nil {
		return OCSPResponse{}, err
	}
	for _, i := range issuers {
		if i.named(asked) {
			return a.respond(ctx, i, asked, requestNonce(request))
		}
	}
	return OCSPResponse{DER: ocsp.UnauthorizedErrorResponse}, nil
}

// named tells whether the request means this CA. Requests hash the issuer's name and key with an algorithm of their own
// choice.
func (i *issuer) named(asked *ocsp.Request) bool {
	hash := func(data []byte) []byte {
		h := asked.HashAlgorithm.New()
		h.Write(data)
		return h.Sum(nil)
	}
	if !bytes.Equal(hash(i.certificate.RawSubject), asked.IssuerNameHash) {
		return false
	}
	key, err := subjectKey(i.certificate.RawSubjectPublicKeyInfo)
	return err == nil && bytes.Equal(hash(key), asked.IssuerKeyHash)
}

func (a *Authority) respond(ctx context.Context, i *issuer, asked *ocsp.Request, nonce []byte) (OCSPResponse, error) {
	now := a.now().UTC().Truncate(time.Second)
	by, err := a.responder(ctx, i, now)
	if err != nil {
		return OCSPResponse{}, fmt.Errorf("ca: OCSP responder of %s: %w", i.spec.name, err)
	}
	i.mu.Lock()
	revoked, isRevoked := i.revoked[string(asked.SerialNumber.Bytes())]
	i.mu.Unlock()
	answer := statement{asked: asked, status: ocsp.Unknown, now: now, nonce: nonce}
	switch {
	case isRevoked && asked.SerialNumber.Sign() > 0: // octets have no sign
		answer.status, answer.revoked = ocsp.Revoked, revoked
	case i.serials.knows(asked.SerialNumber):
		answer.status = ocsp.Good
	}
	der, err := by.sign(answer)
	if err != nil {
		return OCSPResponse{}, fmt.Errorf("ca: OCSP response of %s: %w", i.spec.name, err)
	}
	return OCSPResponse{DER: der, ThisUpdate: now, NextUpdate: now.Add(OCSPLifetime), Nonced: len(nonce) > 0}, nil
}

// signer is what a response needs of a responder.
type signer struct {
	certificate *x509.Certificate
	keyHash     []byte
	key         crypto.Signer
}

// responder returns the responder of a CA, whose certificate is made anew when the clock has left it behind.
func (a *Authority) responder(ctx context.Context, i *issuer, now time.Time) (signer, error) {
	key, err := a.hierarchy.responders[i.spec.name].get(ctx)
	if err != nil {
		return signer{}, err
	}
	r := &i.responder
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.certificate; c == nil || now.Before(c.NotBefore) || now.Add(OCSPLifetime).After(c.NotAfter) {
		if r.certificate, err = a.responderCertificate(i, key.Public(), now); err != nil {
			return signer{}, err
		}
		if r.keyHash, err = keyID(key.Public()); err != nil {
			return signer{}, err
		}
	}
	return signer{r.certificate, r.keyHash, key}, nil
}

// responderCertificate issues to a responder (RFC 6960, 4.2.2.2). Nobody has to ask whether it was revoked.
func (a *Authority) responderCertificate(i *issuer, public crypto.PublicKey, now time.Time) (*x509.Certificate, error) {
	notBefore := now.Add(-time.Hour)
	if now.Before(i.certificate.NotBefore) || now.After(i.certificate.NotAfter) {
		return nil, ErrClock
	}
	if notBefore.Before(i.certificate.NotBefore) {
		notBefore = i.certificate.NotBefore
	}
	notAfter := now.Add(responderLifetime)
	if notAfter.After(i.certificate.NotAfter) {
		notAfter = i.certificate.NotAfter
	}
	subject, err := encodeName(caNames(mockTSP, "TEST OCSP of "+i.spec.name))
	if err != nil {
		return nil, err
	}
	id, err := keyID(public)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: randomSerial(), RawSubject: subject, NotBefore: notBefore, NotAfter: notAfter, SubjectKeyId: id,
		KeyUsage: x509.KeyUsageDigitalSignature, UnknownExtKeyUsage: []asn1.ObjectIdentifier{oidOCSPSigning()},
		BasicConstraintsValid: true,
		IssuingCertificateURL: []string{a.base + a.hierarchy.paths.Certificate(i.spec.name)},
		ExtraExtensions:       []pkix.Extension{{Id: oidOCSPNoCheck(), Value: asn1.NullBytes}},
	}
	return sign(template, i.certificate, public, i.key, a.hierarchy.layout.leafAlgorithm(i.key.Public(), false))
}

// A statement is what a response says about a certificate.
type statement struct {
	asked   *ocsp.Request
	status  int
	revoked revocation
	now     time.Time
	nonce   []byte
}

// sign writes a BasicOCSPResponse (RFC 6960, 4.2.1). x/crypto/ocsp would date it by the clock of the machine instead of
// the server's, and drops nonces. The signature is PKCS#1 v1.5 in PSS chains too: x/crypto/ocsp, and with it a lot of
// Go programs, can't read another one.
func (s signer) sign(answer statement) ([]byte, error) {
	var data cryptobyte.Builder
	data.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { s.addData(b, answer) })
	tbs, err := data.Bytes()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(tbs)
	signature, err := s.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var basic cryptobyte.Builder
	basic.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if _, ok := s.key.Public().(*ecdsa.PublicKey); ok {
				b.AddASN1ObjectIdentifier(oidECDSAWithSHA256())
				return
			}
			b.AddASN1ObjectIdentifier(oidSHA256WithRSA())
			b.AddASN1NULL()
		})
		b.AddASN1BitString(signature)
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(s.certificate.Raw) })
		})
	})
	inner, err := basic.Bytes()
	if err != nil {
		return nil, err
	}
	var response cryptobyte.Builder
	response.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(int64(ocsp.Success))
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cryptobyteasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidOCSPBasic())
				b.AddASN1OctetString(inner)
			})
		})
	})
	return response.Bytes()
}

func explicit(n uint8) cryptobyteasn1.Tag {
	return cryptobyteasn1.Tag(n).Constructed().ContextSpecific()
}
