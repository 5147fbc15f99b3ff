package client

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// ReissueOptions say how a certificate is reissued. The zero value asks for the approval that the account wants.
type ReissueOptions struct {
	// CSR is a PKCS#10 request in PEM, for whose key the certificate is issued; nothing else of it counts. Left empty, the
	// key is made on a new token. One that cannot be used is refused with the code invalid_field and the path
	// certificate.csr.
	CSR string
	// Comments is a remark for whoever approves the reissue.
	Comments string
	// SkipApproval starts the reissue without the approval that the account asks for. Only an administrator may say so.
	SkipApproval bool
}

// A PlacedReissue is what a reissue that has just been asked for is known by.
type PlacedReissue struct {
	// OrderID is the id of the order, which has not changed.
	OrderID int64
	// CertificateID is the id of the new certificate, which has one before it is issued. It is 0 while the reissue waits
	// for an approval.
	CertificateID int64
	// Requests are the requests to somebody of the account to approve the reissue. There are none in an account that asks
	// for no approval, or if the reissue skipped it.
	Requests []RequestRef
}

// NeedsApproval reports whether the reissue waits for somebody of the account, who approves one of its requests by
// [RequestService.Approve].
func (p PlacedReissue) NeedsApproval() bool {
	// The vendor's page shows such a request without its state, and the id of the certificate once none is needed.
	return p.CertificateID == 0 && slices.ContainsFunc(p.Requests, func(r RequestRef) bool {
		return r.Status.waits() || r.Status == ""
	})
}

// A ReissuedCertificate is a certificate that a reissue has made or is to make.
type ReissuedCertificate struct {
	// ID is the id of the certificate, as [CertificateService.Get] takes it.
	ID int64
	// CommonName is the name of the person.
	CommonName string
	// DNSNames are the further names in the certificate. Those of persons have none.
	DNSNames []string
	// Archived is whether the certificate is archived.
	Archived bool
	// Status is the state of the certificate.
	Status CertificateStatus
	// DateCreated is when the reissue was asked for, or approved where it needed that.
	DateCreated time.Time
	// Requester asked for the reissue.
	Requester UserRef

	// DateIssued is when the certificate was issued. It is zero until then, like what follows.
	DateIssued time.Time
	// SerialNumber is the serial number, in hexadecimal.
	SerialNumber string
	// Thumbprint is the SHA-1 of the DER encoding, in hexadecimal.
	Thumbprint string
	// ValidTill is the last day of the certificate.
	ValidTill Date
	// DaysRemaining is how many days are left. It is 0 for a certificate that has expired, too.
	DaysRemaining int
	// KeySize is the size of the key, in bits.
	KeySize int
}

// Reissue asks for another certificate of an issued order, for the same person, with a key of its own on a new token, or
// that of [ReissueOptions.CSR], until the order ends. No charge applies. The certificate that it replaces stays valid
// until it is revoked, which cannot be while the reissue is under way. [OrderService.Cancel] ends the reissue. An order
// that is not issued is refused with the code order_status_conflict. Operation: reissueCertificate.
//
// It is never repeated. [ErrOutcomeUnknown] means that a reissue may have begun, or may wait for an approval:
// [OrderService.Get] tells it by the state and the requests of the order.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/reissue-certificate.html
func (s *OrderService) Reissue(
	ctx context.Context, id int64, o ReissueOptions, opts ...RequestOption,
) (PlacedReissue, error) {
	op := operation{id: "reissueCertificate"}
	if err := checkID("order_id", id); err != nil {
		return PlacedReissue{}, inOperation(op, err)
	}
	body := api.ReissueInput{
		CsProvisioningMethod: new(api.ProvisioningMethodInputToken),
		Comments:             optional(o.Comments),
		SkipApproval:         optional(o.SkipApproval),
	}
	if o.CSR != "" {
		body.Certificate = &api.ReissueCertificateInput{Csr: &o.CSR}
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ReissueCertificate(ctx, strconv.FormatInt(id, 10), body, edit)
		},
		func(w api.Reissued) (PlacedReissue, error) {
			if w.ID <= 0 {
				return PlacedReissue{}, missing("id")
			}
			return PlacedReissue{
				OrderID:       w.ID,
				CertificateID: value(w.CertificateID),
				Requests:      requestRefsFrom(w.Requests),
			}, nil
		})
}

// Reissues returns the certificates that reissues of an order have made or are to make, the oldest first. The
// certificate that the order began with is not among them. Operation: listReissues.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/list-reissues.html
func (s *OrderService) Reissues(
	ctx context.Context, id int64, opts ...RequestOption,
) ([]ReissuedCertificate, error) {
	op := operation{id: "listReissues"}
	if err := checkID("order_id", id); err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListReissues(ctx, strconv.FormatInt(id, 10), edit)
		},
		func(w listed[api.ReissueList]) ([]ReissuedCertificate, error) {
			return wholeList("certificates", w.list.Certificates, w.at, reissuedCertificateFrom)
		})
}

func reissuedCertificateFrom(w api.ReissuedCertificate) (ReissuedCertificate, error) {
	if w.ID <= 0 {
		return ReissuedCertificate{}, missing("id")
	}
	created, err := timeFrom("date_created", w.DateCreated)
	if err != nil {
		return ReissuedCertificate{}, err
	}
	issued, err := timeFrom("date_issued", value(w.DateIssued))
	if err != nil {
		return ReissuedCertificate{}, err
	}
	validTill, err := dateFrom("valid_till", value(w.ValidTill))
	if err != nil {
		return ReissuedCertificate{}, err
	}
	return ReissuedCertificate{
		ID:            w.ID,
		CommonName:    w.CommonName,
		DNSNames:      w.DNSNames,
		Archived:      w.Archived != 0,
		Status:        CertificateStatus(w.Status),
		DateCreated:   created,
		Requester:     UserRef{ID: w.UserID, FirstName: w.Firstname, LastName: w.Lastname, Email: w.Email},
		DateIssued:    issued,
		SerialNumber:  value(w.SerialNumber),
		Thumbprint:    value(w.Thumbprint),
		ValidTill:     validTill,
		DaysRemaining: int(value(w.DaysRemaining)),
		KeySize:       int(value(w.KeySize)),
	}, nil
}
