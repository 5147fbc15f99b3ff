package domain

import (
	"strconv"
	"strings"
	"time"
)

// A Certificate is the certificate of an order, or of a reissue of it. It is there as soon as it has an id, long before
// it is issued (D-46).
type Certificate struct {
	ID        int64
	OrderID   int64
	UserID    int64 // who asked for it
	Created   time.Time
	Reissue   bool
	Token     Token
	Automatic bool      // whether it is installed as soon as it is made: the life of the account when it was asked for
	Awaited   bool      // its key and itself are being made
	Made      *Made     // nil until then
	Issued    time.Time // when the account got it; zero until then
	Discarded bool      // it will never be issued
	Revoked   time.Time // zero unless it is
	Reason    RevocationReason
}

// Made is what the certificate authority made.
type Made struct {
	DER          []byte
	SerialNumber string // upper-case hexadecimal, as the vendor shows it
	Thumbprint   string // likewise
	CommonName   string // of the person, which may have been cut
	Issuer       string // the name of the CA
	IssuerID     string // the id that the API knows the CA by
	IssuerCommon string // its common name
	KeySize      int    // bits
	NotBefore    time.Time
	NotAfter     time.Time
}

// An Authority is a CA, as the API shows it.
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

// Status is the state that the certificate is in.
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

// DaysRemaining is how many days the certificate lasts from now on, begun days included.
func (m *Made) DaysRemaining(now time.Time) int {
	left := m.NotAfter.Sub(now)
	if left <= 0 {
		return 0
	}
	return int((left + 24*time.Hour - 1) / (24 * time.Hour))
}

// certify gives an order that needs no approval any more its certificate (D-46).
func (p *plan) certify(o *Order, now time.Time) Certificate {
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

func (p *plan) keep(c Certificate) { p.changes.Certificates = append(p.changes.Certificates, c) }

// install puts a certificate into use: its order is issued, and the certificate is what the order shows (D-41).
func (p *plan) install(o *Order, c *Certificate, now time.Time) error {
	if c.Made == nil {
		return notMade(*o)
	}
	if c.Token.dead() {
		return &Error{
			Code:    CodeOrderStatusConflict,
			Message: "the order cannot become issued: its token is " + string(c.Token.Status) + ", and nobody can install what is on it; " + remedy(*o),
		}
	}
	c.Token.Status, c.Issued = TokenInstalled, now.UTC()
	if c.Reissue {
		// Nobody can name the former token any more.
		if former, there := p.r.Certificate(o.CertificateID); there {
			former.Token.Key = PrivateKey{}
			p.keep(former)
		}
		o.CertificateID, o.ReissueID = c.ID, 0
		o.Reissues++
	}
	if o.ValidTill.IsZero() {
		o.ValidTill = c.Made.NotAfter
	}
	o.moveTo(StatusIssued, now)
	return nil
}

// notMade is the refusal of what needs a certificate that is still to be made.
func notMade(o Order) error {
	return &Error{
		Code: CodeOrderStatusConflict,
		Message: "the order cannot go on from " + string(o.Status) + ": its certificate has not been made; " +
			"POST /_mock/orders/{order_id}/token/transition personalizes the token, POST /_mock/settle waits for it",
	}
}

// discard gives up on a certificate that was not issued. One that has been made is revoked, since it should not be used.
func (p *plan) discard(id int64, now time.Time) {
	c, there := p.r.Certificate(id)
	if !there { // the order waited for its approval
		return
	}
	c.Discarded, c.Awaited, c.Token.Key = true, false, PrivateKey{}
	if c.Made != nil {
		p.revoke(&c, CessationOfOperation, now)
		made := *c.Made
		made.DER, c.Made = nil, &made // nobody will download it
	}
	p.keep(c)
}

// FindCertificate returns a certificate of the account, or not_found|certificate. One that will never be issued is not
// found either: its order was canceled or rejected, or its reissue was.
func FindCertificate(r Reader, id int64) (Certificate, error) {
	certificate, there := r.Certificate(id)
	if !there || certificate.Discarded {
		return Certificate{}, certificateNotFound()
	}
	return certificate, nil
}

// FindIssued returns a certificate that has been issued, or cert_unavailable_processing.
func FindIssued(r Reader, id int64) (Certificate, error) {
	certificate, err := FindCertificate(r, id)
	if err != nil {
		return Certificate{}, err
	}
	if certificate.Issued.IsZero() {
		return Certificate{}, unavailable()
	}
	return certificate, nil
}

// FindIssuedOf returns the active certificate of an order: never one that a reissue has replaced (D-69).
func FindIssuedOf(r Reader, order Order) (Certificate, error) {
	if order.CertificateID == 0 {
		if order.Status == StatusNeedsApproval {
			return Certificate{}, unavailable()
		}
		return Certificate{}, certificateNotFound()
	}
	return FindIssued(r, order.CertificateID)
}

// FindCertificateNamed returns the certificate that a path names, by its id or its serial number (D-71).
func FindCertificateNamed(r Reader, name string) (Certificate, error) {
	if id, isID := parseID(name); isID {
		return FindCertificate(r, id)
	}
	if c, there := r.CertificateNamed(hexadecimal(name)); there && SerialKey(c.Made.SerialNumber) == SerialKey(hexadecimal(name)) {
		return FindCertificate(r, c.ID)
	}
	return Certificate{}, certificateNotFound()
}

// hexadecimal writes a serial number or a thumbprint as the API shows it.
func hexadecimal(text string) string { return strings.ToUpper(strings.ReplaceAll(text, ":", "")) }

// SerialKey is a serial number, in hexadecimal, without the zeros at its beginning. Programs that read the number lose
// them, and name the same certificate (D-38).
func SerialKey(hexadecimal string) string { return strings.TrimLeft(hexadecimal, "0") }

// parseID reads an id in the one form that ids have: +1 and 01 are none.
func parseID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && strconv.FormatInt(id, 10) == text
}

func certificateNotFound() error {
	return notFound(CodeCertificateNotFound,
		"certificate not found: no certificate of this account has this id, or its order was canceled or rejected before it was issued")
}

// unavailable is the refusal of a download that comes too early. Code and message were recorded, the two blanks in it
// included (D-69).
func unavailable() error {
	return &Error{
		Code:    CodeCertUnavailable,
		Message: "Unable to download certificate, the certificate has not yet been issued.  Try back in a bit.",
	}
}
