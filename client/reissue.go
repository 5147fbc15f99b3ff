package client

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// ReissueOptions are the options of a reissue. The zero value asks for a key on a new token and
// does not skip the approval.
type ReissueOptions struct {
	// CSR is a PKCS #10 request in PEM. The certificate is issued for its key; the rest of the CSR
	// is ignored. If CSR is empty, the key is made on a new token. The service refuses an unusable
	// CSR with the code invalid_field and the path certificate.csr.
	CSR string
	// Comments is a remark for the approver.
	Comments string
	// SkipApproval starts the reissue without the approval that the account requires. Only an
	// administrator has the permission.
	SkipApproval bool
}

// A PlacedReissue holds the ids of a reissue that was just requested.
type PlacedReissue struct {
	// OrderID is the id of the order. It stays the same.
	OrderID int64
	// CertificateID is the id of the new certificate. The certificate has it before it is issued.
	// It is 0 while the reissue waits for an approval.
	CertificateID int64
	// Requests are the requests to approve the reissue. There are none if the account requires no
	// approval or the reissue skipped it.
	Requests []RequestRef
}

// NeedsApproval reports whether the reissue waits for an approval. [RequestService.Approve]
// approves one of its requests.
func (p PlacedReissue) NeedsApproval() bool {
	// On the vendor's page, such a request has no state, and the answer has a certificate id only
	// if no approval is needed.
	return p.CertificateID == 0 && slices.ContainsFunc(p.Requests, func(r RequestRef) bool {
		return r.Status.waits() || r.Status == ""
	})
}

// A ReissuedCertificate is the certificate of a reissue. It may not be issued yet.
type ReissuedCertificate struct {
	// ID is the id of the certificate, for [CertificateService.Download].
	ID int64
	// CommonName is the name of the person.
	CommonName string
	// DNSNames are the further names in the certificate. Those of persons have none.
	DNSNames []string
	// Archived is whether the certificate is archived.
	Archived bool
	// Status is the state of the certificate.
	Status CertificateStatus
	// DateCreated is the time at which the reissue was requested or, if it needed an approval,
	// approved.
	DateCreated time.Time
	// Requester is the user that requested the reissue.
	Requester UserRef
	// CSR is the certificate signing request in PEM. The mock leaves it out.
	CSR string
	// ReceiptID is the id of the receipt. It is 0 if the reissue was not charged.
	ReceiptID int64

	// DateIssued is the time of issue. This field and all fields below it are zero until the
	// certificate is issued.
	DateIssued time.Time
	// SerialNumber is the serial number in hexadecimal.
	SerialNumber string
	// Thumbprint is the SHA-1 hash of the DER encoding in hexadecimal.
	Thumbprint string
	// ValidTill is the last day of the validity.
	ValidTill Date
	// DaysRemaining is the number of days until the certificate expires. It is 0 for an expired
	// certificate.
	DaysRemaining int
	// KeySize is the size of the key in bits.
	KeySize int
}

// Reissue requests another certificate of an issued order, for the same person. Its key is made on
// a new token, or is the key of [ReissueOptions.CSR]. The new certificate is valid until the order
// ends. The account is not charged. The former certificate stays valid until it is revoked; while
// the reissue is pending, it cannot be revoked. [OrderService.Cancel] cancels a pending reissue.
// The service refuses with the code order_status_conflict if the order is not issued. Operation:
// reissueCertificate.
//
// The client never repeats this request. After [ErrOutcomeUnknown] a reissue may be pending or may
// wait for an approval; the state and the requests of the order, from [OrderService.Get], show
// this.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/reissue-certificate.html
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

// Reissues returns the certificates of all reissues of an order, the oldest first. It does not
// return the first certificate of the order. Operation: listReissues.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/list-reissues.html
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
		func(w listAnswer[api.ReissueList]) ([]ReissuedCertificate, error) {
			return wholeList("certificates", w.list.Certificates, w.page, reissuedCertificateFrom)
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
		CSR:           value(w.Csr),
		ReceiptID:     value(w.ReceiptID),
		DateIssued:    issued,
		SerialNumber:  value(w.SerialNumber),
		Thumbprint:    value(w.Thumbprint),
		ValidTill:     validTill,
		DaysRemaining: int(value(w.DaysRemaining)),
		KeySize:       int(value(w.KeySize)),
	}, nil
}
