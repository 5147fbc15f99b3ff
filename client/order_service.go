package client

import (
	"context"
	"iter"
	"net/http"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderService places, reads, cancels and revokes orders, and has their certificates reissued: [Client.Orders].
type OrderService struct{ client *Client }

// PlacePKIoOrganisationPerson orders a PKIoverheid "Authentication or Encryption - Organisation Person" certificate.
// A charge applies.
//
// A request that leaves a choice open, or does not agree to the Certificate Subscriber Agreement, is an
// [*ArgumentError] and is not sent. An order that the service refuses is an [*Error] with all reasons.
//
// It is never repeated. [ErrOutcomeUnknown] means that the order may have been placed and charged: look for it before
// ordering again, as the package comment shows. In an account that asks for approvals the order then waits for one:
// [PlacedOrder.NeedsApproval]. Operation: orderPkioOrganisationPerson.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-pkio-authentication-or-encryption-organisation-person.html
func (s *OrderService) PlacePKIoOrganisationPerson(
	ctx context.Context, r PKIoOrganisationPersonRequest, opts ...RequestOption,
) (PlacedOrder, error) {
	op := operation{id: "orderPkioOrganisationPerson", secrets: r.Payment.secrets()}
	body, err := r.wire()
	if err != nil {
		return PlacedOrder{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.OrderPkioOrganisationPerson(ctx, body, edit)
		},
		placedOrderFrom)
}

// Get returns everything that is known about an order. An unknown id is [ErrNotFound]. Operation: getOrder.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) Get(ctx context.Context, id int64, opts ...RequestOption) (Order, error) {
	if err := checkID("order_id", id); err != nil {
		return Order{}, inOperation(operation{id: "getOrder"}, err)
	}
	return s.get(ctx, strconv.FormatInt(id, 10), opts)
}

// GetBySerialNumber returns the order whose certificate has a serial number: hexadecimal digits, which may be separated
// by colons or blanks. Duplicates of a certificate don't lead to their order. No such certificate is [ErrNotFound].
// Operation: getOrder.
//
// A serial number without a letter in it might as well be the id of another order, and the service does not say how it
// tells them apart: the serial number of a real certificate is longer than any id.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) GetBySerialNumber(
	ctx context.Context, serialNumber string, opts ...RequestOption,
) (Order, error) {
	return s.getByHex(ctx, serialNumber, serialDigits, opts)
}

// GetByThumbprint returns the order whose certificate has a thumbprint, the SHA-1 of its DER encoding: 40 hexadecimal
// digits, which may be separated by colons or blanks. Duplicates of a certificate don't lead to their order. No such
// certificate is [ErrNotFound]. Operation: getOrder.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) GetByThumbprint(ctx context.Context, thumbprint string, opts ...RequestOption) (Order, error) {
	return s.getByHex(ctx, thumbprint, hexDigits, opts)
}

// getByHex finds an order by what its certificate is known by.
func (s *OrderService) getByHex(
	ctx context.Context, text string, read func(path, text string) (string, error), opts []RequestOption,
) (Order, error) {
	digits, err := read("order_id", text)
	if err != nil {
		return Order{}, inOperation(operation{id: "getOrder"}, err)
	}
	return s.get(ctx, digits, opts)
}

func (s *OrderService) get(ctx context.Context, name string, opts []RequestOption) (Order, error) {
	return fetch(ctx, s.client, operation{id: "getOrder"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetOrder(ctx, name, &api.GetOrderParams{}, edit)
		},
		orderFrom)
}

// List returns one page of orders. Operation: listOrders.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/list-orders.html
func (s *OrderService) List(
	ctx context.Context, o OrderListOptions, opts ...RequestOption,
) (Page[OrderSummary], error) {
	op := operation{id: "listOrders"}
	params, err := o.params()
	if err != nil {
		return Page[OrderSummary]{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrders(ctx, params, edit)
		},
		func(w listed[api.OrderList]) (Page[OrderSummary], error) {
			return newPage("orders", w.list.Orders, w.at, o.Offset, orderSummaryFrom)
		})
}

// All iterates over orders, from the offset in the options on, and asks for the pages as it goes. It ends with the last
// order or after the first error. Orders that are placed meanwhile may be missed, or come twice. Operation: listOrders.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/list-orders.html
func (s *OrderService) All(
	ctx context.Context, o OrderListOptions, opts ...RequestOption,
) iter.Seq2[OrderSummary, error] {
	return all(ctx, operation{id: "listOrders"}, o.Offset, func(offset int64) (Page[OrderSummary], error) {
		o := o
		o.Offset = offset
		return s.List(ctx, o, opts...)
	})
}
