// Package client is a client of DigiCert's CertCentral Services API (v2), as far as ordering a PKIoverheid
// "Organisation Person" certificate needs it. It is unofficial. Import it under the name certcentral:
//
//	import certcentral "github.com/pkio-tools/certcentral/client"
//
// # Getting started
//
// [New] takes the API key from [WithAPIKey], or else from the environment variable CERTCENTRAL_API_KEY. The server is
// CertCentral Europe, the only platform that sells PKIoverheid certificates, unless [WithRegion], [WithBaseURL] or
// the environment variable CERTCENTRAL_BASE_URL says otherwise:
//
//	cc, err := certcentral.New()
//	if err != nil {
//		return err
//	}
//	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, certcentral.PKIoOrganisationPersonRequest{
//		ProfileOption: certcentral.ProfileAuthentication,
//		Individual:    certcentral.ExistingIndividual(21),
//		Organization: certcentral.ExistingOrganization(1920073,
//			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
//		ShipInfo: certcentral.ShipInfo{
//			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
//			Country: "ch", Method: certcentral.ShippingStandard,
//		},
//		Validity:    certcentral.Years(1),
//		Payment:     certcentral.PayByBalance(),
//		AgreedToCSA: true,
//	})
//
// The methods hang on services: [Client.Orders], [Client.Organizations], [Client.Users] and [Client.Finance]. Each
// one sends a single request, takes [RequestOption] values at its end and returns a plain value. The methods named
// All return an iterator that asks for the pages as it goes.
//
// A client sets no time limit of its own: give the context a deadline, or [WithHTTPClient] a client with a timeout.
// A client is safe for use by several goroutines.
//
// # Secrets
//
// The API key travels in a header of every request. The client therefore speaks HTTPS, plain HTTP only to the
// machine that it runs on (or with [WithInsecureHTTP]), and never follows a redirect. Card numbers and security codes
// are of type [Secret], which prints as "[redacted]" whichever way it is printed. No error of this package holds a
// key, a card or a person.
//
// # Errors
//
// A call fails in one of two ways. An [*ArgumentError] means that a request could not be built, and that nothing was
// sent. Everything else is an [*Error], with the status and every reason that the service gave; [errors.Is] tells
// the kinds apart:
//
//	refused, ok := errors.AsType[*certcentral.Error](err)
//	switch {
//	case errors.Is(err, certcentral.ErrOutcomeUnknown):
//		// perhaps there is an order now: see below
//	case errors.Is(err, certcentral.ErrUnauthorized):
//		// the key is wrong
//	case ok && refused.Has("insufficient_funds"):
//		// pay another way
//	}
//
// Business rules (which ids exist, how long a certificate may last, what the balance allows) are left to the service.
//
// # An order is never repeated
//
// The service knows no idempotency key, and an order costs money. So nothing is ever sent twice by this package, and
// an order whose fate is unclear (the connection broke after the request had gone out, a gateway answered in the
// service's place, the answer could not be read) is reported as [ErrOutcomeUnknown]. Before ordering again, look
// whether the order exists:
//
//	for order, err := range cc.Orders.All(ctx, certcentral.OrderListOptions{
//		OrganizationID: 1920073,
//		Sort:           "-date_created",
//	}) {
//		// Stop at the first order created well before yours was sent. Compare the common name with the person's,
//		// and read the order (Orders.Get) to compare the individual and the profile.
//	}
//
// # Compatibility
//
// The module follows semantic versioning; before version 1 a minor version may break, and the change log says how.
// Fields may be added to any struct, so write their literals with names. Values that the service adds to an
// enumeration, such as a new [OrderStatus], pass through as they are. What the service sends beyond the contract in
// gen/certcentral.yaml is ignored. The generated package gen/api is an implementation detail.
package client
