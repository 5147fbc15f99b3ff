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

// SetClock sets the clock of the account.
func (a *API) SetClock(ctx context.Context, request control.SetClockRequestObject) (control.SetClockResponseObject, error) {
	move, err := setting(request.Body)
	if err == nil {
		err = a.moveClock(ctx, move, request.Params.Timeout)
	}
	if err != nil {
		return nil, err
	}
	state, err := a.clockState(ctx)
	return control.SetClock200JSONResponse(state), err
}

// AdvanceClock advances the clock of the account.
func (a *API) AdvanceClock(ctx context.Context, request control.AdvanceClockRequestObject) (control.AdvanceClockResponseObject, error) {
	move, err := advance(request.Body)
	if err == nil {
		err = a.moveClock(ctx, move, request.Params.Timeout)
	}
	if err != nil {
		return nil, err
	}
	state, err := a.clockState(ctx)
	return control.AdvanceClock200JSONResponse(state), err
}

// UnsetClock has the account follow the clock of the server again.
func (a *API) UnsetClock(ctx context.Context, request control.UnsetClockRequestObject) (control.UnsetClockResponseObject, error) {
	return control.UnsetClock204Response{}, a.moveClock(ctx, clockMove{jumps: true, to: domain.UnsetClock}, request.Params.Timeout)
}

// A clockMove is a change of a clock. One that jumps shows another time after it.
type clockMove struct {
	jumps bool
	to    domain.ClockMove
}

// moveClock moves the clock of the account. Before a jump it waits for certificates that are being
// made, since they are dated before.
func (a *API) moveClock(ctx context.Context, move clockMove, timeout *control.SettleTimeout) error {
	if move.jumps {
		if err := a.settled(ctx, timeout); err != nil {
			return err
		}
	}
	return a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.MoveClock(r, a.Clock.Moments(r), move.to)
	})
}

// moveServerClock moves the clock of the server. Before a jump it waits as moveClock does, for all
// accounts that follow that clock.
func (a *API) moveServerClock(ctx context.Context, move clockMove, timeout *control.SettleTimeout) error {
	if move.jumps {
		if err := a.followersSettled(ctx, timeout); err != nil {
			return err
		}
	}
	return a.Clock.Move(move.to)
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
func (a *API) SetServerClock(ctx context.Context, request control.SetServerClockRequestObject) (control.SetServerClockResponseObject, error) {
	move, err := setting(request.Body)
	if err == nil {
		err = a.moveServerClock(ctx, move, request.Params.Timeout)
	}
	return control.SetServerClock200JSONResponse(a.serverClock()), err
}

// AdvanceServerClock advances the clock of the server.
func (a *API) AdvanceServerClock(ctx context.Context, request control.AdvanceServerClockRequestObject) (control.AdvanceServerClockResponseObject, error) {
	move, err := advance(request.Body)
	if err == nil {
		err = a.moveServerClock(ctx, move, request.Params.Timeout)
	}
	return control.AdvanceServerClock200JSONResponse(a.serverClock()), err
}

// UnsetServerClock puts the clock of the server back to the one that the mock was started with.
func (a *API) UnsetServerClock(ctx context.Context, request control.UnsetServerClockRequestObject) (control.UnsetServerClockResponseObject, error) {
	return control.UnsetServerClock204Response{}, a.moveServerClock(ctx, clockMove{jumps: true, to: a.Clock.Started}, request.Params.Timeout)
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

// setting reads what a clock is to become. The contract has checked the form of the time.
func setting(in *control.ClockInput) (clockMove, error) {
	change := domain.ClockChange{Frozen: in.Frozen}
	if in.At != nil {
		at, err := time.Parse(time.RFC3339, *in.At)
		if err != nil {
			return clockMove{}, &domain.Error{Code: domain.CodeInvalidField, Path: "at", Message: "at is no time of the calendar (RFC 3339)"}
		}
		change.At = &at
	}
	return clockMove{jumps: change.At != nil, to: change.Apply}, nil
}

// advance reads by how much a clock is to advance.
func advance(in *control.ClockAdvanceInput) (clockMove, error) {
	by, err := clock.ParsePeriod(in.By)
	if err != nil {
		return clockMove{}, &domain.Error{Code: domain.CodeInvalidField, Path: "by", Message: "by " + err.Error()}
	}
	return clockMove{jumps: true, to: by.Advance}, nil
}
