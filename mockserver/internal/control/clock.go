package control

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetClock returns the clock of the account.
func (a *API) GetClock(ctx context.Context, _ control.GetClockRequestObject) (control.GetClockResponseObject, error) {
	state, err := a.clockState(ctx)
	return control.GetClock200JSONResponse(state), err
}

// SetClock sets the clock of the account. It waits for certificates that are being made, since an
// order that was placed before gets its certificate before, too.
func (a *API) SetClock(ctx context.Context, request control.SetClockRequestObject) (control.SetClockResponseObject, error) {
	change, err := clockChange(request.Body)
	if err != nil {
		return nil, err
	}
	if change.At != nil {
		if err := a.settled(ctx, request.Params.Timeout); err != nil {
			return nil, err
		}
	}
	err = a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.SetClock(r, a.Clock.Moments(r), change)
	})
	if err != nil {
		return nil, err
	}
	state, err := a.clockState(ctx)
	return control.SetClock200JSONResponse(state), err
}

// AdvanceClock advances the clock of the account. It waits as SetClock does.
func (a *API) AdvanceClock(ctx context.Context, request control.AdvanceClockRequestObject) (control.AdvanceClockResponseObject, error) {
	by, err := period(request.Body.By)
	if err != nil {
		return nil, err
	}
	if err := a.settled(ctx, request.Params.Timeout); err != nil {
		return nil, err
	}
	err = a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.AdvanceClock(r, a.Clock.Moments(r), by)
	})
	if err != nil {
		return nil, err
	}
	state, err := a.clockState(ctx)
	return control.AdvanceClock200JSONResponse(state), err
}

// UnsetClock has the account follow the clock of the server again.
func (a *API) UnsetClock(ctx context.Context, _ control.UnsetClockRequestObject) (control.UnsetClockResponseObject, error) {
	return control.UnsetClock204Response{}, a.update(ctx, domain.ForgetClock)
}

func (a *API) clockState(ctx context.Context) (state control.ClockState, err error) {
	err = a.view(ctx, func(r domain.Reader) error {
		own := r.Settings().Clock
		state = clockOut(a.now(r), a.Clock.Frozen(own), own.IsSet())
		return nil
	})
	return state, err
}

// GetServerClock returns the clock of the server.
func (a *API) GetServerClock(context.Context, control.GetServerClockRequestObject) (control.GetServerClockResponseObject, error) {
	return control.GetServerClock200JSONResponse(a.serverClock()), nil
}

// SetServerClock sets the clock of the server.
func (a *API) SetServerClock(_ context.Context, request control.SetServerClockRequestObject) (control.SetServerClockResponseObject, error) {
	change, err := clockChange(request.Body)
	if err == nil {
		err = a.Clock.Set(change)
	}
	return control.SetServerClock200JSONResponse(a.serverClock()), err
}

// AdvanceServerClock advances the clock of the server.
func (a *API) AdvanceServerClock(_ context.Context, request control.AdvanceServerClockRequestObject) (control.AdvanceServerClockResponseObject, error) {
	by, err := period(request.Body.By)
	if err == nil {
		err = a.Clock.Advance(by)
	}
	return control.AdvanceServerClock200JSONResponse(a.serverClock()), err
}

// UnsetServerClock puts the clock of the server back to the one that the mock was started with.
func (a *API) UnsetServerClock(context.Context, control.UnsetServerClockRequestObject) (control.UnsetServerClockResponseObject, error) {
	a.Clock.Forget()
	return control.UnsetServerClock204Response{}, nil
}

func (a *API) serverClock() control.ClockState {
	now, frozen, moved := a.Clock.Server()
	return clockOut(now, frozen, moved)
}

// frozenNote says what a frozen clock means.
const frozenNote = "The clock is frozen. Windows of rate limits, validities and retries wait until it is set or advanced."

func clockOut(now time.Time, frozen, moved bool) control.ClockState {
	state := control.ClockState{At: now.UTC().Format(time.RFC3339Nano), Frozen: frozen, Set: moved}
	if frozen {
		state.Note = optional(frozenNote)
	}
	return state
}

// clockChange reads what a clock is to become. The contract has checked the form of the time.
func clockChange(in *control.ClockInput) (domain.ClockChange, error) {
	change := domain.ClockChange{Frozen: in.Frozen}
	if in.At != nil {
		at, err := time.Parse(time.RFC3339, *in.At)
		if err != nil {
			return change, &domain.Error{Code: domain.CodeInvalidField, Path: "at", Message: "at is no time of the calendar (RFC 3339)"}
		}
		change.At = &at
	}
	return change, nil
}

func period(text string) (domain.Period, error) {
	by, err := clock.ParsePeriod(text)
	if err != nil {
		err = &domain.Error{Code: domain.CodeInvalidField, Path: "by", Message: "by " + err.Error()}
	}
	return by, err
}
