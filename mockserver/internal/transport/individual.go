package transport

import (
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func individualIn(in api.IndividualRequest) domain.Individual {
	return domain.Individual{
		FirstName: value(in.FirstName), LastName: value(in.LastName), Email: value(in.Email), Telephone: value(in.Telephone),
		Country: value(in.Country), State: value(in.State), City: value(in.City), Zip: value(in.Zip),
	}
}

func individualOut(individual domain.Individual) api.Individual {
	return api.Individual{
		ID: individual.ID, FirstName: individual.FirstName, LastName: individual.LastName, Email: individual.Email,
		Telephone: optional(individual.Telephone), Country: optional(individual.Country), State: optional(individual.State),
		City: optional(individual.City), Zip: optional(individual.Zip),
	}
}
