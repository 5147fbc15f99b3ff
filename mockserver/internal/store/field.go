package store

import (
	"bytes"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// The fields by which entities are filtered and sorted. The zero field is none.

type (
	userRow         = row[domain.Person, none]
	organizationRow = row[domain.Organization, organizationKeys]
	requestRow      = row[domain.Request, none]
	orderRow        = row[domain.Order, orderKeys]
)

// What is the same for all users and for all orders of the mock.
const (
	statusOfUsers  = "active"
	originOfOrders = "certcentral"
)

func userField(name string) field[userRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *userRow) int64 { return r.id }).growing()
	case domain.FieldUsername:
		return text(func(r *userRow) string { return r.value.User.Username })
	case domain.FieldFirstName:
		return text(func(r *userRow) string { return r.value.FirstName })
	case domain.FieldLastName:
		return text(func(r *userRow) string { return r.value.LastName })
	case domain.FieldEmail:
		return text(func(r *userRow) string { return r.value.Email })
	case domain.FieldAccessRoleID:
		return matching(func(r *userRow, f *domain.Filter) bool {
			return f.HasNumber(r.value.User.Role.ID) || slices.ContainsFunc(r.value.User.MoreRoles, func(role domain.Role) bool {
				return f.HasNumber(role.ID)
			})
		})
	case domain.FieldContainerID:
		return number(func(*userRow) int64 { return domain.ContainerID })
	case domain.FieldStatus:
		return folded(func(*userRow) string { return statusOfUsers })
	case domain.FieldSearch:
		return matching(func(r *userRow, f *domain.Filter) bool {
			p := r.value
			texts := []string{p.FirstName, p.LastName, p.FirstName + " " + p.LastName, p.Email, p.User.Username}
			return slices.ContainsFunc(texts, func(text string) bool { return f.HasText(domain.Fold(text)) })
		})
	default:
		return field[userRow]{}
	}
}

// organizationKeys are what organizations are searched by. A search folds none of the names again.
type organizationKeys struct{ name, assumedName string }

func keysOfOrganization(o *domain.Organization) organizationKeys {
	return organizationKeys{name: domain.Fold(o.Name), assumedName: domain.Fold(o.AssumedName)}
}

func organizationField(name string) field[organizationRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *organizationRow) int64 { return r.id }).growing()
	case domain.FieldName:
		return text(func(r *organizationRow) string { return r.value.Name })
	case domain.FieldStatus:
		return folded(func(r *organizationRow) string { return r.value.Status() })
	case domain.FieldContainerID, domain.FieldContainerOf:
		return number(func(*organizationRow) int64 { return domain.ContainerID })
	case domain.FieldValidation:
		return folded(func(r *organizationRow) string {
			if r.value.ValidationPending() {
				return "pending"
			}
			return "not_pending"
		})
	case domain.FieldSearch:
		return matching(func(r *organizationRow, f *domain.Filter) bool {
			return f.HasNumber(r.id) || f.HasText(r.keys.name) || f.HasText(r.keys.assumedName)
		})
	default:
		return field[organizationRow]{}
	}
}

func requestField(name string) field[requestRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *requestRow) int64 { return r.id }).growing()
	case domain.FieldDate:
		return number(func(r *requestRow) int64 { return domain.Nanos(r.value.Created) }).growing()
	case domain.FieldType:
		return folded(func(r *requestRow) string { return string(r.value.Type) })
	case domain.FieldStatus:
		return folded(func(r *requestRow) string { return string(r.value.Status) })
	case domain.FieldOrderID:
		return number(func(r *requestRow) int64 { return r.value.OrderID })
	default:
		return field[requestRow]{}
	}
}

// orderKeys are what most lists of orders ask for.
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
		return field[orderRow]{filter: s.havingSerialNumber}
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

// serialNumber is the serial number of the certificate that an order shows, folded, or nothing before it is issued.
func (s *state) serialNumber(order *domain.Order) string {
	certificate, there := s.certificates.all.get(order.CertificateID)
	if !there || certificate.Made == nil || certificate.Issued.IsZero() {
		return ""
	}
	return domain.Fold(certificate.Made.SerialNumber)
}

// havingSerialNumber looks for serial numbers, whole ones with or without the zeros at their beginning (D-38).
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

// individualOf returns the keys of the individual of an order.
func (s *state) individualOf(order *orderRow) *individualKeys {
	if i, there := s.individuals.find(order.keys.individual); there {
		return &s.individuals[i].keys
	}
	return &individualKeys{}
}

func (s *state) individualField(name string) field[orderRow] {
	switch name {
	case domain.FieldCommonName:
		return field[orderRow]{
			compare: func(a, b *orderRow) int {
				return bytes.Compare(s.individualOf(a).commonName(), s.individualOf(b).commonName())
			},
			filter: func(f *domain.Filter) condition[orderRow] {
				texts := needles(f)
				return func(r *orderRow) bool { return texts.in(s.individualOf(r).name()) }
			},
		}
	case domain.FieldEmail:
		return field[orderRow]{filter: func(f *domain.Filter) condition[orderRow] {
			texts := needles(f)
			return func(r *orderRow) bool { return texts.in(s.individualOf(r).email()) }
		}}
	case domain.FieldSearch:
		return field[orderRow]{filter: s.searchOrders}
	case domain.FieldDomainName: // which no certificate of a person has
		return matching(func(*orderRow, *domain.Filter) bool { return false })
	default:
		return field[orderRow]{}
	}
}

// searchOrders looks for texts in the names and email addresses of individuals.
func (s *state) searchOrders(f *domain.Filter) condition[orderRow] {
	texts := needles(f)
	if len(texts) == 1 && texts[0].part && !bytes.ContainsRune(texts[0].text, 0) {
		part := texts[0].text // looking through both texts at once takes half the time
		return func(r *orderRow) bool {
			both := s.individualOf(r).both()
			return len(both) > 0 && bytes.Contains(both, part)
		}
	}
	return func(r *orderRow) bool {
		keys := s.individualOf(r)
		return texts.in(keys.name()) || texts.in(keys.email())
	}
}
