package client

import (
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrderListOptions say which orders are listed. The zero value lists all of them by their id. Several filters have to
// hold together:
//
//	certcentral.OrderListOptions{
//		Status:      certcentral.AnyOf(certcentral.OrderPending, certcentral.OrderProcessing),
//		DateCreated: certcentral.Since(certcentral.Date{Year: 2026, Month: time.November, Day: 1}),
//		CommonName:  certcentral.Contains("doe"),
//		IsRenewed:   certcentral.No,
//	}
type OrderListOptions struct {
	// Limit is how many orders a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many orders are skipped.
	Offset int64
	// Sort holds the keys to sort by, separated by commas: order_id, date_created, common_name, status,
	// validity_years, product_name, valid_till; downwards with a minus sign before it, such as "-date_created".
	Sort string

	// ID lists only orders with these ids.
	ID IDFilter
	// Status lists only orders in these states. Issued orders are also those whose certificate has expired since.
	Status EnumFilter[OrderStatus]
	// StatusLastUpdated lists only orders whose state changed last then.
	StatusLastUpdated DateFilter
	// DateCreated lists only orders that were placed then.
	DateCreated DateFilter
	// ValidTill lists only orders whose certificate is valid until then.
	ValidTill DateFilter
	// OrganizationID lists only orders for these organizations.
	OrganizationID IDFilter
	// UserID lists only orders that these users placed.
	UserID IDFilter
	// ContainerID lists only orders of these divisions.
	ContainerID IDFilter
	// CertificateID lists only orders with these certificates.
	CertificateID IDFilter
	// CustomFieldID lists only orders that fill in these custom fields.
	CustomFieldID IDFilter
	// ProductNameID lists only orders of these products, such as pkio_organisation_person.
	ProductNameID TextFilter
	// CommonName lists only orders for somebody, or something, of this name.
	CommonName TextFilter
	// DomainName lists only orders for this domain, which certificates of persons don't have.
	DomainName TextFilter
	// Email lists only orders for an individual with this email address.
	Email TextFilter
	// SerialNumber lists only orders whose certificate has this serial number.
	SerialNumber TextFilter
	// Search lists only orders with this text as the common name or as the email address.
	Search TextFilter
	// IsRenewed lists only orders that another order renews, or that none does.
	IsRenewed FlagFilter
	// DisableRenewalNotifications lists only orders without notices about a renewal, or with them.
	DisableRenewalNotifications FlagFilter
	// Origin lists only orders that were placed on this platform, or that were migrated from another.
	Origin EnumFilter[OrderOrigin]
}

// An OrderOrigin is where an order comes from. Values that the service adds pass through.
type OrderOrigin string

// The origins of an order.
const (
	// OriginCertCentral was placed on this platform.
	OriginCertCentral OrderOrigin = "certcentral"
	// OriginMigrated was migrated from another platform.
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
		FiltersStatus:                      words[api.OrderStatusFilter](f.terms("status", o.Status.terms)),
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

// An OrderSummary is an order as it stands in a list.
type OrderSummary struct {
	// ID is the id of the order, as [OrderService.Get] takes it.
	ID int64
	// Status is the state of the order.
	Status OrderStatus
	// DateCreated is when the order was placed.
	DateCreated time.Time
	// Product is what was ordered.
	Product ProductRef
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
	// IsRenewed is whether another order renews this one.
	IsRenewed bool
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
	// ValidTill is the last day of the order. It is zero until a certificate is issued.
	ValidTill Date
}

// A CertificateSummary is the certificate of an order in a list.
type CertificateSummary struct {
	// ID is the id of the certificate, which it has before it is issued. It is 0 while the order waits for an approval,
	// and for an order that was rejected instead.
	ID int64
	// CommonName is the name of the person, as it stands in the certificate, or will.
	CommonName string
	// DNSNames are the further names in the certificate. Those of persons have none; other products of the account do.
	DNSNames []string
	// DateCreated is when the order of the certificate was placed.
	DateCreated time.Time
	// SignatureHash is the hash algorithm of its signature, such as sha256.
	SignatureHash string
	// Validity is how long the certificate is valid, as it was ordered.
	Validity Validity

	// SerialNumber is the serial number of the certificate, in hexadecimal. It is empty until the certificate is issued,
	// and what follows is zero.
	SerialNumber string
	// ValidFrom is the first day of the certificate.
	ValidFrom Date
	// ValidTill is the last day of the certificate.
	ValidTill Date
	// DaysRemaining is how many days are left. It is 0 for a certificate that has expired, too.
	DaysRemaining int
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
