package domain

import (
	"fmt"
	"slices"
	"time"
)

// ReissueRequest is a request to reissue the certificate of an order.
type ReissueRequest struct {
	SkipApproval bool
	Comments     string // for the user that approves
	PublicKey    string // SubjectPublicKeyInfo in DER, of the holder's own token; empty when the mock makes the key
	Asked        ReissuedCertificate
	Faults       Errors // in the PKCS#10 request, which only the certificate authority can read
}

// ReissuedCertificate is the description of the new certificate in a reissue request, without its key.
// A reissue changes only the key, so that each member has to be equal to that of the order. The zero
// value of a member is not checked (D-72).
type ReissuedCertificate struct {
	CommonName     string
	DNSNames       []string
	Units          []string // organizational units
	ProfileOption  string
	RSASSAPSS      *bool
	IndividualID   *int64
	FirstName      string
	LastName       string
	Email          string
	CertValidity   *Validity
	OrderValidity  *Validity
	OrganizationID *int64
}

// Reissued is the result of a reissue request.
type Reissued struct {
	OrderID       int64
	CertificateID int64    // zero while the reissue needs an approval
	Request       *Request // nil when the reissue needs no approval
}

// maxReissues is the largest number of reissues of an order. The number of orders is limited too, so
// that the number of certificates is (D-44).
const maxReissues = 100

// ReissueOrder starts a reissue of an issued order, or makes the request for it. The new certificate
// has a new token and ends with the order; the former certificate stays valid (D-72).
func ReissueOrder(r Reader, actor Actor, now time.Time, name string, in ReissueRequest) (Reissued, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return Reissued{}, Changes{}, MissingPermission()
	}
	order, err := FindOrderByReference(r, name)
	if err != nil {
		return Reissued{}, Changes{}, err
	}
	if err := in.faults(r, order); err != nil {
		return Reissued{}, Changes{}, err
	}
	if order.Status != StatusIssued {
		return Reissued{}, Changes{}, conflict(order, StatusReissuePending)
	}
	if organization, _ := r.Organization(order.OrganizationID); !organization.Active {
		return Reissued{}, Changes{}, &Error{
			Code:    CodeInactiveOrganization,
			Message: "the organization of the order is inactive, so its certificates cannot be reissued",
			Hint:    HintActivateOrganization,
		}
	}
	if err := checkReissueLimit(r, order.ID); err != nil {
		return Reissued{}, Changes{}, err
	}
	plan := newPlan(r)
	out := Reissued{OrderID: order.ID}
	skip := in.SkipApproval || r.Settings().Approval == ApprovalOff
	if out.Request, err = plan.newRequest(actor, now, Reissue, order.ID, skip, in.Comments); err != nil {
		return Reissued{}, Changes{}, err
	}
	order.moveTo(StatusReissuePending, now)
	if out.Request == nil || out.Request.Status == RequestApproved {
		plan.startReissue(&order, actor.UserID, now, in.PublicKey, false)
		out.CertificateID = order.ReissueID
	}
	if out.Request != nil {
		out.Request.PublicKey = in.PublicKey
		plan.changes.Requests = append(plan.changes.Requests, *out.Request)
	}
	plan.changes.Orders = append(plan.changes.Orders, order)
	return out, plan.finish(), nil
}

// faults returns the errors in a reissue request, in any state of its order.
func (in ReissueRequest) faults(r Reader, order Order) error {
	individual, _ := r.Individual(order.IndividualID)
	names := []string{"", individual.CommonName()}
	if certificate, _ := r.Certificate(order.CertificateID); certificate.Material != nil {
		names = append(names, certificate.Material.CommonName) // a long name was cut
	}
	errs, asked := in.Faults, in.Asked
	differs := func(different bool, path, what string) {
		if different {
			errs.add(CodeInvalidField, path, path+" has to be "+what+
				", or left out: a reissue changes nothing but the key; another certificate takes another order")
		}
	}
	one := func(asked, ordered string) bool { return asked != "" && asked != ordered }
	id := func(asked *int64, ordered int64) bool { return asked != nil && *asked != ordered }
	validity := func(asked *Validity) bool { return asked != nil && asked.effective() != order.Validity }
	differs(!slices.Contains(names, asked.CommonName), "certificate.common_name", "the name of the person of the order")
	differs(len(asked.DNSNames) > 0, "certificate.dns_names", "empty, as in the order")
	differs(len(asked.Units) > 0, "certificate.organization_units", "empty, as in the order")
	differs(one(asked.ProfileOption, order.ProfileOption), "certificate.profile_option", "that of the order, "+order.ProfileOption)
	differs(asked.RSASSAPSS != nil && *asked.RSASSAPSS != order.RSASSAPSS, "certificate.is_rsassa_pss", "as in the order")
	differs(id(asked.IndividualID, individual.ID), "certificate.individual.id", "the individual of the order")
	differs(one(asked.FirstName, individual.FirstName), "certificate.individual.first_name", "that of the individual of the order")
	differs(one(asked.LastName, individual.LastName), "certificate.individual.last_name", "that of the individual of the order")
	differs(one(asked.Email, individual.Email), "certificate.individual.email", "that of the individual of the order")
	differs(validity(asked.CertValidity), "certificate.cert_validity", "that of the order, with which every reissue ends")
	differs(id(asked.OrganizationID, order.OrganizationID), "organization.id", "the organization of the order")
	differs(validity(asked.OrderValidity), "order_validity", "that of the order, with which every reissue ends")
	return errs.err()
}

// checkReissueLimit refuses a reissue above the limit. Discarded reissues count too, because their
// certificates are kept.
func checkReissueLimit(r Reader, order int64) error {
	if len(r.CertificatesOfOrder(order)) <= maxReissues { // the first certificate is no reissue
		return nil
	}
	return &Error{
		Code:    CodeCapacity,
		Message: fmt.Sprintf("the order has been reissued as often as it may, %d times; reset the account, or place another order", maxReissues),
	}
}

// startReissue gives an order a new certificate, which replaces the former one when it is issued. Its
// issuance starts at once in an automatic life and with atOnce, and otherwise when its token is
// personalized. A public key is that of the holder's own token.
func (p *plan) startReissue(order *Order, user int64, now time.Time, publicKey string, atOnce bool) {
	certificate := p.newCertificate(order.ID, user, now)
	certificate.Reissue = true
	if publicKey != "" {
		certificate.Token.PublicKey = []byte(publicKey)
	}
	certificate.Pending = atOnce || certificate.Automatic
	order.ReissueID = certificate.ID
	p.putCertificate(certificate)
}

// endReissue discards a reissue; the order is issued as before.
func (p *plan) endReissue(order *Order, now time.Time) {
	if order.ReissueID != 0 {
		p.discard(order.ReissueID, now)
		order.ReissueID = 0
	}
	order.moveTo(StatusIssued, now)
}

// Reissues returns the certificates of the reissues of an order, also pending ones, the oldest first.
func Reissues(r Reader, order int64) []Certificate {
	var reissues []Certificate
	for _, certificate := range r.CertificatesOfOrder(order) {
		if certificate.Reissue {
			reissues = append(reissues, certificate)
		}
	}
	return reissues
}
