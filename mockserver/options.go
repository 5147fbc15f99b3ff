package mockserver

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/front"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
)

// An Option changes how [New] builds a server. An option with a wrong value makes New fail.
type Option func(*config) error

type config struct {
	now         func() time.Time
	logger      *slog.Logger
	logRequests bool
	keys        front.Keyring // nil when any key opens an account
	funds       domain.Funds
	settings    domain.Settings
	most        maximums
	tolerance   bool         // whether requests are taken in other forms than those of the contract too
	rates       []limit.Rule // none when nothing is limited
	checked     bool
	report      func(error)
	ca          *CA  // nil until New has chosen one
	quick       bool // whether that one is to have quick keys
	tokenKey    ca.KeyKind
	warm        bool          // whether keys are made before an order needs them
	baseURL     string        // empty: see WithBaseURL
	hosts       *front.Hosts  // the names by which clients may ask
	read        time.Duration // how long a client may take to send a request
	write       time.Duration // and how long to take its answer, from the moment that its headers are read
}

func defaults() config {
	return config{
		now:         time.Now, //nolint:forbidigo // the one place where the real clock comes in
		logger:      slog.New(slog.DiscardHandler),
		logRequests: true,
		funds:       domain.Funds{Unlimited: true},
		settings:    domain.DefaultSettings(),
		tolerance:   true,
		tokenKey:    ca.RSA3072,
		hosts:       new(front.Hosts),
		read:        time.Minute,
		write:       2 * time.Minute,
	}
}

// Unlimited is the negative balance limit of an account whose balance may fall without end.
const Unlimited = "unlimited"

// WithClock sets where the server reads the time from; the default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("clock: must not be nil")
		}
		c.now = now
		return nil
	}
}

// WithLogger sets where the server logs to; the default discards everything. No key, card number or body is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("logger: must not be nil")
		}
		c.logger = logger
		return nil
	}
}

// WithRequestLog sets whether the logger gets a line for each request, at the level info: its operation, the account, the
// status, the codes of a refusal, how long it took, and its id. The default is that it does. At the level debug there is also
// why a request was refused, and what of it was ignored.
func WithRequestLog(on bool) Option {
	return func(c *config) error {
		c.logRequests = on
		return nil
	}
}

// WithAPIKeys closes the list of API keys: every other key is refused. Each key opens an account of its own.
// Without this option an unknown key opens a fresh account, except one that begins with "invalid".
func WithAPIKeys(keys ...string) Option {
	return func(c *config) error {
		ring, err := front.NewKeyring(keys...)
		if err != nil {
			return fmt.Errorf("API keys: %w", err)
		}
		c.keys = ring
		return nil
	}
}

// WithAllowedHosts adds names by which clients may ask the server over plain HTTP on a loopback address, such as
// "mock.example.com", or "*.example.com" for every name below example.com. Without it they may use an IP address,
// localhost and names below it, the name that [Server.Start] was given, and the one in the address that certificates
// name. Every other name is refused with 421, since a page that a browser has loaded from there could use
// it to reach the server. Requests over TLS or on other addresses may use any name.
func WithAllowedHosts(names ...string) Option {
	return func(c *config) error {
		for _, name := range names {
			if err := c.hosts.Add(name); err != nil {
				return fmt.Errorf("allowed hosts: %w", err)
			}
		}
		return nil
	}
}

// WithBalance sets the balance of new accounts, a decimal string with at most two decimals such as "1000.00".
// The default is "0.00".
func WithBalance(amount string) Option {
	return func(c *config) error {
		balance, err := domain.ParseMoney(amount)
		if err != nil {
			return fmt.Errorf("balance: %w", err)
		}
		c.funds.Balance = balance
		return nil
	}
}

// WithNegativeBalanceLimit sets how far the balance of new accounts may fall below zero, as a decimal string, or
// [Unlimited], which is the default.
func WithNegativeBalanceLimit(amount string) Option {
	return func(c *config) error {
		if amount == Unlimited {
			c.funds.Limit, c.funds.Unlimited = 0, true
			return nil
		}
		below, err := domain.ParseMoney(amount)
		if err != nil {
			return fmt.Errorf("negative balance limit: %w, or %s", err, Unlimited)
		}
		if below < 0 {
			return fmt.Errorf("negative balance limit: must not be below zero; it says how far the balance may fall, or %s", Unlimited)
		}
		c.funds.Limit, c.funds.Unlimited = below, false
		return nil
	}
}

// Life says how the orders of an account move on.
type Life string

// LifeAuto moves an order on by itself as far as it can; LifeManual only when the control API tells it to.
const (
	LifeAuto   Life = "auto"
	LifeManual Life = "manual"
)

// WithLife sets the life of orders in new accounts; the default is [LifeAuto].
func WithLife(life Life) Option {
	return func(c *config) error {
		if life != LifeAuto && life != LifeManual {
			return fmt.Errorf("life: must be %s or %s", LifeAuto, LifeManual)
		}
		c.settings.Life = domain.Life(life)
		return nil
	}
}

// WithApproval sets whether orders of new accounts wait for an approval within the account; the default is that they
// do not.
func WithApproval(on bool) Option {
	return func(c *config) error {
		c.settings.Approval = domain.ApprovalOff
		if on {
			c.settings.Approval = domain.ApprovalOn
		}
		return nil
	}
}

// WithTolerance sets whether a request of the vendor's API may also have the forms that common clients send beside those of
// the contract, such as null in a member that may be left out, or a postal code as a number. The default is that it may;
// the header X-Mock-Tolerated of the answer names what was taken. Turned off, the mock takes what the contract says and
// nothing else. openapi/DECISIONS.md lists the forms (D-78).
func WithTolerance(on bool) Option {
	return func(c *config) error {
		c.tolerance = on
		return nil
	}
}

// A RateLimit allows so many requests in any stretch of time as long as the window. The windows roll: there is no
// moment at which all of a budget comes back.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

// DefaultRateLimits are those that the vendor documents: 100 requests in 5 seconds and 1000 in 3 minutes
// (dev.digicert.com/certcentral-apis/services-api, rate limits).
func DefaultRateLimits() []RateLimit {
	return []RateLimit{{Requests: 100, Window: 5 * time.Second}, {Requests: 1000, Window: 3 * time.Minute}}
}

// WithRateLimit limits how much each API key may send of the vendor's API; by default nothing is limited, so that test
// suites run at full speed. Without arguments the limits are [DefaultRateLimits]. A request beyond one of them is
// answered with 429 until the window has drained. It counts for nothing itself, and neither do requests with a bad key
// or without permission. The control API and the documentation are not limited.
func WithRateLimit(limits ...RateLimit) Option {
	return func(c *config) error {
		if len(limits) == 0 {
			limits = DefaultRateLimits()
		}
		c.rates = nil
		for _, one := range limits {
			if one.Requests < 1 || one.Window <= 0 {
				return errors.New("rate limit: at least one request has to fit in a window that is longer than zero")
			}
			c.rates = append(c.rates, limit.Rule(one))
		}
		return nil
	}
}

// WithResponseCheck checks every response against the contract before it is sent. One that does not fit is reported; a nil
// report logs it. It is sent all the same, with the breach in the header X-Mock-Contract-Breach: by then the request has
// done its work, and an error in place of the answer would make a client place an order a second time.
func WithResponseCheck(report func(error)) Option {
	return func(c *config) error {
		c.checked, c.report = true, report
		return nil
	}
}

// WithWarmCA has the keys of the CAs made in the background as soon as [New] returns, and then keeps two keys for people
// spare, so that the first certificate is there at once. One processor makes them, and no key is begun while orders wait
// for certificates. The command does so. Without this option nothing is made before the first order: a test that needs
// no certificate pays for none. [Server.Close] ends it.
func WithWarmCA() Option {
	return func(c *config) error {
		c.warm = true
		return nil
	}
}

// WithMaxAccounts sets how many accounts the server holds at most; the default is 10,000, or fewer where there is little
// memory. For one account more, the server forgets the one that is idle for longest of those that nothing has changed.
func WithMaxAccounts(n int) Option {
	return func(c *config) error {
		c.most.accounts = n
		return atLeastOne("maximum of accounts", n)
	}
}

// WithMaxOrders sets how many orders the server holds at most, in all accounts together, and with it how much memory
// orders, reissues, notes and whatever else the accounts hold may take: 8 KiB an order at least. The default comes from the memory
// there is: GOMEMLIMIT or the limit of the control group, the lower one of both, or else a quarter of the machine's. It is
// 1,000,000 at most, and is logged.
func WithMaxOrders(n int) Option {
	return func(c *config) error {
		c.most.orders = n
		return atLeastOne("maximum of orders", n)
	}
}

func atLeastOne(what string, n int) error {
	if n < 1 {
		return fmt.Errorf("%s: must be at least 1", what)
	}
	return nil
}
