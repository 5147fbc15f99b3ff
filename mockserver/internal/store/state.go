package store

import (
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// state is the contents of one account, with their indexes. A [transaction] reads it.
type state struct {
	sequences     domain.Sequences
	settings      domain.Settings
	funds         domain.Funds
	organizations table[domain.Organization, organizationKeys]
	people        table[domain.Person, none]
	individuals   table[domain.Individual, individualKeys]
	profiles      table[domain.PaymentProfile, none]
	orders        table[domain.Order, orderKeys]
	certificates  certificates
	requests      table[domain.Request, none]
	adjustments   table[domain.Adjustment, none]
	keys          map[domain.KeyHash]int64 // the API keys that the account handed out, with their users
	bytes         int64                    // the size of the contents without the seed, estimated by growth

	// Indexes. Only the tables write to them.
	byDetails        *index[domain.Organization, domain.DetailsKey]
	byUsername       *index[domain.Person, string]
	defaultProfile   *index[domain.PaymentProfile, none]
	byExpiry         *timeline[domain.Order]
	unfinishedOrders *count[domain.Order, int64] // by organization
	orderCount       *count[domain.Order, int64] // by organization
	productCount     *count[domain.Order, productOf]
	byAlternativeID  *index[domain.Order, string]  // by their alternative id
	byOrder          *index[domain.Request, int64] // by order
}

func newState(seed domain.Changes) *state {
	s := &state{
		certificates: newCertificates(),
		keys:         map[domain.KeyHash]int64{},
		byDetails:    newIndex(idOfOrganization, func(o *domain.Organization) (domain.DetailsKey, bool) { return o.Key(), true }),
		byUsername: newIndex(idOfPerson, func(p *domain.Person) (string, bool) {
			if p.User == nil || p.User.Username == "" {
				return "", false
			}
			return strings.ToLower(p.User.Username), true
		}),
		defaultProfile:   newIndex(idOfProfile, func(p *domain.PaymentProfile) (none, bool) { return none{}, p.Default }),
		byExpiry:         &timeline[domain.Order]{id: idOfOrder, at: expiryOf},
		unfinishedOrders: newCount(func(o *domain.Order) (int64, bool) { return o.OrganizationID, o.Status.Unfinished() }),
		orderCount:       newCount(func(o *domain.Order) (int64, bool) { return o.OrganizationID, true }),
		productCount:     newCount(func(o *domain.Order) (productOf, bool) { return productOf{o.OrganizationID, o.Product}, true }),
		byAlternativeID:  newIndex(idOfOrder, func(o *domain.Order) (string, bool) { return o.AlternativeID, o.AlternativeID != "" }),
		byOrder:          newIndex(idOfRequest, func(r *domain.Request) (int64, bool) { return r.OrderID, true }),
	}
	s.apply(seed)
	return s
}

// added counts the orders that the changes add.
func (s *state) added(changes domain.Changes) int64 {
	return int64(s.orders.added(changes.Orders, func(o *domain.Order) int64 { return o.ID }))
}

func (s *state) apply(changes domain.Changes) {
	if changes.Sequences != nil {
		s.sequences = *changes.Sequences
	}
	if changes.Settings != nil {
		s.settings = *changes.Settings
	}
	if changes.Funds != nil {
		s.funds = *changes.Funds
	}
	organizations := []replacer[domain.Organization]{s.byDetails}
	for _, organization := range changes.Organizations {
		s.organizations.put(organization.ID, organization, keysOfOrganization(&organization), organizations)
	}
	for _, id := range changes.Deleted {
		s.organizations.remove(id, organizations)
	}
	for _, person := range changes.People {
		s.people.put(person.ID, person, none{}, []replacer[domain.Person]{s.byUsername})
	}
	for _, individual := range changes.Individuals {
		s.individuals.put(individual.ID, individual, keysOfIndividual(&individual), nil)
	}
	for _, profile := range changes.PaymentProfiles {
		s.profiles.put(profile.ID, profile, none{}, []replacer[domain.PaymentProfile]{s.defaultProfile})
	}
	for _, order := range changes.Orders {
		s.orders.put(order.ID, order, keysOfOrder(&order), []replacer[domain.Order]{s.byExpiry, s.unfinishedOrders, s.orderCount, s.productCount, s.byAlternativeID})
	}
	for _, certificate := range changes.Certificates {
		s.certificates.all.put(certificate.ID, certificate, none{}, s.certificates.indexes())
	}
	for _, request := range changes.Requests {
		s.requests.put(request.ID, request, none{}, []replacer[domain.Request]{s.byOrder})
	}
	for _, adjustment := range changes.Adjustments {
		s.adjustments.put(adjustment.ID, adjustment, none{}, nil)
	}
	for _, key := range s.keysOf(changes.KeysRevoked) {
		delete(s.keys, key)
	}
	for _, key := range changes.Keys {
		s.keys[key.Hash] = key.UserID
	}
}

// keysOf returns the keys of some users.
func (s *state) keysOf(users []int64) []domain.KeyHash {
	if len(users) == 0 {
		return nil
	}
	var keys []domain.KeyHash
	for key, user := range s.keys {
		if slices.Contains(users, user) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (s *state) Settings() domain.Settings { return s.settings }

func (s *state) Sequences() domain.Sequences { return s.sequences }
