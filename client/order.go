package client

import (
	"fmt"
	"slices"
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
	// CertificateID is the id of the certificate, which has one before it is issued. It is 0 while the order waits for an
	// approval.
	CertificateID int64
	// OrganizationID is the id of the organization that the order created, or 0 if it created none.
	OrganizationID int64
	// Requests are the requests to somebody of the account to approve the order. There are none in an account that asks
	// for no approval, or if the order skipped it.
	Requests []RequestRef
}

// NeedsApproval reports whether the order waits for somebody of the account, who approves one of its requests by
// [RequestService.Approve].
func (p PlacedOrder) NeedsApproval() bool {
	return slices.ContainsFunc(p.Requests, func(r RequestRef) bool { return r.Status.waits() })
}

// An Order is everything that is known about an order.
type Order struct {
	// ID is the id of the order.
	ID int64
	// AlternativeOrderID is the id of your own that the order was given. It may be empty.
	AlternativeOrderID string
	// PublicID is an opaque identifier of the order.
	PublicID string
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is when the order was placed.
	DateCreated time.Time
	// Product is what was ordered.
	Product ProductRef
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
	// APIKey is the key that it was placed with, by its name.
	APIKey OrderAPIKey
	// UserAssignments are the users to whom the order is assigned besides.
	UserAssignments []UserRef
	// AdditionalEmails are further addresses that notices about the order go to.
	AdditionalEmails []string
	// CustomFields are the values of the custom fields of the account.
	CustomFields []CustomField
	// Requests are the requests about the order, such as the one to approve it.
	Requests []OrderedRequest
	// Notes are the notes on the order, the oldest first.
	Notes []Note
	// Container is the division of the account that the order belongs to.
	Container Container
	// Validity is how long the order is valid, as it was placed.
	Validity Validity
	// ValidityYears is the number of years that the order is valid, begun years included.
	ValidityYears int
	// ValidTill is the last day of the order. It is zero until a certificate is issued.
	ValidTill Date
	// ProvisioningMethod is where the key lives; "token" is the only one known.
	ProvisioningMethod string
	// ShipInfo is where the token is shipped to.
	ShipInfo ShipInfo
	// PaymentMethod is how the order was paid.
	PaymentMethod PaymentMethod
	// Price is what the order costs, in the currency of the account.
	Price Amount
	// ReceiptID is the id of the receipt, or 0 for an order that the balance pays.
	ReceiptID int64
	// IsRenewal is whether the order renews another one.
	IsRenewal bool
	// IsRenewed is whether another order renews this one.
	IsRenewed bool
	// IsMultiYearPlan is whether the order is a multi-year plan.
	IsMultiYearPlan bool
	// AutoRenew is whether the order is renewed by itself.
	AutoRenew bool
	// DisableRenewalNotifications is whether notices about a renewal are off.
	DisableRenewalNotifications bool
	// AllowDuplicates is whether duplicates of the certificate can be ordered.
	AllowDuplicates bool
	// HasDuplicates is whether duplicates of the certificate exist.
	HasDuplicates bool
	// DuplicatesCount is how many duplicates exist.
	DuplicatesCount int
	// HasReissues is whether the certificate has been reissued.
	HasReissues bool
	// ReissuesCount is how often it has been reissued.
	ReissuesCount int
	// DisableCT is whether the certificate stays out of the logs of Certificate Transparency, which are for TLS only.
	DisableCT bool
}

// An OrderAPIKey is the API key that an order was placed with. The service never shows the key itself.
type OrderAPIKey struct {
	// Name is the name of the key.
	Name string
	// Type is the kind of the key, such as permanent_key.
	Type string
}

// A CustomField is a value for a field that the account has added to its orders.
type CustomField struct {
	// ID is the id of the field.
	ID int64
	// Value is what the field says for the order.
	Value string
}

// An OrderedRequest is a request about an order, as the order shows it.
type OrderedRequest struct {
	// ID is the id of the request, as [RequestService.Get] takes it.
	ID int64
	// Date is when the request was made.
	Date time.Time
	// Type is what the request asks for.
	Type RequestType
	// Status is the state of the request.
	Status RequestStatus
	// Comments is the remark of whoever made it. It may be empty.
	Comments string
}

// A ProductRef is a product, by name.
type ProductRef struct {
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

func placedOrderFrom(w api.OrderCreated) (PlacedOrder, error) {
	if w.ID <= 0 {
		return PlacedOrder{}, missing("id")
	}
	return PlacedOrder{
		ID:             w.ID,
		CertificateID:  value(w.CertificateID),
		OrganizationID: value(w.Organization).ID,
		Requests:       requestRefsFrom(w.Requests),
	}, nil
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
			DisplayName: w.Organization.DisplayName,
			IsActive:    w.Organization.IsActive,
			City:        w.Organization.City,
			State:       w.Organization.State,
			Country:     w.Organization.Country,
		},
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

// productFrom converts a product. Orders repeat its identifier beside it.
func productFrom(w api.Product, nameID string) ProductRef {
	if w.NameID == "" {
		w.NameID = nameID
	}
	return ProductRef{NameID: w.NameID, Name: w.Name, Type: w.Type}
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
