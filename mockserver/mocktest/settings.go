package mocktest

import (
	"encoding/json"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Setting of an account, for [Server.Set].
type Setting struct {
	put func(testing.TB, *control.AccountSettingsInput)
}

// Set changes settings of the account, from the next request on. All others stay.
func (s *Server) Set(tb testing.TB, settings ...Setting) {
	tb.Helper()
	_, err := s.control.ChangeAccountSettingsWithResponse(background(), changed(tb, settings))
	check(tb, "change the settings", err)
}

func changed(tb testing.TB, settings []Setting) (in control.AccountSettingsInput) {
	tb.Helper()
	for _, setting := range settings {
		setting.put(tb, &in)
	}
	return in
}

func setting(put func(*control.AccountSettingsInput)) Setting {
	return Setting{put: func(_ testing.TB, in *control.AccountSettingsInput) { put(in) }}
}

// Balance sets the balance, an amount such as "1000.00".
func Balance(amount string) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.Balance = &amount })
}

// NegativeBalanceLimit sets how far the balance may fall below zero: an amount, or
// [mockserver.Unlimited].
func NegativeBalanceLimit(amount string) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.NegativeBalanceLimit = &amount })
}

// Approval sets whether orders need an approval.
func Approval(approval mockserver.Approval) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.Approval = new(control.ApprovalMode(approval)) })
}

// Life sets how orders move on.
func Life(life mockserver.Life) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.Life = new(control.Life(life)) })
}

// Validation sets what happens to validations that an organization is submitted for.
func Validation(validation mockserver.Validation) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.Validation = new(control.ValidationMode(validation)) })
}

// Tolerance sets whether requests may have the forms of [mockserver.WithTolerance].
func Tolerance(on bool) Setting {
	return setting(func(in *control.AccountSettingsInput) {
		in.Tolerance = new(control.ToleranceOff)
		if on {
			in.Tolerance = new(control.ToleranceOn)
		}
	})
}

// TokenChain sets what the chains of certificates on tokens hold.
func TokenChain(chain mockserver.TokenChain) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.TokenChain = new(control.TokenChain(chain)) })
}

// RateLimit sets how many requests each key may send. Without arguments nothing is limited;
// [mockserver.DefaultRateLimits] are those of the vendor.
func RateLimit(limits ...mockserver.RateLimit) Setting {
	return Setting{put: func(tb testing.TB, in *control.AccountSettingsInput) {
		tb.Helper()
		var rules control.RateRules // null, which is no limit, when there are none
		for _, limit := range limits {
			rules = append(rules, control.RateRule{Requests: int32(limit.Requests), Window: limit.Window.String()}) //nolint:gosec // the server refuses what is too large
		}
		encoded, err := json.Marshal(rules)
		check(tb, "set the rate limit", err)
		in.RateLimit = encoded
	}}
}

// MultiYearPlans sets what [mockserver.WithMultiYearPlans] does for new accounts.
func MultiYearPlans(on bool) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.MultiYearPlans = &on })
}

// ShortValidity sets what [mockserver.WithShortValidity] does for new accounts.
func ShortValidity(on bool) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.ShortValidity = &on })
}

// RequiredValidation sets what [mockserver.WithRequiredValidation] does for new accounts.
func RequiredValidation(on bool) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.RequiredValidation = &on })
}

// Refunds sets what [mockserver.WithRefunds] does for new accounts.
func Refunds(on bool) Setting {
	return setting(func(in *control.AccountSettingsInput) { in.Refunds = &on })
}
