package client

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A CertificateStatus is the state of a certificate. Values that the service adds pass through.
type CertificateStatus string

// The states of a certificate.
const (
	// CertificatePending is still to be issued.
	CertificatePending  CertificateStatus = "pending"
	CertificateIssued   CertificateStatus = "issued"
	CertificateRejected CertificateStatus = "rejected"
	CertificateRevoked  CertificateStatus = "revoked"
)

// A Certificate is the certificate of an order, as the order shows it. [OrderService.Certificate] downloads it.
type Certificate struct {
	// ID is the id of the certificate, which it has before it is issued. It is 0 while the order waits for an approval,
	// and for an order that was rejected instead.
	ID int64
	// CommonName is the name of the person, as it stands in the certificate, or will.
	CommonName string
	// ProfileOption is what the certificate is for.
	ProfileOption ProfileOption
	// SignatureHash is the hash algorithm of its signature, such as sha256.
	SignatureHash string
	// RSASSAPSS is whether an RSASSA-PSS signature was asked for.
	RSASSAPSS bool
	// IndividualID is the id of the person, as [ExistingIndividual] takes it.
	IndividualID int64
	// Individual is the person who holds, or will hold, the certificate.
	Individual Individual
	// OrganizationID is the id of the organization in the certificate.
	OrganizationID int64
	// Validity is how long the certificate is valid, as it was ordered.
	Validity Validity
	// Status is the state of the certificate. It is empty until the certificate is reissued or revoked: until then the
	// state of the order says it all.
	Status CertificateStatus

	// DateIssued is when the certificate was issued. It is zero until then, like what follows.
	DateIssued time.Time
	// SerialNumber is the serial number, in hexadecimal, as [OrderService.GetBySerialNumber] takes it.
	SerialNumber string
	// Thumbprint is the SHA-1 of the DER encoding, in hexadecimal, as [OrderService.GetByThumbprint] takes it.
	Thumbprint string
	// ValidFrom is the first day of the certificate.
	ValidFrom Date
	// ValidTill is the last day of the certificate.
	ValidTill Date
	// DaysRemaining is how many days are left. It is 0 for a certificate that has expired, too.
	DaysRemaining int
	// KeySize is the size of the key, in bits.
	KeySize int
	// CACert is the CA that issued the certificate.
	CACert CACert
}

// A CACert is the CA that issued a certificate.
type CACert struct {
	// ID is an opaque identifier, the ID of an [Intermediate].
	ID string
	// Name is its common name.
	Name string
}

// CertificateService downloads and revokes certificates by their ids: [Client.Certificates]. [OrderService] does the same
// by the ids of their orders.
type CertificateService struct{ client *Client }

// A ChainCertificate is a certificate above another one: that of its issuing CA, of a CA above that, or of the root.
type ChainCertificate struct {
	// CommonName is the common name of its subject.
	CommonName string
	// PEM is the certificate in PEM.
	PEM string
	// Parsed is the certificate as well. It is nil if crypto/x509 cannot read it.
	Parsed *x509.Certificate
}

// Chain returns the certificates above a certificate: the one of the issuing CA first, the root last. How many there are
// depends on the CA. A certificate that is not issued yet is [ErrNotIssued], an unknown id [ErrNotFound].
// [CertificateService.Get] returns the certificate itself with them. Operation: getCertificateChain.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/certificate-chain.html
func (s *CertificateService) Chain(ctx context.Context, id int64, opts ...RequestOption) ([]ChainCertificate, error) {
	op := operation{id: "getCertificateChain"}
	if err := checkID("certificate_id", id); err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetCertificateChain(ctx, id, edit)
		},
		func(w listed[api.CertificateChain]) ([]ChainCertificate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.at, func(w api.ChainLink) (ChainCertificate, error) {
				return chainCertificateFrom(w.SubjectCommonName, w.Pem)
			})
		})
}

// An Intermediate is the certificate of a CA that can issue for the account, or that stands above such a CA.
type Intermediate struct {
	ChainCertificate

	// ID is an opaque identifier, as [CACert] has it.
	ID string
	// IssuerCommonName is the common name of its issuer.
	IssuerCommonName string
	// SerialNumber is the serial number, in hexadecimal.
	SerialNumber string
	// Thumbprint is the SHA-1 of the DER encoding, in hexadecimal.
	Thumbprint string
	// ValidFrom is when it becomes valid.
	ValidFrom time.Time
	// ValidTill is when it expires.
	ValidTill time.Time
	// IsPrivate is whether it stands below a private root.
	IsPrivate bool
}

// Intermediates returns the intermediate certificates that the account can be issued from, each after the one of its
// issuer. Operation: listIntermediates.
//
// Where the vendor's page should be, by the pattern of the others; it was not opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/list-intermediates.html
func (s *CertificateService) Intermediates(ctx context.Context, opts ...RequestOption) ([]Intermediate, error) {
	return fetch(ctx, s.client, operation{id: "listIntermediates"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListIntermediates(ctx, edit)
		},
		func(w listed[api.IntermediateList]) ([]Intermediate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.at, intermediateFrom)
		})
}

func certificateFrom(w api.Certificate) (Certificate, error) {
	validity, err := validityFrom("cert_validity", w.CertValidity)
	if err != nil {
		return Certificate{}, err
	}
	issued, err := timeFrom("date_issued", value(w.DateIssued))
	if err != nil {
		return Certificate{}, err
	}
	validFrom, err := dateFrom("valid_from", value(w.ValidFrom))
	if err != nil {
		return Certificate{}, err
	}
	validTill, err := dateFrom("valid_till", value(w.ValidTill))
	if err != nil {
		return Certificate{}, err
	}
	ca := value(w.CaCert)
	return Certificate{
		ID:             value(w.ID),
		CommonName:     w.CommonName,
		ProfileOption:  ProfileOption(w.ProfileOption),
		SignatureHash:  string(w.SignatureHash),
		RSASSAPSS:      w.IsRsassaPss,
		IndividualID:   w.Individual.ID,
		Individual:     individualFrom(w.Individual),
		OrganizationID: w.Organization.ID,
		Validity:       validity,
		Status:         CertificateStatus(value(w.Status)),
		DateIssued:     issued,
		SerialNumber:   value(w.SerialNumber),
		Thumbprint:     value(w.Thumbprint),
		ValidFrom:      validFrom,
		ValidTill:      validTill,
		DaysRemaining:  int(value(w.DaysRemaining)),
		KeySize:        int(value(w.KeySize)),
		CACert:         CACert{ID: ca.ID, Name: ca.Name},
	}, nil
}

func chainCertificateFrom(commonName, text string) (ChainCertificate, error) {
	if text == "" {
		return ChainCertificate{}, missing("pem")
	}
	c := ChainCertificate{CommonName: commonName, PEM: text}
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if parsed, err := x509.ParseCertificate(block.Bytes); err == nil {
			c.Parsed = parsed
		}
	}
	return c, nil
}

func intermediateFrom(w api.Intermediate) (Intermediate, error) {
	certificate, err := chainCertificateFrom(w.SubjectCommonName, w.Pem)
	if err != nil {
		return Intermediate{}, err
	}
	validFrom, err := secondFrom("valid_from", w.ValidFrom)
	if err != nil {
		return Intermediate{}, err
	}
	validTill, err := secondFrom("valid_to", w.ValidTo)
	if err != nil {
		return Intermediate{}, err
	}
	return Intermediate{
		ChainCertificate: certificate,
		ID:               w.ID,
		IssuerCommonName: w.IssuerCommonName,
		SerialNumber:     w.SerialNumber,
		Thumbprint:       w.Thumbprint,
		ValidFrom:        validFrom,
		ValidTill:        validTill,
		IsPrivate:        w.IsPrivate != "" && w.IsPrivate != "0",
	}, nil
}
