// Package client is a client of DigiCert's CertCentral Services API (v2), as far as the life of a PKIoverheid
// "Organisation Person" certificate needs it, from its order to its revocation, with the account that such an order
// lives in. It is unofficial. Import it under the name certcentral:
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
// The methods hang on services, such as [Client.Orders] and [Client.Organizations]. Each one sends a single request,
// takes [RequestOption] values at its end and returns a plain value. The methods whose names begin with All return an
// iterator that asks for the pages as it goes.
//
// A call fails when the headers of an answer have not come within 60 seconds after the request was sent. The body of an
// answer may take any time: give the context a deadline, or [WithHTTPClient] a client with a timeout, which replaces this
// limit. A client is safe for use by several goroutines.
//
// # Lists
//
// The options of a list hold filters, whose zero value finds everything. [AnyOf] finds states, [IDs] ids, [Exactly] and
// [Contains] texts, [On], [Since], [Until] and [Between] days ([Date]) and times ([time.Time]), all with their bounds,
// [Yes] and [No] what has a property or lacks it. Several filters have to hold together, the values of one filter hold
// alternatively:
//
//	cc.Orders.All(ctx, certcentral.OrderListOptions{
//		Status:         certcentral.AnyOf(certcentral.OrderPending, certcentral.OrderProcessing),
//		OrganizationID: certcentral.IDs(1920073),
//		DateCreated:    certcentral.Since(time.Now().AddDate(0, 0, -7)),
//		Sort:           "-date_created",
//	})
//
// A page that does not say where in the list it stands, or contradicts the items that it holds, is an error, and so is a
// page that only repeats what the iteration has come to already. An iteration that ends without an error has reached the
// total that the service told last.
//
// A filter that was made of nothing, such as IDs(found...) where nothing was found, is an [*ArgumentError]: it never
// turns into a list of everything.
//
// # The life of an order
//
// In an account that asks for approvals, an order waits for somebody ([PlacedOrder.NeedsApproval]), who decides by
// [RequestService.Approve] or [RequestService.Reject]. Then it goes to the certificate authority. [OrderService.Get]
// tells how far it is, and [OrderService.StatusChanges] which of all orders have moved. Until the certificate is
// issued, [OrderService.Cancel] ends it and gives back what the balance paid.
//
// # Certificates
//
// Once an order is [OrderIssued], [OrderService.Certificate] downloads its certificate with the chain, parsed by
// crypto/x509, and [CertificateService.Get] does so for each certificate that the order has had. Until then they fail
// with [ErrNotIssued]. Issuing takes days with the real service, since a token is shipped in between: ask for the state
// of the order now and then, and not in a loop.
//
//	issued, err := cc.Orders.Certificate(ctx, placed.ID)
//	switch {
//	case errors.Is(err, certcentral.ErrNotIssued):
//		// later
//	case err != nil:
//		return err
//	default:
//		fmt.Println(issued.Leaf.Subject, "issued by", issued.Leaf.Issuer)
//	}
//
// The client does not verify what it downloads: that is for [crypto/x509.Certificate.Verify], with a root of your own.
// Other formats come as files ([OrderService.DownloadCertificateInFormat]). The private key is on the token, and never
// part of an answer.
//
// [OrderService.Reissue] gets the holder another certificate on a new token, and [CertificateService.Revoke] ends one
// for good; [OrderService.Revoke] ends them all. Both may wait for somebody of the account, as an order does.
//
// # Secrets
//
// The API key travels in a header of every request. The client therefore speaks HTTPS, plain HTTP only to the
// machine that it runs on (or with [WithInsecureHTTP]), and never follows a redirect. Card numbers and security codes
// are of type [Secret], which prints as "[redacted]" whichever way it is printed, and so is the API key of a new service
// user ([UserService.CreateServiceUser]). No error of this package holds the API key or the card of the request. Where a
// server, a gateway or a transport repeats one of them, in a code, in a header or in another text, "[redacted]" stands in
// its place, even if it was escaped as in URLs, JSON or HTML. An error whose chain would show it matches by [errors.Is] as
// before, but cannot be unwrapped. A secret that was encoded as a whole (base64, a hash), or of which only a part is
// shown, is not recognized, and one of less than 8 characters only as a word of its own. Texts of persons stay out of
// [Error.Error] and of logs; the messages of the service ([ErrorDetail.Message]) may hold them.
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
//		// perhaps there is an order now: see below, and look at this kind first
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
// The service knows no idempotency key, and an order costs money. So nothing that changes anything is ever sent twice
// by this package; [WithRetries] lets it repeat what only reads. A request that changes something has succeeded if its
// answer has a status and a media type that the contract declares for it, and holds what it must hold. It has not been
// carried out if it was refused with a status of 400 to 499 other than 408, or was never sent. Everything else is reported
// as [ErrOutcomeUnknown]: the connection broke after the request had gone out, a gateway answered in the service's place,
// the service failed (any status from 500, in its own words or not), the request was redirected, the answer could not be
// read. So give each order an id of your own, made up and kept before it is sent, and look for it before ordering again:
//
//	request.AlternativeOrderID = "renewal-2026-ada"
//	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, request)
//	if errors.Is(err, certcentral.ErrOutcomeUnknown) {
//		found, err := cc.Orders.ByAlternativeID(ctx, "renewal-2026-ada", certcentral.OrderAlternativeOptions{})
//		// One order: that is it. None: it was not placed, as far as the service knows by now.
//		// An error: nothing is known, so do not order again.
//	}
//
// The methods of other changes say where to look.
//
// # Compatibility
//
// The module follows semantic versioning; before version 1 a minor version may break, and the change log says how.
// Fields may be added to any struct, so write their literals with names. Values that the service adds to an
// enumeration, such as a new [OrderStatus], pass through as they are. What the service sends beyond the contract in
// gen/certcentral.yaml is ignored. The generated package gen/api is an implementation detail.
package client
