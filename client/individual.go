package client

import "github.com/pkio-tools/certcentral/gen/api"

// An Individual is the person that a certificate is issued for.
type Individual struct {
	// FirstName holds the given names, middle names and initials included, without titles.
	FirstName string
	// LastName is the surname; a suffix such as Jr. may be part of it.
	LastName string
	// Email is the address for notices about the order. It does not appear in the certificate.
	Email string
	// Telephone is the telephone number, with its country code.
	Telephone string
	// Country is the country in two letters (ISO 3166-1 alpha-2).
	Country string
	// State is the state or province. It may be empty.
	State string
	// City is the city. It may be empty.
	City string
	// Zip is the postal code.
	Zip string
}

func individualFrom(w api.Individual) Individual {
	return Individual{
		FirstName: w.FirstName,
		LastName:  w.LastName,
		Email:     w.Email,
		Telephone: value(w.Telephone),
		Country:   value(w.Country),
		State:     value(w.State),
		City:      value(w.City),
		Zip:       value(w.Zip),
	}
}

// An IndividualChoice names the person that a certificate is ordered for. [ExistingIndividual] and
// [NewIndividual] make one.
type IndividualChoice struct {
	choice  choice
	id      int64
	details Individual
}

// ExistingIndividual orders for the person of an earlier order. The id is the IndividualID of the
// [Certificate] of that order.
func ExistingIndividual(id int64) IndividualChoice {
	return IndividualChoice{choice: existing, id: id}
}

// NewIndividual orders for a person that is not in the account yet.
func NewIndividual(details Individual) IndividualChoice {
	return IndividualChoice{choice: described, details: details}
}

func (c IndividualChoice) wire() (api.IndividualRequest, error) {
	const path = "certificate.individual"
	switch c.choice {
	case existing:
		return api.IndividualRequest{ID: wireID(c.id)}, checkID(path+".id", c.id)
	case described:
		return api.IndividualRequest{
			FirstName: optional(c.details.FirstName),
			LastName:  optional(c.details.LastName),
			Email:     optional(c.details.Email),
			Telephone: optional(c.details.Telephone),
			Country:   optional(c.details.Country),
			State:     optional(c.details.State),
			City:      optional(c.details.City),
			Zip:       optional(c.details.Zip),
		}, nil
	default:
		return api.IndividualRequest{}, &ArgumentError{
			Path: path, Reason: "is not chosen: use ExistingIndividual or NewIndividual",
		}
	}
}
