package client

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// A DuplicateOrderError means that several orders have the same alternative id, so that none of them
// is the order with this id. [OrderService.PlaceOnce] tells how this happens.
type DuplicateOrderError struct {
	// AlternativeOrderID is the id of your own.
	AlternativeOrderID string
	// Orders are the orders with this id.
	Orders []OrderState
}

// Error returns the alternative id and the ids of the orders in one line.
func (e *DuplicateOrderError) Error() string {
	return fmt.Sprintf("certcentral: %d orders have the alternative id %s: %d",
		len(e.Orders), sanitize(e.AlternativeOrderID, 160), e.ids())
}

// LogValue returns the text, the alternative id and the ids of the orders as a group of log
// attributes.
func (e *DuplicateOrderError) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("<nil>")
	}
	return slog.GroupValue(slog.String("error", e.Error()),
		slog.String("alternative_order_id", sanitize(e.AlternativeOrderID, 160)), slog.Any("order_ids", e.ids()))
}

func (e *DuplicateOrderError) ids() []int64 {
	ids := make([]int64, 0, len(e.Orders))
	for _, order := range e.Orders {
		ids = append(ids, order.OrderID)
	}
	return ids
}

// PlaceOnce orders a certificate as [OrderService.PlacePKIoOrganisationPerson] does, but exactly
// once. The request needs an AlternativeOrderID, which no other order of the account has: store it
// before the first call, and use it again after a crash. [NewOrderID] makes one.
//
// PlaceOnce looks for an order with this id, in any state. If there is none, it places the order. If
// the outcome of that is unknown, it looks again, with pauses from a second to a minute, or as long as
// Retry-After says, up to three minutes. If it still
// finds none after the quiet period ([WithQuietPeriod]), it places the order again. It repeats an
// order that was certainly not placed: after the status 429, and when no connection could be made.
// It goes on until the context ends; give the context a deadline.
//
// The service has no idempotency keys. So this holds, and no more:
//
//   - Without an error, exactly one order has the id.
//   - After [ErrOutcomeUnknown], one order or none has it. The error is an [*OnceError], whose text
//     has the id. A later call, after the quiet period or with [WithResume], ends at one order.
//   - After a [*DuplicateOrderError], several orders have it.
//   - After any other error, this call has placed no order.
//   - There are never two orders, except in two cases: the service carried out a request later than
//     the quiet period after its answer was lost; or two processes used one id at the same time.
//     Every look that sees them ends with a [*DuplicateOrderError]; a call that had its own answer
//     before does not look again. The former process counts until its requests are over: after a
//     kill, use [WithResume].
//
// It looks by listAlternateOrders. Operation: orderPkioOrganisationPerson.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-pkio-authentication-or-encryption-organisation-person.html
func (s *OrderService) PlaceOnce(
	ctx context.Context, r PKIoOrganisationPersonRequest, opts ...OnceOption,
) (OnceResult, error) {
	op := operation{id: "orderPkioOrganisationPerson"}
	if err := checkSegment("alternative_order_id", r.AlternativeOrderID); err != nil {
		return OnceResult{}, inOperation(op, err)
	}
	if strings.TrimSpace(r.AlternativeOrderID) != r.AlternativeOrderID {
		// The service might remove it, and no look would find the order.
		return OnceResult{}, &ArgumentError{
			Operation: op.id, Path: "alternative_order_id", Reason: "must not begin or end with white space",
		}
	}
	if _, err := r.wire(); err != nil {
		return OnceResult{}, inOperation(op, err)
	}
	o, err := newOnce(s.client, op, "the order with the alternative id "+r.AlternativeOrderID, opts)
	if err != nil {
		return OnceResult{}, err
	}
	o.look = func(ctx context.Context) (OnceResult, bool, error) {
		var orders []OrderState
		// All pages, since the service may allow fewer orders on one than there are.
		for order, err := range s.AllByAlternativeID(ctx, r.AlternativeOrderID, OrderAlternativeOptions{}, o.config.requests...) {
			if err != nil {
				return OnceResult{}, false, err
			}
			orders = append(orders, order)
		}
		switch len(orders) {
		case 0:
			return OnceResult{}, false, nil
		case 1:
			order := orders[0]
			return OnceResult{
				OrderID: order.OrderID, CertificateID: order.CertificateID, NeedsApproval: order.Status == OrderNeedsApproval,
			}, true, nil
		default:
			return OnceResult{}, false, &DuplicateOrderError{AlternativeOrderID: r.AlternativeOrderID, Orders: orders}
		}
	}
	o.act = func(ctx context.Context) (OnceResult, error) {
		placed, err := s.PlacePKIoOrganisationPerson(ctx, r, o.config.requests...)
		return OnceResult{OrderID: placed.ID, CertificateID: placed.CertificateID, NeedsApproval: placed.NeedsApproval()}, err
	}
	return o.run(ctx)
}

// ReissueOnce requests a reissue as [OrderService.Reissue] does, but exactly once. number is the
// number of this reissue in the order, from 1 on: one more than [OrderService.Reissues] has before.
// Store it before the first call, and use it again after a crash. A number that is higher than that
// is an [*ArgumentError].
//
// It looks for the reissue with this number, in any state: a rejected or canceled one counts too.
// If there is none, it looks for a request to approve a reissue. A request that was rejected leaves
// no reissue, so that its number is free again. Otherwise ReissueOnce goes on as
// [OrderService.PlaceOnce] does, and the same holds for what its errors mean. The quiet period
// matters less: while a reissue is pending, the service refuses another. It looks by
// listRequests and listReissues. Operation: reissueCertificate.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/reissue-certificate.html
func (s *OrderService) ReissueOnce(
	ctx context.Context, id int64, number int, r ReissueOptions, opts ...OnceOption,
) (OnceResult, error) {
	op := operation{id: "reissueCertificate"}
	if err := checkID("order_id", id); err != nil {
		return OnceResult{}, inOperation(op, err)
	}
	if number < 1 {
		return OnceResult{}, &ArgumentError{Operation: op.id, Path: "number", Reason: "must be positive: the first reissue has the number 1"}
	}
	o, err := newOnce(s.client, op, fmt.Sprintf("reissue %d of order %d", number, id), opts)
	if err != nil {
		return OnceResult{}, err
	}
	o.look = func(ctx context.Context) (OnceResult, bool, error) {
		// The requests first: one that is approved between the two looks is seen here.
		waiting, err := s.waiting(ctx, id, RequestReissue, o.config.requests)
		if err != nil {
			return OnceResult{}, false, err
		}
		made, err := s.Reissues(ctx, id, o.config.requests...)
		switch {
		case err != nil:
			return OnceResult{}, false, err
		case len(made) >= number:
			return OnceResult{OrderID: id, CertificateID: made[number-1].ID}, true, nil
		case len(made) < number-1:
			return OnceResult{}, false, &ArgumentError{Operation: op.id, Path: "number", Reason: fmt.Sprintf(
				"is too high: the next reissue of the order has the number %d", len(made)+1)}
		}
		return OnceResult{OrderID: id, NeedsApproval: true}, len(waiting) > 0, nil
	}
	o.act = func(ctx context.Context) (OnceResult, error) {
		placed, err := s.Reissue(ctx, id, r, o.config.requests...)
		return OnceResult{OrderID: id, CertificateID: placed.CertificateID, NeedsApproval: placed.NeedsApproval()}, err
	}
	return o.run(ctx)
}

// RevokeOnce revokes all certificates of an order as [OrderService.Revoke] does, and makes sure of
// it. It looks whether the order is revoked. Otherwise it goes on as [OrderService.PlaceOnce] does,
// and the same holds for what its errors mean.
//
// If the revocation needs an approval, RevokeOnce also finds the request that a lost answer was
// about, if it is newer than the call. It cannot tell older requests apart, since one may be about
// a single certificate. So another call, also with [WithResume], asks again while the request waits:
// the service creates another request, which does no harm, or refuses with the code
// order_status_conflict. It looks by getOrder and listRequests. Operation:
// revokeOrderCertificates.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/revoke-order-certificates.html
func (s *OrderService) RevokeOnce(ctx context.Context, id int64, r RevokeOptions, opts ...OnceOption) (OnceResult, error) {
	op := operation{id: "revokeOrderCertificates"}
	if err := checkID("order_id", id); err != nil {
		return OnceResult{}, inOperation(op, err)
	}
	o, err := newOnce(s.client, op, fmt.Sprintf("the revocation of order %d", id), opts)
	if err != nil {
		return OnceResult{}, err
	}
	var older []int64 // the requests that were there before the first one of this call
	first := true
	o.look = func(ctx context.Context) (OnceResult, bool, error) {
		waiting, err := s.waiting(ctx, id, RequestRevoke, o.config.requests)
		if err != nil {
			return OnceResult{}, false, err
		}
		if first {
			older, first = waiting, false
		}
		order, err := s.Get(ctx, id, o.config.requests...)
		if err != nil {
			return OnceResult{}, false, err
		}
		isNew := func(request int64) bool { return !slices.Contains(older, request) }
		return OnceResult{OrderID: id, NeedsApproval: order.Status != OrderRevoked},
			order.Status == OrderRevoked || slices.ContainsFunc(waiting, isNew), nil
	}
	o.act = func(ctx context.Context) (OnceResult, error) {
		done, err := s.Revoke(ctx, id, r, o.config.requests...)
		return OnceResult{OrderID: id, NeedsApproval: done.NeedsApproval()}, err
	}
	return o.run(ctx)
}

// waiting returns the ids of the requests of a type about an order that wait for an approval.
func (s *OrderService) waiting(ctx context.Context, id int64, kind RequestType, opts []RequestOption) ([]int64, error) {
	var ids []int64
	for request, err := range s.client.Requests.All(ctx, RequestListOptions{
		OrderID: IDs(id), Type: AnyOf(kind), Status: AnyOf(RequestPending, RequestSubmitted),
	}, opts...) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, request.ID)
	}
	return ids, nil
}
