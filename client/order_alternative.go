package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderAlternativeOptions say which orders with an alternative id are listed. The zero value lists all of them.
type OrderAlternativeOptions struct {
	// Limit is how many orders a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many orders are skipped.
	Offset int64
}

// ByAlternativeID returns one page of the orders that were placed with an id of your own (AlternativeOrderID in the
// request). If no order has the id, the page is empty. Operation: listAlternateOrders.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/get-orders-alternative-order-id.html
func (s *OrderService) ByAlternativeID(
	ctx context.Context, alternativeID string, o OrderAlternativeOptions, opts ...RequestOption,
) (Page[OrderState], error) {
	op := operation{id: "listAlternateOrders"}
	if err := checkSegment("alternative_order_id", alternativeID); err != nil {
		return Page[OrderState]{}, inOperation(op, err)
	}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[OrderState]{}, inOperation(op, err)
	}
	params := &api.ListAlternateOrdersParams{Limit: limit, Offset: offset}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListAlternateOrders(ctx, alternativeID, params, edit)
		},
		func(w listed[api.AlternateOrders]) (Page[OrderState], error) {
			return newPage("orders", w.list.Orders, w.at, o.Offset, orderStateFrom)
		})
}

// AllByAlternativeID iterates over the orders that were placed with an id of your own, from the offset in the options
// on, and asks for the pages as it goes. It ends with the last order or after the first error. Operation:
// listAlternateOrders.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/get-orders-alternative-order-id.html
func (s *OrderService) AllByAlternativeID(
	ctx context.Context, alternativeID string, o OrderAlternativeOptions, opts ...RequestOption,
) iter.Seq2[OrderState, error] {
	return all(ctx, operation{id: "listAlternateOrders"}, o.Offset, func(offset int64) (Page[OrderState], error) {
		o := o
		o.Offset = offset
		return s.ByAlternativeID(ctx, alternativeID, o, opts...)
	})
}
