package store

import (
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// individualKeys are the texts of an individual that lists of orders are filtered and sorted by:
// the common name, the same in lower case, a NUL, and the email address in lower case. They are one
// text, because a list of many orders reads one place in memory faster than three.
type individualKeys struct {
	text     string
	nameAt   int // where the lower-case name begins
	nameEnds int // where it ends, at the NUL
}

func keysOfIndividual(i *domain.Individual) individualKeys {
	name := i.CommonName()
	folded := domain.Fold(name)
	return individualKeys{
		text: name + folded + "\x00" + domain.Fold(i.Email), nameAt: len(name), nameEnds: len(name) + len(folded),
	}
}

func (k *individualKeys) commonName() string { return k.text[:k.nameAt] }

func (k *individualKeys) name() string { return k.text[k.nameAt:k.nameEnds] }

func (k *individualKeys) email() string { return k.text[min(k.nameEnds+1, len(k.text)):] }

// nameAndEmail is the lower-case name, a NUL, and the lower-case email address.
func (k *individualKeys) nameAndEmail() string { return k.text[k.nameAt:] }

// individualOf returns the keys of the individual of an order.
func (s *state) individualOf(order *orderRow) *individualKeys {
	if i, there := s.individuals.find(order.keys.individual); there {
		return &s.individuals[i].keys
	}
	return &individualKeys{}
}

// individualField is a field that an order has through its individual.
func (s *state) individualField(name string) field[orderRow] {
	switch name {
	case domain.FieldCommonName:
		names := folded(func(r *orderRow) string { return s.individualOf(r).name() })
		names.text = func(r *orderRow) string { return s.individualOf(r).commonName() } // sorted by case
		return names
	case domain.FieldEmail:
		return matching(func(r *orderRow, f *domain.Filter) bool { return f.HasText(s.individualOf(r).email()) })
	case domain.FieldSearch:
		return field[orderRow]{filter: s.searchOrders}
	case domain.FieldDomainName: // the certificate of a person has no domain name
		return matching(func(*orderRow, *domain.Filter) bool { return false })
	default:
		return field[orderRow]{}
	}
}

// searchOrders looks for texts in the names and email addresses of individuals.
func (s *state) searchOrders(f *domain.Filter) condition[orderRow] {
	if len(f.Texts) == 1 && f.Texts[0].Part && !strings.Contains(f.Texts[0].Folded, "\x00") {
		part := f.Texts[0].Folded // one search through both texts takes half the time of two
		return func(r *orderRow) bool {
			both := s.individualOf(r).nameAndEmail()
			return both != "" && strings.Contains(both, part)
		}
	}
	return func(r *orderRow) bool {
		keys := s.individualOf(r)
		return f.HasText(keys.name()) || f.HasText(keys.email())
	}
}

func (s *state) Individual(id int64) (domain.Individual, bool) { return s.individuals.get(id) }

func (s *state) Individuals(limit int) []domain.Individual {
	return entities(s.individuals[max(0, len(s.individuals)-limit):])
}
