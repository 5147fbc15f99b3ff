package store

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// state is one account and the indexes that its questions need. It implements [domain.Reader].
type state struct {
	sequences     domain.Sequences
	settings      domain.Settings
	funds         domain.Funds
	organizations table[domain.Organization]
	people        table[domain.Person]
	individuals   table[holder]
	profiles      table[domain.PaymentProfile]
	orders        table[domain.Order]
	requests      table[domain.Request]
	adjustments   table[domain.Adjustment]
	keys          []domain.KeyHash // that the account handed out

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
		like:       map[domain.DetailsKey][]int64{},
		unfinished: map[int64]int{},
		naming:     map[int64]int{},
		ordered:    map[productOf]struct{}{},
		called:     map[string][]int64{},
		about:      map[int64][]int64{},
		usernames:  map[string]int64{},
	}
	s.apply(seed)
	return s
}

// A table holds entities in the order of their ids. Ids come from sequences, so a new one goes to the end.
type table[T any] []row[T]

type row[T any] struct {
	id    int64
	value *T
}

func (t table[T]) find(id int64) (int, bool) {
	// Where nothing has been removed, an entity stands as far from the first one as their ids are apart.
	if len(t) > 0 {
		if i := id - t[0].id; 0 <= i && i < int64(len(t)) && t[i].id == id {
			return int(i), true
		}
	}
	return slices.BinarySearchFunc(t, id, func(r row[T], id int64) int { return cmp.Compare(r.id, id) })
}

func (t table[T]) get(id int64) (value T, there bool) {
	i, there := t.find(id)
	if there {
		value = *t[i].value
	}
	return value, there
}

// put replaces or adds an entity, and returns the one that it replaces, or nil.
func (t *table[T]) put(id int64, value T) (former *T) {
	i, there := t.find(id)
	if there {
		former = (*t)[i].value
		(*t)[i].value = &value
		return former
	}
	*t = slices.Insert(*t, i, row[T]{id, &value})
	return nil
}

// added counts the entities that are not in the table yet.
func (t table[T]) added(entities []T, id func(*T) int64) int {
	n := 0
	for i := range entities {
		if _, there := t.find(id(&entities[i])); !there {
			n++
		}
	}
	return n
}

func (t *table[T]) remove(id int64) {
	if i, there := t.find(id); there {
		*t = slices.Delete(*t, i, i+1)
	}
}

// pick returns the entities with these ids.
func (t table[T]) pick(ids []int64) table[T] {
	rows := make(table[T], 0, len(ids))
	for _, id := range ids {
		if i, there := t.find(id); there {
			rows = append(rows, t[i])
		}
	}
	return rows
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
		if s.organizations.put(organization.ID, organization) == nil {
			key := organization.Key()
			s.like[key] = append(s.like[key], organization.ID)
		}
	}
	for _, id := range changes.Deleted {
		s.deleteOrganization(id)
	}
	for _, person := range changes.People {
		s.people.put(person.ID, person)
		if person.User != nil && person.User.Username != "" {
			s.usernames[strings.ToLower(person.User.Username)] = person.ID
		}
	}
	for _, individual := range changes.Individuals {
		s.individuals.put(individual.ID, newHolder(individual))
	}
	for _, profile := range changes.PaymentProfiles {
		s.profiles.put(profile.ID, profile)
	}
	for _, order := range changes.Orders {
		s.putOrder(order)
	}
	for _, request := range changes.Requests {
		if s.requests.put(request.ID, request) == nil {
			s.about[request.OrderID] = append(s.about[request.OrderID], request.ID)
		}
	}
	for _, adjustment := range changes.Adjustments {
		s.adjustments.put(adjustment.ID, adjustment)
	}
	for _, key := range changes.Keys {
		s.keys = append(s.keys, key.Hash)
	}
}

func (s *state) putOrder(order domain.Order) {
	former := s.orders.put(order.ID, order)
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

func (s *state) Individuals() []domain.Individual {
	individuals := make([]domain.Individual, len(s.individuals))
	for i, row := range s.individuals {
		individuals[i] = row.value.Individual
	}
	return individuals
}

func (s *state) UserNamed(username string) (domain.Person, bool) {
	return s.people.get(s.usernames[strings.ToLower(username)])
}

func (s *state) Funds() domain.Funds { return s.funds }

func (s *state) Organization(id int64) (domain.Organization, bool) { return s.organizations.get(id) }

func (s *state) OrganizationsLike(key domain.DetailsKey) []int64 { return slices.Clone(s.like[key]) }

func (s *state) Person(id int64) (domain.Person, bool) { return s.people.get(id) }

func (s *state) Individual(id int64) (domain.Individual, bool) {
	holder, there := s.individuals.get(id)
	return holder.Individual, there
}

func (s *state) Order(id int64) (domain.Order, bool) { return s.orders.get(id) }

func (s *state) PaymentProfile(id int64) (domain.PaymentProfile, bool) { return s.profiles.get(id) }

func (s *state) HasOrdered(organization int64, product string) bool {
	_, there := s.ordered[productOf{organization, product}]
	return there
}

func (s *state) UnfinishedOrders(organization int64) int { return s.unfinished[organization] }

func (s *state) DefaultPaymentProfile() (domain.PaymentProfile, bool) {
	for _, row := range s.profiles {
		if row.value.Default {
			return *row.value, true
		}
	}
	return domain.PaymentProfile{}, false
}
