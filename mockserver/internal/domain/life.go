package domain

import (
	"fmt"
	"strings"
	"time"
)

// Status is the state of an order.
type Status string

// The states of an order (certcentral-facts 8).
const (
	StatusNeedsApproval  Status = "needs_approval"
	StatusPending        Status = "pending"
	StatusProcessing     Status = "processing"
	StatusWaitingPickup  Status = "waiting_pickup"
	StatusIssued         Status = "issued"
	StatusReissuePending Status = "reissue_pending"
	StatusRejected       Status = "rejected"
	StatusCanceled       Status = "canceled"
	StatusRevoked        Status = "revoked"
	StatusExpired        Status = "expired"
)

// A Transition is one step in the life of an order.
type Transition struct {
	From, To Status
	Event    string // the cause of the step
}

// Transitions is the life of an order. The pages of the vendor document the approval and the
// rejection of a request, the cancellation, the reissue and the revocation; the other events are
// inferred (D-41).
func Transitions() []Transition {
	return []Transition{
		{StatusNeedsApproval, StatusPending, "request approved"},
		{StatusNeedsApproval, StatusRejected, "request rejected"},
		{StatusPending, StatusProcessing, "organization and person validated"},
		{StatusPending, StatusCanceled, "order canceled"},
		{StatusPending, StatusRejected, "order refused by the certificate authority"},
		{StatusProcessing, StatusWaitingPickup, "token personalized and shipped"},
		{StatusProcessing, StatusIssued, "certificate issued, in an automatic life"},
		{StatusProcessing, StatusRejected, "order refused by the certificate authority"},
		{StatusWaitingPickup, StatusIssued, "certificate installed"},
		{StatusWaitingPickup, StatusCanceled, "order canceled"},
		{StatusIssued, StatusReissuePending, "reissue requested"},
		{StatusIssued, StatusRevoked, "certificates revoked"},
		{StatusIssued, StatusExpired, "validity over"},
		{StatusReissuePending, StatusIssued, "reissue done, canceled or rejected"},
	}
}

// Next returns the states that an order can go to from this one, in the order of the table.
func (s Status) Next() []Status {
	next := []Status{}
	for _, transition := range Transitions() {
		if transition.From == s {
			next = append(next, transition.To)
		}
	}
	return next
}

// Unfinished tells whether an order in this state keeps its organization from being deactivated
// (D-40).
func (s Status) Unfinished() bool {
	return s == StatusNeedsApproval || s == StatusPending || s == StatusProcessing || s == StatusReissuePending
}

// moveTo changes the state of an order.
func (o *Order) moveTo(to Status, now time.Time) {
	o.Status, o.StatusChanged = to, now.UTC()
}

// submit sends an order to the certificate authority. In an automatic life it starts the issuance
// of the certificate: see [IssuanceJobs]. The order is processing while the issuance is pending
// (D-41).
func (p *plan) submit(o *Order, now time.Time) {
	certificate := p.certificateFor(o, now)
	o.moveTo(StatusPending, now)
	if certificate.Automatic {
		o.moveTo(StatusProcessing, now)
		certificate.Pending = true
	}
	p.putCertificate(certificate)
}

// conflict is the refusal of a step that the state of an order does not allow.
func conflict(o Order, to Status) error {
	var next []string
	for _, status := range o.Status.Next() {
		next = append(next, string(status))
	}
	can := "which is final"
	if len(next) > 0 {
		can = "from which it can go to " + strings.Join(next, ", ")
	}
	return &Error{
		Code:    CodeOrderStatusConflict,
		Message: fmt.Sprintf("the order cannot become %s: it is %s, %s", to, o.Status, can),
	}
}

// CancelOrder cancels an order, or its pending reissue (D-57). It gives the price of a canceled
// order back to the balance.
func CancelOrder(r Reader, now time.Time, id int64, note string) (Changes, error) {
	order, err := FindOrder(r, id)
	if err != nil {
		return Changes{}, err
	}
	plan := newPlan(r)
	switch order.Status {
	case StatusPending, StatusWaitingPickup:
		order.moveTo(StatusCanceled, now)
		plan.discard(order.CertificateID, now)
		plan.refund(now, order)
	case StatusReissuePending:
		plan.endReissue(&order, now)
		plan.rejectRequests(now, order.ID, Reissue, note)
	case StatusNeedsApproval, StatusProcessing, StatusIssued, StatusRejected, StatusCanceled, StatusRevoked, StatusExpired:
		return Changes{}, conflict(order, StatusCanceled)
	}
	if _, err := plan.note(&order, note); err != nil {
		return Changes{}, err
	}
	plan.changes.Orders = append(plan.changes.Orders, order)
	return plan.finish(), nil
}

// RefuseStatus refuses a state that only orders migrated from another platform can have (D-57).
func RefuseStatus(r Reader, id int64, to string) error {
	order, err := FindOrder(r, id)
	if err != nil {
		return err
	}
	return &Error{
		Code:    CodeOrderStatusConflict,
		Message: fmt.Sprintf("the order cannot become %s: only an order that was migrated from another platform can, and this one is %s", to, order.Status),
	}
}

// move moves an order by one step of the table, with its certificate and its token.
func (p *plan) move(order *Order, move OrderMove, now time.Time) error {
	certificate, _ := p.r.Certificate(order.CertificateID)
	switch move.To {
	case StatusPending: // an automatic life moves it on from there
		p.submit(order, now)
		p.approveRequests(now, order.ID, NewRequest)
		return nil
	case StatusProcessing:
		certificate.Pending = true
		p.putCertificate(certificate)
	case StatusWaitingPickup:
		if certificate.Material == nil {
			return notIssuedYet(*order)
		}
		certificate.Token.Status = TokenDelivered
		p.putCertificate(certificate)
	case StatusIssued:
		if order.Status == StatusReissuePending {
			if certificate, _ = p.r.Certificate(order.ReissueID); order.ReissueID == 0 {
				return &Error{
					Code: CodeOrderStatusConflict, Message: "the order cannot become issued: its reissue waits for an approval",
					Hint: HintEndReissue,
				}
			}
		}
		if err := p.install(order, &certificate, now); err != nil {
			return err
		}
		p.putCertificate(certificate)
	case StatusReissuePending:
		if err := checkReissueLimit(p.r, order.ID); err != nil {
			return err
		}
		p.startReissue(order, order.UserID, now, "", true) // as when a new order becomes processing
	case StatusRevoked:
		p.revokeCertificates(order, 0, Unspecified, now)
		p.approveRevocations(now, *order, 0, 0)
	case StatusRejected, StatusCanceled:
		p.discard(order.CertificateID, now)
		p.rejectRequests(now, order.ID, NewRequest, move.Reason)
		p.refund(now, *order)
	case StatusNeedsApproval, StatusExpired: // to the first one leads no step, to the other one [plan.expire]
	}
	order.moveTo(move.To, now)
	return nil
}

// expire makes an order expired at the end of its validity, or at its last change where a clock that
// was set, or a reissue that ended late, made that one later.
func (o *Order) expire() {
	at := o.ValidTill
	if o.StatusChanged.After(at) {
		at = o.StatusChanged
	}
	o.moveTo(StatusExpired, at)
}

// ExpireOrders expires issued orders whose validity is over, up to the limit, and tells whether
// there may be more. An order with a pending reissue expires after the reissue has ended.
func ExpireOrders(r Reader, now time.Time, limit int) (Changes, bool) {
	expiring := r.Expiring(now, limit)
	for i := range expiring {
		expiring[i].expire()
	}
	return Changes{Orders: expiring}, len(expiring) == limit
}
