package client

import (
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderListOptions say which orders are listed. The zero value lists all of them by their id. Several filters have to
// hold together.
type OrderListOptions struct {
	// Limit is how many orders a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many orders are skipped.
	Offset int64
	// Sort holds the keys to sort by, separated by commas: order_id, date_created, common_name, status,
	// validity_years, product_name; downwards with a minus sign before it, such as "-date_created".
	Sort string
	// Status lists only orders in this state.
	Status OrderStatus
	// OrganizationID lists only orders for this organization.
	OrganizationID int64
	// ProductNameID lists only orders of this product, such as pkio_organisation_person.
	ProductNameID string
}

func (o OrderListOptions) params() (*api.ListOrdersParams, error) {
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return nil, err
	}
	return &api.ListOrdersParams{
		Limit:                 limit,
		Offset:                offset,
		Sort:                  optional(o.Sort),
		FiltersStatus:         only(api.OrderStatus(o.Status)),
		FiltersOrganizationID: only(wireIDs(o.OrganizationID)),
		FiltersProductNameID:  only(o.ProductNameID),
	}, nil
}

// An OrderSummary is an order as it stands in a list.
type OrderSummary struct {
	// ID is the id of the order, as [OrderService.Get] takes it.
	ID int64
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is when the order was placed.
	DateCreated time.Time
	// Product is what was ordered.
	Product Product
	// Certificate is the certificate, issued or not.
	Certificate CertificateSummary
	// Organization is whom the certificate is for.
	Organization OrganizationRef
	// Container is the division of the account that the order belongs to.
	Container Container
	// Validity is how long the order is valid, as it was placed.
	Validity Validity
	// ValidityYears is the number of years that the order is valid, begun years included.
	ValidityYears int
	// Price is what the order costs, in the currency of the account.
	Price Amount
	// IsRenewal is whether the order renews another one.
	IsRenewal bool
	// DisableRenewalNotifications is whether notices about a renewal are off.
	DisableRenewalNotifications bool
	// HasDuplicates is whether duplicates of the certificate exist.
	HasDuplicates bool
	// DuplicatesCount is how many duplicates exist.
	DuplicatesCount int
	// HasReissues is whether the certificate has been reissued.
	HasReissues bool
	// ReissuesCount is how often it has been reissued.
	ReissuesCount int
}

// A CertificateSummary is the certificate of an order in a list.
type CertificateSummary struct {
	// ID is the id of the certificate, which it has before it is issued.
	ID int64
	// CommonName is the name of the person, as it will stand in the certificate.
	CommonName string
	// SignatureHash is the hash algorithm of its signature, such as sha256.
	SignatureHash string
	// Validity is how long the certificate is valid, as it was ordered.
	Validity Validity
}

// An OrganizationRef is an organization, by name.
type OrganizationRef struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
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
	certValidity, err := validityFrom("certificate.cert_validity", w.Certificate.CertValidity)
	if err != nil {
		return OrderSummary{}, err
	}
	return OrderSummary{
		ID:          w.ID,
		Status:      OrderStatus(w.Status),
		DateCreated: created,
		Product:     productFrom(w.Product, w.ProductNameID),
		Certificate: CertificateSummary{
			ID:            w.Certificate.ID,
			CommonName:    w.Certificate.CommonName,
			SignatureHash: string(w.Certificate.SignatureHash),
			Validity:      certValidity,
		},
		Organization:                OrganizationRef{ID: w.Organization.ID, Name: w.Organization.Name},
		Container:                   containerFrom(w.Container),
		Validity:                    validity,
		ValidityYears:               int(w.ValidityYears),
		Price:                       amountOf(w.Price),
		IsRenewal:                   w.IsRenewal,
		DisableRenewalNotifications: w.DisableRenewalNotifications,
		HasDuplicates:               w.HasDuplicates,
		DuplicatesCount:             int(w.DuplicatesCount),
		HasReissues:                 w.HasReissues,
		ReissuesCount:               int(w.ReissuesCount),
	}, nil
}
