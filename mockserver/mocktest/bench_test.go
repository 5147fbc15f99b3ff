package mocktest_test

import (
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// BenchmarkStart measures what a test pays: start, first order, close.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		order(b)
	}
}

func order(b *testing.B) {
	b.Helper()
	tb := &ending{TB: b}
	defer tb.end()
	mock := mocktest.Start(tb)
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(b.Context(), certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	})
	if err != nil {
		b.Fatal(err)
	}
}

// An ending test ends when it is told to, so that one benchmark can run many.
type ending struct {
	testing.TB
	cleanups []func()
}

func (e *ending) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

func (e *ending) end() {
	for _, f := range e.cleanups {
		f()
	}
}
