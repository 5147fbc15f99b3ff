package client_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// example reads a request from the examples of the contract, in the form that the client sends: ids
// are integers, and the two members of a contact that the service ignores (D-21) are left out.
func example(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "openapi", "examples", name+".request.json"))
	if err != nil {
		t.Fatal(err)
	}
	m := decode(t, b)
	contacts, _ := m["contacts"].([]any)
	if organization, ok := m["organization"].(map[string]any); ok {
		if id, ok := organization["id"].(string); ok {
			var n float64
			if err := json.Unmarshal([]byte(id), &n); err != nil {
				t.Fatal(err)
			}
			organization["id"] = n
		}
		contacts, _ = organization["contacts"].([]any)
	}
	for _, contact := range contacts {
		delete(contact.(map[string]any), "id")
		delete(contact.(map[string]any), "type")
	}
	return m
}

func decode(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// vendorOrder has the fields that the two examples of the vendor share.
func vendorOrder() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		RSASSAPSS: true,
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPersonWith(4313813, certcentral.PersonDetails{
				FirstName: "John", LastName: "Doe", JobTitle: "Authentication Engineer", Telephone: "911-249-7064",
				Email: "john.doe@example.com",
			})),
			certcentral.OrganizationContact(certcentral.ExistingPersonWith(4313912, certcentral.PersonDetails{
				FirstName: "John", LastName: "Smith", JobTitle: "Authentication Analyst", Telephone: "911-249-7064",
				Email: "john.smith@example.com",
			})),
		),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", Address2: "Floor 94", City: "Bern", State: "Switzerland",
			Zip: "3030", Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	}
}

// ourOrder has the fields that our own examples share.
func ourOrder() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual: certcentral.NewIndividual(certcentral.Individual{
			FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", Telephone: "+31 70 000 0000",
			Country: "nl", State: "Zuid-Holland", City: "Den Haag", Zip: "2515 AA",
		}),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "Ada Voorbeeld", Address1: "Stationsplein 1", Address2: "2e etage", City: "Den Haag",
			State: "Zuid-Holland", Zip: "2515 AA", Country: "nl", Method: certcentral.ShippingStandard,
		},
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	}
}

var (
	voorbeeld = certcentral.OrganizationDetails{
		Name: "Voorbeeld B.V.", AssumedName: "Voorbeeld", Address: "Stationsplein 1", Address2: "2e etage",
		City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA", Country: "nl", Telephone: "+31 70 000 0000",
	}
	grace = certcentral.NewPerson(certcentral.PersonDetails{
		FirstName: "Grace", LastName: "Voorbeeld", Email: "grace@example.org", JobTitle: "Director",
		Telephone: "+31 70 000 0001",
	})
)

const (
	testCardNumber = "4111111111111111"
	testCVV        = "333"
)

func testCard() certcentral.Card {
	return certcentral.Card{
		Number: certcentral.NewSecret(testCardNumber), CVV: certcentral.NewSecret(testCVV),
		ExpirationMonth: 12, ExpirationYear: 2029, CardholderName: "Ada Voorbeeld", Save: true, SetAsDefault: true,
	}
}

var testBilling = certcentral.BillingAddress{
	Address: "Stationsplein 1", City: "Den Haag", Country: "nl", Zip: "2515 AA",
}

// TestOrderExamples builds the orders of the contract's examples with the functions of the client.
func TestOrderExamples(t *testing.T) {
	t.Parallel()
	for name, build := range map[string]func(r *certcentral.PKIoOrganisationPersonRequest){
		"vendor_existing_individual": func(r *certcentral.PKIoOrganisationPersonRequest) {
			*r = vendorOrder()
			r.ProfileOption = certcentral.ProfileNonrepudiation
			r.Individual = certcentral.ExistingIndividual(21)
		},
		"vendor_new_individual": func(r *certcentral.PKIoOrganisationPersonRequest) {
			*r = vendorOrder()
			r.ProfileOption = certcentral.ProfileEncryption
			r.Individual = certcentral.NewIndividual(certcentral.Individual{
				FirstName: "John", LastName: "Doe", Email: "john.doe@example.com", Telephone: "+18018308989",
				Country: "ch", City: "Berlin", State: "Switzerland", Zip: "3030",
			})
			r.ShipInfo.Country = "c"
		},
		"new_organization": func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.NewOrganization(voorbeeld, certcentral.VerifiedContact(grace))
			r.Validity = certcentral.Years(3)
		},
		"card_and_days": func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Validity = certcentral.Days(365)
			r.Payment = certcentral.PayByCard(testCard(), testBilling)
		},
		"profile_and_custom_date": func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Validity = certcentral.ExpiresOn(2027, time.June, 9)
			r.Payment = certcentral.PayByProfile(1001)
		},
		"order_contacts": func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.OrganizationContact = certcentral.ExistingPerson(4313912)
			r.TechnicalContact = certcentral.NewPerson(certcentral.PersonDetails{
				FirstName: "Linus", LastName: "Voorbeeld", Email: "linus@example.org", JobTitle: "Engineer",
				Telephone: "+31 70 000 0002",
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, answerJSON(201, `{"id":843668399,"certificate_id":845503702,"organization":{"id":1920074}}`))
			r := ourOrder()
			build(&r)
			placed, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			want := certcentral.PlacedOrder{ID: 843668399, CertificateID: 845503702, OrganizationID: 1920074}
			if diff := cmp.Diff(want, placed, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("placed (-want +got):\n%s", diff)
			}
			got := s.only(t)
			checkHeaders(t, got, "application/json")
			if got.Method != http.MethodPost || got.Path != basePath+"/order/certificate/pkio_organisation_person" {
				t.Errorf("sent %s %s", got.Method, got.Path)
			}
			diff := cmp.Diff(example(t, "orderPkioOrganisationPerson."+name), decode(t, []byte(got.Body)))
			if diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOrganizationExamples(t *testing.T) {
	t.Parallel()
	older := voorbeeld
	older.SkipDuplicateCheck = true
	for name, r := range map[string]certcentral.OrganizationCreateRequest{
		"with_contacts": {Details: voorbeeld, Contacts: []certcentral.ContactRequest{
			certcentral.VerifiedContact(grace),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912)),
			certcentral.TechnicalContact(certcentral.ExistingPerson(4313813)),
		}},
		"organization_contact": {Details: older, OrganizationContact: grace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, answerJSON(201, `{"id":1920074}`))
			created, err := c.Organizations.Create(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if created.ID != 1920074 {
				t.Errorf("created %+v", created)
			}
			diff := cmp.Diff(example(t, "createOrganization."+name), decode(t, []byte(s.only(t).Body)))
			if diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrderBody pins members that the examples do not have.
func TestOrderBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(r *certcentral.PKIoOrganisationPersonRequest)
		want string // the members that differ from simpleOrder
	}{
		{"nothing more", func(*certcentral.PKIoOrganisationPersonRequest) {}, `{}`},
		{"default profile", func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Payment = certcentral.PayByDefaultProfile()
		}, `{"payment_method": "profile"}`},
		{"a card that is not saved", func(r *certcentral.PKIoOrganisationPersonRequest) {
			card := testCard()
			card.ExpirationMonth, card.Save, card.SetAsDefault = 3, false, false
			r.Payment = certcentral.PayByCard(card, certcentral.BillingAddress{Address2: "a", State: "b"})
		}, `{"payment_method": "card",
			"credit_card": {"number": "4111111111111111", "cvv": "333", "expiration_month": "03",
				"expiration_year": "2029", "cardholder_name": "Ada Voorbeeld", "save_credit_card": false,
				"set_as_default": "0"},
			"billing_address": {"address": "", "address2": "a", "city": "", "state": "b", "country": ""}}`},
		{"a new organization all the same", func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.NewOrganization(certcentral.OrganizationDetails{SkipDuplicateCheck: true},
				certcentral.TechnicalContact(certcentral.ExistingPerson(1)))
		}, `{"organization": {"skip_duplicate_org_check": true,
			"contacts": [{"contact_type": "technical_contact", "user_id": 1}]}}`},
		{"everything that orders of each product can have", func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.AlternativeOrderID = "my-order-1"
			r.ContainerID = 4
			r.CustomFields = []certcentral.CustomField{{ID: 1, Value: "Cost center 7"}}
			r.AdditionalEmails = []string{"office@example.com"}
			r.DisableRenewalNotifications = true
			r.Comments = "For the new colleague."
			r.SkipApproval = true
		}, `{"alternative_order_id": "my-order-1", "container": {"id": 4},
			"custom_fields": [{"metadata_id": 1, "value": "Cost center 7"}],
			"additional_emails": ["office@example.com"], "disable_renewal_notifications": true,
			"comments": "For the new colleague.", "skip_approval": true}`},
		{"the end of a month", func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Validity = certcentral.ExpiresOn(time.Date(2028, time.February, 29, 23, 59, 0, 0, time.FixedZone("", -3600)).Date())
		}, `{"order_validity": {"custom_expiration_date": "29 FEB 2028"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := decode(t, []byte(`{
				"certificate": {"signature_hash": "sha256", "profile_option": "authentication", "individual": {"id": 21}},
				"csa_agreed_to": true, "cs_provisioning_method": "token",
				"organization": {"id": 1920073, "contacts": []}, "payment_method": "balance"}`))
			maps.Copy(want, decode(t, []byte(tt.want)))
			c, s := start(t, answerJSON(201, `{"id":1}`))
			r := simpleOrder()
			tt.edit(&r)
			if _, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, decode(t, []byte(s.only(t).Body))); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlacedOrderNeedsApproval reads the four forms of the answer to an order.
func TestPlacedOrderNeedsApproval(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"id":1,"certificate_id":2}`:                                                    false,
		`{"id":1,"requests":[{"id":3,"status":"pending"}]}`:                              true,
		`{"id":1,"requests":[{"id":3,"status":"submitted"}]}`:                            true,
		`{"id":1,"certificate_id":2,"requests":[{"id":3,"status":"approved"}]}`:          false,
		`{"id":1,"requests":[{"id":3,"status":"rejected"}]}`:                             false,
		`{"id":1,"requests":[{"id":3,"status":"approved"},{"id":4,"status":"pending"}]}`: true,
	} {
		placed, err := offline(t, 201, "application/json", body).Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
		if err != nil {
			t.Fatal(err)
		}
		if placed.NeedsApproval() != want {
			t.Errorf("%s: needs an approval: %t", body, !want)
		}
	}
}
