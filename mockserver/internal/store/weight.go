package store

import (
	"reflect"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// The bytes of memory that an entity takes, with its entries in indexes. The figures are rounded up
// from the benchmarks of the heap: an issued order of the vendor's first example takes 3.3 KB with
// elliptic-curve keys and 6 KB with RSA keys of 3072 and 4096 bits. The figure of an order includes
// texts of usual lengths, and the entities that come only with an order, such as individuals and
// changes of the balance.
const (
	accountBytes      = 8 << 10 // of a seeded account
	orderBytes        = 2 << 10
	certificateBytes  = 5 << 10                               // with its private key, also while the issuance is pending
	perOrder          = orderBytes + certificateBytes + 1<<10 // with a request, a contact or a card
	requestBytes      = 512
	organizationBytes = 1 << 10
	validationBytes   = 256
	personBytes       = 768
	keyBytes          = 256
	adjustmentBytes   = 256 // of a change of the balance that belongs to no order
	textBytes         = 32  // of a text in a list, without its letters
	includedText      = 512 // bytes of text that the figures of an order and a request include
)

func weighOrder(o *domain.Order) int64 {
	text := 0
	for i := range o.Notes {
		text += len(o.Notes[i].Text) + textBytes
	}
	for i := range o.CustomFields {
		text += len(o.CustomFields[i].Value) + textBytes
	}
	for _, email := range o.AdditionalEmails {
		text += len(email) + textBytes
	}
	return orderBytes + int64(max(0, text-includedText))
}

func weighRequest(r *domain.Request) int64 {
	return requestBytes + int64(max(0, len(r.Comments)+len(r.ProcessorComment)-includedText))
}

func weighOrganization(o *domain.Organization) int64 {
	return organizationBytes + int64(len(o.Validations)*validationBytes+len(o.VerifiedContacts)*textBytes)
}

func weighCertificate(*domain.Certificate) int64 { return certificateBytes }

func weighAdjustment(a *domain.Adjustment) int64 {
	if a.OrderID != 0 {
		return 0 // the figure of the order includes it
	}
	return adjustmentBytes
}

func weighPerson(*domain.Person) int64 { return personBytes }

// growth estimates how many bytes more the account takes with the changes. It is negative for
// changes that free memory.
func (s *state) growth(changes domain.Changes) int64 {
	sum := tableGrowth(s.organizations, changes.Organizations, idOfOrganization, weighOrganization) +
		tableGrowth(s.people, changes.People, idOfPerson, weighPerson) +
		tableGrowth(s.orders, changes.Orders, idOfOrder, weighOrder) +
		tableGrowth(s.certificates.all, changes.Certificates, idOfCertificate, weighCertificate) +
		tableGrowth(s.requests, changes.Requests, idOfRequest, weighRequest) +
		tableGrowth(s.adjustments, changes.Adjustments, idOfAdjustment, weighAdjustment) +
		int64(len(changes.Keys)-len(s.keysOf(changes.KeysRevoked)))*keyBytes
	for _, id := range changes.Deleted {
		if organization, there := s.organizations.get(id); there {
			sum -= weighOrganization(&organization)
		}
	}
	return sum
}

// tableGrowth returns how many bytes more a table takes with these entities.
func tableGrowth[T, K any](t table[T, K], entities []T, id, weigh func(*T) int64) (sum int64) {
	for i := range entities {
		sum += weigh(&entities[i])
		if at, there := t.find(id(&entities[i])); there {
			sum -= weigh(t[at].value)
		}
	}
	return sum
}

// completesWork tells whether the changes complete work that has begun: a pending issuance or a
// revocation. They are accepted also when the memory is full, because the certificate authority
// already knows of the revocation, and the pending issuance would otherwise never end.
func (s *state) completesWork(changes domain.Changes) bool {
	for i := range changes.Certificates {
		former, there := s.certificates.all.get(changes.Certificates[i].ID)
		if there && former.Pending && !changes.Certificates[i].Pending {
			return true
		}
	}
	return len(changes.Revocations) > 0
}

// changedBy tells whether the changes change anything. Replacing an entity by one that is equal to
// it does not.
func (s *state) changedBy(changes domain.Changes) bool {
	for _, id := range changes.Deleted {
		if _, there := s.organizations.find(id); there {
			return true
		}
	}
	return replacesValue(&s.sequences, changes.Sequences) || changes.Settings != nil && !reflect.DeepEqual(*changes.Settings, s.settings) ||
		replacesValue(&s.funds, changes.Funds) ||
		len(changes.Keys) > 0 || len(s.keysOf(changes.KeysRevoked)) > 0 ||
		replacesEntity(s.organizations, changes.Organizations, idOfOrganization) ||
		replacesEntity(s.people, changes.People, idOfPerson) ||
		replacesEntity(s.individuals, changes.Individuals, idOfIndividual) ||
		replacesEntity(s.profiles, changes.PaymentProfiles, idOfProfile) ||
		replacesEntity(s.orders, changes.Orders, idOfOrder) ||
		replacesEntity(s.certificates.all, changes.Certificates, idOfCertificate) ||
		replacesEntity(s.requests, changes.Requests, idOfRequest) ||
		replacesEntity(s.adjustments, changes.Adjustments, idOfAdjustment)
}

func replacesValue[T comparable](now, changed *T) bool { return changed != nil && *changed != *now }

func replacesEntity[T, K any](t table[T, K], entities []T, id func(*T) int64) bool {
	for i := range entities {
		at, there := t.find(id(&entities[i]))
		if !there || !reflect.DeepEqual(*t[at].value, entities[i]) {
			return true
		}
	}
	return false
}

func idOfOrganization(o *domain.Organization) int64 { return o.ID }
func idOfPerson(p *domain.Person) int64             { return p.ID }
func idOfIndividual(i *domain.Individual) int64     { return i.ID }
func idOfProfile(p *domain.PaymentProfile) int64    { return p.ID }
func idOfOrder(o *domain.Order) int64               { return o.ID }
func idOfCertificate(c *domain.Certificate) int64   { return c.ID }
func idOfRequest(r *domain.Request) int64           { return r.ID }
func idOfAdjustment(a *domain.Adjustment) int64     { return a.ID }
