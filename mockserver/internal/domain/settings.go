package domain

import "time"

// Settings are the options of an account.
type Settings struct {
	Clock      Clock // unset while the account follows the clock of the server
	Approval   Approval
	Life       Life
	TokenChain TokenChain
	Tolerance  Tolerance
	RateLimit  []RateRule // nothing is limited without rules
}

// A RateRule allows a number of requests of one API key in any period as long as the window (D-55).
type RateRule struct {
	Requests int
	Window   time.Duration
}

// DefaultSettings are the settings of a new account, unless an option of the mock changes them.
func DefaultSettings() Settings {
	return Settings{Approval: ApprovalOff, Life: Auto, TokenChain: FullChain, Tolerance: ToleranceOn}
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
	TokenChain *TokenChain
	Tolerance  *Tolerance
}

// ChangeSettings changes the settings of an account. Existing orders do not change.
func ChangeSettings(r Reader, change SettingsChange) Changes {
	settings := r.Settings()
	set(&settings.Approval, change.Approval)
	set(&settings.Life, change.Life)
	set(&settings.TokenChain, change.TokenChain)
	set(&settings.Tolerance, change.Tolerance)
	return Changes{Settings: &settings}
}

func set[T any](setting, change *T) {
	if change != nil {
		*setting = *change
	}
}
