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
	// CertificatePending means that the certificate is not issued yet.
	CertificatePending  CertificateStatus = "pending"
	CertificateIssued   CertificateStatus = "issued"
	CertificateRejected CertificateStatus = "rejected"
	CertificateRevoked  CertificateStatus = "revoked"
)

// A Certificate describes the certificate of an order. [OrderService.DownloadCertificate] downloads
// the certificate.
type Certificate struct {
	// ID is the id of the certificate. The certificate has it before it is issued. It is 0 while
	// the order waits for an approval and after the order was rejected.
	ID int64
	// CommonName is the name of the person in the certificate.
	CommonName string
	// DNSNames are the further names in the certificate. A certificate of a person has none.
	DNSNames []string
	// Emails are the email addresses in a certificate for S/MIME. Orders of this product have none.
	Emails []string
	// CSR is the certificate signing request in PEM. Orders of this product have none, and neither
	// have they the two fields below it.
	CSR string
	// OrganizationUnits are the organizational units in a TLS certificate.
	OrganizationUnits []string
	// ServerPlatform is the server software that a TLS certificate is installed in.
	ServerPlatform ServerPlatform
	// DateCreated is the time at which the order of the certificate was placed.
	DateCreated time.Time
	// ProfileOption is the purpose of the certificate.
	ProfileOption ProfileOption
	// SignatureHash is the hash algorithm of the signature, such as sha256.
	SignatureHash string
	// RSASSAPSS is whether the order asked for an RSASSA-PSS signature.
	RSASSAPSS bool
	// IndividualID is the id of the person, for [ExistingIndividual].
	IndividualID int64
	// Individual is the person that the certificate is issued for.
	Individual Individual
	// OrganizationID is the id of the organization in the certificate.
	OrganizationID int64
	// Validity is the validity that was ordered.
	Validity Validity
	// Status is the state of the certificate. It is empty until the certificate is reissued or
	// revoked; before that, the state of the order is also the state of the certificate.
	Status CertificateStatus

	// DateIssued is the time of issue. This field and all fields below it are zero until the
	// certificate is issued.
	DateIssued time.Time
	// SerialNumber is the serial number in hexadecimal, for [OrderService.GetBySerialNumber].
	SerialNumber string
	// Thumbprint is the SHA-1 hash of the DER encoding in hexadecimal, for
	// [OrderService.GetByThumbprint].
	Thumbprint string
	// ValidFrom is the first day of the validity.
	ValidFrom Date
	// ValidTill is the last day of the validity.
	ValidTill Date
	// DaysRemaining is the number of days until the certificate expires. It is 0 for an expired
	// certificate.
	DaysRemaining int
	// KeySize is the size of the key in bits.
	KeySize int
	// CACert is the CA that issued the certificate.
	CACert CACert
}

// A CACert names the CA that issued a certificate.
type CACert struct {
	// ID is an opaque identifier. It is the ID of an [Intermediate].
	ID string
	// Name is the common name of the CA.
	Name string
}

// CertificateService downloads and revokes certificates by their ids: [Client.Certificates].
// [OrderService] has methods that do this by the id of the order.
type CertificateService struct{ client *Client }

// A ChainCertificate is the certificate of a CA in the chain of another certificate: an
// intermediate or the root.
type ChainCertificate struct {
	// CommonName is the common name of the subject.
	CommonName string
	// PEM is the certificate in PEM.
	PEM string
	// Parsed is the parsed certificate. It is nil if crypto/x509 cannot parse it.
	Parsed *x509.Certificate
}

// Chain returns the chain of a certificate without the certificate: the certificate of the issuing
// CA first, the root last. The length of the chain depends on the CA. A certificate that is not
// issued yet is [ErrNotIssued], an unknown id [ErrNotFound]. [CertificateService.Download] returns
// the certificate with its chain. Operation: getCertificateChain.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
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
		func(w listAnswer[api.CertificateChain]) ([]ChainCertificate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.page, func(w api.ChainLink) (ChainCertificate, error) {
				return chainCertificateFrom(w.SubjectCommonName, w.Pem)
			})
		})
}

// An Intermediate is an intermediate certificate: of a CA that issues certificates for the account,
// or of a CA above it.
type Intermediate struct {
	ChainCertificate

	// ID is an opaque identifier, the ID of a [CACert].
	ID string
	// IssuerCommonName is the common name of the issuer.
	IssuerCommonName string
	// SerialNumber is the serial number in hexadecimal.
	SerialNumber string
	// Thumbprint is the SHA-1 hash of the DER encoding in hexadecimal.
	Thumbprint string
	// ValidFrom is the start of the validity.
	ValidFrom time.Time
	// ValidTill is the end of the validity.
	ValidTill time.Time
	// IsPrivate is whether the root of the chain is private.
	IsPrivate bool
}

// Intermediates returns the intermediate certificates that issue for the account. Each one stands
// after its issuer. Operation: listIntermediates.
//
// The vendor's page should be at this address, which follows the pattern of the others and was not
// opened:
// https://dev.digicert.com/certcentral-apis/services-api/certificates/list-intermediates.html
func (s *CertificateService) Intermediates(ctx context.Context, opts ...RequestOption) ([]Intermediate, error) {
	return fetch(ctx, s.client, operation{id: "listIntermediates"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListIntermediates(ctx, edit)
		},
		func(w listAnswer[api.IntermediateList]) ([]Intermediate, error) {
			return wholeList("intermediates", w.list.Intermediates, w.page, intermediateFrom)
		})
}

func certificateFrom(w api.Certificate) (Certificate, error) {
	validity, err := validityFrom("cert_validity", w.CertValidity)
	if err != nil {
		return Certificate{}, err
	}
	created, err := timeFrom("date_created", w.DateCreated)
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
	ca, platform := value(w.CaCert), value(w.ServerPlatform)
	return Certificate{
		ID:                value(w.ID),
		CommonName:        w.CommonName,
		DNSNames:          w.DNSNames,
		Emails:            w.Emails,
		CSR:               value(w.Csr),
		OrganizationUnits: w.OrganizationUnits,
		ServerPlatform:    serverPlatformFrom(platform),
		DateCreated:       created,
		ProfileOption:     ProfileOption(w.ProfileOption),
		SignatureHash:     string(w.SignatureHash),
		RSASSAPSS:         w.IsRsassaPss,
		IndividualID:      w.Individual.ID,
		Individual:        individualFrom(w.Individual),
		OrganizationID:    w.Organization.ID,
		Validity:          validity,
		Status:            CertificateStatus(value(w.Status)),
		DateIssued:        issued,
		SerialNumber:      value(w.SerialNumber),
		Thumbprint:        value(w.Thumbprint),
		ValidFrom:         validFrom,
		ValidTill:         validTill,
		DaysRemaining:     int(value(w.DaysRemaining)),
		KeySize:           int(value(w.KeySize)),
		CACert:            CACert{ID: ca.ID, Name: ca.Name},
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
	validFrom, err := utcTimeFrom("valid_from", w.ValidFrom)
	if err != nil {
		return Intermediate{}, err
	}
	validTill, err := utcTimeFrom("valid_to", w.ValidTo)
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
