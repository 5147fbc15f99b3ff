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
	// responderLifetime is the validity of the certificate of a responder, unless twice the lifetime of
	// its responses is longer.
	responderLifetime = 30 * day
	// maxNonce is the length of the longest nonce that a response repeats (RFC 9654).
	maxNonce = 128
)

// A responder is the OCSP responder of a CA, with the certificate that the CA has issued to it.
type responder struct {
	mu          sync.Mutex
	certificate *x509.Certificate
	keyHash     []byte
}

// An OCSPResponse is a signed response, or an error response. An error response is unsigned, and
// its times are zero.
type OCSPResponse struct {
	DER        []byte
	ThisUpdate time.Time
	NextUpdate time.Time
	// Signed is when it was signed, and Fresh until when a cache may keep it.
	Signed, Fresh time.Time
	// Nonced says that the response repeats the nonce of its request. Such a response must not be
	// cached.
	Nonced bool
}

// OCSPFailure is the response with the status internalError.
func OCSPFailure() OCSPResponse { return OCSPResponse{DER: ocsp.InternalErrorErrorResponse} }

// OCSP answers a DER request about one leaf certificate. A request that is malformed, or about
// another CA, gets an error response of the protocol (malformedRequest or unauthorized). The error
// is not nil if the keys could not be made or the context has ended.
func (a *Authority) OCSP(ctx context.Context, der []byte) (OCSPResponse, error) {
	request, err := ocsp.ParseRequest(der)
	if err != nil {
		return OCSPResponse{DER: ocsp.MalformedRequestErrorResponse}, nil //nolint:nilerr // the response carries the error
	}
	issuers, err := a.leafIssuers(ctx)
	if err != nil {
		return OCSPResponse{}, err
	}
	for _, i := range issuers {
		if i.matches(request) {
			return a.respond(ctx, i, request, requestNonce(der))
		}
	}
	return OCSPResponse{DER: ocsp.UnauthorizedErrorResponse}, nil
}

// matches reports whether the CertID of the request identifies this CA. The request chooses the
// hash algorithm.
func (i *issuer) matches(request *ocsp.Request) bool {
	hash := func(data []byte) []byte {
		h := request.HashAlgorithm.New()
		h.Write(data)
		return h.Sum(nil)
	}
	if !bytes.Equal(hash(i.certificate.RawSubject), request.IssuerNameHash) {
		return false
	}
	key, err := subjectKey(i.certificate.RawSubjectPublicKeyInfo)
	return err == nil && bytes.Equal(hash(key), request.IssuerKeyHash)
}

func (a *Authority) respond(ctx context.Context, i *issuer, request *ocsp.Request, nonce []byte) (OCSPResponse, error) {
	now := a.now().UTC().Truncate(time.Second)
	by, err := a.responder(ctx, i, now)
	if err != nil {
		return OCSPResponse{}, fmt.Errorf("ca: OCSP responder of %s: %w", i.spec.name, err)
	}
	i.mu.Lock()
	revoked, isRevoked := i.revoked[string(request.SerialNumber.Bytes())]
	i.mu.Unlock()
	answer := singleResponse{request: request, status: ocsp.Unknown, now: now, nonce: nonce}
	answer.thisUpdate, answer.nextUpdate = updates(now, a.ocspLifetime)
	switch {
	case isRevoked && request.SerialNumber.Sign() > 0: // Bytes drops the sign of the number
		answer.status, answer.revoked = ocsp.Revoked, revoked
	case i.serials.verify(request.SerialNumber):
		answer.status = ocsp.Good
	}
	der, err := by.sign(answer)
	if err != nil {
		return OCSPResponse{}, fmt.Errorf("ca: OCSP response of %s: %w", i.spec.name, err)
	}
	return OCSPResponse{
		DER: der, ThisUpdate: answer.thisUpdate, NextUpdate: answer.nextUpdate,
		Signed: now, Fresh: freshUntil(now, a.ocspLifetime), Nonced: len(nonce) > 0,
	}, nil
}

// A responseSigner holds what signs one response: the certificate of the responder, its hash and
// the key.
type responseSigner struct {
	certificate *x509.Certificate
	keyHash     []byte
	key         crypto.Signer
}

// responder returns the responseSigner of a CA. It issues a new certificate to the responder if the
// current one is not valid from now until nextUpdate.
func (a *Authority) responder(ctx context.Context, i *issuer, now time.Time) (responseSigner, error) {
	key, err := a.hierarchy.responders[i.spec.name].get(ctx)
	if err != nil {
		return responseSigner{}, err
	}
	r := &i.responder
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.certificate; c == nil || now.Before(c.NotBefore) || now.Add(a.ocspLifetime).After(c.NotAfter) {
		if r.certificate, err = a.responderCertificate(i, key.Public(), now); err != nil {
			return responseSigner{}, err
		}
		if r.keyHash, err = keyID(key.Public()); err != nil {
			return responseSigner{}, err
		}
	}
	return responseSigner{r.certificate, r.keyHash, key}, nil
}

// responderCertificate issues a certificate to a responder (RFC 6960, 4.2.2.2). Its extension
// id-pkix-ocsp-nocheck says that clients need not check its revocation.
func (a *Authority) responderCertificate(i *issuer, public crypto.PublicKey, now time.Time) (*x509.Certificate, error) {
	notBefore := now.Add(-time.Hour)
	if now.Before(i.certificate.NotBefore) || now.After(i.certificate.NotAfter) {
		return nil, ErrClock
	}
	if notBefore.Before(i.certificate.NotBefore) {
		notBefore = i.certificate.NotBefore
	}
	notAfter := lastSecond(now.Add(max(responderLifetime, 2*a.ocspLifetime)))
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

// A singleResponse is the status of one certificate, with the request that asked for it.
type singleResponse struct {
	request *ocsp.Request
	status  int
	revoked revocation
	now     time.Time
	nonce   []byte

	thisUpdate, nextUpdate time.Time
}

// sign writes a BasicOCSPResponse (RFC 6960, 4.2.1). x/crypto/ocsp cannot be used for it: it takes
// producedAt from the clock of the machine, not of the server, and does not write nonces. An RSA
// signature is PKCS#1 v1.5 in PSS chains too, because x/crypto/ocsp and the Go programs that use it
// cannot verify PSS.
func (s responseSigner) sign(answer singleResponse) ([]byte, error) {
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
