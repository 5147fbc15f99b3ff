package store

import (
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// state is one account and the indexes that its questions need. It implements [domain.Reader].
type state struct {
	sequences     domain.Sequences
	settings      domain.Settings
	funds         domain.Funds
	organizations table[domain.Organization, organizationKeys]
	people        table[domain.Person, none]
	individuals   table[domain.Individual, individualKeys]
	texts         texts // of the individuals
	profiles      table[domain.PaymentProfile, none]
	byDefault     int64 // a payment profile, or zero
	orders        table[domain.Order, orderKeys]
	expiries      expiries // of the orders
	certificates  certificates
	requests      table[domain.Request, none]
	adjustments   table[domain.Adjustment, none]
	keys          map[domain.KeyHash]int64 // that the account handed out, with their users

	like       map[domain.DetailsKey][]int64 // organizations by their details
	unfinished map[int64]int                 // unfinished orders by organization
	naming     map[int64]int                 // orders by organization
	ordered    map[productOf]struct{}
	called     map[string][]int64 // orders by their alternative id
	about      map[int64][]int64  // requests by order
	usernames  map[string]int64
}

type productOf struct {
	organization int64
	product      string
}

func newState(seed domain.Changes) *state {
	s := &state{
		certificates: newCertificates(),
		like:         map[domain.DetailsKey][]int64{},
		unfinished:   map[int64]int{},
		naming:       map[int64]int{},
		ordered:      map[productOf]struct{}{},
		called:       map[string][]int64{},
		about:        map[int64][]int64{},
		usernames:    map[string]int64{},
		keys:         map[domain.KeyHash]int64{},
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
	for _, organization := range changes.Organizations {
		if s.organizations.put(organization.ID, organization, keysOfOrganization(&organization)) == nil {
			key := organization.Key()
			s.like[key] = append(s.like[key], organization.ID)
		}
	}
	for _, id := range changes.Deleted {
		s.deleteOrganization(id)
	}
	s.putPeople(changes.People)
	for _, individual := range changes.Individuals {
		s.individuals.put(individual.ID, individual, s.texts.keys(individual))
	}
	for _, profile := range changes.PaymentProfiles {
		s.profiles.put(profile.ID, profile, none{})
		if profile.Default {
			s.byDefault = profile.ID
		} else if s.byDefault == profile.ID {
			s.byDefault = 0
		}
	}
	for _, order := range changes.Orders {
		s.putOrder(order)
	}
	for _, certificate := range changes.Certificates {
		s.certificates.put(certificate)
	}
	for _, request := range changes.Requests {
		if s.requests.put(request.ID, request, none{}) == nil {
			s.about[request.OrderID] = append(s.about[request.OrderID], request.ID)
		}
	}
	for _, adjustment := range changes.Adjustments {
		s.adjustments.put(adjustment.ID, adjustment, none{})
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

// putPeople keeps people. All names that are given up are free before any is taken, so that two users can swap theirs.
func (s *state) putPeople(people []domain.Person) {
	for _, person := range people {
		if former := s.people.put(person.ID, person, none{}); former != nil && former.User != nil {
			delete(s.usernames, strings.ToLower(former.User.Username))
		}
	}
	for _, person := range people {
		if person.User != nil && person.User.Username != "" {
			s.usernames[strings.ToLower(person.User.Username)] = person.ID
		}
	}
}

func (s *state) putOrder(order domain.Order) {
	former := s.orders.put(order.ID, order, keysOfOrder(&order))
	s.expiries.replace(former, &order)
	if former == nil {
		s.naming[order.OrganizationID]++
		s.ordered[productOf{order.OrganizationID, order.Product}] = struct{}{}
		if order.AlternativeID != "" {
			s.called[order.AlternativeID] = append(s.called[order.AlternativeID], order.ID)
		}
	} else if former.Status.Unfinished() {
		s.unfinished[former.OrganizationID]--
	}
	if order.Status.Unfinished() {
		s.unfinished[order.OrganizationID]++
	}
}

func (s *state) deleteOrganization(id int64) {
	organization, there := s.organizations.get(id)
	if !there {
		return
	}
	s.organizations.remove(id)
	key := organization.Key()
	if s.like[key] = slices.DeleteFunc(s.like[key], func(other int64) bool { return other == id }); len(s.like[key]) == 0 {
		delete(s.like, key)
	}
}

func (s *state) Sequences() domain.Sequences { return s.sequences }

func (s *state) Settings() domain.Settings { return s.settings }

func (s *state) Request(id int64) (domain.Request, bool) { return s.requests.get(id) }

func (s *state) RequestsAbout(order int64) []domain.Request {
	return all(s.requests.pick(s.about[order]))
}

func (s *state) OrdersNaming(organization int64) int { return s.naming[organization] }

func (s *state) People() []domain.Person { return all(s.people) }

func (s *state) Individuals(limit int) []domain.Individual {
	return all(s.individuals[max(0, len(s.individuals)-limit):])
}

func (s *state) UserNamed(username string) (domain.Person, bool) {
	return s.people.get(s.usernames[strings.ToLower(username)])
}

func (s *state) Funds() domain.Funds { return s.funds }

func (s *state) Organization(id int64) (domain.Organization, bool) { return s.organizations.get(id) }

func (s *state) OrganizationsLike(key domain.DetailsKey) []int64 { return slices.Clone(s.like[key]) }

func (s *state) Person(id int64) (domain.Person, bool) { return s.people.get(id) }

func (s *state) Individual(id int64) (domain.Individual, bool) { return s.individuals.get(id) }

func (s *state) Order(id int64) (domain.Order, bool) { return s.orders.get(id) }

func (s *state) PaymentProfile(id int64) (domain.PaymentProfile, bool) { return s.profiles.get(id) }

func (s *state) HasOrdered(organization int64, product string) bool {
	_, there := s.ordered[productOf{organization, product}]
	return there
}

func (s *state) UnfinishedOrders(organization int64) int { return s.unfinished[organization] }

func (s *state) DefaultPaymentProfile() (domain.PaymentProfile, bool) {
	return s.profiles.get(s.byDefault)
}
