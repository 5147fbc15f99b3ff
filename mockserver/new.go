package mockserver

import (
	"context"
	"fmt"
	"net/http"

	gencontrol "github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/docs"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
	"github.com/pkio-tools/certcentral/mockserver/internal/front"
	"github.com/pkio-tools/certcentral/mockserver/internal/issuance"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
	"github.com/pkio-tools/certcentral/mockserver/internal/pki"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// New builds a server. It does not listen; see [Server.Start].
func New(opts ...Option) (*Server, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	vendorContract, controlContract, err := contracts()
	if err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	s := &Server{logger: c.logger, hosts: c.hosts, read: c.read, write: c.write}
	s.running, s.cancel = context.WithCancelCause(context.Background())
	limits, callLimits := c.capacity()
	accounts := store.NewMemory(limits)
	source := clock.New(c.now, c.startAt, func(account domain.AccountID) domain.Clock {
		settings, _ := accounts.Settings(s.running, account)
		return settings.Clock
	})
	seed := func(domain.AccountID) domain.Changes { // whose account has no clock of its own yet
		return domain.Seed(c.settings, c.funds, source.ServerNow())
	}
	limiter, calls := limit.New(), c.newJournal(s.running, callLimits)
	faults := fault.NewRules(source, front.FaultScopes(vendorContract, controlContract))
	forgetWith(accounts, limiter, calls, faults)
	authority := pki.New(c.hierarchy, c.baseURL, c.tokenKey, source, c.logger, c.authority...)
	work := issuance.New(s.running, issuance.Config{
		Store: accounts, PKI: authority, Seed: seed, Clock: source, Logger: c.logger,
		SlowStart: !c.warm && !c.tokenKey.Quick(),
	})
	refuse := envelope.NewWriter(c.logger, transport.Hints(), control.Hints())
	vendorAPI := transport.New(work, authority, source, front.NewKey)
	controlAPI := control.New(control.Config{
		Version: Version(), Accounts: work, Seed: seed, PKI: authority, Clock: source, Full: accounts.Full,
		NewKey: front.NewKey, Faults: faults, Journal: calls, Operations: operationsOf(vendorContract, controlContract), Anchor: vendorContract.Anchor,
	})
	handler := front.New(s.running, front.Config{
		Version: Version(),
		Vendor: front.API{
			Contract: vendorContract, Prefix: transport.Prefix, Server: transport.Prefix,
			Register: registerVendor(vendorAPI, refuse.WriteError),
		},
		Control: front.API{
			Contract: controlContract, Prefix: control.Prefix,
			Register: registerControl(controlAPI, refuse.WriteError),
		},
		OCSP:     authority.ServeOCSP,
		OCSPPath: control.OCSPPath,
		Pages:    docs.Handlers(control.Prefix),
		Store:    accounts, Seed: seed, Keys: c.keys, Token: c.token, Hosts: c.hosts, Limiter: limiter,
		CheckResponses: c.checked, ReportBreach: c.report, Journal: calls, Faults: faults,
		Errors: refuse, Clock: source, Logger: c.logger, LogRequests: c.logRequests,
	})
	if c.warm {
		work.Warm()
	}
	s.front, s.issuance, s.pki = handler, work, authority
	return s, nil
}

// newJournal returns the journal; nil when the server keeps none.
func (c *config) newJournal(running context.Context, limits journal.Limits) *journal.Journal {
	if !c.journal {
		return nil
	}
	return journal.New(running, limits)
}

// forgetWith makes the store forget what other packages keep about an account together with the
// account: the requests that count for its rate limits, its calls and its fault rules.
func forgetWith(accounts *store.Memory, limiter *limit.Limiter, calls *journal.Journal, faults *fault.Rules) {
	accounts.OnLoss(func(account domain.AccountID, reset bool) {
		limiter.Forget(account)
		faults.Clear(account)
		switch {
		case calls == nil:
		case reset:
			calls.Clear(account)
		default:
			calls.Forget(account)
		}
	})
}

// operationsOf returns a function that tells whether there is an operation of an id, and whether it
// is one of the mock's own.
func operationsOf(vendor, own *contract.Contract) func(id string) (known, control bool) {
	return func(id string) (known, control bool) {
		control = own.Has(id)
		return control || vendor.Has(id), control
	}
}

// newConfig applies the options. It chooses the CAs where no option has, and allows clients to use
// the host names in the addresses of the certificates.
func newConfig(opts []Option) (config, error) {
	c := defaults()
	if err := applyOptions(&c, opts); err != nil {
		return config{}, fmt.Errorf("mockserver: %w", err)
	}
	if c.hierarchy == nil {
		authority, err := defaultCA(clock.New(c.now, c.startAt, nil).ServerNow, c.quick)
		if err != nil {
			return config{}, err
		}
		c.hierarchy = authority.hierarchy
	}
	c.hosts.AddURL(c.baseURL)
	c.hosts.AddURL(c.hierarchy.Base())
	return c, nil
}

// contracts returns both contracts, which are parsed once in a process, and at the same time.
func contracts() (vendor, own *contract.Contract, err error) {
	go func() { _, _ = contract.Control() }() // an error is returned below too
	if vendor, err = contract.CertCentral(); err != nil {
		return nil, nil, err
	}
	own, err = contract.Control()
	return vendor, own, err
}

func registerVendor(api *transport.API, refuse func(http.ResponseWriter, *http.Request, error)) func(front.Routes) {
	return func(routes front.Routes) {
		strict := server.NewStrictHandlerWithOptions(api, []server.StrictMiddlewareFunc{transport.NegotiateCSV},
			server.StrictHTTPServerOptions{RequestErrorHandlerFunc: refuse, ResponseErrorHandlerFunc: refuse})
		server.HandlerWithOptions(strict, server.StdHTTPServerOptions{
			BaseURL: transport.Prefix, BaseRouter: routes, ErrorHandlerFunc: refuse,
		})
	}
}

func registerControl(api *control.API, refuse func(http.ResponseWriter, *http.Request, error)) func(front.Routes) {
	return func(routes front.Routes) {
		strict := gencontrol.NewStrictHandlerWithOptions(api, nil,
			gencontrol.StrictHTTPServerOptions{RequestErrorHandlerFunc: refuse, ResponseErrorHandlerFunc: refuse})
		gencontrol.HandlerWithOptions(strict, gencontrol.StdHTTPServerOptions{BaseRouter: routes, ErrorHandlerFunc: refuse})
	}
}
