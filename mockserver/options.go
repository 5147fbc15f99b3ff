package mockserver

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/front"
	"github.com/pkio-tools/certcentral/mockserver/internal/limit"
)

// An Option changes how [New] builds a server. An option that is nil or has a wrong value makes New
// fail.
type Option func(*config) error

// An OptionError says that an [Option] or a [CAOption] has a wrong value. [New], [NewCA] and
// [Validate] join one for each wrong option.
type OptionError struct {
	Option string // what the option sets, such as "balance"
	Err    error  // what the value must be
}

// Error names the option and says what its value must be.
func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

// Unwrap is Err.
func (e *OptionError) Unwrap() error { return e.Err }

func wrongOption(option string, err error) error { return &OptionError{option, err} }

// Validate returns the error that [New] would return for these options, without building a server.
// A program that takes its settings from flags can judge each of them where it is given, as the
// command does.
func Validate(opts ...Option) error {
	c := defaults()
	if err := applyOptions(&c, opts); err != nil {
		return fmt.Errorf("mockserver: %w", err)
	}
	return nil
}

// applyOptions applies options of a server or of its CAs, and joins the errors of all of them.
func applyOptions[C any, O ~func(*C) error](c *C, opts []O) error {
	var errs []error
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, wrongOption("options", fmt.Errorf("option %d is nil", i+1)))
			continue
		}
		errs = append(errs, opt(c))
	}
	return errors.Join(errs...)
}

type config struct {
	now         func() time.Time
	logger      *slog.Logger
	logRequests bool
	journal     bool
	keys        front.Keyring // nil when any key opens an account
	token       front.ControlToken
	funds       domain.Funds
	settings    domain.Settings
	most        struct{ accounts, orders int } // caps; zero leaves one to the memory there is
	rates       []limit.Rule                   // none when nothing is limited
	checked     bool
	report      func(error)
	hierarchy   *ca.Hierarchy // of CAs; nil until New has chosen one
	quick       bool          // whether that one is to have quick keys
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
		journal:     true,
		funds:       domain.Funds{Unlimited: true},
		settings:    domain.DefaultSettings(),
		tokenKey:    ca.RSA3072,
		hosts:       new(front.Hosts),
		read:        time.Minute,
		write:       2 * time.Minute,
	}
}

// Unlimited is the negative balance limit of an account whose balance may fall without limit.
const Unlimited = "unlimited"

// WithClock sets where the server reads the time from; the default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return wrongOption("clock", errNil)
		}
		c.now = now
		return nil
	}
}

// WithLogger sets where the server logs to; the default discards everything. API keys, card numbers
// and bodies are never logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return wrongOption("logger", errNil)
		}
		c.logger = logger
		return nil
	}
}

// WithRequestLog sets whether the server logs a line for each request, which is the default. At the
// level info the line has the operation, the account, the status, the error codes of a refusal, the
// duration and the request id. At the level debug it also has the messages of a refusal, and what
// the mock ignored of the request.
func WithRequestLog(on bool) Option {
	return func(c *config) error {
		c.logRequests = on
		return nil
	}
}

// WithJournal sets whether the server keeps the last calls of each account, without their secrets,
// for GET /_mock/journal, which is the default. It takes an eighth of the memory that the server
// may fill with data, 256 MiB at most.
func WithJournal(on bool) Option {
	return func(c *config) error {
		c.journal = on
		return nil
	}
}

// WithControlToken requires this token in the header X-Mock-Token for operations on the whole
// server, such as GET /_mock/accounts. It has 1 to 256 visible ASCII characters. Without a token
// these operations are for clients on the server's own machine. Operations on one account require
// its API key only.
func WithControlToken(token string) Option {
	return func(c *config) error {
		parsed, err := front.NewControlToken(token)
		if err != nil {
			return wrongOption("control token", err)
		}
		c.token = parsed
		return nil
	}
}

// WithAPIKeys accepts only these API keys: every other key is refused. Each key opens an account of
// its own. Without this option an unknown key opens a fresh account, unless it begins with
// "invalid".
func WithAPIKeys(keys ...string) Option {
	return func(c *config) error {
		ring, err := front.NewKeyring(keys...)
		if err != nil {
			return wrongOption("API keys", err)
		}
		c.keys = ring
		return nil
	}
}

// WithAllowedHosts adds host names that clients may use for the server over plain HTTP on a
// loopback address, such as "mock.example.com", or "*.example.com" for every name below
// example.com. Without this option clients may use IP addresses, localhost and names below it, the
// name that [Server.Start] was given, and the name in the base URL of the certificates
// ([WithBaseURL]). A request to any other name is refused with 421: a page that a browser has
// loaded from that name could reach the server by DNS rebinding. Over TLS or on other addresses any
// name may be used.
func WithAllowedHosts(names ...string) Option {
	return func(c *config) error {
		for _, name := range names {
			if err := c.hosts.Add(name); err != nil {
				return wrongOption("allowed hosts", err)
			}
		}
		return nil
	}
}

// WithBalance sets the balance of new accounts, a decimal string with at most two decimals such as
// "1000.00". The default is "0.00".
func WithBalance(amount string) Option {
	return func(c *config) error {
		balance, err := domain.ParseMoney(amount)
		if err != nil {
			return wrongOption("balance", err)
		}
		c.funds.Balance = balance
		return nil
	}
}

// WithNegativeBalanceLimit sets how far the balance of new accounts may fall below zero, as a
// decimal string, or [Unlimited], which is the default.
func WithNegativeBalanceLimit(amount string) Option {
	return func(c *config) error {
		if amount == Unlimited {
			c.funds.Limit, c.funds.Unlimited = 0, true
			return nil
		}
		below, err := domain.ParseMoney(amount)
		if err != nil {
			return wrongOption("negative balance limit", fmt.Errorf("%w, or %s", err, Unlimited))
		}
		if below < 0 {
			return wrongOption("negative balance limit", fmt.Errorf(
				"must be how far the balance may fall below zero, an amount without a minus sign, or %s", Unlimited))
		}
		c.funds.Limit, c.funds.Unlimited = below, false
		return nil
	}
}

// Life says how the orders of an account move on.
type Life string

// LifeAuto ("auto") moves an order on by itself as far as it can. LifeManual ("manual") moves it
// only when the control API is called.
const (
	LifeAuto   = Life(domain.Auto)
	LifeManual = Life(domain.Manual)
)

// Lives lists the values of [Life].
func Lives() []Life { return []Life{LifeAuto, LifeManual} }

// WithLife sets the life of orders in new accounts; the default is [LifeAuto].
func WithLife(life Life) Option {
	return func(c *config) error {
		if !slices.Contains(Lives(), life) {
			return wrongOption("life", fmt.Errorf("must be one of %v", Lives()))
		}
		c.settings.Life = domain.Life(life)
		return nil
	}
}

// TokenChain says what the chain of a certificate on a token holds.
type TokenChain string

// TokenChainFull ("full") is the certificate and the CAs above it. TokenChainEmpty ("empty") is no
// certificate, as the real service may answer for a certificate on a token (D-70).
const (
	TokenChainFull  = TokenChain(domain.FullChain)
	TokenChainEmpty = TokenChain(domain.EmptyChain)
)

// TokenChains lists the values of [TokenChain].
func TokenChains() []TokenChain { return []TokenChain{TokenChainFull, TokenChainEmpty} }

// WithTokenChain sets what the chains of certificates hold in new accounts; the default is
// [TokenChainFull].
func WithTokenChain(chain TokenChain) Option {
	return func(c *config) error {
		if !slices.Contains(TokenChains(), chain) {
			return wrongOption("token chain", fmt.Errorf("must be one of %v", TokenChains()))
		}
		c.settings.TokenChain = domain.TokenChain(chain)
		return nil
	}
}

// Approval says whether the orders of an account need an approval within the account.
type Approval string

// ApprovalOff ("off") needs no approval. With ApprovalOn ("on") an order waits until an
// administrator or a manager of the account approves its request. ApprovalAutomatic ("automatic")
// makes a request too, and approves it at once.
const (
	ApprovalOff       = Approval(domain.ApprovalOff)
	ApprovalOn        = Approval(domain.ApprovalOn)
	ApprovalAutomatic = Approval(domain.ApprovalAutomatic)
)

// Approvals lists the values of [Approval].
func Approvals() []Approval { return []Approval{ApprovalOff, ApprovalOn, ApprovalAutomatic} }

// WithApproval sets whether orders of new accounts need an approval; the default is [ApprovalOff].
func WithApproval(approval Approval) Option {
	return func(c *config) error {
		if !slices.Contains(Approvals(), approval) {
			return wrongOption("approval", fmt.Errorf("must be one of %v", Approvals()))
		}
		c.settings.Approval = domain.Approval(approval)
		return nil
	}
}

// WithTolerance sets whether requests to new accounts may also have forms that common clients send
// and the contract does not have, such as null in an optional member, or a postal code as a
// number. The default is that they may; the header X-Mock-Tolerated of the answer names the members
// and parameters in such a form. Without tolerance, the mock refuses them. D-80 in
// openapi/DECISIONS.md lists the forms.
func WithTolerance(on bool) Option {
	return func(c *config) error {
		c.settings.Tolerance = domain.ToleranceOff
		if on {
			c.settings.Tolerance = domain.ToleranceOn
		}
		return nil
	}
}

// A RateLimit allows a number of requests in any period as long as the window. The windows roll:
// each request counts until it is older than the window.
type RateLimit struct {
	Requests int
	Window   time.Duration
}

// DefaultRateLimits are those that the vendor documents: 100 requests in 5 seconds and 1000 in 3
// minutes (dev.digicert.com/certcentral-apis/services-api, rate limits).
func DefaultRateLimits() []RateLimit {
	return []RateLimit{{Requests: 100, Window: 5 * time.Second}, {Requests: 1000, Window: 3 * time.Minute}}
}

// WithRateLimit limits how many requests each API key may send to the vendor's API; by default
// nothing is limited, so that test suites run at full speed. Without arguments the limits are
// [DefaultRateLimits]. A request beyond a limit is answered with 429. It does not count itself, and
// neither do requests with a bad key or without permission. The control API and the documentation
// are not limited.
func WithRateLimit(limits ...RateLimit) Option {
	return func(c *config) error {
		if len(limits) == 0 {
			limits = DefaultRateLimits()
		}
		c.rates = nil
		for _, one := range limits {
			if one.Requests < 1 || one.Window <= 0 {
				return wrongOption("rate limit", errors.New("must allow at least one request in a window that is longer than zero"))
			}
			c.rates = append(c.rates, limit.Rule(one))
		}
		return nil
	}
}

// WithResponseCheck checks every response against the contract before it is sent. The function
// report gets the error of each response that does not fit; nil logs it instead. The response is
// sent all the same, with the error in the header X-Mock-Contract-Breach: its request has already
// been carried out, and an error response would make a client place an order a second time.
func WithResponseCheck(report func(error)) Option {
	return func(c *config) error {
		c.checked, c.report = true, report
		return nil
	}
}

// WithWarmCA has the keys of the CAs made in the background as soon as [New] returns, and then
// keeps two keys for people spare, so that the first certificate is there at once. One processor
// makes them, and no key is begun while orders wait for certificates. The command does so. Without
// this option nothing is made before the first order: a test that needs no certificate pays for
// none. [Server.Close] ends it.
func WithWarmCA() Option {
	return func(c *config) error {
		c.warm = true
		return nil
	}
}

// WithMaxAccounts sets how many accounts the server holds at most; the default is 10,000, or fewer
// where there is little memory. To open one more account, the server drops an account that no
// request has changed, the least recently used one.
func WithMaxAccounts(n int) Option {
	return func(c *config) error {
		c.most.accounts = n
		return atLeastOne("maximum of accounts", n)
	}
}

// WithMaxOrders sets how many orders the server holds at most, in all accounts together. With 8 KiB
// for each of them it also sets how much memory the accounts may take, with their orders, reissues,
// notes and everything else that they hold. The default follows from the memory that the process
// may use: the lower one of GOMEMLIMIT and the limit of the control group, or a quarter of the
// machine's memory without them. It is 1,000,000 at most, and is logged.
func WithMaxOrders(n int) Option {
	return func(c *config) error {
		c.most.orders = n
		return atLeastOne("maximum of orders", n)
	}
}

var errNil = errors.New("must not be nil")

func atLeastOne(what string, n int) error {
	if n < 1 {
		return wrongOption(what, errors.New("must be at least 1"))
	}
	return nil
}
