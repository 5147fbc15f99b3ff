package domain

// Settings are how an account behaves.
type Settings struct {
	Approval Approval
	Life     Life
}

// DefaultSettings are those of a new account, unless the mock is told otherwise.
func DefaultSettings() Settings { return Settings{Approval: ApprovalOff, Life: Auto} }

// Life says how an order moves on.
type Life string

// Auto moves an order on by itself, as far as it can; Manual only when it is told to.
const (
	Auto   Life = "auto"
	Manual Life = "manual"
)

// Approval says whether orders need an approval within the account (D-54).
type Approval string

// ApprovalOff asks for none, ApprovalOn for one, and ApprovalAutomatic makes a request and approves it at once.
const (
	ApprovalOff       Approval = "off"
	ApprovalOn        Approval = "on"
	ApprovalAutomatic Approval = "automatic"
)

// ChangeSettings changes how an account behaves from now on; what is nil stays as it is. Orders that have been placed
// stay as they are.
func ChangeSettings(r Reader, approval *Approval, life *Life) Changes {
	settings := r.Settings()
	if approval != nil {
		settings.Approval = *approval
	}
	if life != nil {
		settings.Life = *life
	}
	return Changes{Settings: &settings}
}
