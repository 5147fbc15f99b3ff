package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ChangeAccountSettings changes how the account behaves.
func (a *API) ChangeAccountSettings(ctx context.Context, request control.ChangeAccountSettingsRequestObject) (control.ChangeAccountSettingsResponseObject, error) {
	change, err := settingsIn(request.Body)
	if err != nil {
		return nil, err
	}
	err = a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.ChangeSettings(r, a.now(r), change), nil
	})
	if err != nil {
		return nil, err
	}
	state, err := a.state(ctx)
	return control.ChangeAccountSettings200JSONResponse(state), err
}

const (
	unlimited   = "unlimited" // the negative balance limit without a limit
	vendorLimit = "vendor"    // the rate limit that the vendor documents
)

// settingsIn reads a change of settings. The contract has checked the forms.
func settingsIn(in *control.AccountSettingsInput) (change domain.SettingsChange, err error) {
	change = domain.SettingsChange{
		Approval:           (*domain.Approval)(in.Approval),
		Life:               (*domain.Life)(in.Life),
		Validation:         (*domain.Life)(in.Validation),
		TokenChain:         (*domain.TokenChain)(in.TokenChain),
		Tolerance:          (*domain.Tolerance)(in.Tolerance),
		IgnoreValidity:     opposite(in.MultiYearPlans),
		RaiseShortValidity: opposite(in.ShortValidity),
		RequireValidation:  in.RequiredValidation,
		NoRefunds:          opposite(in.Refunds),
	}
	var errs domain.Errors
	wrong := func(path string, err error) {
		errs = append(errs, &domain.Error{Code: domain.CodeInvalidField, Path: path, Message: path + " " + err.Error()})
	}
	if in.Balance != nil {
		balance, err := domain.ParseMoney(*in.Balance)
		if err != nil {
			wrong("balance", err)
		}
		change.Balance = &balance
	}
	if limit := in.NegativeBalanceLimit; limit != nil {
		change.Overdraft = &domain.Overdraft{Unlimited: *limit == unlimited}
		if *limit != unlimited {
			if change.Overdraft.Limit, err = domain.ParseMoney(*limit); err != nil {
				wrong("negative_balance_limit", err)
			}
		}
	}
	if in.RateLimit != nil {
		limit, err := rateLimitIn(in.RateLimit)
		if err != nil {
			wrong("rate_limit", err)
		}
		change.RateLimit = &limit
	}
	if len(errs) > 0 {
		return change, errs
	}
	return change, nil
}

func opposite(of *bool) *bool {
	if of == nil {
		return nil
	}
	return new(!*of)
}

// rateLimitIn reads null, the name of the vendor's limit, or a list of rules.
func rateLimitIn(in json.RawMessage) (domain.RateLimit, error) {
	var name string
	if json.Unmarshal(in, &name) == nil {
		if name == vendorLimit {
			return domain.VendorRateLimit(), nil
		}
		return nil, nil // null
	}
	var rules []control.RateRule
	if err := json.Unmarshal(in, &rules); err != nil {
		return nil, errors.New("is no list of rules") // not after the check of the contract
	}
	limit := make(domain.RateLimit, len(rules))
	for i, rule := range rules {
		window, err := time.ParseDuration(rule.Window)
		if err != nil {
			return nil, fmt.Errorf("has no duration as the window of rule %d", i+1)
		}
		limit[i] = domain.RateRule{Requests: int(rule.Requests), Window: window}
	}
	return limit, limit.Check()
}

// rateLimitOut writes a limit in the form that rateLimitIn reads.
func rateLimitOut(limit domain.RateLimit) json.RawMessage {
	switch {
	case len(limit) == 0:
		return json.RawMessage("null")
	case limit.Vendor():
		return json.RawMessage(`"` + vendorLimit + `"`)
	}
	rules := make([]string, len(limit))
	for i, rule := range limit {
		rules[i] = fmt.Sprintf(`{"requests":%d,"window":%q}`, rule.Requests, shortest(rule.Window))
	}
	return json.RawMessage("[" + strings.Join(rules, ",") + "]")
}

// shortest writes a duration without the units that are zero, such as 3m and not 3m0s.
func shortest(d time.Duration) string {
	text := d.String()
	if short, found := strings.CutSuffix(text, "m0s"); found {
		text = short + "m"
	}
	if short, found := strings.CutSuffix(text, "h0m"); found {
		text = short + "h"
	}
	return text
}

// settingsOut is the state of an account as far as its settings go.
func settingsOut(settings *domain.Settings, funds domain.Funds) control.AccountState {
	out := control.AccountState{
		Approval: control.ApprovalMode(settings.Approval), Life: control.Life(settings.Life),
		Validation: control.ValidationMode(settings.Validation),
		Balance:    funds.Balance.String(), NegativeBalanceLimit: unlimited, RateLimit: rateLimitOut(settings.RateLimit),
		Tolerance: control.Tolerance(settings.Tolerance), TokenChain: control.TokenChain(settings.TokenChain),
		MultiYearPlans: !settings.IgnoreValidity, ShortValidity: !settings.RaiseShortValidity,
		RequiredValidation: settings.RequireValidation, Refunds: !settings.NoRefunds,
	}
	if !funds.Unlimited {
		out.NegativeBalanceLimit = funds.Limit.String()
	}
	return out
}
