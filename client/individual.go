package client

import "github.com/pkio-tools/certcentral/gen/api"

// An Individual is the person who holds, or will hold, a certificate.
type Individual struct {
	// FirstName holds the given names, middle names and initials included, without titles.
	FirstName string
	// LastName is the surname; a suffix such as Jr. may be part of it.
	LastName string
	// Email is where notices about the order go. It does not appear in the certificate.
	Email string
	// Telephone is the telephone number, with its country code.
	Telephone string
	// Country is two letters (ISO 3166-1 alpha-2).
	Country string
	// State is the state or province. It may be empty.
	State string
	// City may be empty.
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

// An IndividualChoice says for whom a certificate is ordered. [ExistingIndividual] and [NewIndividual] make one.
type IndividualChoice struct {
	choice  choice
	id      int64
	details Individual
}

// ExistingIndividual orders for a person whom an earlier order has made known to the account. The id is the
// IndividualID of that order's [Certificate].
func ExistingIndividual(id int64) IndividualChoice {
	return IndividualChoice{choice: existing, id: id}
}

// NewIndividual orders for a person whom the account does not know.
func NewIndividual(details Individual) IndividualChoice {
	return IndividualChoice{choice: described, details: details}
}

func (c IndividualChoice) wire() (api.IndividualInput, error) {
	const path = "certificate.individual"
	switch c.choice {
	case existing:
		return api.IndividualInput{ID: wireID(c.id)}, checkID(path+".id", c.id)
	case described:
		return api.IndividualInput{
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
		return api.IndividualInput{}, &ArgumentError{
			Path: path, Reason: "is nobody: use ExistingIndividual or NewIndividual",
		}
	}
}
