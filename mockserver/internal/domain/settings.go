package domain

import "time"

// Settings are the options of an account.
type Settings struct {
	Clock      Clock // unset while the account follows the clock of the server
	Approval   Approval
	Life       Life
	Validation Life // of validations
	TokenChain TokenChain
	Tolerance  Tolerance
	RateLimit  RateLimit
	Switches
}

// Switches are rules that the real service may have and the mock has not, unless one is on (D-85).
type Switches struct {
	IgnoreValidity     bool // order_validity is ignored, as without Multi-year Plans (D-13)
	RaiseShortValidity bool // a validity of less than 365 days becomes one of a year (D-33)
	RequireValidation  bool // an order needs an organization with an active validation (D-60)
	NoRefunds          bool // a canceled or rejected order gives nothing back (D-34)
}

// DefaultSettings are the settings of a new account, unless an option of the mock changes them.
func DefaultSettings() Settings {
	return Settings{Approval: ApprovalOff, Life: Auto, Validation: Auto, TokenChain: FullChain, Tolerance: ToleranceOn}
}

// Life says what moves an order to its next state.
type Life string

// In an automatic life the mock moves an order on, up to the issued certificate. In a manual life
// only a call of the control API does.
const (
	Auto   Life = "auto"
	Manual Life = "manual"
)

// Approval says whether orders need an approval within the account (D-54).
type Approval string

// ApprovalOff makes no requests. ApprovalOn makes a request that a user decides. ApprovalAutomatic
// makes a request and approves it at once.
const (
	ApprovalOff       Approval = "off"
	ApprovalOn        Approval = "on"
	ApprovalAutomatic Approval = "automatic"
)

// Tolerance says whether requests may also have forms that the contract does not have (D-80).
type Tolerance string

// ToleranceOn reads such a form as one of the contract. ToleranceOff refuses it.
const (
	ToleranceOn  Tolerance = "on"
	ToleranceOff Tolerance = "off"
)

// A SettingsChange has the settings that change; nil leaves one as it is.
type SettingsChange struct {
	Approval   *Approval
	Life       *Life
	Validation *Life
	TokenChain *TokenChain
	Tolerance  *Tolerance
	RateLimit  *RateLimit
	Balance    *Money
	Overdraft  *Overdraft

	IgnoreValidity     *bool
	RaiseShortValidity *bool
	RequireValidation  *bool
	NoRefunds          *bool
}

// An Overdraft is how far a balance may fall below zero.
type Overdraft struct {
	Limit     Money
	Unlimited bool
}

// Apply returns settings and funds with the changes.
func (c SettingsChange) Apply(settings Settings, funds Funds) (Settings, Funds) {
	set(&settings.Approval, c.Approval)
	set(&settings.Life, c.Life)
	set(&settings.Validation, c.Validation)
	set(&settings.TokenChain, c.TokenChain)
	set(&settings.Tolerance, c.Tolerance)
	set(&settings.RateLimit, c.RateLimit)
	set(&settings.IgnoreValidity, c.IgnoreValidity)
	set(&settings.RaiseShortValidity, c.RaiseShortValidity)
	set(&settings.RequireValidation, c.RequireValidation)
	set(&settings.NoRefunds, c.NoRefunds)
	set(&funds.Balance, c.Balance)
	if c.Overdraft != nil {
		funds.Limit, funds.Unlimited = c.Overdraft.Limit, c.Overdraft.Unlimited
	}
	return settings, funds
}

// ChangeSettings changes the settings of an account. Existing orders do not change. Another balance
// is a deposit or a charge in the history, so that the history still adds up to it (D-68).
func ChangeSettings(r Reader, now time.Time, change SettingsChange) Changes {
	plan := newPlan(r)
	before := r.Funds()
	settings, funds := change.Apply(r.Settings(), before)
	paid := funds.Balance - before.Balance
	funds.Balance = before.Balance
	plan.changes.Settings, plan.changes.Funds = &settings, &funds
	switch {
	case paid > 0:
		plan.adjust(now, paid, Deposit, 0)
	case paid < 0:
		plan.adjust(now, paid, Charge, 0)
	}
	return plan.finish()
}

func set[T any](setting, change *T) {
	if change != nil {
		*setting = *change
	}
}
