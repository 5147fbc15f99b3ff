package sapcc

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	foreign "github.com/sapcc/go-certcentral"
)

// Left out, since they are about certificates, which the mock does not have yet: chain, download and revoke. Left out
// for good: GetDomain and ListDomains, which put their query into the path.

// newClient returns the foreign client with a key, and so an account, of this test's own.
func newClient(t *testing.T) *foreign.Client {
	t.Helper()
	client, err := foreign.New(&foreign.Options{Token: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestBadKey(t *testing.T) {
	t.Parallel()
	client, err := foreign.New(&foreign.Options{Token: "invalid-" + t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ListOrganizations()
	wantError(t, err, foreign.Error{
		Code:    http.StatusForbidden,
		Status:  "access_denied|access_denied_invalid_key",
		Message: "Access denied due to access_denied_invalid_key.",
	})
}

func TestOrganizations(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	list, err := client.ListOrganizations()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 {
		t.Fatalf("a fresh account has %d organizations, want 1", len(list))
	}
	want := foreign.Organization{
		ID: 1920073, Status: "active", Name: "Example Organisation B.V.", DisplayName: "Example Organisation B.V.",
		IsActive: true, Address: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA",
		Country: "nl", Telephone: "+31 70 000 0000",
		Container: &foreign.Container{ID: 4, Name: "Main", IsActive: true},
	}
	wantEqual(t, "the organization in the list", list[0], want)

	byName, err := client.GetOrganizationByName("EXAMPLE organisation b.v.")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the organization by its name", *byName, want)

	// Asked for by its id, it comes with its contact.
	byID, err := client.GetOrganization("1920073")
	if err != nil {
		t.Fatal(err)
	}
	want.OrganizationContact = &foreign.User{
		ID: 4313813, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com",
		JobTitle: "Authentication Engineer", Telephone: "911-249-7064",
	}
	wantEqual(t, "the organization by its id", *byID, want)

	_, err = client.GetOrganization("404")
	wantError(t, err, foreign.Error{
		Code: http.StatusNotFound, Status: "not_found|organization",
		Message: "organization not found: no organization of this account has this id; GET /organization lists them",
	})
}

func TestProducts(t *testing.T) {
	t.Parallel()
	products, err := newClient(t).ListProducts()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]foreign.Product{}
	for _, product := range products {
		byName[product.NameID] = product
	}
	wantEqual(t, "the product", byName["pkio_organisation_person"], foreign.Product{
		GroupName: "pkio_certificate", NameID: "pkio_organisation_person", Type: "pkio_certificate",
		Name:                      "PKIo Authentication or Encryption - Organisation Person",
		AllowedContainerIDs:       []int{},
		AllowedValidityYears:      []int{1, 2, 3},
		AllowedOrderValidityYears: []int{1, 2, 3},
		SignatureHashTypes: foreign.SignatureHashTypes{
			AllowedHashTypes:  []foreign.AllowedHashType{{ID: "sha256", Name: "SHA-256"}},
			DefaultHashTypeID: "sha256",
		},
	})
}

// The client sends the organization, the validity and the payment, but has no members for the individual, the
// agreement and the shipping that this product needs. Its error type keeps the first reason.
func TestOrderRefused(t *testing.T) {
	t.Parallel()
	order := foreign.Order{
		Certificate:          foreign.Certificate{SignatureHash: foreign.SignatureHashes.SHA256},
		Organization:         &foreign.Organization{ID: 1920073},
		OrderValidity:        foreign.OrderValidity{Years: 1},
		PaymentMethod:        foreign.PaymentMethods.Balance,
		CsProvisioningMethod: "token",
	}
	_, err := newClient(t).SubmitOrder(order, "pkio_organisation_person")
	wantError(t, err, foreign.Error{
		Code: http.StatusBadRequest, Status: "missing_field|certificate.profile_option",
		Message: "certificate.profile_option is missing",
	})

	_, err = newClient(t).SubmitOrder(order, foreign.OrderTypes.SSLPlus)
	wantError(t, err, foreign.Error{
		Code: http.StatusNotFound, Status: "not_found|product",
		Message: "product not found: the mock takes orders of pkio_organisation_person only",
	})
}

// An order that somebody else placed with the same key is read whole.
func TestOrder(t *testing.T) {
	t.Parallel()
	before := time.Now().Truncate(time.Second)
	placed := placeOrder(t)
	order, err := newClient(t).GetOrder(strconv.FormatInt(placed.ID, 10))
	if err != nil {
		t.Fatal(err)
	}
	if order.DateCreated.Before(before) || order.DateCreated.After(time.Now()) {
		t.Errorf("date_created is %v, not between %v and now", order.DateCreated, before)
	}
	order.DateCreated = time.Time{}
	contact := &foreign.User{
		ID: 4313912, FirstName: "John", LastName: "Smith", Email: "john.smith@example.com",
		JobTitle: "Authentication Analyst", Telephone: "911-249-7064",
	}
	wantEqual(t, "the order", *order, foreign.Order{
		ID: int(placed.ID), Status: "waiting_pickup",
		Certificate: foreign.Certificate{
			ID: int(placed.CertificateID), CommonName: "Jane Doe", SignatureHash: foreign.SignatureHashes.SHA256,
			ProfileOption: "authentication", Organization: &foreign.Organization{ID: 1920073},
		},
		Organization: &foreign.Organization{
			ID: 1920073, Name: "Example Organisation B.V.", DisplayName: "Example Organisation B.V.", IsActive: true,
			City: "Den Haag", State: "Zuid-Holland", Country: "nl",
		},
		OrderValidity: foreign.OrderValidity{Years: 2}, ValidityYears: 2,
		PaymentMethod: foreign.PaymentMethods.Balance, CsProvisioningMethod: "token",
		Product: &foreign.Product{
			NameID: "pkio_organisation_person", Type: "pkio_certificate",
			Name: "PKIo Authentication or Encryption - Organisation Person",
		},
		OrganizationContact: contact, TechnicalContact: contact,
		User:      &foreign.User{ID: 4313813, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com"},
		Container: &foreign.Container{ID: 4, Name: "Main", IsActive: true},
	})
}

// placeOrder orders through the client of this project, which finds the mock at the vendor's European address.
func placeOrder(t *testing.T) certcentral.PlacedOrder {
	t.Helper()
	client, err := certcentral.New(certcentral.WithAPIKey(t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	placed, err := client.Orders.PlacePKIoOrganisationPerson(t.Context(), certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813)),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912))),
		ShipInfo: certcentral.ShipInfo{
			Name: "Jane Doe", Address1: "Stationsplein 1", City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA",
			Country: "nl", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(2),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return placed
}
