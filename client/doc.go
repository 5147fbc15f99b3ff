// Package client is a Go client of DigiCert's CertCentral Services API, version 2. It covers what
// an order for a PKIoverheid "Organisation Person" certificate needs, from the order to the
// revocation of its certificate, and the account that places the order. It is unofficial. Import it
// under the name certcentral:
//
//	import certcentral "github.com/pkio-tools/certcentral/client"
//
// # Getting started
//
// [New] takes the API key from [WithAPIKey], from the environment variable CERTCENTRAL_API_KEY, or
// from a function ([WithAPIKeySource]), which may ask a secret store.
// Requests go to CertCentral Europe, the only platform that sells PKIoverheid certificates.
// [WithRegion], [WithBaseURL] and the environment variable CERTCENTRAL_BASE_URL choose another
// server:
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
// The methods belong to services, such as [Client.Orders] and [Client.Organizations]. Each method
// sends one request, takes [RequestOption] values as its last arguments and returns a plain value.
// A method whose name begins with Get returns a record, one that begins with Download a certificate
// or a file with certificates. A method whose name begins with All returns an iterator, which
// requests one page of a list after the other.
//
// A call fails if the headers of the answer do not arrive within 60 seconds after the request was
// sent. There is no limit for the body of the answer: set a deadline in the context, or a limit with
// [WithTimeout]. An HTTP client of your own ([WithHTTPClient]) brings its own limit instead of the 60
// seconds. Several goroutines may use one client at the same time.
//
// # Lists
//
// The options of a list hold filters. The zero value of a filter matches everything. [AnyOf]
// matches values of an enumeration, [IDs] ids, [Exactly] and [Contains] texts. [On], [Since],
// [Until] and [Between] match days ([Date]) and times ([time.Time]); their bounds are included.
// [Yes] and [No] match items that have, or do not have, a property. If several filters are set, an
// item must match all of them. If one filter has several values, an item must match one of them:
//
//	cc.Orders.All(ctx, certcentral.OrderListOptions{
//		Status:         certcentral.AnyOf(certcentral.OrderPending, certcentral.OrderProcessing),
//		OrganizationID: certcentral.IDs(1920073),
//		DateCreated:    certcentral.Since(time.Now().AddDate(0, 0, -7)),
//		Sort:           "-date_created",
//	})
//
// A page without its total, limit or offset is an error. So is a page whose total, limit or offset
// contradicts its items, and a page that holds only items of earlier pages. An iteration that ends
// without an error has reached the total of the last page.
//
// [OrderService.WriteCSV] and the methods of this name for requests, organizations and users write
// a whole list as comma-separated values, while it arrives.
//
// A filter without a value, such as IDs(found...) with an empty slice, is an [*ArgumentError]. It
// does not match everything.
//
// # The life of an order
//
// If the account requires approvals, a new order waits for an approval
// ([PlacedOrder.NeedsApproval]). An administrator or a manager of the account gives it by
// [RequestService.Approve] or refuses it by [RequestService.Reject]. An approved order goes to the
// certificate authority. [OrderService.Get] returns the state of one order,
// [OrderService.StatusChanges] the orders whose state has changed in a given time. Until the
// certificate is issued, [OrderService.Cancel] cancels the order, and the balance gets back what it
// paid.
//
// # Certificates
//
// If an order is [OrderIssued], [OrderService.DownloadCertificate] downloads its certificate with
// the chain, parsed by crypto/x509. [CertificateService.Download] does this for every certificate
// of the order, also for one that a reissue has replaced. Before the certificate is issued, both
// fail with [ErrNotIssued]. With the real service this takes days, since a token is shipped first:
// [OrderService.WaitIssued] waits for it.
//
//	if _, err := cc.Orders.WaitIssued(ctx, placed.ID); err != nil {
//		return err
//	}
//	issued, err := cc.Orders.DownloadCertificate(ctx, placed.ID)
//	if err != nil {
//		return err
//	}
//	fmt.Println(issued.Leaf.Subject, "issued by", issued.Leaf.Issuer)
//
// The client does not verify a downloaded certificate by itself. [Verify] does so, for a usage and
// with root certificates that you trust. [IssuedCertificate.CheckKey] and
// [IssuedCertificate.CheckCSR] tell whether a certificate belongs to a key. [OrderService.DownloadCertificateInFormat]
// downloads a file in another format. The private key stays on the token; no answer contains it.
//
// [OrderService.Reissue] asks for another certificate of the same order, on a new token.
// [CertificateService.Revoke] revokes one certificate, [OrderService.Revoke] all certificates of an
// order. Reissues and revocations may wait for an approval, as orders do.
//
// # Secrets
//
// A header of every request holds the API key. The client therefore uses HTTPS. It uses plain HTTP
// only to the machine that it runs on, or with [WithInsecureHTTP]. It never follows a redirect.
//
// Card numbers, security codes and the API key of a new service user
// ([UserService.CreateServiceUser]) are of the type [Secret]. Every way to print a Secret gives
// "[redacted]".
//
// No error of this package holds the API key, or the card of the request. If a server, a gateway or
// an HTTP transport repeats one of them, the error has "[redacted]" in its place. This also holds
// if the secret is escaped as in URLs, JSON or HTML. If an error that another error wraps shows a
// secret, it is replaced: [errors.Is] works on it as before, [errors.Unwrap] does not. Three cases
// are not covered: a secret that is encoded as a whole (base64, a hash), a part of a secret, and a
// secret of less than 8 characters inside a longer word.
//
// The messages of the service ([ErrorDetail.Message]) may hold data of persons, so [Error.Error]
// and logs leave them out.
//
// # Errors
//
// A call returns one of two types of error. An [*ArgumentError] means that the request could not be
// built; nothing was sent. Every other error is an [*Error], with the HTTP status and all reasons
// that the service gave. [errors.Is] tells the kinds of an [*Error] apart:
//
//	refused, ok := errors.AsType[*certcentral.Error](err)
//	switch {
//	case errors.Is(err, certcentral.ErrOutcomeUnknown):
//		// the order may have been placed: see below. Check for this kind first
//	case errors.Is(err, certcentral.ErrUnauthorized):
//		// the API key is wrong
//	case ok && refused.Has(certcentral.CodeInsufficientFunds):
//		// pay another way
//	}
//
// What each kind means, whether the change was made if the request changes something, and whether
// [WithRetries] repeats a request that only reads:
//
//	kind                what happened                             change made  read repeated
//	*ArgumentError      the request could not be built            no           no
//	ErrNotAnswered      no answer, or a part of one, to a read    -            yes (1)
//	ErrNotAnswered      a change was never sent                   no           -
//	ErrOutcomeUnknown   a change may have been sent, and no       perhaps      -
//	                    success and no refusal came back
//	ErrUnavailable      status 500 and above; for a change also   perhaps      500, 502,
//	                    ErrOutcomeUnknown                                      503, 504
//	ErrRateLimited      status 429                                no           yes
//	ErrUnauthorized     status 401, or 403 for the key            no           no
//	ErrForbidden        any other 403                             no           no
//	ErrNotFound         status 404                                no           no
//	ErrNotIssued        the certificate is not issued yet         no           no
//	ErrInvalidRequest   status 413, 415, any other 400            no           no
//	none of these       any other 4xx                             no (2)       408
//	none of these       a read with an answer of another form     -            no
//
// (1) Not if the certificate of the server is not trusted, its host name does not exist, the context
// has ended, or the request was not sent since middleware or the source of the API key failed.
//
// (2) After status 408 the outcome of a change is unknown.
//
// So a change that failed with ErrNotAnswered or ErrRateLimited was certainly not made, and can be
// sent again. [Error.RetryAfter] says when, if the service does.
//
// Both types of error have a method LogValue, for log/slog.
//
// The client does not check business rules, such as which ids exist, how long a certificate may be
// valid, or whether the balance is sufficient. The service does.
//
// # Ordering exactly once
//
// The service has no idempotency keys, and an order costs money. This package therefore never sends
// a request twice by itself if it changes something, and [WithRetries] repeats only requests that
// read. [OrderService.PlaceOnce] makes an order safe to repeat. It needs an id of your own: store the
// id before the first call, and use it again after a crash.
//
//	request.AlternativeOrderID = certcentral.NewOrderID() // stored before the call
//	result, err := cc.Orders.PlaceOnce(ctx, request)
//	// result.OrderID is the order. result.Found says whether its answer had been lost.
//
// PlaceOnce looks for an order with this id, places the order if there is none, and looks again if
// the outcome is unknown, with growing pauses, until the context ends. This holds, and no more:
//
//   - Without an error, exactly one order has the id.
//   - After [ErrOutcomeUnknown], one order or none has it. The error is an [*OnceError], whose text
//     has the id. A later call, after the quiet period or with [WithResume], ends at one order.
//   - After a [*DuplicateOrderError], several orders have it.
//   - After any other error, this call has placed no order.
//   - There are never two orders, unless the service carries out a request later than the quiet
//     period ([DefaultQuietPeriod], [WithQuietPeriod]) after its answer was lost, or two processes use
//     one id at the same time.
//
// [OrderService.ReissueOnce] and [OrderService.RevokeOnce] do the same for a reissue and a
// revocation. A reissue has a number, which it keeps if it is canceled. Without them, [OrderService.ByAlternativeID] and what the comments of the other methods
// say tell the outcome.
//
// A request that changes something has succeeded if its answer has a status and a media type that
// the contract declares for it, and all required members. It was not carried out if its status is
// 400 to 499 other than 408, or if it was never sent. In all other cases the call fails with
// [ErrOutcomeUnknown]: the connection broke after the request was sent, a gateway answered instead
// of the service, the service failed (any status from 500), the answer was a redirect, or the
// answer could not be read.
//
// # Waiting
//
// [OrderService.WaitIssued] waits until an order is issued. It is made for days: its pauses grow from
// seconds to an hour ([WithPauses]). It goes on while the service fails, and ends early with an
// [*OrderEndedError] if the order is rejected, canceled, revoked or expired. [WithProgress] tells of
// each new state, [WithApproval] of an order that waits for an approval. [RequestService.Wait] waits
// for the decision about a request:
//
//	order, err := cc.Orders.WaitIssued(ctx, result.OrderID)
//	if ended, ok := errors.AsType[*certcentral.OrderEndedError](err); ok {
//		return fmt.Errorf("no certificate: %w (%s)", err, ended.Note)
//	}
//
// [WithClock] gives the client another [Clock], by which it pauses: in a test, days take no time.
//
// # Rate limits
//
// The service allows an API key 100 requests in 5 seconds and 1000 in 3 minutes, and answers
// [ErrRateLimited] beyond that. Package limit, in the folder of this package, keeps a program within
// these limits.
//
// # Logs, metrics and traces
//
// [WithMiddleware] puts functions around the sending of requests. They see each attempt, with its
// operation and its route ([CallFrom]). The route names an operation without ids, as metrics need it.
// The folder client/example/otel shows OpenTelemetry, as a transport and as middleware.
//
// # Other requests
//
// [Client.Do] sends a request for which the client has no method. [WithRequestHeader],
// [WithRequestTimeout] and [WithRequestBaseURL] change a single call of any method.
//
// # Compatibility
//
// The module follows semantic versioning. Before version 1 a minor version may break programs; the
// change log says how to adapt them. A new version may add fields to any struct, so write struct
// literals with field names. If the service adds a value to an enumeration, such as a new
// [OrderStatus], the client passes it through. The client ignores members of an answer that the
// contract in gen/certcentral.yaml does not have. The generated package gen/api is an
// implementation detail.
package client
