package store

import (
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

type orderRow = row[domain.Order, orderKeys]

// originOfOrders is the origin of every order of the mock.
const originOfOrders = "certcentral"

// orderKeys are the values that most lists of orders are filtered and sorted by.
type orderKeys struct {
	status       domain.Status
	product      string // folded
	created      int64  // as Nanos
	changed      int64  // as Nanos
	validTill    int64  // as Nanos
	organization int64
	individual   int64
}

func keysOfOrder(o *domain.Order) orderKeys {
	return orderKeys{
		status: o.Status, product: domain.Fold(o.Product), created: domain.Nanos(o.Created), changed: domain.Nanos(o.StatusChanged),
		validTill:    domain.Nanos(o.ValidTill),
		organization: o.OrganizationID, individual: o.IndividualID,
	}
}

func (s *state) orderField(name string) field[orderRow] {
	switch name {
	case domain.FieldID, domain.FieldOrderID:
		return number(func(r *orderRow) int64 { return r.id }).growing()
	case domain.FieldStatus:
		return folded(func(r *orderRow) string { return string(r.keys.status) })
	case domain.FieldDateCreated:
		return number(func(r *orderRow) int64 { return r.keys.created }).growing()
	case domain.FieldStatusChanged:
		return number(func(r *orderRow) int64 { return r.keys.changed }).growing()
	case domain.FieldValidTill:
		return number(func(r *orderRow) int64 { return r.keys.validTill })
	case domain.FieldSerialNumber:
		return field[orderRow]{
			text:   func(r *orderRow) string { return s.serialNumber(r.value) },
			filter: s.havingSerialNumber,
		}
	case domain.FieldOrganizationID:
		return number(func(r *orderRow) int64 { return r.keys.organization })
	case domain.FieldCertificateID:
		return number(func(r *orderRow) int64 {
			if r.value.CertificateID == 0 {
				return domain.None // while the order needs an approval
			}
			return r.value.CertificateID
		})
	case domain.FieldUserID:
		return number(func(r *orderRow) int64 { return r.value.UserID })
	case domain.FieldContainerID:
		return number(func(*orderRow) int64 { return domain.ContainerID })
	case domain.FieldProductNameID, domain.FieldProductName:
		return folded(func(r *orderRow) string { return r.keys.product })
	case domain.FieldValidityYears:
		return number(func(r *orderRow) int64 { return int64(r.value.ValidityYears) })
	case domain.FieldIsRenewed:
		return number(func(*orderRow) int64 { return domain.FlagNumber(false) })
	case domain.FieldNoRenewalNotices:
		return number(func(r *orderRow) int64 { return domain.FlagNumber(r.value.NoRenewalNotices) })
	case domain.FieldOrigin:
		return folded(func(*orderRow) string { return originOfOrders })
	case domain.FieldMetadataID:
		return matching(func(r *orderRow, f *domain.Filter) bool {
			return slices.ContainsFunc(r.value.CustomFields, func(c domain.CustomField) bool { return f.HasNumber(c.MetadataID) })
		})
	default:
		return s.individualField(name)
	}
}

// serialNumber returns the serial number of the certificate that an order shows, in lower case, or
// an empty text before that certificate is issued.
func (s *state) serialNumber(order *domain.Order) string {
	certificate, there := s.certificates.all.get(order.CertificateID)
	if !there || certificate.Material == nil || certificate.Issued.IsZero() {
		return ""
	}
	return domain.Fold(certificate.Material.SerialNumber)
}

// havingSerialNumber keeps the orders with a serial number. A whole number is found with and
// without the zeros at its beginning (D-38).
func (s *state) havingSerialNumber(f *domain.Filter) condition[orderRow] {
	wanted := domain.Filter{Texts: slices.Clone(f.Texts)}
	for i := range wanted.Texts {
		if text := &wanted.Texts[i]; !text.Part {
			text.Folded = domain.SerialKey(text.Folded)
		}
	}
	return func(r *orderRow) bool {
		serial := s.serialNumber(r.value)
		return wanted.HasText(serial) || wanted.HasText(domain.SerialKey(serial))
	}
}

func (t *transaction) Orders(query domain.OrderQuery) ([]domain.Order, int) {
	items, total, err := list(t.orders, query.Page, query.Sort, query.Filters, t.orderField)
	return noteFailure(t, items, total, err)
}

func (s *state) Order(id int64) (domain.Order, bool) { return s.orders.get(id) }

func (s *state) OrdersByAlternativeID(alternativeID string, page domain.Page) ([]domain.Order, int) {
	ids := s.byAlternativeID.ids[alternativeID]
	return entities(s.orders.withIDs(onPage(ids, page))), len(ids)
}

func (s *state) OrderCountOf(organization int64) int { return s.orderCount.of[organization] }

func (s *state) UnfinishedOrders(organization int64) int { return s.unfinishedOrders.of[organization] }

type productOf struct {
	organization int64
	product      string
}

func (s *state) HasOrdered(organization int64, product string) bool {
	return s.productCount.of[productOf{organization, product}] > 0
}

// expiryOf returns the moment at which an order expires, and false for an order that does not.
func expiryOf(o *domain.Order) (int64, bool) {
	return domain.Nanos(o.ValidTill), o.Status == domain.StatusIssued && !o.ValidTill.IsZero()
}

func (s *state) Expiring(before time.Time, limit int) []domain.Order {
	var orders []domain.Order
	for _, next := range s.byExpiry.moments {
		if next.at >= domain.Nanos(before) || len(orders) == limit {
			break
		}
		if order, there := s.orders.get(next.id); there {
			orders = append(orders, order)
		}
	}
	return orders
}
