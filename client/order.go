package client

import (
	"context"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An OrderStatus is the state of an order. Values that the service adds pass through.
type OrderStatus string

// The states of an order.
const (
	// OrderNeedsApproval waits for somebody of the account.
	OrderNeedsApproval OrderStatus = "needs_approval"
	// OrderPending waits for the certificate authority.
	OrderPending OrderStatus = "pending"
	// OrderProcessing is being issued.
	OrderProcessing OrderStatus = "processing"
	// OrderWaitingPickup waits for the holder of the token.
	OrderWaitingPickup  OrderStatus = "waiting_pickup"
	OrderIssued         OrderStatus = "issued"
	OrderReissuePending OrderStatus = "reissue_pending"
	OrderRejected       OrderStatus = "rejected"
	OrderCanceled       OrderStatus = "canceled"
	OrderRevoked        OrderStatus = "revoked"
	OrderExpired        OrderStatus = "expired"
)

// A PlacedOrder is what an order that has just been placed is known by.
type PlacedOrder struct {
	// ID is the id of the order, as [OrderService.Get] takes it.
	ID int64
	// CertificateID is the id of the certificate, which has one before it is issued. It is 0 if the order waits for an
	// approval.
	CertificateID int64
	// OrganizationID is the id of the organization that the order created, or 0 if it created none.
	OrganizationID int64
}

// An Order is everything that is known about an order.
type Order struct {
	// ID is the id of the order.
	ID int64
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is when the order was placed.
	DateCreated time.Time
	// Product is what was ordered.
	Product Product
	// Certificate is the certificate, issued or not.
	Certificate Certificate
	// Organization is whom the certificate is for.
	Organization OrderOrganization
	// OrganizationContact is the organization contact of the order.
	OrganizationContact Contact
	// TechnicalContact is the technical contact of the order.
	TechnicalContact Contact
	// VerifiedContacts are the authorized representatives of the organization when the order was placed.
	VerifiedContacts []Representative
	// User placed the order.
	User UserRef
	// Container is the division of the account that the order belongs to.
	Container Container
	// Validity is how long the order is valid, as it was placed.
	Validity Validity
	// ValidityYears is the number of years that the order is valid, begun years included.
	ValidityYears int
	// ProvisioningMethod is where the key lives; "token" is the only one known.
	ProvisioningMethod string
	// ShipInfo is where the token is shipped to.
	ShipInfo ShipInfo
	// PaymentMethod is how the order was paid.
	PaymentMethod PaymentMethod
	// Price is what the order costs, in the currency of the account.
	Price Amount
	// IsRenewal is whether the order renews another one.
	IsRenewal bool
	// AutoRenew is whether the order is renewed by itself.
	AutoRenew bool
	// DisableRenewalNotifications is whether notices about a renewal are off.
	DisableRenewalNotifications bool
	// AllowDuplicates is whether duplicates of the certificate can be ordered.
	AllowDuplicates bool
}

// A Certificate is the certificate of an order.
type Certificate struct {
	// ID is the id of the certificate, which it has before it is issued.
	ID int64
	// CommonName is the name of the person, as it will stand in the certificate.
	CommonName string
	// ProfileOption is what the certificate is for.
	ProfileOption ProfileOption
	// SignatureHash is the hash algorithm of its signature, such as sha256.
	SignatureHash string
	// RSASSAPSS is whether an RSASSA-PSS signature was asked for.
	RSASSAPSS bool
	// IndividualID is the id of the person, as [ExistingIndividual] takes it.
	IndividualID int64
	// Individual is the person who holds, or will hold, the certificate.
	Individual Individual
	// OrganizationID is the id of the organization in the certificate.
	OrganizationID int64
	// Validity is how long the certificate is valid, as it was ordered.
	Validity Validity
}

// A Product is what was ordered.
type Product struct {
	// NameID is the identifier of the product, such as pkio_organisation_person.
	NameID string
	// Name is the name of the product.
	Name string
	// Type is the kind of product.
	Type string
}

// An OrderOrganization is the organization of an order.
type OrderOrganization struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
	// DisplayName is the legal name, with the assumed name in brackets where there is one.
	DisplayName string
	// IsActive is whether the organization can be ordered for.
	IsActive bool
	// City is the city.
	City string
	// State is the state or province.
	State string
	// Country is two lower-case letters.
	Country string
}

// A UserRef is a user, by name.
type UserRef struct {
	// ID is the id of the user.
	ID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
}

// OrderService places and reads orders: [Client.Orders].
type OrderService struct{ client *Client }

// PlacePKIoOrganisationPerson orders a PKIoverheid "Authentication or Encryption - Organisation Person" certificate.
// A charge applies.
//
// A request that leaves a choice open, or does not agree to the Certificate Subscriber Agreement, is an
// [*ArgumentError] and is not sent. An order that the service refuses is an [*Error] with all reasons.
//
// It is never repeated. [ErrOutcomeUnknown] means that the order may have been placed and charged: look for it before
// ordering again, as the package comment shows. Operation: orderPkioOrganisationPerson.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-pkio-authentication-or-encryption-organisation-person.html
func (s *OrderService) PlacePKIoOrganisationPerson(
	ctx context.Context, r PKIoOrganisationPersonRequest, opts ...RequestOption,
) (PlacedOrder, error) {
	op := operation{id: "orderPkioOrganisationPerson", creates: true}
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
	op := operation{id: "getOrder"}
	if err := checkID("order_id", id); err != nil {
		return Order{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetOrder(ctx, strconv.FormatInt(id, 10), &api.GetOrderParams{}, edit)
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
		func(w api.OrderList) (Page[OrderSummary], error) {
			return newPage("orders", w.Orders, w.Page, orderSummaryFrom)
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

func placedOrderFrom(w api.OrderCreated) (PlacedOrder, error) {
	if w.ID <= 0 {
		return PlacedOrder{}, missing("id")
	}
	return PlacedOrder{
		ID:             w.ID,
		CertificateID:  value(w.CertificateID),
		OrganizationID: value(w.Organization).ID,
	}, nil
}

func orderFrom(w api.Order) (Order, error) {
	if w.ID <= 0 {
		return Order{}, missing("id")
	}
	created, err := timeFrom("date_created", w.DateCreated)
	if err != nil {
		return Order{}, err
	}
	validity, err := validityFrom("order_validity", w.OrderValidity)
	if err != nil {
		return Order{}, err
	}
	certificate, err := certificateFrom(w.Certificate)
	if err != nil {
		return Order{}, within("certificate", err)
	}
	return Order{
		ID:          w.ID,
		Status:      OrderStatus(w.Status),
		DateCreated: created,
		Product:     productFrom(w.Product, w.ProductNameID),
		Certificate: certificate,
		Organization: OrderOrganization{
			ID:          w.Organization.ID,
			Name:        w.Organization.Name,
			DisplayName: w.Organization.DisplayName,
			IsActive:    w.Organization.IsActive,
			City:        w.Organization.City,
			State:       w.Organization.State,
			Country:     w.Organization.Country,
		},
		OrganizationContact: contactFrom(w.OrganizationContact),
		TechnicalContact:    contactFrom(w.TechnicalContact),
		VerifiedContacts:    representativesFrom(w.VerifiedContacts),
		User: UserRef{
			ID:        w.User.ID,
			FirstName: w.User.FirstName,
			LastName:  w.User.LastName,
			Email:     w.User.Email,
		},
		Container:                   containerFrom(w.Container),
		Validity:                    validity,
		ValidityYears:               int(w.ValidityYears),
		ProvisioningMethod:          string(w.CsProvisioningMethod),
		ShipInfo:                    shipInfoFrom(w.ShipInfo),
		PaymentMethod:               PaymentMethod(w.PaymentMethod),
		Price:                       amountOf(w.Price),
		IsRenewal:                   w.IsRenewal,
		AutoRenew:                   w.AutoRenew != 0,
		DisableRenewalNotifications: w.DisableRenewalNotifications,
		AllowDuplicates:             w.AllowDuplicates,
	}, nil
}

func certificateFrom(w api.Certificate) (Certificate, error) {
	validity, err := validityFrom("cert_validity", w.CertValidity)
	if err != nil {
		return Certificate{}, err
	}
	return Certificate{
		ID:             w.ID,
		CommonName:     w.CommonName,
		ProfileOption:  ProfileOption(w.ProfileOption),
		SignatureHash:  string(w.SignatureHash),
		RSASSAPSS:      w.IsRsassaPss,
		IndividualID:   w.Individual.ID,
		Individual:     individualFrom(w.Individual),
		OrganizationID: w.Organization.ID,
		Validity:       validity,
	}, nil
}

// productFrom converts a product. Orders repeat its identifier beside it.
func productFrom(w api.Product, nameID string) Product {
	if w.NameID == "" {
		w.NameID = nameID
	}
	return Product{NameID: w.NameID, Name: w.Name, Type: w.Type}
}
