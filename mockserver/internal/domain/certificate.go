package domain

import (
	"strconv"
	"strings"
	"time"
)

// A Certificate is the certificate of an order or of a reissue. It exists as soon as it has an id,
// long before it is issued (D-46).
type Certificate struct {
	ID        int64
	OrderID   int64
	UserID    int64 // the user that ordered it, or that requested the reissue
	Created   time.Time
	Reissue   bool
	Token     Token
	Automatic bool            // whether it is installed when its issuance is complete: the life of the account at Created
	Pending   bool            // whether its issuance is pending: the mock is making its key and its DER
	Material  *IssuedMaterial // the issued material; nil before the issuance is complete
	Issued    time.Time       // when the order became issued with it; zero before
	Discarded bool            // whether it will never be issued
	Revoked   time.Time       // zero unless it is revoked
	Reason    RevocationReason
}

// IssuedMaterial is the issued material of a certificate, which the certificate authority made.
type IssuedMaterial struct {
	DER          []byte
	SerialNumber string // upper-case hexadecimal, as the vendor shows it
	Thumbprint   string // upper-case hexadecimal
	CommonName   string // the name of the person, cut where it is too long for a certificate
	Issuer       string // the name of the CA, such as tsp-g3
	IssuerID     string // the id of the CA in the API
	IssuerCommon string // the common name of the CA
	KeySize      int    // bits
	NotBefore    time.Time
	NotAfter     time.Time
}

// An Authority is a CA of the mock.
type Authority struct {
	ID           string // in hexadecimal
	Name         string // in addresses, such as tsp-g3
	Issuer       string // the name of the CA above it; empty for a root
	CommonName   string
	IssuerCommon string // the common name of the CA above it, or its own
	SerialNumber string
	Thumbprint   string
	DER          []byte
	NotBefore    time.Time
	NotAfter     time.Time
}

// CertificateStatus is the state of a certificate, in the words of the list of reissues.
type CertificateStatus string

// The states of a certificate (certcentral-facts 5.1, 5.6).
const (
	CertificatePending  CertificateStatus = "pending"
	CertificateIssued   CertificateStatus = "issued"
	CertificateRejected CertificateStatus = "rejected"
	CertificateRevoked  CertificateStatus = "revoked"
)

// Status returns the state of the certificate.
func (c *Certificate) Status() CertificateStatus {
	switch {
	case c.Discarded:
		return CertificateRejected
	case c.Issued.IsZero():
		return CertificatePending
	case !c.Revoked.IsZero():
		return CertificateRevoked
	default:
		return CertificateIssued
	}
}

// DaysRemaining returns the number of days until the certificate ends, begun ones included.
func (m *IssuedMaterial) DaysRemaining(now time.Time) int {
	left := m.NotAfter.Sub(now)
	if left <= 0 {
		return 0
	}
	return int((left + 24*time.Hour - 1) / (24 * time.Hour))
}

// certificateFor makes the certificate of an order that needs no approval any more (D-46).
func (p *plan) certificateFor(o *Order, now time.Time) Certificate {
	c := p.newCertificate(o.ID, o.UserID, now)
	o.CertificateID = c.ID
	return c
}

func (p *plan) newCertificate(order, user int64, now time.Time) Certificate {
	return Certificate{
		ID: next(&p.seq.Certificate), OrderID: order, UserID: user, Created: now.UTC(), Token: Token{Status: TokenOrdered},
		Automatic: p.r.Settings().Life == Auto,
	}
}

func (p *plan) putCertificate(c Certificate) {
	p.changes.Certificates = append(p.changes.Certificates, c)
}

// install puts a certificate into use: its order becomes issued, and shows this certificate (D-41).
func (p *plan) install(o *Order, c *Certificate, now time.Time) error {
	if c.Material == nil {
		return notIssuedYet(*o)
	}
	if c.Token.unusable() {
		return &Error{
			Code: CodeOrderStatusConflict,
			Message: "the order cannot become issued: its token is " + string(c.Token.Status) +
				", and nobody can install what is on it; " + replacementAdvice(*o),
		}
	}
	c.Token.Status, c.Issued = TokenInstalled, now.UTC()
	if c.Reissue {
		// No path names the former token any more, so that its key can never be handed over.
		if former, there := p.r.Certificate(o.CertificateID); there {
			former.Token.Key = PrivateKey{}
			p.putCertificate(former)
		}
		o.CertificateID, o.ReissueID = c.ID, 0
		o.Reissues++
	}
	if o.ValidTill.IsZero() {
		o.ValidTill = c.Material.NotAfter
	}
	o.moveTo(StatusIssued, now)
	return nil
}

// notIssuedYet is the refusal of a step of an order that needs the issued material of its
// certificate.
func notIssuedYet(o Order) error {
	return &Error{
		Code:    CodeOrderStatusConflict,
		Message: "the order cannot go on from " + string(o.Status) + ": its certificate has not been made",
		Hint:    HintPersonalizeToken,
	}
}

// discard gives up a certificate whose order or reissue ends before it is issued. It revokes the
// certificate where there is issued material, which must not be used.
func (p *plan) discard(id int64, now time.Time) {
	c, there := p.r.Certificate(id)
	if !there { // the order still needed an approval
		return
	}
	c.Discarded, c.Pending, c.Token.Key = true, false, PrivateKey{}
	if c.Material != nil {
		p.revoke(&c, CessationOfOperation, now)
		material := *c.Material
		material.DER, c.Material = nil, &material // a discarded certificate cannot be downloaded
	}
	p.putCertificate(c)
}

// findCertificate returns a certificate of the account, or not_found|certificate. It does not find
// a discarded certificate, whose order or reissue was canceled or rejected.
func findCertificate(r Reader, id int64) (Certificate, error) {
	certificate, there := r.Certificate(id)
	if !there || certificate.Discarded {
		return Certificate{}, certificateNotFound()
	}
	return certificate, nil
}

// FindIssued returns a certificate that has been issued, or cert_unavailable_processing.
func FindIssued(r Reader, id int64) (Certificate, error) {
	certificate, err := findCertificate(r, id)
	if err != nil {
		return Certificate{}, err
	}
	if certificate.Issued.IsZero() {
		return Certificate{}, downloadTooEarly()
	}
	return certificate, nil
}

// FindIssuedOf returns the active certificate of an order, which is never one that a reissue has
// replaced (D-69).
func FindIssuedOf(r Reader, order Order) (Certificate, error) {
	if order.CertificateID == 0 {
		if order.Status == StatusNeedsApproval {
			return Certificate{}, downloadTooEarly()
		}
		return Certificate{}, certificateNotFound()
	}
	return FindIssued(r, order.CertificateID)
}

// FindCertificateByReference returns the certificate that a path names by its id or its serial
// number (D-71).
func FindCertificateByReference(r Reader, name string) (Certificate, error) {
	if id, isID := parseID(name); isID {
		return findCertificate(r, id)
	}
	if c, there := r.CertificateBySerialOrThumbprint(hexadecimal(name)); there && SerialKey(c.Material.SerialNumber) == SerialKey(hexadecimal(name)) {
		return findCertificate(r, c.ID)
	}
	return Certificate{}, certificateNotFound()
}

// hexadecimal returns a serial number or a thumbprint in the form of the API: upper case, no
// colons.
func hexadecimal(text string) string { return strings.ToUpper(strings.ReplaceAll(text, ":", "")) }

// SerialKey returns a serial number, in hexadecimal, without the zeros at its beginning. Programs
// that read the number as an integer lose these zeros, and mean the same certificate (D-38).
func SerialKey(hexadecimal string) string { return strings.TrimLeft(hexadecimal, "0") }

// parseID reads an id in its one form. It refuses +1 and 01.
func parseID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && strconv.FormatInt(id, 10) == text
}

func certificateNotFound() error {
	return notFound(CodeCertificateNotFound, "certificate not found: no certificate of this account has this id, "+
		"or its order was canceled or rejected before it was issued", "")
}

// downloadTooEarly is the refusal to show a certificate before it is issued. Code and message were
// recorded, with the two blanks in the message (D-69).
func downloadTooEarly() error {
	return &Error{
		Code:    CodeCertUnavailable,
		Message: "Unable to download certificate, the certificate has not yet been issued.  Try back in a bit.",
	}
}
