package control

import (
	"context"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/fault"
)

// CreateFault makes a rule of the account. From then on the account is not evicted: its rules would
// be lost with it.
func (a *API) CreateFault(ctx context.Context, request control.CreateFaultRequestObject) (control.CreateFaultResponseObject, error) {
	account := accountOf(ctx)
	spec, err := specOf(request.Body)
	if err != nil {
		return nil, err
	}
	id, err := a.Faults.Add(account, spec)
	if err != nil {
		return nil, err
	}
	if err := a.Accounts.Keep(ctx, account); err != nil {
		_ = a.Faults.Delete(account, id) // which has failed if the account is gone with its rules
		return nil, err
	}
	if _, err := a.Faults.Get(account, id); err != nil { // the account was evicted before it was to be kept
		if id, err = a.Faults.Add(account, spec); err != nil {
			return nil, err
		}
	}
	return control.CreateFault201JSONResponse{ID: id}, nil
}

// CreateServerFault makes a rule of the server.
func (a *API) CreateServerFault(_ context.Context, request control.CreateServerFaultRequestObject) (control.CreateServerFaultResponseObject, error) {
	spec, err := specOf(request.Body)
	if err != nil {
		return nil, err
	}
	id, err := a.Faults.Add(fault.Server, spec)
	return control.CreateServerFault201JSONResponse{ID: id}, err
}

// ListFaults lists the rules of the account.
func (a *API) ListFaults(ctx context.Context, _ control.ListFaultsRequestObject) (control.ListFaultsResponseObject, error) {
	return control.ListFaults200JSONResponse(faultsOut(a.Faults.List(accountOf(ctx)))), nil
}

// ListServerFaults lists the rules of the server.
func (a *API) ListServerFaults(context.Context, control.ListServerFaultsRequestObject) (control.ListServerFaultsResponseObject, error) {
	return control.ListServerFaults200JSONResponse(faultsOut(a.Faults.List(fault.Server))), nil
}

// GetFault returns a rule of the account.
func (a *API) GetFault(ctx context.Context, request control.GetFaultRequestObject) (control.GetFaultResponseObject, error) {
	rule, err := a.Faults.Get(accountOf(ctx), request.ID)
	return control.GetFault200JSONResponse(faultOut(rule)), err
}

// GetServerFault returns a rule of the server.
func (a *API) GetServerFault(_ context.Context, request control.GetServerFaultRequestObject) (control.GetServerFaultResponseObject, error) {
	rule, err := a.Faults.Get(fault.Server, request.ID)
	return control.GetServerFault200JSONResponse(faultOut(rule)), err
}

// DeleteFault deletes a rule of the account.
func (a *API) DeleteFault(ctx context.Context, request control.DeleteFaultRequestObject) (control.DeleteFaultResponseObject, error) {
	return control.DeleteFault204Response{}, a.Faults.Delete(accountOf(ctx), request.ID)
}

// DeleteServerFault deletes a rule of the server.
func (a *API) DeleteServerFault(_ context.Context, request control.DeleteServerFaultRequestObject) (control.DeleteServerFaultResponseObject, error) {
	return control.DeleteServerFault204Response{}, a.Faults.Delete(fault.Server, request.ID)
}

// DeleteFaults deletes the rules of the account.
func (a *API) DeleteFaults(ctx context.Context, _ control.DeleteFaultsRequestObject) (control.DeleteFaultsResponseObject, error) {
	a.Faults.Clear(accountOf(ctx))
	return control.DeleteFaults204Response{}, nil
}

// DeleteServerFaults deletes the rules of the server.
func (a *API) DeleteServerFaults(context.Context, control.DeleteServerFaultsRequestObject) (control.DeleteServerFaultsResponseObject, error) {
	a.Faults.Clear(fault.Server)
	return control.DeleteServerFaults204Response{}, nil
}

// specOf reads a rule, which the contract has checked.
func specOf(in *control.FaultRuleInput) (fault.Spec, error) {
	spec := fault.Spec{Preset: fault.Preset(value(in.Preset)), Seed: in.Seed}
	var errs domain.Errors
	if in.Times != nil {
		spec.Times = new(int(*in.Times))
	}
	if in.Until != nil {
		until, err := time.Parse(time.RFC3339Nano, *in.Until)
		if err != nil {
			errs = append(errs, wrong("until", "must be a time in RFC 3339, such as 2026-11-23T09:30:00Z"))
		}
		spec.Until = until
	}
	if in.Match != nil {
		spec.Match = matchOf(in.Match)
	}
	if in.Action != nil {
		action, err := actionOf(in.Action)
		if err != nil {
			errs = append(errs, err)
		}
		spec.Action = &action
	}
	if len(errs) > 0 {
		return spec, errs
	}
	return spec, nil
}

func wrong(path, message string) *domain.Error {
	return &domain.Error{Code: domain.CodeInvalidFault, Path: path, Message: path + " " + message}
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func matchOf(in *control.FaultMatch) fault.Match {
	match := fault.Match{
		Method: string(value(in.Method)), Path: value(in.Path), Header: in.Header, Body: in.Body,
		After: int(value(in.After)), Probability: in.Probability, Seed: in.Seed,
	}
	if in.OrderID != nil {
		match.OrderID = in.OrderID.String()
	}
	if in.Operation != nil {
		if one, err := in.Operation.AsFaultOperations0(); err == nil {
			match.Operations = []string{one}
		} else if several, err := in.Operation.AsFaultOperations1(); err == nil {
			match.Operations = several
		}
	}
	return match
}

func actionOf(in *control.FaultAction) (fault.Action, *domain.Error) {
	action := fault.Action{
		When: fault.When(value(in.When)), Cut: fault.Cut(value(in.Cut)), Dribble: int(value(in.Dribble)),
		ContentType: in.ContentType, Hang: value(in.Hang),
	}
	if in.Truncate != nil {
		action.Truncate = new(int(*in.Truncate))
	}
	if in.RetryAfter != nil {
		if seconds, err := in.RetryAfter.AsFaultRetryAfter0(); err == nil {
			action.RetryAfter = new(strconv.Itoa(int(seconds)))
		} else if text, err := in.RetryAfter.AsFaultRetryAfter1(); err == nil {
			action.RetryAfter = &text
		}
	}
	if in.Respond != nil {
		action.Respond = respondOf(in.Respond)
	}
	if in.Delay == nil {
		return action, nil
	}
	between := control.FaultDelayRange{}
	if one, err := in.Delay.AsFaultDelay0(); err == nil {
		between.Min, between.Max = one, one
	} else if several, err := in.Delay.AsFaultDelayRange(); err == nil {
		between = several
	}
	shortest, err := time.ParseDuration(between.Min)
	if err == nil {
		var longest time.Duration
		if longest, err = time.ParseDuration(between.Max); err == nil {
			action.Delay = &fault.Delay{Min: shortest, Max: longest}
			return action, nil
		}
	}
	return action, wrong("action.delay", "must be a duration such as 300ms, 1.5s or 2m, or an object with min and max")
}

func respondOf(in *control.FaultRespond) *fault.Respond {
	respond := &fault.Respond{Status: int(value(in.Status)), Headers: in.Headers, Body: in.Body, Catalogue: string(value(in.Catalogue))}
	for _, reason := range in.Errors {
		respond.Errors = append(respond.Errors, fault.Error(reason))
	}
	return respond
}

func faultsOut(rules []fault.Rule) control.FaultRuleList {
	list := control.FaultRuleList{Faults: make([]control.FaultRule, len(rules))}
	for i := range rules {
		list.Faults[i] = faultOut(rules[i])
	}
	return list
}

func faultOut(rule fault.Rule) control.FaultRule {
	spec := rule.Spec
	out := control.FaultRule{ID: rule.ID, Times: small(rule.Times), Hits: int64(rule.Hits), Seed: spec.Seed}
	if match := matchOut(spec.Match); !reflect.ValueOf(*match).IsZero() {
		out.Match = match
	}
	if spec.Action != nil {
		out.Action = actionOut(*spec.Action)
	}
	if !spec.Until.IsZero() {
		out.Until = new(spec.Until.Format(time.RFC3339Nano))
	}
	if spec.Preset != "" {
		out.Preset = new(control.FaultPreset(spec.Preset))
	}
	for _, one := range rule.Rules {
		out.Rules = append(out.Rules, control.FaultPresetRule{Match: *matchOut(one.Match), Action: *actionOut(one.Action)})
	}
	return out
}

func matchOut(match fault.Match) *control.FaultMatch {
	out := &control.FaultMatch{
		Method: optionalOf[control.FaultMatchMethod](match.Method), Path: optional(match.Path), Header: match.Header, Body: match.Body,
		Probability: match.Probability, Seed: match.Seed,
	}
	if match.OrderID != "" {
		out.OrderID = new(json.Number(match.OrderID))
	}
	if match.After > 0 {
		out.After = new(small(match.After))
	}
	if len(match.Operations) > 0 {
		out.Operation = new(control.FaultOperations)
		if len(match.Operations) == 1 {
			_ = out.Operation.FromFaultOperations0(match.Operations[0]) // a string always marshals
		} else {
			_ = out.Operation.FromFaultOperations1(match.Operations) // and so do strings
		}
	}
	return out
}

// small is a number of a rule, which has been checked.
func small(n int) int32 { return int32(n) } //nolint:gosec // it is at most a million or so

// optionalOf is optional for a type of texts.
func optionalOf[T ~string](text string) *T {
	if text == "" {
		return nil
	}
	return new(T(text))
}

func actionOut(action fault.Action) *control.FaultAction {
	out := &control.FaultAction{
		When: optionalOf[control.FaultActionWhen](string(action.When)), Cut: optionalOf[control.FaultActionCut](string(action.Cut)),
		ContentType: action.ContentType,
	}
	if action.Hang {
		out.Hang = new(true)
	}
	if action.Dribble > 0 {
		out.Dribble = new(small(action.Dribble))
	}
	if action.Truncate != nil {
		out.Truncate = new(small(*action.Truncate))
	}
	if delay := action.Delay; delay != nil {
		out.Delay = new(control.FaultDelay)
		if delay.Min == delay.Max {
			_ = out.Delay.FromFaultDelay0(durationOut(delay.Min)) // texts always marshal
		} else {
			_ = out.Delay.FromFaultDelayRange(control.FaultDelayRange{Min: durationOut(delay.Min), Max: durationOut(delay.Max)})
		}
	}
	if text := action.RetryAfter; text != nil {
		out.RetryAfter = new(control.FaultRetryAfter)
		if seconds, err := strconv.ParseInt(*text, 10, 32); err == nil && strconv.FormatInt(seconds, 10) == *text && seconds >= 0 {
			_ = out.RetryAfter.FromFaultRetryAfter0(int32(seconds)) // a number always marshals
		} else {
			_ = out.RetryAfter.FromFaultRetryAfter1(*text) // and so does a text
		}
	}
	if respond := action.Respond; respond != nil {
		out.Respond = respondOut(*respond)
	}
	return out
}

// durationOut writes a duration in the form that the contract takes.
func durationOut(d time.Duration) string {
	if d < time.Second {
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64) + "ms"
	}
	text := d.String()
	if whole, found := strings.CutSuffix(text, "m0s"); found {
		return whole + "m"
	}
	return text
}

func respondOut(respond fault.Respond) *control.FaultRespond {
	out := &control.FaultRespond{Headers: respond.Headers, Body: respond.Body, Catalogue: optionalOf[control.FaultCatalogue](respond.Catalogue)}
	if respond.Status != 0 {
		out.Status = new(small(respond.Status))
	}
	for _, reason := range respond.Errors {
		out.Errors = append(out.Errors, control.FaultError(reason))
	}
	return out
}
