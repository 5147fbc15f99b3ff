package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderListOptions choose the orders of a list. The zero value lists all orders, sorted by id. If
// several filters are set, an order must match all of them:
//
//	certcentral.OrderListOptions{
//		Status:      certcentral.AnyOf(certcentral.OrderPending, certcentral.OrderProcessing),
//		DateCreated: certcentral.Since(certcentral.Date{Year: 2026, Month: time.November, Day: 1}),
//		CommonName:  certcentral.Contains("doe"),
//		IsRenewed:   certcentral.No,
//	}
type OrderListOptions struct {
	// Limit is the largest number of orders on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of orders to skip.
	Offset int64
	// Sort is a list of sort keys, separated by commas: order_id, date_created, common_name,
	// status, validity_years, product_name, valid_till. A minus sign before a key reverses its
	// order, such as "-date_created".
	Sort string

	// ID lists only orders with these ids.
	ID IDFilter
	// Status lists only orders in these states. OrderIssued also matches orders whose certificate
	// has expired.
	Status EnumFilter[OrderStatus]
	// StatusLastUpdated lists only orders whose last change of state was at this time.
	StatusLastUpdated DateFilter
	// DateCreated lists only orders that were placed at this time.
	DateCreated DateFilter
	// ValidTill lists only orders whose certificate expires at this time.
	ValidTill DateFilter
	// OrganizationID lists only orders for these organizations.
	OrganizationID IDFilter
	// UserID lists only orders of these users.
	UserID IDFilter
	// ContainerID lists only orders of these divisions.
	ContainerID IDFilter
	// CertificateID lists only orders with these certificates.
	CertificateID IDFilter
	// CustomFieldID lists only orders with a value for these custom fields.
	CustomFieldID IDFilter
	// ProductNameID lists only orders of these products, such as pkio_organisation_person.
	ProductNameID TextFilter
	// CommonName lists only orders whose certificate has this common name, the name of the person.
	CommonName TextFilter
	// DomainName lists only orders for this domain name. Certificates of persons have none.
	DomainName TextFilter
	// Email lists only orders for an individual with this email address.
	Email TextFilter
	// SerialNumber lists only orders whose certificate has this serial number. Zeros at its beginning
	// may be left out.
	SerialNumber TextFilter
	// Search lists only orders whose common name or email address matches.
	Search TextFilter
	// IsRenewed lists only orders that another order renews (Yes), or the other orders (No).
	IsRenewed FlagFilter
	// DisableRenewalNotifications lists only orders without notices about a renewal (Yes), or with
	// them (No).
	DisableRenewalNotifications FlagFilter
	// Origin lists only orders of this origin.
	Origin EnumFilter[OrderOrigin]
}

// An OrderOrigin is the platform on which an order was placed. Values that the service adds pass
// through.
type OrderOrigin string

// The origins of an order.
const (
	// OriginCertCentral is an order that was placed on this platform.
	OriginCertCentral OrderOrigin = "certcentral"
	// OriginMigrated is an order that was migrated from another platform.
	OriginMigrated OrderOrigin = "migrated"
)

func (o OrderListOptions) params() (*api.ListOrdersParams, error) {
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return nil, err
	}
	var f filters
	params := &api.ListOrdersParams{
		Limit:                              limit,
		Offset:                             offset,
		Sort:                               optional(o.Sort),
		FiltersID:                          f.terms("id", o.ID.terms),
		FiltersStatus:                      enumTerms[api.OrderStatusFilter](f.terms("status", o.Status.terms)),
		FiltersStatusLastUpdated:           f.terms("status_last_updated", o.StatusLastUpdated.terms),
		FiltersOrganizationID:              f.terms("organization_id", o.OrganizationID.terms),
		FiltersProductNameID:               f.terms("product_name_id", o.ProductNameID.terms),
		FiltersValidTill:                   f.terms("valid_till", o.ValidTill.terms),
		FiltersUserID:                      f.terms("user_id", o.UserID.terms),
		FiltersCommonName:                  f.terms("common_name", o.CommonName.terms),
		FiltersDomainName:                  f.terms("domain_name", o.DomainName.terms),
		FiltersDateCreated:                 f.terms("date_created", o.DateCreated.terms),
		FiltersContainerID:                 f.terms("container_id", o.ContainerID.terms),
		FiltersMetadataID:                  f.terms("metadata_id", o.CustomFieldID.terms),
		FiltersIsRenewed:                   o.IsRenewed.wire(),
		FiltersDisableRenewalNotifications: o.DisableRenewalNotifications.wire(),
		FiltersEmail:                       f.terms("email", o.Email.terms),
		FiltersCertificateID:               f.terms("certificate_id", o.CertificateID.terms),
		FiltersOrigin:                      f.terms("origin", o.Origin.terms),
		FiltersSerialNumber:                f.terms("serial_number", o.SerialNumber.terms),
		FiltersSearch:                      f.terms("search", o.Search.terms),
	}
	return params, f.err
}

// An OrderSummary is an order as a list shows it.
type OrderSummary struct {
	// ID is the id of the order, for [OrderService.Get].
	ID int64
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is the time at which the order was placed.
	DateCreated time.Time
	// Product is the product that was ordered.
	Product ProductRef
	// Certificate is the certificate of the order. It may not be issued yet.
	Certificate CertificateSummary
	// Organization is the organization in the certificate.
	Organization OrganizationRef
	// Container is the division of the account that the order belongs to.
	Container Container
	// Validity is the validity of the order, as it was ordered.
	Validity Validity
	// ValidityYears is the validity of the order in years, rounded up.
	ValidityYears int
	// Price is the price of the order, in the currency of the account.
	Price Amount
	// IsRenewed is whether another order renews this one.
	IsRenewed bool
	// DisableRenewalNotifications is whether notices about a renewal are turned off.
	DisableRenewalNotifications bool
	// HasDuplicates is whether duplicates of the certificate exist.
	HasDuplicates bool
	// DuplicatesCount is the number of duplicates.
	DuplicatesCount int
	// HasReissues is whether the certificate has been reissued.
	HasReissues bool
	// ReissuesCount is the number of reissues.
	ReissuesCount int
	// ValidTill is the last day of the order. It is zero until a certificate is issued.
	ValidTill Date
}

// A CertificateSummary is the certificate of an order in a list.
type CertificateSummary struct {
	// ID is the id of the certificate. The certificate has it before it is issued. It is 0 while
	// the order waits for an approval and after the order was rejected.
	ID int64
	// CommonName is the name of the person in the certificate.
	CommonName string
	// DNSNames are the further names in the certificate. A certificate of a person has none;
	// certificates of other products have some.
	DNSNames []string
	// DateCreated is the time at which the order of the certificate was placed.
	DateCreated time.Time
	// SignatureHash is the hash algorithm of the signature, such as sha256.
	SignatureHash string
	// Validity is the validity that was ordered.
	Validity Validity

	// SerialNumber is the serial number in hexadecimal. This field and all fields below it are zero
	// until the certificate is issued.
	SerialNumber string
	// ValidFrom is the first day of the validity.
	ValidFrom Date
	// ValidTill is the last day of the validity.
	ValidTill Date
	// DaysRemaining is the number of days until the certificate expires. It is 0 for an expired
	// certificate.
	DaysRemaining int
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
		func(w listAnswer[api.OrderList]) (Page[OrderSummary], error) {
			return newPage("orders", w.list.Orders, w.page, o.Offset, orderSummaryFrom)
		})
}

// All iterates over orders, from the offset in the options on. It requests one page after the
// other, and ends after the last order or the first error. If orders are placed during the
// iteration, it may miss some orders or return some twice. Operation: listOrders.
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

func orderSummaryFrom(w api.OrderSummary) (OrderSummary, error) {
	if w.ID <= 0 {
		return OrderSummary{}, missing("id")
	}
	created, err := timeFrom("date_created", w.DateCreated)
	if err != nil {
		return OrderSummary{}, err
	}
	validity, err := validityFrom("order_validity", w.OrderValidity)
	if err != nil {
		return OrderSummary{}, err
	}
	validTill, err := dateFrom("order_valid_till", value(w.OrderValidTill))
	if err != nil {
		return OrderSummary{}, err
	}
	certificate, err := certificateSummaryFrom(w.Certificate)
	if err != nil {
		return OrderSummary{}, within("certificate", err)
	}
	return OrderSummary{
		ID:                          w.ID,
		Status:                      OrderStatus(w.Status),
		DateCreated:                 created,
		Product:                     productFrom(w.Product, w.ProductNameID),
		Certificate:                 certificate,
		Organization:                OrganizationRef{ID: w.Organization.ID, Name: w.Organization.Name},
		Container:                   containerFrom(w.Container),
		Validity:                    validity,
		ValidityYears:               int(w.ValidityYears),
		Price:                       amountOf(w.Price),
		IsRenewed:                   w.IsRenewed,
		DisableRenewalNotifications: w.DisableRenewalNotifications,
		HasDuplicates:               w.HasDuplicates,
		DuplicatesCount:             int(w.DuplicatesCount),
		HasReissues:                 w.HasReissues,
		ReissuesCount:               int(w.ReissuesCount),
		ValidTill:                   validTill,
	}, nil
}

func certificateSummaryFrom(w api.CertificateSummary) (CertificateSummary, error) {
	created, err := timeFrom("date_created", w.DateCreated)
	if err != nil {
		return CertificateSummary{}, err
	}
	validity, err := validityFrom("cert_validity", w.CertValidity)
	if err != nil {
		return CertificateSummary{}, err
	}
	validFrom, err := dateFrom("valid_from", value(w.ValidFrom))
	if err != nil {
		return CertificateSummary{}, err
	}
	validTill, err := dateFrom("valid_till", value(w.ValidTill))
	if err != nil {
		return CertificateSummary{}, err
	}
	return CertificateSummary{
		DNSNames:      w.DNSNames,
		DateCreated:   created,
		ID:            value(w.ID),
		CommonName:    w.CommonName,
		SignatureHash: string(w.SignatureHash),
		Validity:      validity,
		SerialNumber:  value(w.SerialNumber),
		ValidFrom:     validFrom,
		ValidTill:     validTill,
		DaysRemaining: int(value(w.DaysRemaining)),
	}, nil
}
