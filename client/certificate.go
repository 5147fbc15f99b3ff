package client

import (
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
	// DNSNames are the further names in the certificate. Those of persons have none.
	DNSNames []string
	// DateCreated is when the order of the certificate was placed.
	DateCreated time.Time
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
	ca := value(w.CaCert)
	return Certificate{
		ID:             value(w.ID),
		CommonName:     w.CommonName,
		DNSNames:       w.DNSNames,
		DateCreated:    created,
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
