package domain

import (
	"slices"
	"time"
)

// An OrderMove asks for another state of an order.
type OrderMove struct {
	ID     int64
	To     Status
	Reason string // becomes a note on the order; none without a text
}

// MoveOrder moves an order to another state, in the place of the certificate authority, the holder
// of the token, or time. It includes all effects of the step: a rejection gives the price back and
// rejects the request. An order that is to expire before its certificate has ended takes the clock
// of the account to the second after that end.
func MoveOrder(r Reader, m Moments, move OrderMove) (Order, Changes, error) {
	order, err := FindOrder(r, move.ID)
	if err != nil {
		return order, Changes{}, err
	}
	if !slices.Contains(order.Status.Next(), move.To) {
		return order, Changes{}, conflict(order, move.To)
	}
	plan := newPlan(r)
	if move.To == StatusExpired {
		plan.expire(&order, m)
	} else if err := plan.move(&order, move, m.Now); err != nil {
		return order, Changes{}, err
	}
	return plan.finishMove(order, move.Reason)
}

// expire makes an order expired, and the time of the account one at which it is.
func (p *plan) expire(order *Order, m Moments) {
	if !m.Now.After(order.ValidTill) {
		settings := p.r.Settings()
		settings.Clock = setClock(order.ValidTill.Add(time.Second), m.Base, m.Frozen)
		p.changes.Settings = &settings
	}
	order.expire()
}

// finishMove adds the reason of a move to the notes of its order.
func (p *plan) finishMove(order Order, reason string) (Order, Changes, error) {
	if reason != "" {
		if _, err := p.note(&order, reason); err != nil {
			return order, Changes{}, err
		}
	}
	p.changes.Orders = append(p.changes.Orders, order)
	return order, p.finish(), nil
}

// StartIssuing takes an order on its whole way to issued as far as it goes without its certificate:
// it approves what waits for an approval, and starts the issuance. It returns the certificate with
// which the order is to be issued. See [FinishIssuing].
func StartIssuing(r Reader, now time.Time, id int64) (certificate int64, changes Changes, err error) {
	order, err := FindOrder(r, id)
	if err != nil {
		return 0, Changes{}, err
	}
	plan := newPlan(r)
	switch order.Status {
	case StatusNeedsApproval:
		plan.submit(&order, now)
		plan.approveRequests(now, order.ID, NewRequest)
		order.moveTo(StatusProcessing, now)
		plan.changes.Certificates[0].Pending = true
	case StatusPending:
		err = plan.move(&order, OrderMove{To: StatusProcessing}, now)
		order.moveTo(StatusProcessing, now)
	case StatusReissuePending:
		err = plan.issueReissue(&order, now)
	case StatusProcessing, StatusWaitingPickup:
		return order.CertificateID, Changes{}, nil
	case StatusIssued, StatusRejected, StatusCanceled, StatusRevoked, StatusExpired:
		err = conflict(order, StatusIssued)
	}
	if err != nil {
		return 0, Changes{}, err
	}
	plan.changes.Orders = append(plan.changes.Orders, order)
	if order.ReissueID != 0 {
		return order.ReissueID, plan.finish(), nil
	}
	return order.CertificateID, plan.finish(), nil
}

// issueReissue starts the issuance of the certificate of a reissue, and approves the reissue where it
// waits for that.
func (p *plan) issueReissue(order *Order, now time.Time) error {
	if order.ReissueID != 0 {
		certificate, _ := p.r.Certificate(order.ReissueID)
		certificate.Pending = certificate.Material == nil
		p.putCertificate(certificate)
		return nil
	}
	for _, request := range p.r.RequestsOfOrder(order.ID) {
		if request.Status.open() && request.Type == Reissue {
			if err := checkReissueLimit(p.r, order.ID); err != nil {
				return err
			}
			p.startReissue(order, request.RequesterID, now, request.PublicKey, true)
			p.approveRequests(now, order.ID, Reissue)
			return nil
		}
	}
	return conflict(*order, StatusIssued) // no use case leaves a reissue without a request and a certificate
}

// FinishIssuing issues an order with the certificate of [StartIssuing], which has been made by then.
// The refusal is not_settled while it is still being made.
func FinishIssuing(r Reader, now time.Time, move OrderMove, id int64) (Order, Changes, error) {
	order, err := FindOrder(r, move.ID)
	if err != nil {
		return order, Changes{}, err
	}
	certificate, there := r.Certificate(id)
	plan := newPlan(r)
	switch {
	case !there || certificate.Discarded:
		return order, Changes{}, refusedByAuthority(order)
	case certificate.Material == nil:
		return order, Changes{}, stillBeingMade(order.ID)
	case order.CertificateID == id && order.Status == StatusIssued: // an automatic life has issued it
	case !slices.Contains(order.Status.Next(), StatusIssued):
		return order, Changes{}, conflict(order, StatusIssued)
	default:
		if err := plan.move(&order, move, now); err != nil {
			return order, Changes{}, err
		}
	}
	return plan.finishMove(order, move.Reason)
}

// refusedByAuthority is the refusal of a step for which the certificate authority had to issue.
func refusedByAuthority(o Order) error {
	return &Error{
		Code: CodeOrderStatusConflict,
		Message: "the order cannot become issued: the certificate is not made any more, and the order is " + string(o.Status) +
			"; where the certificate authority has refused it, a note on the order says why",
	}
}
