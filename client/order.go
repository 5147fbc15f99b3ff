package client

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderService places, reads, cancels, reissues and revokes orders: [Client.Orders].
type OrderService struct{ client *Client }

// An OrderStatus is the state of an order. Values that the service adds pass through.
type OrderStatus string

// The states of an order.
const (
	// OrderNeedsApproval means that the order waits for an approval.
	OrderNeedsApproval OrderStatus = "needs_approval"
	// OrderPending means that the order waits for the certificate authority.
	OrderPending OrderStatus = "pending"
	// OrderProcessing means that the certificate is being issued.
	OrderProcessing OrderStatus = "processing"
	// OrderWaitingPickup means that the person must install the certificate on the token.
	OrderWaitingPickup  OrderStatus = "waiting_pickup"
	OrderIssued         OrderStatus = "issued"
	OrderReissuePending OrderStatus = "reissue_pending"
	OrderRejected       OrderStatus = "rejected"
	OrderCanceled       OrderStatus = "canceled"
	OrderRevoked        OrderStatus = "revoked"
	OrderExpired        OrderStatus = "expired"
)

// An Order is an order with all its details.
type Order struct {
	// ID is the id of the order.
	ID int64
	// AlternativeOrderID is your own id of the order. It may be empty.
	AlternativeOrderID string
	// PublicID is an opaque identifier of the order.
	PublicID string
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is the time at which the order was placed.
	DateCreated time.Time
	// Product is the product that was ordered.
	Product ProductRef
	// Certificate is the certificate of the order. It may not be issued yet.
	Certificate Certificate
	// Organization is the organization in the certificate.
	Organization OrderOrganization
	// BusinessUnit is the unit of the organization that the order is for. Orders of this product have
	// none.
	BusinessUnit string
	// OrganizationContact is the organization contact of the order.
	OrganizationContact Contact
	// TechnicalContact is the technical contact of the order.
	TechnicalContact Contact
	// VerifiedContacts are the authorized representatives that the organization had when the order
	// was placed.
	VerifiedContacts []Representative
	// User is the user that placed the order.
	User UserRef
	// APIKey names the API key that placed the order.
	APIKey OrderAPIKey
	// UserAssignments are other users that the order is assigned to.
	UserAssignments []UserRef
	// AdditionalEmails are additional email addresses for notices about the order.
	AdditionalEmails []string
	// CustomFields are the values of the account's custom fields.
	CustomFields []CustomField
	// Requests are the requests about the order, such as the request to approve it.
	Requests []OrderedRequest
	// Notes are the notes of the order, the oldest first.
	Notes []Note
	// Container is the division of the account that the order belongs to.
	Container Container
	// Validity is the validity of the order, as it was ordered.
	Validity Validity
	// ValidityYears is the validity of the order in years, rounded up.
	ValidityYears int
	// ValidTill is the last day of the order. It is zero until a certificate is issued.
	ValidTill Date
	// ProvisioningMethod is the place of the private key. The only known value is "token".
	ProvisioningMethod string
	// ShipInfo is the address that the token is shipped to.
	ShipInfo ShipInfo
	// PaymentMethod is the way in which the order was paid.
	PaymentMethod PaymentMethod
	// Price is the price of the order, in the currency of the account.
	Price Amount
	// ReceiptID is the id of the receipt. It is 0 for an order that was paid from the balance.
	ReceiptID int64
	// IsRenewal is whether the order renews another one.
	IsRenewal bool
	// RenewedOrderID is the id of the order that this one renews. It is 0 if there is none.
	RenewedOrderID int64
	// IsRenewed is whether another order renews this one.
	IsRenewed bool
	// IsMultiYearPlan is whether the order is a multi-year plan.
	IsMultiYearPlan bool
	// AutoRenew is whether the order is renewed automatically.
	AutoRenew bool
	// DisableRenewalNotifications is whether notices about a renewal are turned off.
	DisableRenewalNotifications bool
	// AllowDuplicates is whether duplicates of the certificate can be ordered.
	AllowDuplicates bool
	// HasDuplicates is whether duplicates of the certificate exist.
	HasDuplicates bool
	// DuplicatesCount is the number of duplicates.
	DuplicatesCount int
	// HasReissues is whether the certificate has been reissued.
	HasReissues bool
	// ReissuesCount is the number of reissues.
	ReissuesCount int
	// DisableCT is whether the certificate is not logged in Certificate Transparency logs, which
	// are for TLS certificates only.
	DisableCT bool
}

// An OrderAPIKey names the API key that placed an order. The service never shows the key itself.
type OrderAPIKey struct {
	// Name is the name of the key.
	Name string
	// Type is the kind of the key, such as permanent_key.
	Type string
}

// A CustomField is a value of a custom field, which the account has added to its orders.
type CustomField struct {
	// ID is the id of the field.
	ID int64
	// Value is the value for the order.
	Value string
}

// An OrderedRequest is a request about an order, as the order shows it.
type OrderedRequest struct {
	// ID is the id of the request, for [RequestService.Get].
	ID int64
	// Date is the time at which the request was created.
	Date time.Time
	// Type is the type of the request.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Comments is the remark of the requester. It may be empty.
	Comments string
}

// A ProductRef names a product.
type ProductRef struct {
	// NameID is the identifier of the product, such as pkio_organisation_person.
	NameID string
	// Name is the name of the product.
	Name string
	// Type is the kind of product.
	Type string
	// ValidationType is the kind of validation that the product needs, such as ov. It is empty for
	// the products of PKIoverheid, and so are the two fields below it.
	ValidationType string
	// ValidationName is the short name of that kind.
	ValidationName string
	// ValidationDescription describes what is validated.
	ValidationDescription string
}

// An OrderOrganization is the organization of an order.
type OrderOrganization struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
	// AssumedName is the name that the organization trades under. Orders of this product show it in
	// DisplayName only.
	AssumedName string
	// DisplayName is the legal name, followed by the assumed name in brackets if there is one.
	DisplayName string
	// IsActive is whether new orders may name the organization.
	IsActive bool
	// City is the city.
	City string
	// State is the state or province.
	State string
	// Country is the country in two lower-case letters.
	Country string
}

// Get returns an order with all its details. An unknown id is [ErrNotFound]. Operation: getOrder.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) Get(ctx context.Context, id int64, opts ...RequestOption) (Order, error) {
	if err := checkID("order_id", id); err != nil {
		return Order{}, inOperation(operation{id: "getOrder"}, err)
	}
	return s.get(ctx, strconv.FormatInt(id, 10), opts)
}

// GetBySerialNumber returns the order whose certificate has this serial number: hexadecimal digits,
// which colons or blanks may separate. It does not find an order by a duplicate of its certificate.
// An unknown serial number is [ErrNotFound]. Operation: getOrder.
//
// A serial number without a letter may also be the id of another order, and the vendor does not
// document which of them the service takes. The serial numbers of real certificates are longer than
// ids.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) GetBySerialNumber(
	ctx context.Context, serialNumber string, opts ...RequestOption,
) (Order, error) {
	return s.getByHex(ctx, serialNumber, serialDigits, opts)
}

// GetByThumbprint returns the order whose certificate has this thumbprint, the SHA-1 hash of its
// DER encoding: 40 hexadecimal digits, which colons or blanks may separate. It does not find an
// order by a duplicate of its certificate. An unknown thumbprint is [ErrNotFound]. Operation:
// getOrder.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) GetByThumbprint(ctx context.Context, thumbprint string, opts ...RequestOption) (Order, error) {
	return s.getByHex(ctx, thumbprint, hexDigits, opts)
}

// getByHex returns the order whose certificate has this serial number or thumbprint.
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

// Cancel cancels an order that is pending or waits for pickup, or a pending reissue. The note gives
// the reason; it is required, and the service keeps it with the order. The balance gets back what
// it paid. The service refuses to cancel an order in another state. For an order that waits for an
// approval, use [RequestService.Reject]. After [ErrOutcomeUnknown] the order may be canceled;
// [OrderService.Get] shows this. Operation: updateOrderStatus.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/update-order-status.html
func (s *OrderService) Cancel(ctx context.Context, id int64, note string, opts ...RequestOption) error {
	op := operation{id: "updateOrderStatus"}
	if err := checkID("order_id", id); err != nil {
		return inOperation(op, err)
	}
	body := api.OrderStatusInput{Status: api.StatusUpdateCanceled, Note: optional(note)}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.UpdateOrderStatus(ctx, strconv.FormatInt(id, 10), body, edit)
	}, nil)
}

func orderFrom(w api.OrderInfo) (Order, error) {
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
	validTill, err := dateFrom("order_valid_till", value(w.OrderValidTill))
	if err != nil {
		return Order{}, err
	}
	requests, err := orderRequestsFrom(w.Requests)
	if err != nil {
		return Order{}, err
	}
	certificate, err := certificateFrom(w.Certificate)
	if err != nil {
		return Order{}, within("certificate", err)
	}
	return Order{
		ID:                 w.ID,
		AlternativeOrderID: value(w.AlternativeOrderID),
		PublicID:           w.PublicID,
		Status:             OrderStatus(w.Status),
		DateCreated:        created,
		Product:            productFrom(w.Product, w.ProductNameID),
		Certificate:        certificate,
		Organization: OrderOrganization{
			ID:          w.Organization.ID,
			Name:        w.Organization.Name,
			AssumedName: value(w.Organization.AssumedName),
			DisplayName: w.Organization.DisplayName,
			IsActive:    w.Organization.IsActive,
			City:        w.Organization.City,
			State:       w.Organization.State,
			Country:     w.Organization.Country,
		},
		BusinessUnit:                value(w.BusinessUnit),
		OrganizationContact:         contactFrom(w.OrganizationContact),
		TechnicalContact:            contactFrom(w.TechnicalContact),
		VerifiedContacts:            representativesFrom(w.VerifiedContacts),
		User:                        userRefFrom(w.User),
		APIKey:                      OrderAPIKey{Name: w.APIKey.Name, Type: w.APIKey.KeyType},
		UserAssignments:             userRefsFrom(w.UserAssignments),
		AdditionalEmails:            w.AdditionalEmails,
		CustomFields:                customFieldsFrom(w.CustomFields),
		Requests:                    requests,
		Notes:                       notesFrom(w.Notes),
		Container:                   containerFrom(w.Container),
		Validity:                    validity,
		ValidityYears:               int(w.ValidityYears),
		ValidTill:                   validTill,
		ReceiptID:                   value(w.ReceiptID),
		IsRenewed:                   w.IsRenewed,
		IsMultiYearPlan:             w.IsMultiYearPlan != "" && w.IsMultiYearPlan != "0",
		ProvisioningMethod:          string(w.CsProvisioningMethod),
		ShipInfo:                    shipInfoFrom(w.ShipInfo),
		PaymentMethod:               PaymentMethod(w.PaymentMethod),
		Price:                       amountOf(w.Price),
		IsRenewal:                   w.IsRenewal,
		RenewedOrderID:              value(w.RenewedOrderID),
		AutoRenew:                   w.AutoRenew != 0,
		DisableRenewalNotifications: w.DisableRenewalNotifications,
		AllowDuplicates:             w.AllowDuplicates,
		HasDuplicates:               w.HasDuplicates,
		DuplicatesCount:             int(w.DuplicatesCount),
		HasReissues:                 w.HasReissues,
		ReissuesCount:               int(w.ReissuesCount),
		DisableCT:                   w.DisableCt,
	}, nil
}

// productFrom converts a product. In orders, nameID repeats the identifier of the product.
func productFrom(w api.Product, nameID string) ProductRef {
	if w.NameID == "" {
		w.NameID = nameID
	}
	return ProductRef{
		NameID:                w.NameID,
		Name:                  w.Name,
		Type:                  w.Type,
		ValidationType:        value(w.ValidationType),
		ValidationName:        value(w.ValidationName),
		ValidationDescription: value(w.ValidationDescription),
	}
}

func customFieldsFrom(ws []api.CustomField) []CustomField {
	fields := make([]CustomField, 0, len(ws))
	for _, w := range ws {
		fields = append(fields, CustomField{ID: w.MetadataID, Value: w.Value})
	}
	return fields
}

func orderRequestsFrom(ws []api.OrderApprovalRequest) ([]OrderedRequest, error) {
	requests := make([]OrderedRequest, 0, len(ws))
	for i, w := range ws {
		date, err := timeFrom(fmt.Sprintf("requests[%d].date", i), w.Date)
		if err != nil {
			return nil, err
		}
		requests = append(requests, OrderedRequest{
			ID:       w.ID,
			Date:     date,
			Type:     RequestType(w.Type),
			Status:   RequestStatus(w.Status),
			Comments: value(w.Comments),
		})
	}
	return requests, nil
}
