package domain

import "time"

// Ids of the entities of a new account (D-35). The vendor's own examples name the organization, the
// people and the individual.
const (
	SeedOrganization   = 1920073
	SeedAdministrator  = 4313813
	SeedUser           = 4313912
	SeedIndividual     = 21
	SeedPaymentProfile = 1001
)

// Seed returns the contents of a new account, so that the vendor's examples run as they are printed
// (D-35). The validation of its organization is finished now (D-60).
func Seed(settings Settings, funds Funds, now time.Time) Changes {
	return Changes{
		Sequences: &Sequences{
			Order: 843668399, Certificate: 845503702, Organization: SeedOrganization + 1, Person: 4313914,
			VerifiedContact: 1040245, Individual: SeedIndividual + 1, PaymentProfile: SeedPaymentProfile + 1,
			Request: 1, Note: 1, Adjustment: 1, Receipt: 1,
		},
		Settings: &settings,
		Funds:    &funds,
		Organizations: []Organization{{
			ID: SeedOrganization, Active: true, OrganizationContact: SeedAdministrator,
			OrganizationDetails: OrganizationDetails{
				Name: "Example Organisation B.V.", Address: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland",
				Zip: "2515 AA", Country: "nl", Telephone: "+31 70 000 0000",
			},
			Validations: []Validation{Validation{Type: ValidationOV}.finished(now)},
		}},
		People: []Person{
			{
				ID: SeedAdministrator, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com",
				JobTitle: "Authentication Engineer", Telephone: "911-249-7064",
				User: &User{Username: "john.doe@example.com", Role: Administrator()},
			},
			{
				ID: SeedUser, FirstName: "John", LastName: "Smith", Email: "john.smith@example.com",
				JobTitle: "Authentication Analyst", Telephone: "911-249-7064",
				User: &User{Username: "john.smith@example.com", Role: Roles()[4]},
			},
		},
		Individuals: []Individual{{
			ID: SeedIndividual, FirstName: "Jane", LastName: "Doe", Email: "jane.doe@example.com",
			Telephone: "+31 70 000 0000", Country: "nl", State: "Zuid-Holland", City: "Den Haag", Zip: "2515 AA",
		}},
		PaymentProfiles: []PaymentProfile{{
			ID: SeedPaymentProfile, Default: true,
			Card: SavedCard{LastFour: "1111", Brand: "visa", ExpirationMonth: 12, ExpirationYear: 2055, CardholderName: "John Doe"},
			Address: BillingAddress{
				Address: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland", Country: "nl", Zip: "2515 AA",
			},
		}},
	}
}
